package dev.linnet.hook;

import org.jspecify.annotations.Nullable;

/// Programs as they are attached to a cgroup on Linux (`BPF_CGROUP_INET_*`, `BPF_CGROUP_UDP*`): they
/// refuse calls, or put other addresses in the place of those that the program used. Override what
/// matters.
///
/// 0 lets the call go on; `-errno` ends it with that error, which on Linux is `-EPERM` unless the
/// program sets another.
public abstract class CgroupHooks {
    /// What a `bind` hook gives to let a port below `net.ipv4.ip_unprivileged_port_start` pass without
    /// the right to it.
    public static final int ALLOW_ANY_PORT = 1;

    /// An Internet socket was made; it may be given a mark, a priority, an interface
    /// (`BPF_CGROUP_INET_SOCK_CREATE`).
    public int sockCreate(HookSocket sock) {
        return 0;
    }

    /// It is closed (`BPF_CGROUP_INET_SOCK_RELEASE`).
    public void sockRelease(HookSocket sock) {}

    /// Before `bind` checks the address, which may be replaced (`BPF_CGROUP_INET4_BIND`, `INET6_BIND`).
    ///
    /// @return 0, [#ALLOW_ANY_PORT] or `-errno`
    public int bind(HookSocket sock, AddressContext context) {
        return 0;
    }

    /// The socket has its port; a refusal takes it away again (`BPF_CGROUP_INET4_POST_BIND`,
    /// `INET6_POST_BIND`).
    public int postBind(HookSocket sock) {
        return 0;
    }

    /// Before `connect`, whose address may be replaced (`BPF_CGROUP_INET4_CONNECT`, `INET6_CONNECT`).
    public int connect(HookSocket sock, AddressContext context) {
        return 0;
    }

    /// A datagram is to go to the address given in the call, which may be replaced
    /// (`BPF_CGROUP_UDP4_SENDMSG`, `UDP6_SENDMSG`).
    public int sendmsg(HookSocket sock, AddressContext context) {
        return 0;
    }

    /// A datagram was received; the address that the user sees may be replaced
    /// (`BPF_CGROUP_UDP4_RECVMSG`, `UDP6_RECVMSG`).
    public void recvmsg(HookSocket sock, AddressContext context) {}

    /// The answer of `getsockname` (`BPF_CGROUP_INET4_GETSOCKNAME`, `INET6_GETSOCKNAME`).
    public void getsockname(HookSocket sock, AddressContext context) {}

    /// The answer of `getpeername` (`BPF_CGROUP_INET4_GETPEERNAME`, `INET6_GETPEERNAME`).
    public void getpeername(HookSocket sock, AddressContext context) {}

    /// Before `setsockopt` (`BPF_CGROUP_SETSOCKOPT`).
    ///
    /// @param value may be changed in place
    public int setsockopt(HookSocket sock, int level, int name, byte[] value) {
        return 0;
    }

    /// After `getsockopt` (`BPF_CGROUP_GETSOCKOPT`).
    ///
    /// @param value what the user will see; may be changed in place
    /// @param result bytes valid in it, or the call's `-errno`
    /// @return what the call returns instead
    public int getsockopt(
            HookSocket sock, int level, int name, byte @Nullable [] value, int result) {
        return result;
    }
}
