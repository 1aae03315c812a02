package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv4.Rtable;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;

/// What the headers of a received segment say, for both families. `networkHeader` and
/// `transportHeader` of the packet are set and both headers are linear.
@HotPath
final class TcpSegment {
    private TcpSegment() {}

    /// The namespace that a received segment is in.
    static NetNamespace net(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null : "a received packet has a device";
        return dev.net;
    }

    static boolean ipv4(SkBuff skb) {
        return skb.protocol == PacketTypes.ETH_P_IP;
    }

    static long saddrHi(SkBuff skb) {
        return ipv4(skb) ? 0 : Ipv6.saddrHi(skb.buf, skb.networkHeader);
    }

    static long saddrLo(SkBuff skb) {
        return ipv4(skb)
                ? In6Addr.mapV4(Ipv4.saddr(skb.buf, skb.networkHeader))
                : Ipv6.saddrLo(skb.buf, skb.networkHeader);
    }

    static long daddrHi(SkBuff skb) {
        return ipv4(skb) ? 0 : Ipv6.daddrHi(skb.buf, skb.networkHeader);
    }

    static long daddrLo(SkBuff skb) {
        return ipv4(skb)
                ? In6Addr.mapV4(Ipv4.daddr(skb.buf, skb.networkHeader))
                : Ipv6.daddrLo(skb.buf, skb.networkHeader);
    }

    /// TOS or traffic class.
    static int dsfield(SkBuff skb) {
        return ipv4(skb)
                ? Ipv4.tos(skb.buf, skb.networkHeader)
                : Ipv6.trafficClass(skb.buf, skb.networkHeader);
    }

    /// TTL or hop limit.
    static int ttl(SkBuff skb) {
        return ipv4(skb)
                ? Ipv4.ttl(skb.buf, skb.networkHeader)
                : Ipv6.hopLimit(skb.buf, skb.networkHeader);
    }

    /// True if the destination is one host, this one.
    static boolean unicast(SkBuff skb) {
        if (ipv4(skb)) {
            return skb.dst instanceof Rtable rt && rt.isLocal();
        }
        return !In6Addr.isMulticast(daddrHi(skb));
    }

    static int source(SkBuff skb) {
        return Tcp.source(skb.buf, skb.transportHeader);
    }

    static int dest(SkBuff skb) {
        return Tcp.dest(skb.buf, skb.transportHeader);
    }

    static int flags(SkBuff skb) {
        return Tcp.flags(skb.buf, skb.transportHeader);
    }

    static boolean has(SkBuff skb, int flag) {
        return (Tcp.flags(skb.buf, skb.transportHeader) & flag) != 0;
    }

    static int headerBytes(SkBuff skb) {
        return Tcp.headerBytes(skb.buf, skb.transportHeader);
    }
}
