package dev.linnet.oracle.text;

import java.util.List;
import java.util.stream.Collectors;

/// A number: a literal, a constant of Linux, a variable of the row, or a sum of such.
public sealed interface Expr {
    /// How the expression is written.
    String text();

    /// A literal.
    record Literal(long value, String text) implements Expr {
        public static Literal of(long value) {
            return new Literal(value, Long.toString(value));
        }
    }

    /// A constant, `SO_REUSEADDR`.
    record Constant(String text, long value) implements Expr {}

    /// A variable, `s`. Where something is expected, a variable without a value takes what is there.
    record Variable(String text) implements Expr {}

    /// `_`: whatever it is.
    record Anything() implements Expr {
        @Override
        public String text() {
            return "_";
        }
    }

    /// `~x`: all bits turned.
    record Complement(Expr operand) implements Expr {
        @Override
        public String text() {
            return "~" + operand.text();
        }
    }

    /// Several numbers joined by `|`, `+` or `*`, from left to right.
    record Joined(char operator, List<Expr> operands) implements Expr {
        @Override
        public String text() {
            return operands.stream().map(Expr::text).collect(Collectors.joining("" + operator));
        }
    }
}
