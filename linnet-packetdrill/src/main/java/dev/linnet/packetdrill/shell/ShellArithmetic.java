package dev.linnet.packetdrill.shell;

/// `$(( ))`: integers, variables, `+ - * / %`, parentheses, unary minus.
final class ShellArithmetic {
    private final Shell shell;
    private final String text;
    private int pos;

    private ShellArithmetic(Shell shell, String text) {
        this.shell = shell;
        this.text = text;
    }

    static long evaluate(Shell shell, String expression) {
        ShellArithmetic a = new ShellArithmetic(shell, expression);
        long value = a.sum();
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

    private long sum() {
        long value = product();
        while (next() == '+' || next() == '-') {
            char op = text.charAt(pos++);
            long right = product();
            value = op == '+' ? value + right : value - right;
        }
        return value;
    }

    private long product() {
        long value = unary();
        while (next() == '*' || next() == '/' || next() == '%') {
            char op = text.charAt(pos++);
            long right = unary();
            if (op != '*' && right == 0) {
                throw new ShellException("division by zero in '" + text + "'");
            }
            value =
                    switch (op) {
                        case '*' -> value * right;
                        case '/' -> value / right;
                        default -> value % right;
                    };
        }
        return value;
    }

    private long unary() {
        char c = next();
        if (c == '-') {
            pos++;
            return -unary();
        }
        if (c == '(') {
            pos++;
            long value = sum();
            if (next() != ')') {
                throw new ShellException("')' is missing in '" + text + "'");
            }
            pos++;
            return value;
        }
        int start = pos;
        while (pos < text.length()
                && (Character.isLetterOrDigit(text.charAt(pos))
                        || "_$".indexOf(text.charAt(pos)) >= 0)) {
            pos++;
        }
        return number(text.substring(start, pos));
    }

    private long number(String token) {
        try {
            if (!token.isEmpty() && Character.isDigit(token.charAt(0))) {
                return Long.decode(token);
            }
            String value = shell.variable(token.replace("$", ""));
            return value.isEmpty() ? 0 : Long.decode(value);
        } catch (NumberFormatException e) {
            throw new ShellException("'" + token + "' in '" + text + "' is not a number");
        }
    }
}
