package dev.linnet.hook;

import dev.linnet.uapi.SockAddr;

/// What audit records of socket calls (`audit_sockaddr`, `audit_fd_pair`, `audit_socketcall`). It
/// watches and cannot refuse.
public interface AuditHook {
    /// Who calls.
    ///
    /// @param comm name of the process
    record Caller(int pid, int uid, String comm) {}

    /// A process handed an address to the kernel, in whatever call.
    void sockaddr(Caller caller, SockAddr address);

    /// A process got two descriptors at once (`socketpair`, `pipe`).
    default void fdPair(Caller caller, int first, int second) {}

    /// A process used the multiplexer `socketcall`.
    ///
    /// @param call its number, 1 to 20
    default void socketcall(Caller caller, int call, long[] args) {}
}
