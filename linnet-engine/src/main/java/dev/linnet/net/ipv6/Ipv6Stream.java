package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;

/// What the sock of a connection keeps of IPv6. Its lock is held.
public final class Ipv6Stream {
    private static final int FLOWINFO_MASK = 0x0FFF_FFFF;

    private Ipv6Stream() {}

    /// Bytes of the extension headers in each of a sock's segments.
    public static int extHdrLen(InetSock sk) {
        Ipv6TxOptions opt = Ipv6Pinfo.txOptions(sk);
        return opt == null ? 0 : opt.bytes();
    }

    /// Gives a connection, which nobody has seen yet, its listener's IPv6 settings, and remembers
    /// what came with the segment that completed it.
    ///
    /// @param skb IPv4 for a mapped address, where there are no extension headers
    @Kernel({"tcp_v6_syn_recv_sock", "tcp_v6_mapped_child_init"})
    public static void inherit(InetSock child, InetSock listener, SkBuff skb) {
        child.rxopt6 = listener.rxopt6;
        child.autoflowlabelSet = listener.autoflowlabelSet;
        child.minHopcount = listener.minHopcount;
        child.pktinfoIfindex = listener.pktinfoIfindex;
        child.mcLoop6 = listener.mcLoop6;
        child.mcAll6 = listener.mcAll6;
        child.ucIndex6 = listener.ucIndex6;
        boolean v6 = Ipv4.version(skb.buf, skb.networkHeader) == 6;
        Ipv6Pinfo from = Ipv6Pinfo.of(listener);
        if (from != null) {
            Ipv6Pinfo to = Ipv6Pinfo.make(child);
            to.opt = v6 ? from.opt : null;
            to.stickyHi = from.stickyHi;
            to.stickyLo = from.stickyLo;
            to.stickyIfindex = from.stickyIfindex;
            to.rtalertIsolate = from.rtalertIsolate;
            to.recverrRfc4884 = from.recverrRfc4884;
            to.srcprefs = from.srcprefs;
        }
        child.repflow = listener.repflow;
        child.flowLabel = v6 && child.repflow ? Ipv6.flowLabel(skb.buf, skb.networkHeader) : 0;
        child.mcIndex6 = skb.skbIif;
        if (v6) {
            child.mcastHops = Ipv6.hopLimit(skb.buf, skb.networkHeader);
            child.rcvFlowinfo = flowinfo(skb);
        } else {
            child.mcastHops = Ipv4.ttl(skb.buf, skb.networkHeader);
            child.rcvFlowinfo = 0;
        }
    }

    /// Traffic class and flow label of a packet.
    public static int flowinfo(SkBuff skb) {
        int at = skb.networkHeader;
        return (Ipv6.trafficClass(skb.buf, at) << 20 | Ipv6.flowLabel(skb.buf, at)) & FLOWINFO_MASK;
    }

    /// A segment that was the latest in sequence has been received: what the user wants to know of
    /// the connection's packets is known of this one.
    @Kernel("tcp_v6_do_rcv")
    public static void received(InetSock sk, int ifindex, int hopLimit, int flowinfo) {
        int want = sk.rxopt6;
        if ((want & (Ipv6Cmsg.RXINFO | Ipv6Cmsg.RXOINFO)) != 0) {
            sk.mcIndex6 = ifindex;
        }
        if ((want & (Ipv6Cmsg.RXHLIM | Ipv6Cmsg.RXOHLIM)) != 0) {
            sk.mcastHops = hopLimit;
        }
        if ((want & (Ipv6Cmsg.RXFLOW | Ipv6Cmsg.RXTCLASS)) != 0) {
            sk.rcvFlowinfo = flowinfo;
        }
    }
}
