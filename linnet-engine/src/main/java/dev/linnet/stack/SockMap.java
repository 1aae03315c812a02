package dev.linnet.stack;

import dev.linnet.hook.SkMsgProgram;
import dev.linnet.net.core.sock.Stab;
import dev.linnet.syscall.SocketCalls;
import org.jspecify.annotations.Nullable;

/// Established TCP connections of one host by number, and a program that may send what one of them
/// writes straight to what another reads, past TCP (`BPF_MAP_TYPE_SOCKMAP`). A connection that is
/// closed leaves the map. Thread-safe.
public final class SockMap {
    private final Stab map;

    SockMap(int entries) {
        map = new Stab(entries);
    }

    /// Puts a process's connection in, in the place of what was there: 0, `-E2BIG` for a key beyond the
    /// map, `-EOPNOTSUPP` for what is not an established TCP connection, `-EBADF`, `-ENOTSOCK`.
    public int update(int key, Task task, int fd) {
        return SocketCalls.sockMapUpdate(task.struct(), map, key, fd);
    }

    /// Takes a connection out: 0, or `-EINVAL` if there is none. What was redirected to it can still
    /// be read.
    public int delete(int key) {
        return map.delete(key);
    }

    /// Sets what decides about what connections of the map send; null lets all pass.
    public void attach(@Nullable SkMsgProgram program) {
        map.program(program);
    }
}
