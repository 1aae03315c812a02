package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;

/// Extension headers of received packets (RFC 8200 section 4, `net/ipv6/exthdrs.c`), each at
/// `transportHeader`. A function gives true when the packet goes on behind its header, which
/// `transportHeader` then is; else it has taken the packet.
final class Exthdrs {
    private static final int ROUTING_RPL = 3;
    private static final int ROUTING_SEGMENTS = 4;

    private Exthdrs() {}

    /// Hop-by-hop options, which every node on the way looks at.
    @Kernel("ipv6_parse_hopopts")
    static boolean hopByHop(SkBuff skb, NetNamespace net) {
        int bytes = pullHeader(skb);
        if (bytes < 0 || bytes > net.sysctl.get(Ipv6Sysctls.MAX_HBH_LENGTH)) {
            skb.drop(DropReason.IPV6_BAD_EXTHDR);
            return false;
        }
        skb.ipFlags |= Ip6Cb.HOPBYHOP;
        int max = net.sysctl.get(Ipv6Sysctls.MAX_HBH_OPTS_NUMBER);
        return Ip6Tlv.parse(skb, bytes, true, max) && goOn(skb, bytes);
    }

    /// Options for the destination.
    @Kernel("ipv6_destopt_rcv")
    static boolean destination(SkBuff skb, NetNamespace net) {
        int bytes = pullHeader(skb);
        if (bytes < 0) {
            return malformed(skb, net);
        }
        if (bytes > net.sysctl.get(Ipv6Sysctls.MAX_DST_OPTS_LENGTH)) {
            skb.drop(DropReason.IPV6_BAD_EXTHDR);
            return false;
        }
        int max = net.sysctl.get(Ipv6Sysctls.MAX_DST_OPTS_NUMBER);
        if (!Ip6Tlv.parse(skb, bytes, false, max)) {
            net.mib.inc(Ip6Mib.INHDRERRORS);
            return false;
        }
        return goOn(skb, bytes);
    }

    /// A routing header. One that has been worked off is passed over. Of the others none is taken:
    /// type 0 is forbidden (RFC 5095), and for types 2, 3 and 4 the stack has no role.
    @Kernel("ipv6_rthdr_rcv")
    static boolean routing(SkBuff skb, NetNamespace net) {
        int bytes = pullHeader(skb);
        if (bytes < 0) {
            return malformed(skb, net);
        }
        int n = skb.networkHeader;
        int ext = skb.transportHeader;
        boolean toMany = In6Addr.isMulticast(Ipv6.daddrHi(skb.buf, n));
        if (toMany || skb.pktType != SkBuff.PACKET_HOST) {
            net.mib.inc(Ip6Mib.INADDRERRORS);
            skb.drop(DropReason.IP_INVALID_DEST);
            return false;
        }
        int type = Ipv6Ext.routingType(skb.buf, ext);
        if (type == ROUTING_RPL || type == ROUTING_SEGMENTS) {
            skb.drop(DropReason.IPV6_BAD_EXTHDR);
            return false;
        }
        if (Ipv6Ext.segmentsLeft(skb.buf, ext) == 0) {
            return goOn(skb, bytes);
        }
        net.mib.inc(Ip6Mib.INHDRERRORS);
        paramProb(skb, Icmpv6.HDR_FIELD, ext + 2 - n, DropReason.IP_INHDR);
        return false;
    }

    /// Bytes of the header, all of them linear; negative if the packet ends before.
    private static int pullHeader(SkBuff skb) {
        int at = skb.transportHeader - skb.data;
        if (!skb.mayPull(at + 8)) {
            return -1;
        }
        int bytes = (Bytes.u8(skb.buf, skb.transportHeader + 1) + 1) << 3;
        return skb.mayPull(at + bytes) ? bytes : -1;
    }

    private static boolean goOn(SkBuff skb, int bytes) {
        Ip6Cb.nhoff(skb, skb.transportHeader - skb.networkHeader);
        skb.transportHeader += bytes;
        return true;
    }

    private static boolean malformed(SkBuff skb, NetNamespace net) {
        net.mib.inc(Ip6Mib.INHDRERRORS);
        skb.drop(DropReason.IPV6_BAD_EXTHDR);
        return false;
    }

    /// Tells the sender which byte is wrong, and ends the packet.
    @Kernel("icmpv6_param_prob_reason")
    static void paramProb(SkBuff skb, int code, int pointer, DropReason reason) {
        Icmp6.send(skb, Icmpv6.PARAM_PROB, code, pointer);
        skb.drop(reason);
    }
}
