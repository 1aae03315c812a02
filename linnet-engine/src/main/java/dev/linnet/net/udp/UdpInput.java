package dev.linnet.net.udp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Udp6Mib;
import dev.linnet.kernel.mib.UdpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.GsoSegment;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.SkFilter;
import dev.linnet.net.ipv4.Icmp4;
import dev.linnet.net.ipv4.IpError;
import dev.linnet.net.ipv4.Rtable;
import dev.linnet.net.ipv6.Icmp6;
import dev.linnet.net.ipv6.Ipv6Error;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Udp;
import org.jspecify.annotations.Nullable;

/// UDP datagrams on their way in, of one address family (`__udp4_lib_rcv`, `__udp6_lib_rcv`).
final class UdpInput extends NetProtocol {
    private static final int IPPROTO_UDP = 17;

    private final boolean v6;

    UdpInput(boolean v6) {
        this.v6 = v6;
    }

    @Override
    @Kernel({"udp_rcv", "__udp4_lib_rcv", "__udp6_lib_rcv"})
    @HotPath
    public void rcv(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        DropReason bad = check(skb, net);
        if (bad != null) {
            count(net, UdpMib.INERRORS, Udp6Mib.INERRORS);
            skb.drop(bad);
            return;
        }
        if (isForMany(skb)) {
            deliverToMany(skb, net);
            return;
        }
        UdpSock sk = find(skb, net);
        if (!checksumGiven(sk, skb)) {
            count(net, UdpMib.CSUMERRORS, Udp6Mib.CSUMERRORS);
            count(net, UdpMib.INERRORS, Udp6Mib.INERRORS);
            skb.drop(DropReason.UDP_CSUM);
            return;
        }
        if (sk != null) {
            deliver(sk, skb);
            return;
        }
        count(net, UdpMib.NOPORTS, Udp6Mib.NOPORTS);
        if (v6) {
            Icmp6.send(skb, Icmpv6.DEST_UNREACH, Icmpv6.PORT_UNREACH, 0);
        } else {
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 0);
        }
        skb.drop(DropReason.NO_SOCKET);
    }

    /// Multicast, and by its route broadcast.
    @HotPath
    private boolean isForMany(SkBuff skb) {
        if (v6) {
            return In6Addr.isMulticast(daddrHi(skb));
        }
        return skb.dst instanceof Rtable rt
                && (rt.type == Rtn.MULTICAST || rt.type == Rtn.BROADCAST);
    }

    @HotPath
    private @Nullable DropReason check(SkBuff skb, NetNamespace net) {
        if (!skb.mayPull(Udp.HEADER_BYTES)) {
            return DropReason.PKT_TOO_SMALL;
        }
        skb.transportHeader = skb.data;
        int len = Udp.len(skb.buf, skb.data);
        if (len == 0 && v6 && skb.len > 0xFFFF) {
            len = skb.len; // jumbogram
        }
        if (len < Udp.HEADER_BYTES || len > skb.len) {
            return DropReason.PKT_TOO_SMALL;
        }
        skb.trim(len);
        if (!checksumOk(skb)) {
            count(net, UdpMib.CSUMERRORS, Udp6Mib.CSUMERRORS);
            return DropReason.UDP_CSUM;
        }
        return null;
    }

    /// Verified, absent (allowed for IPv4), or summed here.
    @HotPath
    private boolean checksumOk(SkBuff skb) {
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL
                || skb.ipSummed == SkBuff.CHECKSUM_UNNECESSARY) {
            return true;
        }
        if (Udp.check(skb.buf, skb.data) == 0) {
            return true; // there is none; whether IPv6 takes that is the socket's to say
        }
        int n = skb.networkHeader;
        int sum =
                v6
                        ? Checksum.pseudoV6(
                                Ipv6.saddrHi(skb.buf, n),
                                Ipv6.saddrLo(skb.buf, n),
                                Ipv6.daddrHi(skb.buf, n),
                                Ipv6.daddrLo(skb.buf, n),
                                skb.len,
                                IPPROTO_UDP,
                                0)
                        : Checksum.pseudoV4(
                                Ipv4.saddr(skb.buf, n),
                                Ipv4.daddr(skb.buf, n),
                                skb.len,
                                IPPROTO_UDP,
                                0);
        return Checksum.fold(SkbOps.checksum(skb, 0, skb.len, sum)) == 0;
    }

    /// IPv6 has no datagrams without a checksum, but for sockets that take them
    /// (`UDP_NO_CHECK6_RX`, RFC 6935).
    @HotPath
    private boolean checksumGiven(@Nullable UdpSock sk, SkBuff skb) {
        return !v6
                || Udp.check(skb.buf, skb.transportHeader) != 0
                || skb.ipSummed == SkBuff.CHECKSUM_PARTIAL
                || (sk != null && sk.noCheck6Rx);
    }

    @HotPath
    private @Nullable UdpSock find(SkBuff skb, NetNamespace net) {
        return UdpTable.OF
                .of(net)
                .lookup(
                        saddrHi(skb),
                        saddrLo(skb),
                        Udp.source(skb.buf, skb.transportHeader),
                        daddrHi(skb),
                        daddrLo(skb),
                        Udp.dest(skb.buf, skb.transportHeader),
                        skb.skbIif,
                        skb);
    }

    private long saddrHi(SkBuff skb) {
        return v6 ? Ipv6.saddrHi(skb.buf, skb.networkHeader) : 0;
    }

    private long saddrLo(SkBuff skb) {
        return v6
                ? Ipv6.saddrLo(skb.buf, skb.networkHeader)
                : In6Addr.mapV4(Ipv4.saddr(skb.buf, skb.networkHeader));
    }

    private long daddrHi(SkBuff skb) {
        return v6 ? Ipv6.daddrHi(skb.buf, skb.networkHeader) : 0;
    }

    private long daddrLo(SkBuff skb) {
        return v6
                ? Ipv6.daddrLo(skb.buf, skb.networkHeader)
                : In6Addr.mapV4(Ipv4.daddr(skb.buf, skb.networkHeader));
    }

    /// Gives a packet to its socket; takes ownership. One that is many datagrams (from `UDP_SEGMENT`
    /// on this host, or from a device that segments) stays whole for a socket with `UDP_GRO` only
    /// (`udp_queue_rcv_skb`).
    @Kernel("udp_queue_rcv_skb")
    @HotPath
    private void deliver(UdpSock sk, SkBuff skb) {
        if (skb.gsoSize == 0 || sk.groEnabled) {
            queue(sk, skb);
            return;
        }
        skb.push(skb.data - skb.networkHeader);
        SkBuff seg = GsoSegment.segment(skb, true);
        if (seg == null) {
            count(sk.net, UdpMib.INERRORS, Udp6Mib.INERRORS);
            skb.drop(DropReason.PKT_TOO_SMALL);
            return;
        }
        while (seg != null) {
            SkBuff next = seg.next;
            seg.next = null;
            seg.pull(seg.transportHeader - seg.data);
            queue(sk, seg);
            seg = next;
        }
        skb.consume();
    }

    @Kernel("udp_queue_rcv_one_skb")
    @HotPath
    private void queue(UdpSock sk, SkBuff skb) {
        NetNamespace net = sk.net;
        if (sk.encapType == UdpEncap.ESPINUDP && UdpEncap.takes(skb)) {
            skb.drop(DropReason.UNHANDLED_PROTO);
            return;
        }
        if (!SkFilter.passes(sk, skb, Udp.HEADER_BYTES)) {
            count(net, UdpMib.INERRORS, Udp6Mib.INERRORS);
            sk.countDrop();
            skb.drop(DropReason.SOCKET_FILTER);
            return;
        }
        if (sk.rcvtstamp || sk.tsflags != 0) {
            skb.tstampNs = net.clock.realNs();
        }
        if (!UdpMemory.mayReceive(sk, skb.truesize)) {
            count(net, UdpMib.MEMERRORS, Udp6Mib.MEMERRORS);
            count(net, UdpMib.INERRORS, Udp6Mib.INERRORS);
            sk.countDrop();
            skb.drop(DropReason.PROTO_MEM);
            return;
        }
        if (Datagram.queueRcv(sk, skb)) {
            UdpMemory.update(sk);
            count(net, UdpMib.INDATAGRAMS, Udp6Mib.INDATAGRAMS);
        } else {
            count(net, UdpMib.RCVBUFERRORS, Udp6Mib.RCVBUFERRORS);
            count(net, UdpMib.INERRORS, Udp6Mib.INERRORS);
        }
    }

    /// A copy for each socket that has joined the group, or that hears broadcasts
    /// (`__udp4_lib_mcast_deliver`).
    @Kernel({"__udp4_lib_mcast_deliver", "__udp6_lib_mcast_deliver"})
    private void deliverToMany(SkBuff skb, NetNamespace net) {
        boolean any = false;
        for (UdpSock sk :
                UdpTable.OF
                        .of(net)
                        .matches(
                                saddrHi(skb),
                                saddrLo(skb),
                                Udp.source(skb.buf, skb.transportHeader),
                                daddrHi(skb),
                                daddrLo(skb),
                                Udp.dest(skb.buf, skb.transportHeader),
                                skb.skbIif)) {
            if (UdpMulticast.wants(sk, skb, v6) && checksumGiven(sk, skb)) {
                any = true;
                deliver(sk, skb.clone(SoftIrq.current().stripe));
            }
        }
        if (any) {
            skb.consume();
        } else {
            count(net, UdpMib.IGNOREDMULTI, Udp6Mib.IGNOREDMULTI);
            skb.drop(DropReason.NO_SOCKET);
        }
    }

    @HotPath
    private void count(NetNamespace net, UdpMib mib4, Udp6Mib mib6) {
        if (v6) {
            net.mib.inc(mib6);
        } else {
            net.mib.inc(mib4);
        }
    }

    /// An ICMP error about a datagram that we sent: told to its socket if it is connected or asked
    /// for it (`__udp4_lib_err`, `__udp6_lib_err`).
    @Override
    @Kernel({"__udp4_lib_err", "__udp6_lib_err"})
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {
        int th = skb.transportHeader;
        UdpSock sk =
                UdpTable.OF
                        .of(dev.net)
                        .lookup(
                                daddrHi(skb),
                                daddrLo(skb),
                                Udp.dest(skb.buf, th),
                                saddrHi(skb),
                                saddrLo(skb),
                                Udp.source(skb.buf, th),
                                dev.ifindex,
                                null);
        if (sk == null) {
            return;
        }
        boolean connected = sk.state == TcpState.TCP_ESTABLISHED;
        if (v6) {
            Ipv6Error.datagramError(sk, skb, icmpType, icmpCode, info, connected);
        } else {
            IpError.datagramError(sk, skb, icmpType, icmpCode, info, connected);
        }
    }
}
