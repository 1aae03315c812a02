package dev.linnet.packetdrill.python;

import dev.linnet.packetdrill.python.Node.Expression;
import dev.linnet.packetdrill.python.Node.Statement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/// A piece of Python, ready to be run any number of times.
public final class PythonCode {
    private final List<Statement> statements;

    private PythonCode(List<Statement> statements) {
        this.statements = statements;
    }

    /// Reads a piece of code.
    ///
    /// @throws PythonError if it is not understood
    public static PythonCode parse(String source) {
        return new PythonCode(PythonParser.parse(source));
    }

    /// Runs it.
    ///
    /// @throws PythonError what Python would raise: an `AssertionError` above all
    public void run(PythonScope scope) {
        run(statements, scope);
    }

    private static void run(List<Statement> statements, PythonScope scope) {
        for (Statement statement : statements) {
            run(statement, scope);
        }
    }

    private static void run(Statement statement, PythonScope scope) {
        switch (statement) {
            case Node.Assert a -> {
                if (!PythonValues.truth(value(a.test(), scope))) {
                    Expression message = a.message();
                    throw new PythonError(
                            a.line(),
                            "AssertionError",
                            message == null ? "" : PythonValues.str(value(message, scope)));
                }
            }
            case Node.Assign a -> {
                Object value = value(a.value(), scope);
                String operator = a.operator();
                Object result =
                        operator == null
                                ? value
                                : PythonOperators.binary(
                                        operator, scope.get(a.name(), a.line()), value, a.line());
                scope.put(a.name(), result);
            }
            case Node.ExpressionStatement e -> value(e.expression(), scope);
            case Node.If i -> {
                boolean test = PythonValues.truth(value(i.test(), scope));
                run(test ? i.then() : i.otherwise(), scope);
            }
            case Node.Pass _ -> {}
        }
    }

    private static Object value(Expression expression, PythonScope scope) {
        int line = expression.line();
        return switch (expression) {
            case Node.Constant c -> c.value();
            case Node.Name n -> scope.get(n.id(), line);
            case Node.Unary u ->
                    PythonOperators.unary(u.operator(), value(u.operand(), scope), line);
            case Node.Binary b ->
                    PythonOperators.binary(
                            b.operator(), value(b.left(), scope), value(b.right(), scope), line);
            case Node.Logical l -> {
                Object left = value(l.left(), scope);
                yield PythonValues.truth(left) == l.and() ? value(l.right(), scope) : left;
            }
            case Node.Comparison c -> comparison(c, scope);
            case Node.Conditional c ->
                    value(
                            PythonValues.truth(value(c.test(), scope)) ? c.then() : c.otherwise(),
                            scope);
            case Node.Sequence s -> values(s.items(), scope);
            case Node.Subscript s ->
                    element(value(s.value(), scope), value(s.index(), scope), line);
            case Node.Call c -> call(c.function(), values(c.args(), scope), scope, line);
            case Node.Formatted f ->
                    f.parts().stream()
                            .map(part -> PythonValues.str(value(part, scope)))
                            .collect(Collectors.joining());
            case Node.FormattedPart p -> formatted(value(p.value(), scope), p.format(), line);
        };
    }

    private static List<Object> values(List<Expression> expressions, PythonScope scope) {
        return expressions.stream().map(e -> value(e, scope)).toList();
    }

    private static Object comparison(Node.Comparison comparison, PythonScope scope) {
        Object left = value(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = value(comparison.others().get(i), scope);
            if (!compare(comparison.operators().get(i), left, right, comparison.line())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean compare(String operator, Object a, Object b, int line) {
        return switch (operator) {
            case "==" -> PythonValues.equal(a, b);
            case "!=" -> !PythonValues.equal(a, b);
            case "is" -> a == b || PythonValues.equal(a, b);
            case "is not" -> a != b && !PythonValues.equal(a, b);
            case "<" -> PythonValues.compare(a, b, line) < 0;
            case "<=" -> PythonValues.compare(a, b, line) <= 0;
            case ">" -> PythonValues.compare(a, b, line) > 0;
            case ">=" -> PythonValues.compare(a, b, line) >= 0;
            case "in" -> contains(b, a, line);
            default -> !contains(b, a, line);
        };
    }

    private static boolean contains(Object container, Object item, int line) {
        return switch (container) {
            case List<?> list -> list.stream().anyMatch(e -> PythonValues.equal(e, item));
            case String text when item instanceof String part -> text.contains(part);
            default ->
                    throw PythonError.type(
                            line,
                            "argument of type "
                                    + PythonValues.type(container)
                                    + " is not iterable");
        };
    }

    private static Object element(Object container, Object index, int line) {
        int size =
                switch (container) {
                    case List<?> list -> list.size();
                    case String text -> text.length();
                    default ->
                            throw PythonError.type(
                                    line,
                                    PythonValues.type(container) + " object is not subscriptable");
                };
        int at = PythonValues.integer(index, line).intValue();
        int from = at < 0 ? at + size : at;
        if (from < 0 || from >= size) {
            throw new PythonError(line, "IndexError", "index out of range");
        }
        return container instanceof List<?> list
                ? list.get(from)
                : String.valueOf(((String) container).charAt(from));
    }

    private static String formatted(Object value, String format, int line) {
        if (format.isEmpty()) {
            return PythonValues.str(value);
        }
        char last = format.charAt(format.length() - 1);
        boolean conversion = Character.isLetter(last);
        String modifiers = conversion ? format.substring(0, format.length() - 1) : format;
        char kind =
                conversion
                        ? last
                        : value instanceof Double ? 'f' : value instanceof String ? 's' : 'd';
        return PythonOperators.convert(modifiers, kind, value, line);
    }

    private static Object call(String function, List<Object> args, PythonScope scope, int line) {
        if (function.equals("print")) {
            scope.print(args.stream().map(PythonValues::str).collect(Collectors.joining(" ")));
            return PythonValues.NONE;
        }
        if (function.equals("max") || function.equals("min")) {
            boolean max = function.equals("max");
            BinaryOperator<Object> pick =
                    (a, b) -> PythonValues.compare(a, b, line) > 0 == max ? a : b;
            List<?> items = args.size() == 1 && args.getFirst() instanceof List<?> l ? l : args;
            return items.stream()
                    .map(item -> (Object) item)
                    .reduce(pick)
                    .orElseThrow(() -> PythonError.type(line, function + "() of nothing"));
        }
        if (args.size() != 1) {
            throw isKnown(function)
                    ? PythonError.type(line, function + "() takes one argument here")
                    : undefined(function, line);
        }
        return call(function, args.getFirst(), line);
    }

    private static boolean isKnown(String function) {
        return List.of("abs", "int", "float", "str", "repr", "bool", "len", "hex", "round", "sum")
                .contains(function);
    }

    private static PythonError undefined(String function, int line) {
        return PythonError.unsupported(line, "the function " + function + "()");
    }

    private static Object call(String function, Object arg, int line) {
        return switch (function) {
            case "abs" ->
                    arg instanceof Double d
                            ? (Object) Math.abs(d)
                            : PythonValues.integer(arg, line).abs();
            case "int" -> toInt(arg, line);
            case "float" ->
                    arg instanceof String s
                            ? Double.valueOf(s.strip())
                            : (Object) PythonValues.real(arg, line);
            case "str" -> PythonValues.str(arg);
            case "repr" -> PythonValues.repr(arg);
            case "bool" -> PythonValues.truth(arg);
            case "len" -> length(arg, line);
            case "hex" -> "0x" + PythonValues.integer(arg, line).toString(16);
            case "round" ->
                    arg instanceof Double d
                            ? BigDecimal.valueOf(Math.rint(d)).toBigInteger()
                            : PythonValues.integer(arg, line);
            case "sum" -> sum(arg, line);
            default -> throw undefined(function, line);
        };
    }

    private static BigInteger toInt(Object arg, int line) {
        try {
            return switch (arg) {
                case Double d -> BigDecimal.valueOf(d).toBigInteger();
                case String s -> new BigInteger(s.strip());
                default -> PythonValues.integer(arg, line);
            };
        } catch (NumberFormatException _) {
            throw new PythonError(
                    line, "ValueError", "invalid literal for int(): " + PythonValues.repr(arg));
        }
    }

    private static BigInteger length(Object arg, int line) {
        return switch (arg) {
            case List<?> list -> BigInteger.valueOf(list.size());
            case String text -> BigInteger.valueOf(text.length());
            default ->
                    throw PythonError.type(
                            line, "object of type " + PythonValues.type(arg) + " has no len()");
        };
    }

    private static Object sum(Object arg, int line) {
        Object total = BigInteger.ZERO;
        if (!(arg instanceof List<?> items)) {
            throw PythonError.type(line, PythonValues.type(arg) + " object is not iterable");
        }
        for (Object item : items) {
            total = PythonOperators.binary("+", total, item, line);
        }
        return total;
    }
}
