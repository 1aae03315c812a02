package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.sysctl.RouteSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SegmentHeader;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// Packets that this host passes on (RFC 1812; `net/ipv4/ip_forward.c`).
final class IpForward {
    /// Bytes that the next device may need in front.
    private static final int LL_RESERVED = 16;

    private IpForward() {}

    /// Passes a packet on over its route; takes ownership (`ip_forward`).
    @Kernel("ip_forward")
    static void forward(SkBuff skb, Rtable rt) {
        NetDevice in = skb.dev;
        assert in != null : "a received packet has a device";
        if ((skb.ipFlags & IpCb.ROUTER_ALERT) != 0 && IpRaChain.call(skb, in)) {
            skb.consume();
            return;
        }
        DropReason bad = refuse(skb, rt, in.net);
        if (bad != null) {
            skb.drop(bad);
            return;
        }
        skb.cowHead(SoftIrq.current().stripe, LL_RESERVED + rt.dev.hardHeaderLen);
        Ipv4.decreaseTtl(skb.buf, skb.networkHeader);
        if (in == rt.dev && (skb.ipFlags & IpCb.SRR) == 0) {
            redirect(skb, rt, in);
        }
        if (in.net.sysctl.get(IpSysctls.FORWARD_UPDATE_PRIORITY)) {
            skb.priority = priority(Ipv4.tos(skb.buf, skb.networkHeader));
        }
        skb.ipFlags |= IpCb.FORWARDED;
        finish(skb, rt, in.net);
    }

    /// Why a packet must not be passed on, its sender told; null if it may.
    private static @Nullable DropReason refuse(SkBuff skb, Rtable rt, NetNamespace net) {
        if (skb.pktType != SkBuff.PACKET_HOST || skb.sk != null) {
            return DropReason.OTHERHOST;
        }
        if (Ipv4.ttl(skb.buf, skb.networkHeader) <= 1) {
            net.mib.inc(IpMib.INHDRERRORS);
            Icmp4.send(skb, Icmp.TIME_EXCEEDED, Icmp.EXC_TTL, 0);
            return DropReason.IP_INHDR;
        }
        if ((skb.ipFlags & IpCb.STRICT_ROUTE) != 0 && rt.gateway != 0) {
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.SR_FAILED, 0);
            return DropReason.IP_INNOROUTES;
        }
        int mtu = forwardMtu(rt, net);
        if (exceeds(skb, mtu)) {
            net.mib.inc(IpMib.FRAGFAILS);
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.FRAG_NEEDED, mtu);
            return DropReason.PKT_TOO_BIG;
        }
        return null;
    }

    /// The MTU of the route or its device; what ICMP told of the path may be forged
    /// (`ip_dst_mtu_maybe_forward`).
    @Kernel("ip_dst_mtu_maybe_forward")
    private static int forwardMtu(Rtable rt, NetNamespace net) {
        if (net.sysctl.get(IpSysctls.FORWARD_USE_PMTU)) {
            return rt.mtu();
        }
        int mtu = rt.metric(RouteMetrics.RTAX_MTU);
        return Math.min(mtu != 0 ? mtu : rt.dev.mtu, Ipv4.MAX_TOT_LEN);
    }

    @Kernel("ip_exceeds_mtu")
    private static boolean exceeds(SkBuff skb, int mtu) {
        boolean df = (Ipv4.fragOff(skb.buf, skb.networkHeader) & Ipv4.DF) != 0;
        if (skb.len <= mtu || !df) {
            return false;
        }
        if (skb.gsoSize != 0) {
            int headers = skb.transportHeader - skb.networkHeader;
            return headers + SegmentHeader.transportBytes(skb) + skb.gsoSize > mtu;
        }
        return true;
    }

    /// The sender could have reached the next hop directly (`ip_rt_send_redirect`, RFC 1812 section
    /// 5.2.7.2): he is told, ever more rarely, and never after `redirect_number` in vain.
    @Kernel("ip_rt_send_redirect")
    private static void redirect(SkBuff skb, Rtable rt, NetDevice dev) {
        InDevice in = InDevice.of(dev);
        if (in == null || !in.conf.on(ConfSysctls.SEND_REDIRECTS)) {
            return;
        }
        NetNamespace net = dev.net;
        int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
        InetPeers.Peer peer = InetPeers.OF.of(net).get(0, In6Addr.mapV4(saddr));
        long now = net.clock.jiffies();
        int load = net.sysctl.get(RouteSysctls.REDIRECT_LOAD);
        synchronized (peer) {
            if (now > peer.lastRedirect + net.sysctl.get(RouteSysctls.REDIRECT_SILENCE)) {
                peer.redirects = 0;
            }
            if (peer.redirects >= net.sysctl.get(RouteSysctls.REDIRECT_NUMBER)) {
                peer.lastRedirect = now;
                return;
            }
            boolean first = peer.redirects == 0;
            if (!first && now <= peer.lastRedirect + ((long) load << peer.redirects)) {
                return;
            }
            peer.lastRedirect = now;
            peer.redirects++;
        }
        int daddr = Ipv4.daddr(skb.buf, skb.networkHeader);
        Icmp4.send(skb, Icmp.REDIRECT, Icmp.REDIR_HOST, rt.gateway != 0 ? rt.gateway : daddr);
    }

    /// Priority of a type of service (`rt_tos2priority`).
    @Kernel("rt_tos2priority")
    static int priority(int tos) {
        return switch (tos >> 1 & 0xF) {
            case 8, 9, 10, 11 -> 6; // least delay: interactive
            case 4, 5, 6, 7 -> 2; // most throughput: bulk
            case 12, 13, 14, 15 -> 4; // both: interactive bulk
            default -> 0;
        };
    }

    @Kernel("ip_forward_finish")
    private static void finish(SkBuff skb, Rtable rt, NetNamespace net) {
        net.mib.inc(IpMib.OUTFORWDATAGRAMS);
        if (skb.ipOptLen > 0) {
            IpOptions.forward(skb, rt);
        }
        skb.tstampNs = 0;
        int unused = rt.output(skb);
    }
}
