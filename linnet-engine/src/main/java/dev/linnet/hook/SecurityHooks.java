package dev.linnet.hook;

import dev.linnet.uapi.SockAddr;
import org.jspecify.annotations.Nullable;

/// A security module's view of the sockets of a host (`security_socket_*`). Override what matters.
///
/// A hook that decides gives 0 to let the call go on, or `-errno`, which the caller gets. With several
/// modules the first refusal counts.
public abstract class SecurityHooks {
    /// Before a socket is made.
    public int socketCreate(int family, int type, int protocol) {
        return 0;
    }

    /// A socket was made.
    public int socketPostCreate(HookSocket sock) {
        return 0;
    }

    /// Two sockets are about to be joined.
    public int socketSocketpair(HookSocket a, HookSocket b) {
        return 0;
    }

    /// Before the address is looked at.
    public int socketBind(HookSocket sock, SockAddr address) {
        return 0;
    }

    public int socketConnect(HookSocket sock, SockAddr address) {
        return 0;
    }

    /// @param backlog already capped by `net.core.somaxconn`
    public int socketListen(HookSocket sock, int backlog) {
        return 0;
    }

    /// Before `accept` waits.
    public int socketAccept(HookSocket listener) {
        return 0;
    }

    /// @param to the address given in the call, or null
    /// @param size bytes to be sent
    public int socketSendmsg(HookSocket sock, @Nullable SockAddr to, long size) {
        return 0;
    }

    public int socketRecvmsg(HookSocket sock, long size, int flags) {
        return 0;
    }

    public int socketGetsockname(HookSocket sock) {
        return 0;
    }

    public int socketGetpeername(HookSocket sock) {
        return 0;
    }

    public int socketSetsockopt(HookSocket sock, int level, int name) {
        return 0;
    }

    public int socketGetsockopt(HookSocket sock, int level, int name) {
        return 0;
    }

    public int socketShutdown(HookSocket sock, int how) {
        return 0;
    }

    /// A SYN came to a listener. Whatever is not 0 drops it without an answer.
    public int inetConnRequest(HookSocket listener, SockAddr peer) {
        return 0;
    }

    /// A connection that this host opened is established.
    public void inetConnEstablished(HookSocket sock) {}
}
