package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.ipv4.RouteOutput;
import dev.linnet.net.ipv4.Rtable;
import dev.linnet.net.ipv6.Ip6Route;
import dev.linnet.net.ipv6.Ipv6Scope;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockAddrUnspec;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// `connect` of datagram sockets: remembers the peer, finds the route and with it the source address
/// (`__ip4_datagram_connect`, `__ip6_datagram_connect`). The sock is locked.
public final class InetDatagramConnect {
    private InetDatagramConnect() {}

    /// 0, `-EINVAL`, `-EAFNOSUPPORT`, `-ENETUNREACH`, `-EACCES` for a broadcast address without
    /// `SO_BROADCAST`.
    @Kernel({"__ip4_datagram_connect", "__ip6_datagram_connect"})
    public static int connect(InetSock sk, SockAddr addr) {
        if (sk.ipv6only && addr.family() == Af.AF_INET) {
            return -Errno.EAFNOSUPPORT;
        }
        InetPeer peer = new InetPeer();
        int err = peer.read(sk, addr);
        if (err != 0) {
            return err;
        }
        if (sk.sndflow) {
            int label = peer.flowinfo & Ipv6.FLOW_LABEL_MASK;
            if (label != 0 && !Ipv6Sockglue.mayUseLabel(sk, label)) {
                return -Errno.EINVAL;
            }
            sk.flowLabel = label;
        }
        if (Ipv6Scope.needsScopeId(peer.hi) && !bindToScope(sk, peer)) {
            return -Errno.EINVAL;
        }
        Flow fl = new Flow();
        fl.daddrHi = peer.hi;
        fl.daddrLo = peer.lo;
        ownSource(sk, fl);
        fl.proto = sk.protocol;
        fl.sport = sk.sport;
        fl.dport = peer.port;
        fl.oif = sk.boundDevIf;
        fl.mark = sk.mark;
        fl.flowLabel = sk.flowLabel;
        fl.onLink = sk.localroute;
        chooseInterface(sk, fl);
        int[] error = new int[1];
        DstEntry dst = route(sk, fl, error);
        if (dst == null) {
            return error[0];
        }
        if (dst instanceof Rtable rt && rt.type == Rtn.BROADCAST && !sk.broadcast) {
            return -Errno.EACCES;
        }
        establish(sk, fl, peer, dst);
        return 0;
    }

    /// The socket's address as the source of a flow whose destination is known. An IPv6 address that
    /// an earlier `connect` chose is no source for IPv4: the route chooses another.
    @HotPath
    static void ownSource(InetSock sk, Flow fl) {
        boolean foreign =
                In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo)
                        && !In6Addr.isV4Mapped(sk.saddrHi, sk.saddrLo);
        fl.saddrHi = foreign ? 0 : sk.saddrHi;
        fl.saddrLo = foreign ? 0 : sk.saddrLo;
    }

    /// An address that means something only on one link needs an interface, which the address or the
    /// socket names; not both differently.
    private static boolean bindToScope(InetSock sk, InetPeer peer) {
        if (peer.scope != 0) {
            if (sk.boundDevIf != 0 && sk.boundDevIf != peer.scope) {
                return false;
            }
            sk.boundDevIf = peer.scope;
        }
        if (sk.boundDevIf == 0 && In6Addr.isMulticast(peer.hi)) {
            sk.boundDevIf = sk.mcIndex6;
        }
        return sk.boundDevIf != 0;
    }

    /// The interface that the user wants packets to leave by, if the socket is not bound to one.
    @Kernel("ip6_datagram_flow_key_init")
    private static void chooseInterface(InetSock sk, Flow fl) {
        if (!In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo)) {
            if (fl.oif == 0) {
                fl.oif = sk.pktinfoIfindex;
            }
            if (fl.oif == 0) {
                fl.oif = In6Addr.isMulticast(fl.daddrHi) ? sk.mcIndex6 : sk.ucIndex6;
            }
        } else if (In4Addr.isMulticast((int) fl.daddrLo)) {
            if (fl.oif == 0) {
                fl.oif = sk.mcIndex;
            }
            if (AddrType.isAny(fl.saddrHi, fl.saddrLo) && sk.mcAddr != 0) {
                fl.saddrHi = 0;
                fl.saddrLo = In6Addr.mapV4(sk.mcAddr);
            }
        } else if (fl.oif == 0) {
            fl.oif = sk.ucIndex;
        }
    }

    private static void establish(InetSock sk, Flow fl, InetPeer peer, DstEntry dst) {
        if (AddrType.isAny(sk.saddrHi, sk.saddrLo)) {
            sk.saddrHi = fl.saddrHi;
            sk.saddrLo = fl.saddrLo;
        }
        if (AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)) {
            sk.rcvSaddrHi = fl.saddrHi;
            sk.rcvSaddrLo = fl.saddrLo;
            sk.prot.rehash(sk);
        }
        sk.daddrHi = fl.daddrHi;
        sk.daddrLo = fl.daddrLo;
        sk.dport = peer.port;
        sk.state = TcpState.TCP_ESTABLISHED;
        sk.dst = dst;
        sk.inetId = sk.net.random.nextInt();
    }

    /// The route of a flow in the family of its destination.
    public static @Nullable DstEntry route(InetSock sk, Flow fl, int[] err) {
        return In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo)
                ? RouteOutput.lookup(sk.net, fl, err)
                : Ip6Route.output(sk.net, fl, err);
    }

    /// A destination as the user gave it, in the form that the stack uses.
    public static final class InetPeer {
        public long hi;
        public long lo;
        public int port;
        public int scope;
        public int flowinfo;

        /// Reads an address for a socket: 0, `-EINVAL` when it is too short, `-EAFNOSUPPORT` for
        /// another family, `-ENETUNREACH` for IPv4 on a v6-only socket. AF_UNSPEC, with which one
        /// can send, is as AF_INET.
        public int read(InetSock sk, SockAddr addr) {
            return sk.family == Af.AF_INET ? read4(addr) : read6(sk, addr);
        }

        private int read4(SockAddr addr) {
            if (addr.length() < SockAddrIn.SIZE) {
                return -Errno.EINVAL;
            }
            return switch (addr) {
                case SockAddrIn in -> set4(in.addr(), in.port());
                case SockAddrUnspec unspec when unspec.family() == Af.AF_UNSPEC ->
                        set4(unspec.inetAddr(), unspec.inetPort());
                default -> -Errno.EAFNOSUPPORT;
            };
        }

        private int set4(int v4, int inetPort) {
            hi = 0;
            lo = In6Addr.mapV4(v4);
            port = inetPort;
            return 0;
        }

        private int read6(InetSock sk, SockAddr addr) {
            if (addr instanceof SockAddrIn in) {
                return sk.ipv6only ? -Errno.ENETUNREACH : read4(in);
            }
            if (addr.length() < SockAddrIn6.SIZE_RFC2133) {
                return -Errno.EINVAL;
            }
            if (!(addr instanceof SockAddrIn6 in6)) {
                return -Errno.EAFNOSUPPORT;
            }
            hi = in6.hi();
            lo = in6.lo();
            if (In6Addr.isUnspecified(hi, lo)) {
                lo = v4Bound(sk) ? In6Addr.mapV4(0x7f000001) : 1; // means this host
            }
            if (In6Addr.isV4Mapped(hi, lo) && sk.ipv6only) {
                return -Errno.ENETUNREACH;
            }
            port = in6.port();
            flowinfo = in6.flowinfo();
            scope = Ipv6Scope.needsScopeId(hi) ? in6.scopeId() : 0;
            return 0;
        }

        private static boolean v4Bound(InetSock sk) {
            return In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo);
        }
    }
}
