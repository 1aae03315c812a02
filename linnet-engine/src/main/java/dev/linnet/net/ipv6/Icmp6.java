package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Icmp6Mib;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.PingDeliver;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import dev.linnet.wire.Ndisc;
import org.jspecify.annotations.Nullable;

/// ICMP for IPv6 (RFC 4443, `net/ipv6/icmp.c`): answers what it is asked, reports errors to those
/// who sent the packets, and hands the errors of others to the protocols.
public final class Icmp6 extends NetProtocol {
    /// Answer to an extended echo (RFC 8335).
    private static final int EXT_ECHO_REPLY = 161;

    private Icmp6() {}

    /// Sets up ICMPv6, neighbour discovery and multicast listeners in a namespace.
    @Kernel({"icmpv6_init", "ndisc_init", "igmp6_init"})
    public static void init(NetNamespace net) {
        NetProtocols.add(net, IpProto.ICMPV6, null, new Icmp6());
        Ndisc6.init(net);
    }

    // ---- sending
    // ---------------------------------------------------------------------------------

    /// Reports an error about a packet to its sender, unless RFC 4443 section 2.4 forbids it or a
    /// limit holds it back. The packet stays the caller's.
    ///
    /// @param skb `networkHeader` is at the IPv6 header, which is linear
    /// @param info the four bytes after the checksum: the MTU or the pointer
    @Kernel({"icmpv6_send", "icmp6_send"})
    public static void send(SkBuff skb, int type, int code, int info) {
        Icmp6Send.error(skb, type, code, info);
    }

    /// Counts a message that is sent.
    @Kernel("ICMP6MSGOUT_INC_STATS")
    public static void outCount(NetNamespace net, int type) {
        net.mib.icmp6Msg().out(type);
        net.mib.inc(Icmp6Mib.OUTMSGS);
    }

    // ---- what errors mean to sockets
    // ---------------------------------------------------------------

    /// The positive errno of an error.
    @Kernel("icmpv6_err_convert")
    public static int errno(int type, int code) {
        return switch (type) {
            case Icmpv6.DEST_UNREACH ->
                    switch (code) {
                        case Icmpv6.NO_ROUTE -> Errno.ENETUNREACH;
                        case Icmpv6.ADM_PROHIBITED, Icmpv6.POLICY_FAIL, Icmpv6.REJECT_ROUTE ->
                                Errno.EACCES;
                        case Icmpv6.NOT_NEIGHBOUR, Icmpv6.ADDR_UNREACH -> Errno.EHOSTUNREACH;
                        case Icmpv6.PORT_UNREACH -> Errno.ECONNREFUSED;
                        default -> Errno.EPROTO;
                    };
            case Icmpv6.PKT_TOOBIG -> Errno.EMSGSIZE;
            case Icmpv6.TIME_EXCEED -> Errno.EHOSTUNREACH;
            default -> Errno.EPROTO;
        };
    }

    /// True if an error is final; the others may pass.
    @Kernel("icmpv6_err_convert")
    public static boolean isFatal(int type, int code) {
        return switch (type) {
            case Icmpv6.DEST_UNREACH ->
                    switch (code) {
                        case Icmpv6.ADM_PROHIBITED,
                                Icmpv6.PORT_UNREACH,
                                Icmpv6.POLICY_FAIL,
                                Icmpv6.REJECT_ROUTE ->
                                true;
                        default -> code > Icmpv6.REJECT_ROUTE;
                    };
            case Icmpv6.PARAM_PROB -> true;
            default -> false;
        };
    }

    // ---- receiving
    // -----------------------------------------------------------------------------------

    @Override
    @Kernel("icmpv6_rcv")
    public void rcv(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        net.mib.inc(Icmp6Mib.INMSGS);
        if (!checksumOk(skb)) {
            net.mib.inc(Icmp6Mib.CSUMERRORS);
            net.mib.inc(Icmp6Mib.INERRORS);
            skb.drop(DropReason.ICMP_CSUM);
            return;
        }
        if (!skb.mayPull(Icmpv6.HEADER_BYTES)) {
            net.mib.inc(Icmp6Mib.INERRORS);
            skb.drop(DropReason.PKT_TOO_SMALL);
            return;
        }
        skb.transportHeader = skb.data;
        int type = Icmpv6.type(skb.buf, skb.data);
        net.mib.icmp6Msg().in(type);
        DropReason bad = dispatch(skb, dev, type);
        if (bad == null) {
            skb.consume();
        } else {
            skb.drop(bad);
        }
    }

    private static boolean checksumOk(SkBuff skb) {
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL
                || skb.ipSummed == SkBuff.CHECKSUM_UNNECESSARY) {
            return true;
        }
        return Checksum.fold(SkbOps.checksum(skb, 0, skb.len, pseudo(skb))) == 0;
    }

    private static int pseudo(SkBuff skb) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        return Checksum.pseudoV6(
                Ipv6.saddrHi(b, n),
                Ipv6.saddrLo(b, n),
                Ipv6.daddrHi(b, n),
                Ipv6.daddrLo(b, n),
                skb.len,
                IpProto.ICMPV6,
                0);
    }

    /// Acts on a message whose header is at `data`; the packet stays the caller's. Why it was not
    /// heeded, or null.
    private static @Nullable DropReason dispatch(SkBuff skb, NetDevice dev, int type) {
        NetNamespace net = dev.net;
        switch (type) {
            case Icmpv6.ECHO_REQUEST -> Icmp6Send.echoReply(skb, dev, Icmpv6.ECHO_REPLY);
            case Icmpv6.ECHO_REPLY, EXT_ECHO_REPLY -> {
                return PingDeliver.reply(net, skb, true) ? null : DropReason.NO_SOCKET;
            }
            case Icmpv6.PKT_TOOBIG, Icmpv6.DEST_UNREACH, Icmpv6.TIME_EXCEED, Icmpv6.PARAM_PROB -> {
                return notifyTransport(skb, dev, type);
            }
            case Ndisc.ROUTER_SOLICITATION,
                    Ndisc.ROUTER_ADVERTISEMENT,
                    Ndisc.NEIGHBOUR_SOLICITATION,
                    Ndisc.NEIGHBOUR_ADVERTISEMENT,
                    Ndisc.REDIRECT -> {
                return Ndisc6.rcv(skb, dev, type);
            }
            case Icmpv6.MGM_QUERY -> {
                return MldQuery.rcv(skb, dev);
            }
            case Icmpv6.MGM_REPORT -> {
                return MldQuery.report(skb, dev);
            }
            default -> {
                if (Icmpv6.isError(type)) {
                    return notifyTransport(skb, dev, type);
                }
            }
        }
        return null;
    }

    /// Tells those who may have sent the quoted packet. For them `data` and `networkHeader` are at the
    /// quoted header, `transportHeader` at the transport's in it, and `macHeader` at the IPv6 header
    /// of the message itself.
    @Kernel("icmpv6_notify")
    private static @Nullable DropReason notifyTransport(SkBuff skb, NetDevice dev, int type) {
        NetNamespace net = dev.net;
        int code = Icmpv6.code(skb.buf, skb.data);
        int info = Icmpv6.dataun(skb.buf, skb.data);
        if (!skb.mayPull(Icmpv6.HEADER_BYTES + Ipv6.HEADER_BYTES)) {
            net.mib.inc(Icmp6Mib.INERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        skb.pull(Icmpv6.HEADER_BYTES);
        skb.mayPull(Math.min(skb.len, Ipv6.MIN_MTU));
        byte[] b = skb.buf;
        int quoted = skb.data;
        int first = Ipv6.nexthdr(b, quoted);
        long reached = Ipv6Ext.skip(b, quoted + Ipv6.HEADER_BYTES, skb.tail, first);
        if (reached < 0 || skb.tail - Ipv6Ext.reachedOffset(reached) < 8) {
            net.mib.inc(Icmp6Mib.INERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        skb.macHeader = skb.networkHeader;
        skb.networkHeader = quoted;
        skb.transportHeader = Ipv6Ext.reachedOffset(reached);
        int protocol = Ipv6Ext.reachedType(reached);
        NetProtocol proto = NetProtocols.OF.of(net).inet6(protocol);
        if (proto != null) {
            proto.err(skb, dev, type, code, info);
        }
        RawDeliver.error(net, skb, true, protocol, type, code, info);
        return null;
    }

    /// An error about a message of ours: an echo request is a ping socket's.
    @Override
    @Kernel("icmpv6_err")
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {
        if (icmpType == Icmpv6.PKT_TOOBIG) {
            Ip6Pmtu.update(
                    dev.net,
                    Ipv6.daddrHi(skb.buf, skb.networkHeader),
                    Ipv6.daddrLo(skb.buf, skb.networkHeader),
                    dev.ifindex,
                    info);
        }
        boolean error = Icmpv6.isError(icmpType);
        if (error && Icmpv6.type(skb.buf, skb.transportHeader) == Icmpv6.ECHO_REQUEST) {
            PingDeliver.error(dev.net, skb, true, icmpType, icmpCode, info);
        }
    }
}
