package dev.linnet.oracle.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an argument is: a number in the register, or memory whose address is in the register.
public sealed interface Value {
    /// A number; inside of memory also what is there after the call (`before -> after`).
    record Num(@Nullable Expr before, @Nullable Expr after) implements Value {
        public static Num of(Expr before) {
            return new Num(before, null);
        }
    }

    /// A number in memory with its type, `i64(26 -> 52)`.
    record Typed(String type, Num num) implements Value {}

    /// Bytes, `"hello"*3`; with a final zero if they are a C string, `'/tmp/f'`.
    record Bytes(byte[] data, boolean terminated, int times) implements Value {}

    /// `127.0.0.1:80`, `[::1]:80`: a `sockaddr_in` or `sockaddr_in6`; without a port only the bytes
    /// of the address.
    record Inet(byte[] address, @Nullable Expr port, String host) implements Value {}

    /// `un'/tmp/s'` (with the final zero), `un"\0name"` (without): a `sockaddr_un`.
    record Unix(Bytes path) implements Value {}

    /// `buf(100 -> "hello")`: so many zeros, and what is there after the call; the rest must still be
    /// zeros. `addr(...)` is the same and shown as an address.
    record Buffer(boolean address, Expr size, @Nullable Value after) implements Value {}

    /// `[a, b]`: one after the other.
    record Array(List<Value> elements) implements Value {}

    /// `pollfd{s, POLLIN, -> POLLIN}`: a structure of [dev.linnet.oracle.memory.Layouts]. `names` has
    /// null for a field that is given by its position.
    record Struct(String layout, List<@Nullable String> names, List<Value> fields)
            implements Value {}

    /// `fdset(a, b -> b)`.
    record FdSet(List<Expr> before, @Nullable List<Expr> after) implements Value {}

    /// `cmsg(SOL_SOCKET, SCM_RIGHTS, [a])`: a control message, padded to 8 bytes.
    record Cmsg(Expr level, Expr type, Value data) implements Value {}

    /// `x#`: the address of memory and its size, as two arguments.
    record Sized(Value memory) implements Value {}
}
