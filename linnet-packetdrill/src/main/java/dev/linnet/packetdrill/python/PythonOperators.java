package dev.linnet.packetdrill.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Arithmetic and formatting.
final class PythonOperators {
    private PythonOperators() {}

    static Object binary(String operator, Object left, Object right, int line) {
        if (operator.equals("%") && left instanceof String format) {
            return format(format, right, line);
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return a + b;
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return both;
        }
        if (!PythonValues.isNumber(left) || !PythonValues.isNumber(right)) {
            throw PythonError.type(
                    line,
                    "unsupported operand type(s) for "
                            + operator
                            + ": "
                            + PythonValues.type(left)
                            + " and "
                            + PythonValues.type(right));
        }
        boolean real = left instanceof Double || right instanceof Double || operator.equals("/");
        return real
                ? (Object)
                        real(
                                operator,
                                PythonValues.real(left, line),
                                PythonValues.real(right, line),
                                line)
                : integer(
                        operator,
                        PythonValues.integer(left, line),
                        PythonValues.integer(right, line),
                        line);
    }

    private static double real(String operator, double a, double b, int line) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new PythonError(line, "ZeroDivisionError", "division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - Math.floor(a / b) * b;
            case "**" -> Math.pow(a, b);
            default ->
                    throw PythonError.type(
                            line, "unsupported operand type(s) for " + operator + ": 'float'");
        };
    }

    private static Object integer(String operator, BigInteger a, BigInteger b, int line) {
        return switch (operator) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> a.multiply(b);
            case "//" -> floorDivide(a, b, line);
            case "%" -> a.subtract(floorDivide(a, b, line).multiply(b));
            case "|" -> a.or(b);
            case "&" -> a.and(b);
            case "^" -> a.xor(b);
            case "<<" -> a.shiftLeft(shift(b, line));
            case ">>" -> a.shiftRight(shift(b, line));
            case "**" -> power(a, b, line);
            default -> throw PythonError.unsupported(line, "the operator " + operator);
        };
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b, int line) {
        if (b.signum() == 0) {
            throw new PythonError(line, "ZeroDivisionError", "integer division or modulo by zero");
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static int shift(BigInteger by, int line) {
        if (by.signum() < 0 || by.bitLength() > 16) {
            throw new PythonError(line, "ValueError", "bad shift count " + by);
        }
        return by.intValue();
    }

    private static Object power(BigInteger a, BigInteger b, int line) {
        if (b.signum() < 0) {
            return Math.pow(a.doubleValue(), b.doubleValue());
        }
        if (b.bitLength() > 16) {
            throw new PythonError(line, "ValueError", "exponent too large: " + b);
        }
        return a.pow(b.intValue());
    }

    static Object unary(String operator, Object value, int line) {
        return switch (operator) {
            case "not" -> !PythonValues.truth(value);
            case "~" -> PythonValues.integer(value, line).not();
            case "-" ->
                    value instanceof Double d
                            ? (Object) (-d)
                            : PythonValues.integer(value, line).negate();
            default -> value instanceof Double ? value : PythonValues.integer(value, line);
        };
    }

    /// `format % values`.
    private static String format(String format, Object values, int line) {
        List<?> args = values instanceof List<?> tuple ? tuple : List.of(values);
        StringBuilder out = new StringBuilder();
        int used = 0;
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = at;
            while (at < format.length() && "-+ #0123456789.".indexOf(format.charAt(at)) >= 0) {
                at++;
            }
            if (at == format.length()) {
                throw new PythonError(line, "ValueError", "incomplete format");
            }
            String modifiers = format.substring(start, at);
            char conversion = format.charAt(at++);
            if (conversion == '%') {
                out.append('%');
            } else if (used == args.size()) {
                throw PythonError.type(line, "not enough arguments for format string");
            } else {
                out.append(convert(modifiers, conversion, args.get(used++), line));
            }
        }
        if (used < args.size()) {
            throw PythonError.type(line, "not all arguments converted during string formatting");
        }
        return out.toString();
    }

    /// One value by a conversion such as `d`, with modifiers such as `05`.
    static String convert(String modifiers, char conversion, Object value, int line) {
        return switch (conversion) {
            case 'd', 'i', 'u' -> printf(modifiers, 'd', toInteger(value, line), line);
            case 'x', 'X', 'o' -> printf(modifiers, conversion, toInteger(value, line), line);
            case 'f', 'F' -> fixed(modifiers, PythonValues.real(value, line), line);
            case 's' -> printf(modifiers, 's', PythonValues.str(value), line);
            case 'r' -> printf(modifiers, 's', PythonValues.repr(value), line);
            default ->
                    throw new PythonError(
                            line,
                            "ValueError",
                            "unsupported format character '" + conversion + "'");
        };
    }

    private static BigInteger toInteger(Object value, int line) {
        return value instanceof Double d
                ? BigDecimal.valueOf(d).toBigInteger()
                : PythonValues.integer(value, line);
    }

    /// Python rounds the exact value, a tie to even; Java's formatter rounds ties up.
    private static String fixed(String modifiers, double value, int line) {
        int dot = modifiers.indexOf('.');
        String digits = dot < 0 ? "6" : modifiers.substring(dot + 1);
        if (!digits.matches("\\d{1,2}")) {
            throw new PythonError(line, "ValueError", "unsupported format '%" + modifiers + "f'");
        }
        int scale = Integer.parseInt(digits);
        BigDecimal rounded = new BigDecimal(value).setScale(scale, RoundingMode.HALF_EVEN);
        return printf(modifiers, 'f', rounded, line);
    }

    private static String printf(String modifiers, char conversion, Object value, int line) {
        try {
            return String.format(Locale.ROOT, "%" + modifiers + conversion, value);
        } catch (IllegalArgumentException _) {
            throw new PythonError(
                    line, "ValueError", "unsupported format '%" + modifiers + conversion + "'");
        }
    }
}
