package dev.linnet.net.raw;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.net.inet.AddrType;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import java.util.List;

/// Copies of received packets for raw sockets (`raw_v4_input`, `ipv6_raw_deliver`). An IPv4 socket
/// gets the IP header too, an IPv6 one does not.
final class RawInput extends RawDeliver {
    private final List<InetDatagramSock> socks;

    RawInput(NetNamespace net) {
        this.socks = RawProto.SOCKS.of(net);
    }

    @Override
    @Kernel({"raw_local_deliver", "raw6_local_deliver"})
    @HotPath
    protected boolean deliver(SkBuff skb, boolean ipv6, int protocol) {
        return !socks.isEmpty() && deliverToAll(skb, ipv6, protocol);
    }

    private boolean deliverToAll(SkBuff skb, boolean ipv6, int protocol) {
        boolean any = false;
        for (InetDatagramSock sk : socks) {
            if (wants(sk, skb, ipv6, protocol)) {
                any = true;
                SkBuff copy = skb.clone(SoftIrq.current().stripe);
                if (!ipv6) {
                    copy.push(copy.transportHeader - copy.networkHeader);
                }
                if (sk.rcvtstamp || sk.tsflags != 0) {
                    copy.tstampNs = sk.net.clock.realNs();
                }
                Datagram.filterAndQueueRcv(sk, copy);
            }
        }
        return any;
    }

    @Kernel("raw_v4_match")
    private static boolean wants(InetDatagramSock sk, SkBuff skb, boolean ipv6, int protocol) {
        boolean family = sk.family == (ipv6 ? Af.AF_INET6 : Af.AF_INET);
        if (!family || sk.num != protocol) {
            return false;
        }
        if (sk.boundDevIf != 0 && sk.boundDevIf != skb.skbIif) {
            return false;
        }
        int n = skb.networkHeader;
        long sHi = ipv6 ? Ipv6.saddrHi(skb.buf, n) : 0;
        long sLo = ipv6 ? Ipv6.saddrLo(skb.buf, n) : In6Addr.mapV4(Ipv4.saddr(skb.buf, n));
        long dHi = ipv6 ? Ipv6.daddrHi(skb.buf, n) : 0;
        long dLo = ipv6 ? Ipv6.daddrLo(skb.buf, n) : In6Addr.mapV4(Ipv4.daddr(skb.buf, n));
        return matches(sk.daddrHi, sk.daddrLo, sHi, sLo)
                && matches(sk.rcvSaddrHi, sk.rcvSaddrLo, dHi, dLo)
                && !filtered(sk, skb, protocol);
    }

    private static boolean matches(long boundHi, long boundLo, long hi, long lo) {
        return AddrType.isAny(boundHi, boundLo) || (boundHi == hi && boundLo == lo);
    }

    private static boolean filtered(InetDatagramSock sk, SkBuff skb, int protocol) {
        boolean icmp = protocol == IpProto.IPPROTO_ICMP || protocol == IpProto.IPPROTO_ICMPV6;
        return icmp && skb.mayPull(1) && sk.filtered(skb.buf[skb.data] & 0xFF);
    }
}
