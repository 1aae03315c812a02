package dev.linnet.oracle.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of a row.
public sealed interface Statement {
    /// Line in the file.
    int line();

    /// The line as it is written.
    String text();

    /// `s = socket(AF_INET, SOCK_STREAM, 0) = 3`: a call by a worker.
    ///
    /// @param worker who makes the call
    /// @param start true if the call begins and blocks (`start t: ...`)
    /// @param variable what the result is called, or null
    record Call(
            int line,
            String text,
            String worker,
            boolean start,
            @Nullable String variable,
            String name,
            List<Value> args,
            Expect expect)
            implements Statement {}

    /// `c = finish t = 5`: the blocked call of a worker returns.
    record Finish(int line, String text, String worker, @Nullable String variable, Expect expect)
            implements Statement {}

    /// `blocked t`: the call of a worker has still not returned.
    record Blocked(int line, String text, String worker) implements Statement {}

    /// `signal t`: a signal whose handler does nothing interrupts the call.
    record Signal(int line, String text, String worker) implements Statement {}

    /// `fork p`, `fork p of q`, `thread t`: a new worker, with descriptors of its own or those of
    /// its maker.
    record Spawn(int line, String text, String worker, String parent, boolean fork)
            implements Statement {}

    /// `exit p`: a worker made by `fork` ends, and its descriptors are closed.
    record Exit(int line, String text, String worker) implements Statement {}

    /// `sleep 20`: milliseconds of the target's time pass.
    record Sleep(int line, String text, int millis) implements Statement {}

    /// `sysctl net.ipv4.tcp_syncookies = 2`.
    record Sysctl(int line, String text, String name, String value) implements Statement {}

    /// `user 65534`, `user 65534 of p`: the worker gives its rights away.
    record User(int line, String text, String worker, int uid) implements Statement {}

    /// `let m = buf(8)`: memory that several calls use.
    record Let(int line, String text, String variable, Value value) implements Statement {}
}
