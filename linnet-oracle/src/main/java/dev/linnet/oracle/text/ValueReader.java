package dev.linnet.oracle.text;

import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads expressions and values from the words of a line.
class ValueReader {
    private final List<Token> words;
    private int next;

    ValueReader(List<Token> words) {
        this.words = words;
    }

    // ---- words
    // ---------------------------------------------------------------------------------------

    Token peek() {
        return words.get(next);
    }

    Token peek(int ahead) {
        return words.get(Math.min(next + ahead, words.size() - 1));
    }

    Token take() {
        return words.get(next++);
    }

    boolean skip(String sign) {
        boolean there = peek().is(sign);
        next += there ? 1 : 0;
        return there;
    }

    void need(String sign) {
        if (!skip(sign)) {
            throw wrong("'" + sign + "'");
        }
    }

    String name(String what) {
        if (peek().kind() != Token.Kind.NAME) {
            throw wrong(what);
        }
        return take().text();
    }

    FactException wrong(String wanted) {
        return new FactException(
                "column "
                        + peek().column()
                        + ": "
                        + wanted
                        + " expected, not '"
                        + peek().text()
                        + "'");
    }

    // ---- numbers
    // -------------------------------------------------------------------------------------

    Expr expr() {
        Expr left = operand();
        for (char operator = operator(); operator != 0; operator = operator()) {
            List<Expr> operands = new ArrayList<>(List.of(left));
            while (skip("" + operator)) {
                operands.add(operand());
            }
            left = new Expr.Joined(operator, List.copyOf(operands));
        }
        return left;
    }

    private char operator() {
        String sign = peek().kind() == Token.Kind.SIGN ? peek().text() : "";
        return switch (sign) {
            case "|", "+", "*" -> sign.charAt(0);
            default -> 0;
        };
    }

    private Expr operand() {
        if (skip("~")) {
            return new Expr.Complement(operand());
        }
        if (skip("-")) {
            Expr positive = operand();
            return switch (positive) {
                case Expr.Literal n -> new Expr.Literal(-n.value(), "-" + n.text());
                case Expr.Constant c -> new Expr.Constant("-" + c.text(), -c.value());
                default -> throw wrong("a number or a constant after '-'");
            };
        }
        Token word = peek();
        return switch (word.kind()) {
            case NUMBER -> {
                take();
                yield new Expr.Literal(number(word.text()), word.text());
            }
            case NAME -> named(take().text());
            default -> throw wrong("a number");
        };
    }

    /// As in C: hexadecimal after `0x`, octal after `0`.
    private static long number(String text) {
        if (text.startsWith("0x")) {
            return Long.parseUnsignedLong(text.substring(2), 16);
        }
        return Long.parseLong(text, text.startsWith("0") ? 8 : 10);
    }

    private static Expr named(String name) {
        if (name.equals("_")) {
            return new Expr.Anything();
        }
        if (!Character.isUpperCase(name.charAt(0))) {
            return new Expr.Variable(name);
        }
        return new Expr.Constant(name, Constants.value(name));
    }

    // ---- values
    // --------------------------------------------------------------------------------------

    /// A value as an argument: also with `#`.
    Value argument() {
        Value value = value();
        return skip("#") ? new Value.Sized(value) : value;
    }

    Value value() {
        Token word = peek();
        return switch (word.kind()) {
            case STRING, PATH -> bytes();
            case ADDRESS -> inet(take().text());
            case NAME -> word(word.text());
            case SIGN -> word.is("[") ? array() : num();
            default -> num();
        };
    }

    private Value word(String name) {
        Token after = peek(1);
        boolean quoted = after.kind() == Token.Kind.STRING || after.kind() == Token.Kind.PATH;
        if (name.equals("un") && quoted) {
            take();
            return new Value.Unix(bytes());
        }
        if (after.is("{")) {
            return struct(take().text());
        }
        if (!after.is("(")) {
            return num();
        }
        take();
        take();
        Value value =
                switch (name) {
                    case "buf", "addr" -> buffer(name.equals("addr"));
                    case "fdset" -> fdSet();
                    case "cmsg" -> cmsg();
                    default -> new Value.Typed(name, num());
                };
        need(")");
        return value;
    }

    /// `before`, `before -> after` or `-> after`.
    private Value.Num num() {
        Expr before = peek().is("->") ? null : expr();
        Expr after = skip("->") ? expr() : null;
        return new Value.Num(before, after);
    }

    private Value.Buffer buffer(boolean address) {
        Expr size = expr();
        return new Value.Buffer(address, size, skip("->") ? value() : null);
    }

    private Value.FdSet fdSet() {
        List<Expr> before = exprs();
        return new Value.FdSet(before, skip("->") ? exprs() : null);
    }

    private List<Expr> exprs() {
        List<Expr> list = new ArrayList<>();
        while (!peek().is(")") && !peek().is("->")) {
            list.add(expr());
            if (!skip(",")) {
                break;
            }
        }
        return List.copyOf(list);
    }

    private Value.Cmsg cmsg() {
        Expr level = expr();
        need(",");
        Expr type = expr();
        need(",");
        return new Value.Cmsg(level, type, value());
    }

    private Value.Array array() {
        need("[");
        List<Value> elements = new ArrayList<>();
        while (!skip("]")) {
            elements.add(value());
            if (!peek().is("]")) {
                need(",");
            }
        }
        return new Value.Array(List.copyOf(elements));
    }

    private Value.Struct struct(String layout) {
        need("{");
        List<@Nullable String> names = new ArrayList<>();
        List<Value> fields = new ArrayList<>();
        while (!skip("}")) {
            boolean named = peek().kind() == Token.Kind.NAME && peek(1).is("=");
            names.add(named ? take().text() : null);
            if (named) {
                need("=");
            }
            fields.add(value());
            if (!peek().is("}")) {
                need(",");
            }
        }
        return new Value.Struct(layout, names, List.copyOf(fields));
    }

    private Value.Bytes bytes() {
        Token word = take();
        String quoted = word.text().substring(1, word.text().length() - 1);
        int times = 1;
        if (peek().is("*") && peek(1).kind() == Token.Kind.NUMBER) {
            take();
            times = (int) number(take().text());
        }
        return new Value.Bytes(unescape(quoted), word.kind() == Token.Kind.PATH, times);
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char kind = text.charAt(++i);
            switch (kind) {
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case 'r' -> out.write('\r');
                case '0' -> out.write(0);
                case 'x' -> {
                    if (i + 2 >= text.length()) {
                        throw new FactException("two hexadecimal digits must follow \\x");
                    }
                    out.write(Integer.parseInt(text, i + 1, i + 3, 16));
                    i += 2;
                }
                default -> out.write(kind);
            }
        }
        return out.toByteArray();
    }

    private static Value.Inet inet(String text) {
        boolean v6 = text.startsWith("[");
        int hostEnd =
                v6 ? text.indexOf(']') + 1 : text.contains(":") ? text.indexOf(':') : text.length();
        String host = v6 ? text.substring(1, hostEnd - 1) : text.substring(0, hostEnd);
        Expr port = null;
        if (hostEnd < text.length()) {
            String p = text.substring(hostEnd + 1);
            port = Character.isDigit(p.charAt(0)) ? new Expr.Literal(number(p), p) : named(p);
        }
        return new Value.Inet(v6 ? v6(host) : v4(host), port, text.substring(0, hostEnd));
    }

    private static byte[] v4(String host) {
        return ByteBuffer.allocate(4).putInt(In4Addr.parse(host)).array();
    }

    private static byte[] v6(String host) {
        In6Addr address = In6Addr.parse(host);
        return ByteBuffer.allocate(16).putLong(address.hi()).putLong(address.lo()).array();
    }
}
