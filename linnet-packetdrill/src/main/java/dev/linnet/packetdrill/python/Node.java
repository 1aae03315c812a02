package dev.linnet.packetdrill.python;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The syntax tree.
sealed interface Node {
    /// From 0.
    int line();

    /// Something that is done.
    sealed interface Statement extends Node {}

    /// Something that has a value.
    sealed interface Expression extends Node {}

    record Assert(int line, Expression test, @Nullable Expression message) implements Statement {}

    /// `name = value`, or with an operator before the `=`.
    record Assign(int line, String name, @Nullable String operator, Expression value)
            implements Statement {}

    record ExpressionStatement(int line, Expression expression) implements Statement {}

    record If(int line, Expression test, List<Statement> then, List<Statement> otherwise)
            implements Statement {}

    record Pass(int line) implements Statement {}

    /// A number, string, `True`, `False` or `None`, as its value.
    record Constant(int line, Object value) implements Expression {}

    /// The parts of an f-string; a part is a text or an expression with its format.
    record Formatted(int line, List<Expression> parts) implements Expression {}

    /// One `{expression:format}` of an f-string.
    record FormattedPart(int line, Expression value, String format) implements Expression {}

    record Name(int line, String id) implements Expression {}

    record Unary(int line, String operator, Expression operand) implements Expression {}

    record Binary(int line, String operator, Expression left, Expression right)
            implements Expression {}

    /// `a and b`, `a or b`: the second is looked at only if it matters.
    record Logical(int line, boolean and, Expression left, Expression right)
            implements Expression {}

    /// `a < b <= c`.
    record Comparison(int line, Expression first, List<String> operators, List<Expression> others)
            implements Expression {}

    record Conditional(int line, Expression test, Expression then, Expression otherwise)
            implements Expression {}

    /// A tuple or a list; what is different about them does not show here.
    record Sequence(int line, List<Expression> items, boolean tuple) implements Expression {}

    record Subscript(int line, Expression value, Expression index) implements Expression {}

    record Call(int line, String function, List<Expression> args) implements Expression {}
}
