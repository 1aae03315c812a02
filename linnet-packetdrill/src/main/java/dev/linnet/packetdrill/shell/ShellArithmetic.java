package dev.linnet.packetdrill.shell;

/// `$(( ))`: whole numbers, variables, parentheses, and C's operators but for assignments and the
/// conditional one.
final class ShellArithmetic {
    /// The operators of each level of binding, the weakest level first; longer ones before those
    /// that they begin with.
    private static final String[][] LEVELS = {
        {"||"},
        {"&&"},
        {"|"},
        {"^"},
        {"&"},
        {"==", "!="},
        {"<=", ">=", "<", ">"},
        {"<<", ">>"},
        {"+", "-"},
        {"*", "/", "%"},
    };

    private final ShellVariables variables;
    private final String text;
    private int pos;

    private ShellArithmetic(ShellVariables variables, String text) {
        this.variables = variables;
        this.text = text;
    }

    static long evaluate(ShellVariables variables, String expression) {
        ShellArithmetic a = new ShellArithmetic(variables, expression);
        long value = a.level(0);
        if (a.next() != 0) {
            throw new ShellException("cannot calculate '" + expression + "'");
        }
        return value;
    }

    private char next() {
        while (pos < text.length() && Character.isWhitespace(text.charAt(pos))) {
            pos++;
        }
        return pos < text.length() ? text.charAt(pos) : 0;
    }

    private long level(int level) {
        if (level == LEVELS.length) {
            return unary();
        }
        long value = level(level + 1);
        String operator = operator(level);
        while (!operator.isEmpty()) {
            value = apply(operator, value, level(level + 1));
            operator = operator(level);
        }
        return value;
    }

    /// Takes the next operator if it is of this level, else gives an empty string.
    private String operator(int level) {
        next();
        for (String operator : LEVELS[level]) {
            int end = pos + operator.length();
            if (text.startsWith(operator, pos) && !belongsToLonger(operator, end)) {
                pos = end;
                return operator;
            }
        }
        return "";
    }

    private boolean belongsToLonger(String operator, int end) {
        boolean doubles = operator.length() == 1 && "|&<>".contains(operator);
        return doubles && end < text.length() && text.charAt(end) == operator.charAt(0);
    }

    private long apply(String operator, long a, long b) {
        if (b == 0 && (operator.equals("/") || operator.equals("%"))) {
            throw new ShellException("division by zero in '" + text + "'");
        }
        return switch (operator) {
            case "||" -> bit(a != 0 || b != 0);
            case "&&" -> bit(a != 0 && b != 0);
            case "|" -> a | b;
            case "^" -> a ^ b;
            case "&" -> a & b;
            case "==" -> bit(a == b);
            case "!=" -> bit(a != b);
            case "<=" -> bit(a <= b);
            case ">=" -> bit(a >= b);
            case "<" -> bit(a < b);
            case ">" -> bit(a > b);
            case "<<" -> a << b;
            case ">>" -> a >> b;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            default -> a % b;
        };
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    private long unary() {
        char c = next();
        if ("-+!~".indexOf(c) >= 0 && c != 0) {
            pos++;
            long value = unary();
            return switch (c) {
                case '-' -> -value;
                case '!' -> bit(value == 0);
                case '~' -> ~value;
                default -> value;
            };
        }
        if (c == '(') {
            pos++;
            long value = level(0);
            if (next() != ')') {
                throw new ShellException("')' is missing in '" + text + "'");
            }
            pos++;
            return value;
        }
        int start = pos;
        while (pos < text.length() && isOperandPart(text.charAt(pos))) {
            pos++;
        }
        return number(text.substring(start, pos));
    }

    private static boolean isOperandPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private long number(String token) {
        try {
            if (token.isEmpty() || Character.isDigit(token.charAt(0))) {
                return Long.decode(token);
            }
            String value = variables.get(token);
            return value.isEmpty() ? 0 : Long.decode(value.strip());
        } catch (NumberFormatException _) {
            throw new ShellException("'" + token + "' in '" + text + "' is not a number");
        }
    }
}
