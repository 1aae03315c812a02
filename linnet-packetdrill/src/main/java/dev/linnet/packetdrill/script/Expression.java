package dev.linnet.packetdrill.script;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An argument of a system call, or a part of one.
public sealed interface Expression {
    /// Where it stands.
    Source at();

    /// `...`: whatever is right for the place.
    record Ellipsis(Source at) implements Expression {}

    /// `12` or `0x1f`.
    record IntLiteral(Source at, long value) implements Expression {}

    /// `SO_REUSEADDR`.
    record SymbolRef(Source at, String name) implements Expression {}

    /// `"text"`, with the escapes resolved; adjacent strings are one. The array is not copied: do
    /// not write to it.
    @SuppressWarnings("ArrayRecordComponent")
    record StringLiteral(Source at, byte[] bytes) implements Expression {}

    /// `a | b`.
    record Or(Source at, Expression left, Expression right) implements Expression {}

    /// `[a, b]`.
    record ListExpr(Source at, List<Expression> items) implements Expression {}

    /// `{a, name=b, name(size)=c}`.
    record Struct(Source at, List<Field> fields) implements Expression {
        /// The value of the field `name`, or null.
        public @Nullable Expression get(String name) {
            for (Field field : fields) {
                if (name.equals(field.name())) {
                    return field.value();
                }
            }
            return null;
        }
    }

    /// `htons(80)`, and the call of a system call itself.
    record Call(Source at, String name, List<Expression> args) implements Expression {}

    /// `{flags 0x2000 sum 0 off 0 key 1 seq 0}`.
    record GreStruct(Source at, PacketSpec.Gre gre) implements Expression {}

    /// `{(label 16, tc 0, [S], ttl 255)}`.
    record MplsStruct(Source at, List<PacketSpec.MplsEntry> stack) implements Expression {}

    /// One field of a structure; `name` is null where the position says which field it is.
    record Field(@Nullable String name, Optional<Expression> size, Expression value) {}
}
