package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSockAfOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.ipv6.Ip6Output;
import dev.linnet.net.ipv6.Ip6Route;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Connections of `AF_INET6` sockets: over IPv6 (`ipv6_specific`), or with a mapped address over
/// IPv4 (`ipv6_mapped`), which differ in what carries the segments but not in the options that the
/// user may set.
public final class InetCskV6 extends InetConnectionSockAfOps {
    /// For IPv6 addresses.
    @Kernel("ipv6_specific")
    public static final InetCskV6 OPS = new InetCskV6(false);

    /// For mapped addresses.
    @Kernel("ipv6_mapped")
    public static final InetCskV6 MAPPED = new InetCskV6(true);

    private final boolean mapped;

    private InetCskV6(boolean mapped) {
        this.mapped = mapped;
    }

    @Override
    public int netHeaderLen() {
        return mapped ? InetCskV4.OPS.netHeaderLen() : Ipv6.HEADER_BYTES;
    }

    @Override
    public InetConnectionSockAfOps asIpv4() {
        return InetCskV4.OPS;
    }

    @Override
    public boolean ipv4() {
        return mapped;
    }

    @Override
    @Kernel("inet6_csk_xmit")
    @HotPath
    public int queueXmit(InetSock sk, SkBuff skb) {
        if (mapped) {
            return InetCskV4.OPS.queueXmit(sk, skb);
        }
        DstEntry dst = sk.dstCheck();
        if (dst == null) {
            dst = reroute(sk, skb);
            if (dst == null) {
                return -Errno.EHOSTUNREACH;
            }
        }
        return Ip6Output.queueXmit(sk, skb, dst);
    }

    private @Nullable DstEntry reroute(InetSock sk, SkBuff skb) {
        DstEntry dst = route(sk, new int[1]);
        if (dst == null) {
            skb.drop(DropReason.IP_OUTNOROUTES);
        }
        return dst;
    }

    @Override
    @Kernel("tcp_v6_send_check")
    @HotPath
    public void sendCheck(InetSock sk, SkBuff skb) {
        if (mapped) {
            InetCskV4.OPS.sendCheck(sk, skb);
        } else {
            partial(skb, sk.saddrHi, sk.saddrLo, sk.daddrHi, sk.daddrLo);
        }
    }

    @Kernel("__tcp_v6_send_check")
    @HotPath
    private static void partial(
            SkBuff skb, long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        int sum =
                Checksum.pseudoV6(
                        saddrHi,
                        saddrLo,
                        daddrHi,
                        daddrLo,
                        skb.transportLen(),
                        IpProto.IPPROTO_TCP,
                        0);
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        skb.csumStart = skb.transportHeader;
        skb.csumOffset = Tcp.CHECK;
        Tcp.check(skb.buf, skb.transportHeader, Checksum.fold16(sum));
    }

    @Override
    @Kernel({"inet6_csk_route_socket", "inet6_sk_rebuild_header"})
    public @Nullable DstEntry route(InetSock sk, int[] result) {
        if (mapped) {
            return InetCskV4.OPS.route(sk, result);
        }
        DstEntry dst = sk.dstCheck();
        if (dst == null) {
            dst = Ip6Route.output(sk.net, flowOf(sk), result);
            sk.dst = dst;
        }
        return dst;
    }

    private static Flow flowOf(InetSock sk) {
        Flow fl = new Flow();
        fl.daddrHi = sk.daddrHi;
        fl.daddrLo = sk.daddrLo;
        fl.saddrHi = sk.saddrHi;
        fl.saddrLo = sk.saddrLo;
        fl.proto = sk.protocol;
        fl.sport = sk.sport;
        fl.dport = sk.dport;
        fl.oif = sk.boundDevIf;
        fl.mark = sk.mark;
        fl.tos = Math.max(0, sk.tclass);
        fl.flowLabel = sk.flowLabel;
        fl.anySrc = sk.transparent || sk.freebind;
        return fl;
    }

    @Override
    @Kernel("inet6_csk_route_req")
    public @Nullable DstEntry routeReq(InetSock listener, RequestSock req) {
        if (In6Addr.isV4Mapped(req.daddrHi, req.daddrLo)) {
            return InetCskV4.OPS.routeReq(listener, req);
        }
        DstEntry dst = Ip6Route.output(listener.net, flowOf(listener, req), new int[1]);
        if (dst == null) {
            listener.net.mib.inc(Ip6Mib.OUTNOROUTES);
        }
        return dst;
    }

    private static Flow flowOf(InetSock listener, RequestSock req) {
        Flow fl = new Flow();
        fl.daddrHi = req.daddrHi;
        fl.daddrLo = req.daddrLo;
        fl.saddrHi = req.rcvSaddrHi;
        fl.saddrLo = req.rcvSaddrLo;
        fl.proto = listener.protocol;
        fl.sport = req.num;
        fl.dport = req.dport;
        fl.oif = req.irIif;
        fl.mark = req.irMark;
        fl.tos = Math.max(0, listener.tclass);
        fl.flowLabel = req.synFlowLabel;
        fl.anySrc = true;
        return fl;
    }

    @Override
    @Kernel("tcp_v6_send_synack")
    public int buildAndSend(InetSock listener, RequestSock req, SkBuff skb, DstEntry dst) {
        if (In6Addr.isV4Mapped(req.daddrHi, req.daddrLo)) {
            return InetCskV4.OPS.buildAndSend(listener, req, skb, dst);
        }
        partial(skb, req.rcvSaddrHi, req.rcvSaddrLo, req.daddrHi, req.daddrLo);
        int tclass = InetCskV4.tosOf(listener, req, Math.max(0, listener.tclass));
        skb.mark = req.irMark;
        return Ip6Output.xmit(
                listener.net,
                listener,
                skb,
                flowOf(listener, req),
                dst,
                tclass | (skb.cb.ipDsfield & 3));
    }

    @Override
    public int setsockopt(InetSock sk, int level, int name, byte[] value) {
        return InetSockopt.set(sk, level, name, value);
    }

    @Override
    public int getsockopt(InetSock sk, int level, int name, byte[] value) {
        return InetSockopt.get(sk, level, name, value);
    }
}
