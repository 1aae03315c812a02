package dev.linnet.packetdrill.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Values: [BigInteger], [Double], [Boolean], [String], [List] for tuples and lists, [#NONE]; and
/// what Python does with them.
final class PythonValues {
    /// `None`.
    static final Object NONE =
            new Object() {
                @Override
                public String toString() {
                    return "None";
                }
            };

    private PythonValues() {}

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case BigInteger i -> i.signum() != 0;
            case Double d -> d != 0;
            case String s -> !s.isEmpty();
            case List<?> l -> !l.isEmpty();
            default -> value != NONE;
        };
    }

    /// What `str()` gives.
    static String str(Object value) {
        return value instanceof String s ? s : repr(value);
    }

    /// What `repr()` gives.
    static String repr(Object value) {
        return switch (value) {
            case Boolean b -> b ? "True" : "False";
            case Double d -> floatText(d);
            case String s -> "'" + s.replace("\\", "\\\\").replace("'", "\\'") + "'";
            case List<?> l ->
                    "("
                            + l.stream().map(PythonValues::repr).collect(Collectors.joining(", "))
                            + (l.size() == 1 ? ",)" : ")");
            default -> value.toString();
        };
    }

    private static String floatText(double d) {
        if (d == Math.rint(d) && Math.abs(d) < 1e16) {
            return BigDecimal.valueOf(d).toBigInteger() + ".0";
        }
        return String.valueOf(d).toLowerCase(Locale.ROOT);
    }

    static boolean isNumber(Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }

    /// The integer that an integer or a truth value is.
    static BigInteger integer(Object value, int line) {
        return switch (value) {
            case BigInteger i -> i;
            case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
            default -> throw PythonError.type(line, "an integer is required, not " + type(value));
        };
    }

    static double real(Object value, int line) {
        return value instanceof Double d ? d : integer(value, line).doubleValue();
    }

    static String type(Object value) {
        return switch (value) {
            case BigInteger _ -> "'int'";
            case Double _ -> "'float'";
            case Boolean _ -> "'bool'";
            case String _ -> "'str'";
            case List<?> _ -> "'tuple'";
            default -> "'NoneType'";
        };
    }

    static boolean equal(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return a.equals(b);
    }

    static int compare(Object a, Object b, int line) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return compareLists(x, y, line);
        }
        throw PythonError.type(
                line, "'<' not supported between instances of " + type(a) + " and " + type(b));
    }

    private static int compareLists(List<?> a, List<?> b, int line) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return compare(a.get(i), b.get(i), line);
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareNumbers(Object a, Object b) {
        return decimal(a).compareTo(decimal(b));
    }

    private static BigDecimal decimal(Object value) {
        return value instanceof Double d ? new BigDecimal(d) : new BigDecimal(integer(value, 0));
    }
}
