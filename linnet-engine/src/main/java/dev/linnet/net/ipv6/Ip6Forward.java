package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;

/// IPv6 packets for others (`ip6_forward`).
final class Ip6Forward {
    private Ip6Forward() {}

    /// True if this host is a router.
    @HotPath
    static boolean enabled(NetNamespace net) {
        return net.sysctl.ipv6All().get(Conf6Sysctls.FORWARDING) != 0;
    }

    /// Passes a received packet on, or tells its sender why not. Takes ownership.
    @Kernel("ip6_forward")
    @HotPath
    static void forward(SkBuff skb, Rt6Info rt) {
        NetDevice in = skb.dev;
        assert in != null;
        NetNamespace net = in.net;
        Inet6Dev idev = Inet6Dev.of(in);
        boolean forced = idev != null && idev.cnf.get(Conf6Sysctls.FORCE_FORWARDING) != 0;
        if (!enabled(net) && !forced) {
            refuse(skb, net);
            return;
        }
        if (skb.pktType != SkBuff.PACKET_HOST) {
            skb.drop(DropReason.IP_INADDRERRORS);
            return;
        }
        if (Ip6Cb.has(skb, Ip6Cb.ROUTERALERT)
                && Ip6RaChain.call(skb, in, Ip6Tlv.routerAlertValue(skb))) {
            skb.consume();
            return;
        }
        if (Ipv6.hopLimit(skb.buf, skb.networkHeader) <= 1) {
            Icmp6.send(skb, Icmpv6.TIME_EXCEED, Icmpv6.EXC_HOPLIMIT, 0);
            net.mib.inc(Ip6Mib.INHDRERRORS);
            skb.drop(DropReason.IP_INHDR);
            return;
        }
        if (skb.skbIif == rt.dev.ifindex) {
            NdiscRedirect.send(skb, rt);
        } else if (!sourceMayPass(skb)) {
            refuse(skb, net);
            return;
        }
        passOn(skb, rt, net);
    }

    private static void refuse(SkBuff skb, NetNamespace net) {
        net.mib.inc(Ip6Mib.INADDRERRORS);
        skb.drop(DropReason.IP_INADDRERRORS);
    }

    /// Some sources do not leave their link; a link-local one is told so (RFC 4443 section 3.1).
    @HotPath
    private static boolean sourceMayPass(SkBuff skb) {
        long hi = Ipv6.saddrHi(skb.buf, skb.networkHeader);
        long lo = Ipv6.saddrLo(skb.buf, skb.networkHeader);
        if (In6Addr.isLinkLocal(hi)) {
            Icmp6.send(skb, Icmpv6.DEST_UNREACH, Icmpv6.NOT_NEIGHBOUR, 0);
            return false;
        }
        return !In6Addr.isUnspecified(hi, lo)
                && !In6Addr.isMulticast(hi)
                && !In6Addr.isLoopback(hi, lo);
    }

    @HotPath
    private static void passOn(SkBuff skb, Rt6Info rt, NetNamespace net) {
        net.mib.inc(Ip6Mib.OUTFORWDATAGRAMS);
        int mtu = Math.max(rt.mtu(), Ipv6.MIN_MTU);
        if (tooBig(skb, mtu)) {
            Icmp6.send(skb, Icmpv6.PKT_TOOBIG, 0, mtu);
            net.mib.inc(Ip6Mib.INTOOBIGERRORS);
            net.mib.inc(Ip6Mib.FRAGFAILS);
            skb.drop(DropReason.PKT_TOO_BIG);
            return;
        }
        skb.cowHead(SoftIrq.current().stripe, rt.dev.neededHeadroom());
        int n = skb.networkHeader;
        Ipv6.hopLimit(skb.buf, n, Ipv6.hopLimit(skb.buf, n) - 1);
        skb.ipFlags |= Ip6Cb.FORWARDED;
        rt.output(skb);
    }

    @Kernel("ip6_pkt_too_big")
    @HotPath
    private static boolean tooBig(SkBuff skb, int mtu) {
        if (skb.len <= mtu) {
            return false;
        }
        return skb.gsoSize == 0 || !Ip6Output.gsoFits(skb, mtu);
    }
}
