package dev.linnet.net.socket;

import dev.linnet.hook.AddressContext;
import dev.linnet.hook.CgroupHooks;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.inet.AddrType;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockAddrUnspec;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;

/// `bind` for the Internet families: Linux's checks in Linux's order (`__inet_bind`,
/// `__inet6_bind`).
final class InetBind {
    private InetBind() {}

    static int bind(InetSock sk, SockAddr addr) {
        if (!CgroupBpf.enabled(sk)) {
            return bind(sk, addr, false);
        }
        AddressContext context = new AddressContext(addr);
        int said = CgroupBpf.bind(sk, context);
        return said < 0
                ? said
                : bind(sk, context.address(), (said & CgroupHooks.ALLOW_ANY_PORT) != 0);
    }

    /// @param anyPort a program lets it have a privileged port
    private static int bind(InetSock sk, SockAddr addr, boolean anyPort) {
        if (sk.type == SocketType.SOCK_RAW) {
            return RawBind.bind(sk, addr);
        }
        int refused = anyPort ? 0 : checkPort(sk, portOf(addr));
        return sk.family == Af.AF_INET ? bind4(sk, addr, refused) : bind6(sk, addr, refused);
    }

    private static int portOf(SockAddr addr) {
        return switch (addr) {
            case SockAddrIn in -> in.port();
            case SockAddrIn6 in6 -> in6.port();
            case SockAddrUnspec unspec -> unspec.inetPort();
            default -> 0;
        };
    }

    /// @param refused `-EACCES` for a privileged port, or 0
    /// @return `EINVAL` for a short address, `EAFNOSUPPORT` for a foreign one, `EADDRNOTAVAIL` for
    ///     one that is not ours, `EACCES` below the privileged port, `EINVAL` when bound already,
    ///     `EADDRINUSE`
    @Kernel("__inet_bind")
    private static int bind4(InetSock sk, SockAddr addr, int refused) {
        if (addr.length() < SockAddrIn.SIZE) {
            return -Errno.EINVAL;
        }
        int port;
        int v4;
        switch (addr) {
            case SockAddrIn in -> {
                port = in.port();
                v4 = in.addr();
            }
            case SockAddrUnspec unspec when unspec.isInetAny() -> {
                port = unspec.inetPort();
                v4 = 0;
            }
            default -> {
                return -Errno.EAFNOSUPPORT;
            }
        }
        int kind = AddrType.of(sk.net, 0, In6Addr.mapV4(v4), sk.boundDevIf);
        if (!validOrNonlocal(sk, v4 == 0, kind)) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (refused != 0) {
            return refused;
        }
        boolean keepSource = kind != Rtn.MULTICAST && kind != Rtn.BROADCAST;
        return finish(sk, 0, In6Addr.mapV4(v4), v4 == 0, keepSource, port, 0);
    }

    @Kernel("__inet6_bind")
    private static int bind6(InetSock sk, SockAddr addr, int refused) {
        if (addr.length() < SockAddrIn6.SIZE_RFC2133) {
            return -Errno.EINVAL;
        }
        if (!(addr instanceof SockAddrIn6 in6)) {
            return -Errno.EAFNOSUPPORT;
        }
        long hi = in6.hi();
        long lo = in6.lo();
        if (In6Addr.isMulticast(hi) && sk.type == SocketType.SOCK_STREAM) {
            return -Errno.EINVAL;
        }
        if (refused != 0) {
            return refused;
        }
        if (sk.state != TcpState.TCP_CLOSE || sk.num != 0) {
            return -Errno.EINVAL; // before the address is looked at, unlike IPv4
        }
        if (In6Addr.isV4Mapped(hi, lo)) {
            return bindMapped(sk, lo, in6.port());
        }
        if (In6Addr.isUnspecified(hi, lo)) {
            return finish(sk, 0, 0, true, true, in6.port(), 0);
        }
        return bindNative(sk, in6);
    }

    private static int bindMapped(InetSock sk, long lo, int port) {
        if (sk.ipv6only) {
            return -Errno.EINVAL;
        }
        int kind = AddrType.of(sk.net, 0, lo, sk.boundDevIf);
        boolean any = (int) lo == 0;
        if (!validOrNonlocal(sk, any, kind)) {
            return -Errno.EADDRNOTAVAIL;
        }
        return finish(sk, 0, lo, any, true, port, 0);
    }

    private static int bindNative(InetSock sk, SockAddrIn6 in6) {
        int refused = checkNative(sk, in6);
        boolean multicast = In6Addr.isMulticast(in6.hi());
        return refused != 0
                ? refused
                : finish(sk, in6.hi(), in6.lo(), false, !multicast, in6.port(), deviceOf(sk, in6));
    }

    /// The device that a link-local address belongs to, 0 for other addresses or if nobody says.
    static int deviceOf(InetSock sk, SockAddrIn6 in6) {
        if (!In6Addr.isLinkLocal(in6.hi()) && !linkScopedMulticast(in6.hi())) {
            return 0;
        }
        return in6.scopeId() != 0 ? in6.scopeId() : sk.boundDevIf;
    }

    /// Whether a socket may have an IPv6 address: 0, `EINVAL` or `ENODEV` for its device, `EADDRNOTAVAIL`.
    static int checkNative(InetSock sk, SockAddrIn6 in6) {
        int dev = deviceOf(sk, in6);
        if (In6Addr.isLinkLocal(in6.hi()) || linkScopedMulticast(in6.hi())) {
            if (dev == 0) {
                return -Errno.EINVAL;
            }
            if (sk.net.devices.byIndex(dev) == null) {
                return -Errno.ENODEV;
            }
        }
        boolean nonlocal =
                sk.freebind || sk.transparent || sk.net.sysctl.get(Ipv6Sysctls.NONLOCAL_BIND);
        int lookupDev = dev != 0 ? dev : sk.boundDevIf;
        boolean allowed =
                In6Addr.isMulticast(in6.hi())
                        || nonlocal
                        || AddrType.of(sk.net, in6.hi(), in6.lo(), lookupDev) == Rtn.LOCAL;
        return allowed ? 0 : -Errno.EADDRNOTAVAIL;
    }

    static boolean linkScopedMulticast(long hi) {
        return In6Addr.isMulticast(hi) && In6Addr.multicastScope(hi) == 2;
    }

    @Kernel({"inet_addr_valid_or_nonlocal", "inet_can_nonlocal_bind"})
    static boolean validOrNonlocal(InetSock sk, boolean any, int kind) {
        return sk.net.sysctl.get(IpSysctls.NONLOCAL_BIND)
                || sk.freebind
                || sk.transparent
                || any
                || kind == Rtn.LOCAL
                || kind == Rtn.MULTICAST
                || kind == Rtn.BROADCAST;
    }

    @Kernel("inet_port_requires_bind_service")
    private static int checkPort(InetSock sk, int port) {
        boolean privileged =
                port != 0 && port < sk.net.sysctl.get(IpSysctls.UNPRIVILEGED_PORT_START);
        return privileged && !Capability.netBindService() ? -Errno.EACCES : 0;
    }

    /// The part that both families share: the state, the port itself.
    private static int finish(
            InetSock sk, long hi, long lo, boolean any, boolean keepSource, int port, int dev) {
        sk.lock.lock();
        try {
            if (sk.state != TcpState.TCP_CLOSE || sk.num != 0) {
                return -Errno.EINVAL;
            }
            if (dev != 0) {
                sk.boundDevIf = dev;
            }
            boolean wasV6only = sk.ipv6only;
            setAddress(sk, any && sk.family == Af.AF_INET ? 0 : hi, any ? anyLo(sk, lo) : lo);
            if (!keepSource) {
                sk.saddrHi = 0;
                sk.saddrLo = 0;
            }
            if (!any && sk.family == Af.AF_INET6 && !In6Addr.isV4Mapped(hi, lo)) {
                sk.ipv6only = true; // a native address cannot receive IPv4 anyway
            }
            int err = port != 0 || !sk.bindAddressNoPort ? getPort(sk, port) : 0;
            if (err != 0) {
                sk.ipv6only = wasV6only;
                setAddress(sk, 0, 0);
                return err;
            }
            sk.bindAddrLocked |= !any || In6Addr.isV4Mapped(hi, lo) && sk.family == Af.AF_INET6;
            sk.bindPortLocked |= port != 0;
            sk.sport = sk.num;
            sk.daddrHi = 0;
            sk.daddrLo = 0;
            sk.dport = 0;
            sk.dst = null;
            return 0;
        } finally {
            sk.lock.unlock();
        }
    }

    private static int getPort(InetSock sk, int port) {
        if (sk.prot.getPort(sk, port) != 0) {
            return -Errno.EADDRINUSE;
        }
        int refused = CgroupBpf.postBind(sk);
        if (refused != 0) {
            sk.prot.putPort(sk);
        }
        return refused;
    }

    /// The unspecified address: `::` in both families, but a mapped one stays mapped.
    private static long anyLo(InetSock sk, long lo) {
        return sk.family == Af.AF_INET ? 0 : lo;
    }

    @Kernel("sk_rcv_saddr_set")
    static void setAddress(InetSock sk, long hi, long lo) {
        sk.rcvSaddrHi = hi;
        sk.rcvSaddrLo = lo;
        sk.saddrHi = hi;
        sk.saddrLo = lo;
    }
}
