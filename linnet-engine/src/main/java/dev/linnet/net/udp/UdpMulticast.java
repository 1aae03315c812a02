package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv4.IpMulticast;
import dev.linnet.net.ipv6.Ip6Multicast;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;

/// Which sockets hear a multicast or broadcast datagram.
final class UdpMulticast {
    private UdpMulticast() {}

    /// True for a broadcast, and for a group that the socket has joined on the interface (or that
    /// `IP_MULTICAST_ALL` lets through) (`ip_mc_sf_allow`, `inet6_mc_check`).
    @Kernel({"ip_mc_sf_allow", "inet6_mc_check"})
    static boolean wants(UdpSock sk, SkBuff skb, boolean v6) {
        int n = skb.networkHeader;
        if (v6) {
            return Ip6Multicast.allows(
                    sk,
                    Ipv6.daddrHi(skb.buf, n),
                    Ipv6.daddrLo(skb.buf, n),
                    Ipv6.saddrHi(skb.buf, n),
                    Ipv6.saddrLo(skb.buf, n),
                    skb.skbIif);
        }
        int daddr = Ipv4.daddr(skb.buf, n);
        return !In4Addr.isMulticast(daddr)
                || IpMulticast.allows(sk, daddr, Ipv4.saddr(skb.buf, n), skb.skbIif);
    }
}
