package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.PacketType;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import org.jspecify.annotations.Nullable;

/// IPv6 packets on their way in (`net/ipv6/ip6_input.c`). Every function that takes a packet takes
/// ownership of it, unless it gives back why the packet must die.
public final class Ip6Input extends PacketType {
    @Override
    @Kernel({"ipv6_rcv", "ip6_rcv_finish"})
    @HotPath
    public void rcv(SkBuff skb, NetDevice dev) {
        DropReason bad = rcvCore(skb, dev);
        if (bad != null) {
            skb.drop(bad);
            return;
        }
        if (Ipv6.nexthdr(skb.buf, skb.networkHeader) == Ipv6Ext.HOP_BY_HOP
                && !Exthdrs.hopByHop(skb, dev.net)) {
            dev.net.mib.inc(Ip6Mib.INHDRERRORS);
            return;
        }
        skb.orphan();
        DstEntry dst = skb.dst;
        if (dst == null) {
            dst = Ip6Route.input(skb, dev);
            skb.dst = dst;
        }
        if (dst == null) {
            pktDiscard(skb, dev.net);
        } else {
            dst.input(skb);
        }
    }

    /// Checks the header and cuts the packet to the length that it names.
    @Kernel("ip6_rcv_core")
    @HotPath
    private static @Nullable DropReason rcvCore(SkBuff skb, NetDevice dev) {
        NetNamespace net = dev.net;
        if (skb.pktType == SkBuff.PACKET_OTHERHOST) {
            return DropReason.OTHERHOST;
        }
        net.mib.inc(Ip6Mib.INPKTS);
        net.mib.add(Ip6Mib.INOCTETS, skb.len);
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null || idev.disabled()) {
            net.mib.inc(Ip6Mib.INDISCARDS);
            return DropReason.IPV6DISABLED;
        }
        adoptRoute(skb, dev);
        Ip6Cb.reset(skb);
        if (!skb.mayPull(Ipv6.HEADER_BYTES)) {
            net.mib.inc(Ip6Mib.INHDRERRORS);
            return DropReason.IP_INHDR;
        }
        skb.networkHeader = skb.data;
        DropReason bad = checkHeader(skb, idev);
        if (bad != null) {
            net.mib.inc(Ip6Mib.INHDRERRORS);
            return bad;
        }
        skb.transportHeader = skb.data + Ipv6.HEADER_BYTES;
        return cutToLength(skb, net);
    }

    /// A packet from this host brings its route along, and with it the interface that its address
    /// belongs to.
    @HotPath
    private static void adoptRoute(SkBuff skb, NetDevice dev) {
        if (skb.dst instanceof Rt6Info rt && rt.dev.net == dev.net) {
            skb.skbIif = rt.owner.ifindex;
        } else {
            skb.dst = null;
        }
    }

    @HotPath
    private static @Nullable DropReason checkHeader(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        int n = skb.data;
        if (Ipv6.version(b, n) != 6) {
            return DropReason.UNHANDLED_PROTO;
        }
        countEcn(skb, idev.net);
        if (!idev.dev.isLoopback()) {
            boolean loopback =
                    In6Addr.isLoopback(Ipv6.saddrHi(b, n), Ipv6.saddrLo(b, n))
                            || In6Addr.isLoopback(Ipv6.daddrHi(b, n), Ipv6.daddrLo(b, n));
            if (loopback) {
                return DropReason.IP_INHDR;
            }
        }
        if (In6Addr.isMulticast(Ipv6.saddrHi(b, n))) {
            return DropReason.IP_INHDR; // RFC 4291 section 2.7
        }
        return In6Addr.isMulticast(Ipv6.daddrHi(b, n))
                ? checkGroup(skb, idev)
                : checkFrame(skb, idev);
    }

    /// Scope 0 is reserved; scope 1 does not leave an interface (RFC 4291 section 2.7, erratum
    /// 3480).
    @HotPath
    private static @Nullable DropReason checkGroup(SkBuff skb, Inet6Dev idev) {
        int scope = In6Addr.multicastScope(Ipv6.daddrHi(skb.buf, skb.data));
        boolean fromSelf = skb.pktType == SkBuff.PACKET_LOOPBACK || idev.dev.isLoopback();
        boolean bad = scope == 0 || (scope == Ipv6Scope.NODE_LOCAL && !fromSelf);
        return bad ? DropReason.IP_INHDR : null;
    }

    @HotPath
    private static @Nullable DropReason checkFrame(SkBuff skb, Inet6Dev idev) {
        boolean toMany =
                skb.pktType == SkBuff.PACKET_BROADCAST || skb.pktType == SkBuff.PACKET_MULTICAST;
        return toMany && idev.cnf.get(Conf6Sysctls.DROP_UNICAST_IN_L2_MULTICAST) != 0
                ? DropReason.UNICAST_IN_L2_MULTICAST
                : null;
    }

    @HotPath
    private static void countEcn(SkBuff skb, NetNamespace net) {
        int segs = Math.max(1, skb.gsoSegs);
        switch (Ipv6.trafficClass(skb.buf, skb.data) & Ecn.MASK) {
            case Ecn.ECT_1 -> net.mib.add(Ip6Mib.ECT1PKTS, segs);
            case Ecn.ECT_0 -> net.mib.add(Ip6Mib.ECT0PKTS, segs);
            case Ecn.CE -> net.mib.add(Ip6Mib.CEPKTS, segs);
            default -> net.mib.add(Ip6Mib.NOECTPKTS, segs);
        }
    }

    /// The length field is 0 in a jumbogram, whose length stands in an option, and in a packet still
    /// to be segmented.
    @HotPath
    private static @Nullable DropReason cutToLength(SkBuff skb, NetNamespace net) {
        int len = Ipv6.payloadLen(skb.buf, skb.data);
        if (len == 0) {
            if (Ipv6.nexthdr(skb.buf, skb.data) == Ipv6Ext.HOP_BY_HOP) {
                return null;
            }
            if (skb.gsoSize != 0) {
                len = skb.len - Ipv6.HEADER_BYTES;
            }
        }
        if (len + Ipv6.HEADER_BYTES > skb.len) {
            net.mib.inc(Ip6Mib.INTRUNCATEDPKTS);
            return DropReason.PKT_TOO_SMALL;
        }
        skb.trim(len + Ipv6.HEADER_BYTES);
        return null;
    }

    /// No route leads to the destination.
    @Kernel({"ip6_pkt_discard", "ip6_pkt_drop"})
    private static void pktDiscard(SkBuff skb, NetNamespace net) {
        int n = skb.networkHeader;
        boolean any = In6Addr.isUnspecified(Ipv6.daddrHi(skb.buf, n), Ipv6.daddrLo(skb.buf, n));
        net.mib.inc(any ? Ip6Mib.INADDRERRORS : Ip6Mib.INNOROUTES);
        Icmp6.send(skb, Icmpv6.DEST_UNREACH, Icmpv6.NO_ROUTE, 0);
        skb.drop(any ? DropReason.IP_INADDRERRORS : DropReason.IP_INNOROUTES);
    }

    // ---- for this host
    // ---------------------------------------------------------------------------

    /// Takes a multicast packet if this host has joined the group on the interface.
    @Kernel("ip6_mc_input")
    static void mcInput(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        net.mib.inc(Ip6Mib.INMCASTPKTS);
        net.mib.add(Ip6Mib.INMCASTOCTETS, skb.len);
        int n = skb.networkHeader;
        Inet6Dev idev = Inet6Dev.of(dev);
        boolean member =
                idev != null
                        && idev.mld.isMember(Ipv6.daddrHi(skb.buf, n), Ipv6.daddrLo(skb.buf, n));
        if (member) {
            input(skb);
        } else {
            skb.drop(DropReason.IP_INADDRERRORS);
        }
    }

    /// Works through the extension headers and gives the packet to its protocol.
    @Kernel({"ip6_input", "ip6_protocol_deliver_rcu"})
    @HotPath
    static void input(SkBuff received) {
        SkBuff skb = received;
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        while (true) {
            if (!skb.mayPull(skb.transportHeader - skb.data)) {
                net.mib.inc(Ip6Mib.INDISCARDS);
                skb.drop(DropReason.HDR_TRUNC);
                return;
            }
            skb.pull(skb.transportHeader - skb.data);
            int nexthdr = Bytes.u8(skb.buf, skb.networkHeader + Ip6Cb.nhoff(skb));
            boolean rawTook = RawDeliver.deliver(net, skb, true, nexthdr);
            switch (nexthdr) {
                case Ipv6Ext.FRAGMENT -> {
                    SkBuff whole = Ip6Defrag.rcv(skb, net);
                    if (whole == null) {
                        return;
                    }
                    skb = whole;
                }
                case Ipv6Ext.ROUTING -> {
                    if (!Exthdrs.routing(skb, net)) {
                        return;
                    }
                }
                case Ipv6Ext.DEST_OPTIONS -> {
                    if (!Exthdrs.destination(skb, net)) {
                        return;
                    }
                }
                case Ipv6Ext.NONE -> {
                    net.mib.inc(Ip6Mib.INDELIVERS);
                    skb.consume();
                    return;
                }
                default -> {
                    deliver(skb, dev, nexthdr, rawTook);
                    return;
                }
            }
        }
    }

    @HotPath
    private static void deliver(SkBuff skb, NetDevice dev, int nexthdr, boolean rawTook) {
        NetNamespace net = dev.net;
        NetProtocol proto = NetProtocols.OF.of(net).inet6(nexthdr);
        if (proto != null) {
            if (In6Addr.isMulticast(Ipv6.daddrHi(skb.buf, skb.networkHeader))
                    && !sourceWanted(skb, dev)) {
                net.mib.inc(Ip6Mib.INDISCARDS);
                skb.drop(DropReason.IP_INADDRERRORS);
                return;
            }
            net.mib.inc(Ip6Mib.INDELIVERS);
            proto.rcv(skb);
        } else if (rawTook) {
            net.mib.inc(Ip6Mib.INDELIVERS);
            skb.consume();
        } else {
            net.mib.inc(Ip6Mib.INUNKNOWNPROTOS);
            Icmp6.send(skb, Icmpv6.PARAM_PROB, Icmpv6.UNK_NEXTHDR, Ip6Cb.nhoff(skb));
            skb.drop(DropReason.IP_NOPROTO);
        }
    }

    private static boolean sourceWanted(SkBuff skb, NetDevice dev) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        Inet6Dev idev = Inet6Dev.of(dev);
        return idev != null
                && idev.mld.wants(
                        Ipv6.daddrHi(b, n),
                        Ipv6.daddrLo(b, n),
                        Ipv6.saddrHi(b, n),
                        Ipv6.saddrLo(b, n));
    }
}
