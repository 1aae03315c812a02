package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSockAfOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.ipv4.IpOptions;
import dev.linnet.net.ipv4.IpOutput;
import dev.linnet.net.ipv4.RouteOutput;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Connections over IPv4 (`ipv4_specific`).
@Kernel("ipv4_specific")
public final class InetCskV4 extends InetConnectionSockAfOps {
    /// For `AF_INET` sockets.
    public static final InetCskV4 OPS = new InetCskV4();

    private InetCskV4() {}

    @Override
    public int netHeaderLen() {
        return Ipv4.HEADER_BYTES;
    }

    @Override
    public InetConnectionSockAfOps asIpv4() {
        return this;
    }

    @Override
    public boolean ipv4() {
        return true;
    }

    @Override
    @HotPath
    public int queueXmit(InetSock sk, SkBuff skb) {
        return IpOutput.queueXmit(sk, skb);
    }

    @Override
    @Kernel("tcp_v4_send_check")
    @HotPath
    public void sendCheck(InetSock sk, SkBuff skb) {
        partial(skb, (int) sk.saddrLo, (int) sk.daddrLo);
    }

    @Kernel("__tcp_v4_send_check")
    @HotPath
    private static void partial(SkBuff skb, int saddr, int daddr) {
        int sum = Checksum.pseudoV4(saddr, daddr, skb.transportLen(), IpProto.IPPROTO_TCP, 0);
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        skb.csumStart = skb.transportHeader;
        skb.csumOffset = Tcp.CHECK;
        Tcp.check(skb.buf, skb.transportHeader, Checksum.fold16(sum));
    }

    @Override
    @Kernel({"inet_sk_rebuild_header", "inet_csk_rebuild_route"})
    public @Nullable DstEntry route(InetSock sk, int[] result) {
        DstEntry dst = sk.dstCheck();
        if (dst == null) {
            dst = RouteOutput.lookup(sk.net, flowOf(sk), result);
            sk.dst = dst;
        }
        return dst;
    }

    private static Flow flowOf(InetSock sk) {
        Flow fl = new Flow();
        fl.daddrLo = IpOptions.firstHop(sk.ipOptions, sk.daddrLo);
        fl.saddrHi = sk.saddrHi;
        fl.saddrLo = sk.saddrLo;
        fl.proto = sk.protocol;
        fl.sport = sk.sport;
        fl.dport = sk.dport;
        fl.oif = sk.boundDevIf;
        fl.mark = sk.mark;
        fl.tos = sk.tos;
        fl.anySrc = sk.transparent || sk.freebind;
        fl.onLink = sk.localroute;
        return fl;
    }

    @Override
    @Kernel({"inet_csk_route_req", "inet_csk_route_child_sock"})
    public @Nullable DstEntry routeReq(InetSock listener, RequestSock req) {
        Flow fl = new Flow();
        fl.daddrLo = IpOptions.firstHop(req.ipOptions, req.daddrLo);
        fl.saddrLo = req.rcvSaddrLo;
        fl.proto = listener.protocol;
        fl.sport = req.num;
        fl.dport = req.dport;
        fl.oif = req.boundDevIf;
        fl.mark = req.irMark;
        fl.tos = listener.tos;
        fl.anySrc = true;
        DstEntry dst = RouteOutput.lookup(listener.net, fl, new int[1]);
        if (dst == null) {
            listener.net.mib.inc(IpMib.OUTNOROUTES);
        }
        return dst;
    }

    @Override
    @Kernel("tcp_v4_send_synack")
    public int buildAndSend(InetSock listener, RequestSock req, SkBuff skb, DstEntry dst) {
        int saddr = (int) req.rcvSaddrLo;
        int daddr = (int) req.daddrLo;
        partial(skb, saddr, daddr);
        skb.mark = req.irMark;
        return IpOutput.buildAndSendPkt(
                listener.net,
                listener,
                skb,
                IpProto.IPPROTO_TCP,
                saddr,
                daddr,
                dst,
                tosOf(listener, req, listener.tos) | (skb.cb.ipDsfield & 3),
                Math.max(0, listener.ucTtl),
                req.ipOptions);
    }

    /// The TOS of a SYN-ACK: the listener's, or with `tcp_reflect_tos` that of the SYN; ECN bits
    /// excluded.
    static int tosOf(InetSock listener, RequestSock req, int own) {
        return (listener.net.sysctl.get(TcpSysctls.REFLECT_TOS) ? req.synTos : own) & ~3;
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
