package dev.linnet.packetdrill.python;

import dev.linnet.packetdrill.python.Node.Expression;
import dev.linnet.packetdrill.python.Node.Statement;
import dev.linnet.packetdrill.python.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Builds the syntax tree, by recursive descent in the order of Python's precedences.
final class PythonParser {
    private static final Set<String> BEYOND =
            Set.of(
                    "for", "while", "def", "class", "import", "from", "try", "with", "lambda",
                    "return", "raise", "del", "global", "yield", "async", "await", "match");

    private static final Set<String> COMPARISONS = Set.of("<", ">", "<=", ">=", "==", "!=");

    /// Binary operators by rising precedence; all group to the left.
    private static final List<Set<String>> LEVELS =
            List.of(
                    Set.of("|"),
                    Set.of("^"),
                    Set.of("&"),
                    Set.of("<<", ">>"),
                    Set.of("+", "-"),
                    Set.of("*", "/", "//", "%"));

    private final List<Token> tokens;
    private int at;

    private PythonParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /// @throws PythonError if it is not understood
    static List<Statement> parse(String source) {
        PythonParser parser = new PythonParser(Tokenizer.tokenize(source));
        List<Statement> statements = new ArrayList<>();
        while (parser.peek().kind() != Kind.END) {
            parser.statement(statements);
        }
        return statements;
    }

    static Expression parseExpression(String source, int line) {
        PythonParser parser = new PythonParser(Tokenizer.tokenize(source));
        Expression expression = parser.expressionList();
        if (parser.peek().kind() != Kind.NEWLINE && parser.peek().kind() != Kind.END) {
            throw PythonError.syntax(line, "f-string: invalid syntax");
        }
        return expression;
    }

    // ------------------------------------------------------------ statements

    private void statement(List<Statement> into) {
        if (peek().kind() == Kind.INDENT) {
            throw new PythonError(peek().line(), "IndentationError", "unexpected indent");
        }
        if (peek().is("if")) {
            into.add(conditional());
        } else {
            simpleLine(into);
        }
    }

    private Statement conditional() {
        int line = next().line();
        Expression test = expression();
        expect(":");
        List<Statement> then = block();
        if (peek().is("elif")) {
            return new Node.If(line, test, then, List.of(conditional()));
        }
        List<Statement> otherwise = List.of();
        if (accept("else")) {
            expect(":");
            otherwise = block();
        }
        return new Node.If(line, test, then, otherwise);
    }

    private List<Statement> block() {
        List<Statement> statements = new ArrayList<>();
        if (peek().kind() != Kind.NEWLINE) {
            simpleLine(statements);
            return statements;
        }
        next();
        if (next().kind() != Kind.INDENT) {
            throw new PythonError(peek().line(), "IndentationError", "expected an indented block");
        }
        while (peek().kind() != Kind.DEDENT && peek().kind() != Kind.END) {
            statement(statements);
        }
        next();
        return statements;
    }

    /// One line: statements separated by semicolons.
    private void simpleLine(List<Statement> into) {
        do {
            if (peek().kind() == Kind.NEWLINE || peek().kind() == Kind.END) {
                break;
            }
            into.add(simple());
        } while (accept(";"));
        if (peek().kind() == Kind.NEWLINE) {
            next();
        } else if (peek().kind() != Kind.END) {
            throw PythonError.syntax(peek().line(), "invalid syntax at '" + peek().text() + "'");
        }
    }

    private Statement simple() {
        Token first = peek();
        int line = first.line();
        if (first.kind() == Kind.NAME && BEYOND.contains(first.text())) {
            throw PythonError.unsupported(line, "'" + first.text() + "'");
        }
        if (accept("assert")) {
            Expression test = expression();
            return new Node.Assert(line, test, accept(",") ? expression() : null);
        }
        if (accept("pass")) {
            return new Node.Pass(line);
        }
        Expression expression = expressionList();
        String operator = peek().kind() == Kind.OPERATOR ? peek().text() : "";
        boolean assignment = operator.endsWith("=") && !COMPARISONS.contains(operator);
        if (!assignment) {
            return new Node.ExpressionStatement(line, expression);
        }
        if (!(expression instanceof Node.Name name)) {
            throw PythonError.unsupported(line, "assignment to anything but a name");
        }
        next();
        String augment =
                operator.length() == 1 ? null : operator.substring(0, operator.length() - 1);
        return new Node.Assign(line, name.id(), augment, expressionList());
    }

    // ------------------------------------------------------------ expressions

    /// `a, b` is a tuple; a single one is itself.
    private Expression expressionList() {
        Expression first = expression();
        if (!peek().is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (accept(",")) {
            if (startsExpression()) {
                items.add(expression());
            }
        }
        return new Node.Sequence(first.line(), items, true);
    }

    private boolean startsExpression() {
        Token token = peek();
        return switch (token.kind()) {
            case NAME, NUMBER, STRING, FORMATTED_STRING -> true;
            case OPERATOR -> "([-+~".contains(token.text());
            default -> false;
        };
    }

    private Expression expression() {
        Expression value = or();
        if (peek().is("if")) {
            int line = next().line();
            Expression test = or();
            expect("else");
            return new Node.Conditional(line, test, value, expression());
        }
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (peek().is("or")) {
            int line = next().line();
            left = new Node.Logical(line, false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (peek().is("and")) {
            int line = next().line();
            left = new Node.Logical(line, true, left, not());
        }
        return left;
    }

    private Expression not() {
        if (peek().is("not")) {
            int line = next().line();
            return new Node.Unary(line, "not", not());
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = binary(0);
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String operator = comparisonOperator();
                !operator.isEmpty();
                operator = comparisonOperator()) {
            operators.add(operator);
            others.add(binary(0));
        }
        return operators.isEmpty()
                ? first
                : new Node.Comparison(first.line(), first, operators, others);
    }

    private String comparisonOperator() {
        Token token = peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return next().text();
        }
        if (accept("in")) {
            return "in";
        }
        if (accept("is")) {
            return accept("not") ? "is not" : "is";
        }
        if (token.is("not") && tokens.get(at + 1).is("in")) {
            at += 2;
            return "not in";
        }
        return "";
    }

    private Expression binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Expression left = binary(level + 1);
        while (peek().kind() == Kind.OPERATOR && LEVELS.get(level).contains(peek().text())) {
            Token operator = next();
            left = new Node.Binary(operator.line(), operator.text(), left, binary(level + 1));
        }
        return left;
    }

    private Expression unary() {
        Token token = peek();
        if (token.is("-") || token.is("+") || token.is("~")) {
            next();
            return new Node.Unary(token.line(), token.text(), unary());
        }
        Expression base = postfix();
        if (peek().is("**")) {
            int line = next().line();
            return new Node.Binary(line, "**", base, unary());
        }
        return base;
    }

    private Expression postfix() {
        Expression value = atom();
        while (true) {
            int line = peek().line();
            if (peek().is("(") && value instanceof Node.Name function) {
                next();
                value = new Node.Call(line, function.id(), items(")"));
            } else if (accept("[")) {
                Expression index = expression();
                if (peek().is(":")) {
                    throw PythonError.unsupported(line, "slicing");
                }
                expect("]");
                value = new Node.Subscript(line, value, index);
            } else if (peek().is(".")) {
                throw PythonError.unsupported(line, "an attribute");
            } else {
                return value;
            }
        }
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!accept(close)) {
            items.add(expression());
            if (!peek().is(close)) {
                if (peek().is("=")) {
                    throw PythonError.unsupported(peek().line(), "a keyword argument");
                }
                expect(",");
            }
        }
        return items;
    }

    private Expression atom() {
        Token token = next();
        int line = token.line();
        return switch (token.kind()) {
            case NUMBER -> new Node.Constant(line, number(token));
            case STRING, FORMATTED_STRING -> strings(token);
            case NAME -> name(token);
            case OPERATOR -> bracketed(token);
            default -> throw PythonError.syntax(line, "invalid syntax");
        };
    }

    private Expression bracketed(Token open) {
        int line = open.line();
        if (open.is("[")) {
            return new Node.Sequence(line, items("]"), false);
        }
        if (!open.is("(")) {
            throw open.is("{")
                    ? PythonError.unsupported(line, "a set or dictionary")
                    : PythonError.syntax(line, "invalid syntax at '" + open.text() + "'");
        }
        if (accept(")")) {
            return new Node.Sequence(line, List.of(), true);
        }
        Expression inner = expressionList();
        expect(")");
        return inner;
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "True" -> new Node.Constant(token.line(), true);
            case "False" -> new Node.Constant(token.line(), false);
            case "None" -> new Node.Constant(token.line(), PythonValues.NONE);
            default -> {
                if (BEYOND.contains(token.text())) {
                    throw PythonError.unsupported(token.line(), "'" + token.text() + "'");
                }
                yield new Node.Name(token.line(), token.text());
            }
        };
    }

    /// Adjacent strings are one.
    private Expression strings(Token first) {
        List<Expression> parts = new ArrayList<>();
        addString(first, parts);
        while (peek().kind() == Kind.STRING || peek().kind() == Kind.FORMATTED_STRING) {
            addString(next(), parts);
        }
        boolean single = parts.size() == 1 && parts.getFirst() instanceof Node.Constant;
        return single ? parts.getFirst() : new Node.Formatted(first.line(), parts);
    }

    private static void addString(Token token, List<Expression> parts) {
        if (token.kind() == Kind.STRING) {
            parts.add(new Node.Constant(token.line(), token.text()));
            return;
        }
        String text = token.text().replace("{{", "\u0001").replace("}}", "\u0002");
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            String plain = open < 0 ? text.substring(at) : text.substring(at, open);
            parts.add(
                    new Node.Constant(
                            token.line(), plain.replace('\u0001', '{').replace('\u0002', '}')));
            if (open < 0) {
                return;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw PythonError.syntax(token.line(), "f-string: expecting '}'");
            }
            parts.add(formatted(text.substring(open + 1, close), token.line()));
            at = close + 1;
        }
        if (text.isEmpty()) {
            parts.add(new Node.Constant(token.line(), ""));
        }
    }

    private static Expression formatted(String inside, int line) {
        int colon = inside.indexOf(':');
        String expression = colon < 0 ? inside : inside.substring(0, colon);
        String format = colon < 0 ? "" : inside.substring(colon + 1);
        return new Node.FormattedPart(line, parseExpression(expression.strip(), line), format);
    }

    private static Object number(Token token) {
        String text = token.text().replace("_", "");
        try {
            if (text.startsWith("0x") || text.startsWith("0X")) {
                return new BigInteger(text.substring(2), 16);
            }
            if (text.startsWith("0b") || text.startsWith("0o")) {
                return new BigInteger(text.substring(2), text.charAt(1) == 'b' ? 2 : 8);
            }
            boolean isFloat =
                    text.indexOf('.') >= 0 || text.toLowerCase(Locale.ROOT).indexOf('e') >= 0;
            return isFloat ? (Object) Double.valueOf(text) : new BigInteger(text);
        } catch (NumberFormatException _) {
            throw PythonError.syntax(token.line(), "invalid number '" + token.text() + "'");
        }
    }

    // ------------------------------------------------------------ tokens

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean accept(String text) {
        if (peek().is(text)) {
            next();
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw PythonError.syntax(
                    peek().line(), "expected '" + text + "' but got '" + peek().text() + "'");
        }
    }
}
