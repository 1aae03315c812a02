package dev.linnet.packetdrill.script;

import dev.linnet.packetdrill.grammar.PacketdrillParser.CallContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.EllipsisContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.ExpressionContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.ExpressionsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.FieldContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.GreStructContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.ListContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.MplsStackContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.NumberLiteralContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.OrContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.StringContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.StructContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.SymbolContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Makes expressions from the parse tree.
final class ExpressionReader {
    private final EventReader events;

    ExpressionReader(EventReader events) {
        this.events = events;
    }

    List<Expression> expressions(@Nullable ExpressionsContext list) {
        return list == null ? List.of() : list.expression().stream().map(this::expression).toList();
    }

    Expression expression(ExpressionContext tree) {
        Source at = events.at(tree);
        return switch (tree) {
            case EllipsisContext _ -> new Expression.Ellipsis(at);
            case NumberLiteralContext t ->
                    new Expression.IntLiteral(
                            at,
                            events.number(
                                    t.number().getStart(),
                                    Long.MIN_VALUE,
                                    Long.MAX_VALUE,
                                    "number"));
            case StringContext t -> new Expression.StringLiteral(at, bytes(at, t.STRING()));
            case SymbolContext t -> new Expression.SymbolRef(at, t.word().getText());
            case OrContext t ->
                    new Expression.Or(at, expression(t.expression(0)), expression(t.expression(1)));
            case ListContext t -> new Expression.ListExpr(at, expressions(t.expressions()));
            case CallContext t ->
                    new Expression.Call(at, t.word().getText(), expressions(t.expressions()));
            case StructContext t ->
                    new Expression.Struct(at, t.field().stream().map(this::field).toList());
            case MplsStackContext t ->
                    new Expression.MplsStruct(
                            at, t.mplsEntry().stream().map(events.packets()::mplsEntry).toList());
            case GreStructContext t ->
                    new Expression.GreStruct(at, events.packets().gre(t.greFields()));
            default -> throw new IllegalStateException(tree.getText());
        };
    }

    private Expression.Field field(FieldContext tree) {
        return new Expression.Field(
                tree.name == null ? null : tree.name.getText(),
                Optional.ofNullable(tree.size).map(this::expression),
                expression(tree.value));
    }

    private byte[] bytes(Source at, List<TerminalNode> strings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (TerminalNode string : strings) {
            String quoted = string.getText();
            unescape(at, quoted.substring(1, quoted.length() - 1), out);
        }
        return out.toByteArray();
    }

    /// Resolves the escapes of a C string: `\\ \" \f \n \r \t \v \0` and `\xhh`.
    private void unescape(Source at, String text, ByteArrayOutputStream out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char code = text.charAt(++i);
            if (code == 'x') {
                out.write(hexByte(at, text, i + 1));
                i += 2;
            } else {
                out.write(escaped(at, code));
            }
        }
    }

    private int escaped(Source at, char code) {
        return switch (code) {
            case '\\', '"' -> code;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            case '0' -> 0;
            default -> throw events.error(at, "unsupported escape code: '" + code + "'");
        };
    }

    private int hexByte(Source at, String text, int start) {
        try {
            return Integer.parseInt(text.substring(start, start + 2), 16);
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            throw events.error(
                    at, "invalid hex escape (\\xhh): '\\x" + text.substring(start) + "'");
        }
    }
}
