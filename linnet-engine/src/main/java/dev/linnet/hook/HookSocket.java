package dev.linnet.hook;

import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// A socket as a hook sees it (`struct bpf_sock`). Valid only while the hook runs.
public interface HookSocket {
    /// `AF_*`.
    int family();

    /// `SOCK_*`.
    int type();

    /// `IPPROTO_*`.
    int protocol();

    /// TCP's state; other protocols use CLOSE and ESTABLISHED.
    TcpState state();

    /// A number that no other socket of the host ever has (`bpf_get_socket_cookie`).
    long cookie();

    /// The user it belongs to.
    int uid();

    /// The local address, unspecified parts being 0; null for a family without such addresses.
    @Nullable SockAddr local();

    /// The peer's address, or null.
    @Nullable SockAddr peer();

    /// `SO_MARK`.
    int mark();

    void mark(int mark);

    /// `SO_PRIORITY`.
    int priority();

    void priority(int priority);

    /// Index of the interface it is bound to, 0 for any.
    int boundDevIf();

    void boundDevIf(int ifindex);
}
