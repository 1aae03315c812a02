package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.inet.AddrType;
import dev.linnet.net.inet.InetBindHash;
import dev.linnet.net.inet.InetCskV4;
import dev.linnet.net.inet.InetCskV6;
import dev.linnet.net.inet.InetPortChoice;
import dev.linnet.net.inet.SecureSeq;
import dev.linnet.net.ipv4.RouteOutput;
import dev.linnet.net.ipv4.Rtable;
import dev.linnet.net.ipv6.Ip6Route;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.net.ipv6.Ipv6Stream;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// Opens a connection: route and addresses, local port, initial sequence number, SYN
/// (`tcp_v4_connect`, `tcp_v6_connect`). The sock's lock is held.
final class TcpConnect {
    /// MSS that every IPv6 path carries: the minimum MTU less the headers.
    private static final int MSS_CLAMP_V6 = 1280 - 60;

    private TcpConnect() {}

    /// Sends a SYN to `addr`.
    ///
    /// @return 0 when the SYN is out (or waits for the first write, with TCP_FASTOPEN_CONNECT),
    ///     `-EINVAL` for a short address or a link-local one without an interface, `-EAFNOSUPPORT`,
    ///     `-ENETUNREACH` for a broadcast or multicast address, `-EADDRNOTAVAIL` when no local port
    ///     is free, or the errno of the route
    static int connect(TcpSock tp, SockAddr addr) {
        return tp.family == Af.AF_INET ? connect4(tp, addr) : connect6(tp, addr);
    }

    @Kernel("tcp_v4_connect")
    private static int connect4(TcpSock tp, SockAddr addr) {
        if (addr.length() < SockAddrIn.SIZE) {
            return -Errno.EINVAL;
        }
        if (!(addr instanceof SockAddrIn in)) {
            return -Errno.EAFNOSUPPORT;
        }
        return connectV4(tp, In6Addr.mapV4(in.addr()), in.port());
    }

    private static int connectV4(TcpSock tp, long daddrLo, int port) {
        Flow fl = flow(tp, 0, daddrLo, port);
        fl.tos = tp.tos;
        int[] err = new int[1];
        DstEntry dst = RouteOutput.lookup(tp.net, fl, err);
        if (dst == null) {
            if (err[0] == -Errno.ENETUNREACH) {
                tp.net.mib.inc(IpMib.OUTNOROUTES);
            }
            return err[0];
        }
        int type = ((Rtable) dst).type;
        if (type == Rtn.MULTICAST || type == Rtn.BROADCAST) {
            return -Errno.ENETUNREACH;
        }
        tp.extHdrLen = tp.ipOptions == null ? 0 : tp.ipOptions.length;
        return establish(tp, fl, dst, TcpOpt.TCP_MSS_DEFAULT);
    }

    @Kernel("tcp_v6_connect")
    private static int connect6(TcpSock tp, SockAddr addr) {
        if (addr.length() < SockAddrIn6.SIZE_RFC2133) {
            return -Errno.EINVAL;
        }
        if (!(addr instanceof SockAddrIn6 in)) {
            return -Errno.EAFNOSUPPORT;
        }
        if (tp.sndflow) {
            int label = in.flowinfo() & 0xFFFFF;
            if (label != 0 && !Ipv6Sockglue.mayUseLabel(tp, label)) {
                return -Errno.EINVAL;
            }
            tp.flowLabel = label;
        }
        long hi = in.hi();
        long lo = in.lo();
        if (In6Addr.isUnspecified(hi, lo)) {
            // BSD: the unspecified address means this host.
            boolean boundV4 = In6Addr.isV4Mapped(tp.rcvSaddrHi, tp.rcvSaddrLo);
            lo = boundV4 ? In6Addr.mapV4(In4Addr.LOOPBACK) : 1;
        }
        if (In6Addr.isMulticast(hi)) {
            return -Errno.ENETUNREACH;
        }
        if (In6Addr.isLinkLocal(hi) && !bindToScope(tp, in.scopeId())) {
            return -Errno.EINVAL;
        }
        if (In6Addr.isV4Mapped(hi, lo)) {
            return connectMapped(tp, lo, in.port());
        }
        return connectV6(tp, hi, lo, in.port());
    }

    /// A link-local address needs an interface, which the address or the socket names; not both
    /// differently.
    private static boolean bindToScope(TcpSock tp, int scope) {
        if (scope != 0) {
            if (tp.boundDevIf != 0 && tp.boundDevIf != scope) {
                return false;
            }
            tp.boundDevIf = scope;
        }
        return tp.boundDevIf != 0;
    }

    private static int connectMapped(TcpSock tp, long lo, int port) {
        if (tp.ipv6only) {
            return -Errno.ENETUNREACH;
        }
        int before = tp.extHdrLen;
        tp.afOps = InetCskV6.MAPPED;
        int err = connectV4(tp, lo, port);
        if (err != 0) {
            tp.extHdrLen = before;
            tp.afOps = InetCskV6.OPS;
        }
        return err;
    }

    private static int connectV6(TcpSock tp, long hi, long lo, int port) {
        tp.afOps = InetCskV6.OPS;
        Flow fl = flow(tp, hi, lo, port);
        fl.tos = Math.max(0, tp.tclass);
        fl.flowLabel = tp.flowLabel;
        int[] err = new int[1];
        DstEntry dst = Ip6Route.output(tp.net, fl, err);
        if (dst == null) {
            return err[0];
        }
        tp.extHdrLen = Ipv6Stream.extHdrLen(tp);
        return establish(tp, fl, dst, MSS_CLAMP_V6);
    }

    private static Flow flow(TcpSock tp, long daddrHi, long daddrLo, int port) {
        Flow fl = new Flow();
        fl.daddrHi = daddrHi;
        fl.daddrLo = daddrLo;
        fl.saddrHi = tp.saddrHi;
        fl.saddrLo = tp.saddrLo;
        fl.proto = IpProto.IPPROTO_TCP;
        fl.sport = tp.sport;
        fl.dport = port;
        fl.oif = tp.boundDevIf;
        fl.mark = tp.mark;
        fl.anySrc = tp.transparent || tp.freebind;
        fl.onLink = tp.localroute;
        return fl;
    }

    /// The part that both families share, once the route has settled the addresses.
    @Kernel("sk_daddr_set")
    private static int establish(TcpSock tp, Flow fl, DstEntry dst, int mssClamp) {
        int err = commitAddresses(tp, fl);
        if (err != 0) {
            return err;
        }
        tp.rxOpt.mssClamp = mssClamp;
        TcpStates.set(tp, TcpState.TCP_SYN_SENT);
        err = hashConnect(tp);
        if (err == 0) {
            tp.dst = routeWithPorts(tp, fl, dst);
            chooseNumbers(tp);
            if (TcpFastOpen.deferConnect(tp)) {
                return 0;
            }
            err = TcpConnectOut.connect(tp);
        }
        if (err != 0) {
            undo(tp);
        }
        return err;
    }

    private static int commitAddresses(TcpSock tp, Flow fl) {
        if (AddrType.isAny(tp.saddrHi, tp.saddrLo)) {
            int err = InetBindHash.OF.of(tp.net).updateSaddr(tp, fl.saddrHi, fl.saddrLo);
            if (err != 0) {
                return err;
            }
        }
        tp.saddrHi = fl.saddrHi;
        tp.saddrLo = fl.saddrLo;
        tp.rcvSaddrHi = fl.saddrHi;
        tp.rcvSaddrLo = fl.saddrLo;
        boolean otherPeer = tp.daddrHi != fl.daddrHi || tp.daddrLo != fl.daddrLo;
        if (tp.rxOpt.tsRecentStamp != 0 && otherPeer) {
            tp.rxOpt.tsRecent = 0;
            tp.rxOpt.tsRecentStamp = 0;
            if (!tp.repair) {
                tp.writeSeq = 0;
            }
        }
        tp.daddrHi = fl.daddrHi;
        tp.daddrLo = fl.daddrLo;
        tp.dport = fl.dport;
        return 0;
    }

    private static int hashConnect(TcpSock tp) {
        long offset =
                SecureSeq.OF
                        .of(tp.net)
                        .portEphemeral(tp.saddrHi, tp.saddrLo, tp.daddrHi, tp.daddrLo, tp.dport);
        return InetPortChoice.hashConnect(tp, offset);
    }

    /// The route may depend on the ports, which are known now (`ip_route_newports`).
    @Kernel("ip_route_newports")
    private static @Nullable DstEntry routeWithPorts(TcpSock tp, Flow fl, DstEntry dst) {
        return fl.sport == tp.sport && dst.valid() ? dst : tp.afOps.route(tp, new int[1]);
    }

    private static void chooseNumbers(TcpSock tp) {
        NetNamespace net = tp.net;
        if (!tp.repair) {
            if (tp.writeSeq == 0) {
                tp.writeSeq =
                        SecureSeq.OF
                                .of(net)
                                .tcpSeq(
                                        tp.saddrHi,
                                        tp.saddrLo,
                                        tp.sport,
                                        tp.daddrHi,
                                        tp.daddrLo,
                                        tp.dport);
            }
            tp.tsoffset = TcpConnRequest.tsOff(net, tp.saddrHi, tp.saddrLo, tp.daddrHi, tp.daddrLo);
        }
        tp.iss = tp.writeSeq;
        tp.inetId = net.random.nextInt() & 0xFFFF;
        tp.txhash = net.random.nextInt() | 1;
    }

    /// Back to an unconnected sock; a port that the user did not choose is given back.
    static void undo(TcpSock tp) {
        TcpStates.set(tp, TcpState.TCP_CLOSE);
        if (!tp.bindAddrLocked) {
            InetBindHash.OF.of(tp.net).updateSaddr(tp, 0, 0);
            tp.saddrHi = 0;
            tp.saddrLo = 0;
        }
        tp.dst = null;
        tp.dport = 0;
        if (tp.family == Af.AF_INET6) {
            tp.afOps = InetCskV6.OPS;
        } else {
            tp.afOps = InetCskV4.OPS;
        }
    }
}
