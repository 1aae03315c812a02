package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.FactException;
import java.util.HashMap;
import java.util.Map;

/// What the variables of a row stand for on one target, and what expressions come to.
public final class Variables {
    private final Map<String, Long> values = new HashMap<>();

    public void set(String name, long value) {
        values.put(name, value);
    }

    /// What an expression comes to.
    ///
    /// @throws FactException if a variable has no value
    public long eval(Expr expr) {
        return switch (expr) {
            case Expr.Literal literal -> literal.value();
            case Expr.Constant constant -> constant.value();
            case Expr.Complement not -> ~eval(not.operand());
            case Expr.Joined joined -> join(joined);
            case Expr.Anything _ -> throw new FactException("'_' has no value");
            case Expr.Variable variable -> {
                Long value = values.get(variable.text());
                if (value == null) {
                    throw new FactException("variable " + variable.text() + " has no value yet");
                }
                yield value;
            }
        };
    }

    private long join(Expr.Joined joined) {
        long result = eval(joined.operands().getFirst());
        for (Expr operand : joined.operands().subList(1, joined.operands().size())) {
            long value = eval(operand);
            result =
                    switch (joined.operator()) {
                        case '|' -> result | value;
                        case '+' -> result + value;
                        default -> result * value;
                    };
        }
        return result;
    }

    /// True if a value is what is expected. A variable without a value gets it.
    public boolean matches(Expr expected, long actual) {
        if (expected instanceof Expr.Anything) {
            return true;
        }
        if (expected instanceof Expr.Variable v && !values.containsKey(v.text())) {
            values.put(v.text(), actual);
            return true;
        }
        return eval(expected) == actual;
    }
}
