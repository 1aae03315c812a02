package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.PingDeliver;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// ICMP for IPv4 (RFC 792, RFC 1122 section 3.2.2; `net/ipv4/icmp.c`): answers what it is asked,
/// reports errors to those who sent the packets, and hands the errors of others to the protocols.
public final class Icmp4 extends NetProtocol {
    /// The largest type of RFC 792 and RFC 950.
    static final int NR_ICMP_TYPES = 18;

    private static final int NR_ICMP_UNREACH = 15;
    private static final int ADDRESS = 17;
    private static final int ADDRESS_REPLY = 18;
    private static final long MS_PER_DAY = 86_400_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private Icmp4() {}

    /// Sets up ICMP in a namespace.
    @Kernel("icmp_init")
    public static void init(NetNamespace net) {
        NetProtocols.add(net, IpProto.ICMP, new Icmp4(), null);
    }

    // ---- sending
    // ---------------------------------------------------------------------------------

    /// Reports an error about a packet to its sender, unless RFC 1122 section 3.2.2 forbids it or a
    /// limit holds it back (`icmp_send`). The packet stays the caller's.
    ///
    /// @param skb `networkHeader` is at the IPv4 header, which is linear
    /// @param info the four bytes after the checksum: the MTU, `pointer << 24`, the gateway
    @Kernel({"icmp_send", "__icmp_send"})
    public static void send(SkBuff skb, int type, int code, int info) {
        IcmpSend.error(skb, type, code, info);
    }

    /// Counts a message that is sent (`icmp_out_count`).
    @Kernel("icmp_out_count")
    public static void outCount(NetNamespace net, int type) {
        net.mib.inc(IcmpMib.OUTMSGS);
        net.mib.icmpMsg().out(type);
    }

    // ---- what errors mean to sockets
    // ---------------------------------------------------------------

    /// The positive errno of a "destination unreachable" code (`icmp_err_convert`).
    @Kernel("icmp_err_convert")
    public static int errno(int code) {
        return switch (code) {
            case Icmp.NET_UNREACH, Icmp.NET_UNKNOWN, Icmp.NET_ANO, Icmp.NET_UNR_TOS ->
                    Errno.ENETUNREACH;
            case Icmp.PROT_UNREACH -> Errno.ENOPROTOOPT;
            case Icmp.PORT_UNREACH -> Errno.ECONNREFUSED;
            case Icmp.FRAG_NEEDED -> Errno.EMSGSIZE;
            case Icmp.SR_FAILED -> Errno.EOPNOTSUPP;
            case Icmp.HOST_UNKNOWN -> Errno.EHOSTDOWN;
            case Icmp.HOST_ISOLATED -> Errno.ENONET;
            default -> Errno.EHOSTUNREACH;
        };
    }

    /// True if a "destination unreachable" of this code is final; the others may pass
    /// (`icmp_err_convert[code].fatal`).
    @Kernel("icmp_err_convert")
    public static boolean isFatal(int code) {
        return switch (code) {
            case Icmp.PROT_UNREACH,
                    Icmp.PORT_UNREACH,
                    Icmp.NET_UNKNOWN,
                    Icmp.HOST_UNKNOWN,
                    Icmp.HOST_ISOLATED,
                    Icmp.NET_ANO,
                    Icmp.HOST_ANO,
                    Icmp.PKT_FILTERED,
                    Icmp.PREC_VIOLATION,
                    Icmp.PREC_CUTOFF ->
                    true;
            default -> false;
        };
    }

    // ---- receiving
    // ---------------------------------------------------------------------------------

    @Override
    @Kernel("icmp_rcv")
    public void rcv(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        net.mib.inc(IcmpMib.INMSGS);
        DropReason bad = check(skb, net);
        if (bad != null) {
            net.mib.inc(IcmpMib.INERRORS);
            skb.drop(bad);
            return;
        }
        bad = dispatch(skb, net);
        if (bad != null) {
            skb.drop(bad);
        } else {
            skb.consume();
        }
    }

    /// What makes a message an erroneous one.
    private static @Nullable DropReason check(SkBuff skb, NetNamespace net) {
        boolean verified =
                skb.ipSummed == SkBuff.CHECKSUM_UNNECESSARY
                        || skb.ipSummed == SkBuff.CHECKSUM_PARTIAL;
        if (!verified && Checksum.fold(SkbOps.checksum(skb, 0, skb.len, 0)) != 0) {
            net.mib.inc(IcmpMib.CSUMERRORS);
            return DropReason.ICMP_CSUM;
        }
        if (!skb.mayPull(Icmp.HEADER_BYTES)) {
            return DropReason.HDR_TRUNC;
        }
        int type = Icmp.type(skb.buf, skb.data);
        net.mib.icmpMsg().in(type);
        if (type == Icmp.EXT_ECHO || type == Icmp.EXT_ECHO_REPLY) {
            return null;
        }
        if (type > NR_ICMP_TYPES) {
            return DropReason.UNHANDLED_PROTO;
        }
        return toGroup(skb) && !allowedToGroup(net, type) ? DropReason.INVALID_PROTO : null;
    }

    private static boolean toGroup(SkBuff skb) {
        return skb.dst instanceof Rtable rt
                && (rt.type == Rtn.BROADCAST || rt.type == Rtn.MULTICAST);
    }

    /// RFC 1122 section 3.2.2.6: questions to everybody may go unanswered, anything else is wrong.
    private static boolean allowedToGroup(NetNamespace net, int type) {
        return switch (type) {
            case Icmp.ECHO, Icmp.TIMESTAMP ->
                    !net.sysctl.get(IpSysctls.ICMP_ECHO_IGNORE_BROADCASTS);
            case ADDRESS, ADDRESS_REPLY -> true;
            default -> false;
        };
    }

    private static @Nullable DropReason dispatch(SkBuff skb, NetNamespace net) {
        switch (Icmp.type(skb.buf, skb.data)) {
            case Icmp.ECHO -> echo(skb, net);
            case Icmp.TIMESTAMP -> {
                return timestamp(skb, net);
            }
            case Icmp.ECHO_REPLY, Icmp.EXT_ECHO_REPLY -> {
                return PingDeliver.reply(net, skb, false) ? null : DropReason.NO_SOCKET;
            }
            case Icmp.DEST_UNREACH, Icmp.SOURCE_QUENCH, Icmp.TIME_EXCEEDED, Icmp.PARAMETER_PROB -> {
                return unreach(skb, net);
            }
            case Icmp.REDIRECT -> {
                return redirect(skb, net);
            }
            default -> {}
        }
        return null;
    }

    @Kernel("icmp_echo")
    private static void echo(SkBuff skb, NetNamespace net) {
        if (net.sysctl.get(IpSysctls.ICMP_ECHO_IGNORE_ALL)) {
            return;
        }
        int code = Icmp.code(skb.buf, skb.data);
        int un = Icmp.un(skb.buf, skb.data);
        skb.pull(Icmp.HEADER_BYTES);
        IcmpSend.reply(net, skb, Icmp.ECHO_REPLY, code, un, null);
    }

    /// Answers with the time of day in milliseconds (RFC 1122 section 3.2.2.8).
    @Kernel("icmp_timestamp")
    private static @Nullable DropReason timestamp(SkBuff skb, NetNamespace net) {
        if (!skb.mayPull(Icmp.HEADER_BYTES + 4)) {
            net.mib.inc(IcmpMib.INERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        int un = Icmp.un(skb.buf, skb.data);
        byte[] times = new byte[12];
        System.arraycopy(skb.buf, skb.data + Icmp.HEADER_BYTES, times, 0, 4);
        int now = currentTimestamp(net);
        Bytes.u32(times, 4, now);
        Bytes.u32(times, 8, now);
        IcmpSend.reply(net, skb, Icmp.TIMESTAMP_REPLY, 0, un, times);
        return null;
    }

    /// Milliseconds since midnight, universal time (`inet_current_timestamp`).
    @Kernel("inet_current_timestamp")
    static int currentTimestamp(NetNamespace net) {
        return (int) (net.clock.realNs() / NS_PER_MS % MS_PER_DAY);
    }

    /// An error about a packet of ours, which is quoted behind the header (`icmp_unreach`).
    @Kernel("icmp_unreach")
    private static @Nullable DropReason unreach(SkBuff skb, NetNamespace net) {
        int type = Icmp.type(skb.buf, skb.data);
        int code = Icmp.code(skb.buf, skb.data);
        int un = Icmp.un(skb.buf, skb.data);
        if (!pullQuoted(skb)) {
            net.mib.inc(IcmpMib.INERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        int info = 0;
        if (type == Icmp.DEST_UNREACH) {
            if (code > NR_ICMP_UNREACH) {
                return null;
            }
            if (code == Icmp.FRAG_NEEDED) {
                info = fragNeededMtu(skb, net, un & 0xFFFF);
                if (info < 0) {
                    return null;
                }
            }
        } else if (type == Icmp.PARAMETER_PROB) {
            info = un >>> 24;
        }
        int daddr = Ipv4.daddr(skb.buf, skb.data);
        boolean bogus =
                !net.sysctl.get(IpSysctls.ICMP_IGNORE_BOGUS_ERROR_RESPONSES)
                        && InetAddrType.of(net, daddr, 0) == Rtn.BROADCAST;
        if (!bogus) {
            deliver(skb, net, type, code, info);
        }
        return null;
    }

    /// The MTU that the message names, 0 where `ip_no_pmtu_disc` says not to believe it, negative if the
    /// whole message is to be ignored.
    private static int fragNeededMtu(SkBuff skb, NetNamespace net, int mtu) {
        return switch (net.sysctl.get(IpSysctls.NO_PMTU_DISC)) {
            case 0 -> mtu;
            case 2 -> -1;
            case 3 -> Ipv4.protocol(skb.buf, skb.data) == IpProto.TCP ? mtu : -1;
            default -> 0;
        };
    }

    /// Moves `data` to the header of the quoted packet; false if it is not whole.
    private static boolean pullQuoted(SkBuff skb) {
        if (!skb.mayPull(Icmp.HEADER_BYTES + Ipv4.HEADER_BYTES)) {
            return false;
        }
        skb.pull(Icmp.HEADER_BYTES);
        return Ipv4.headerBytes(skb.buf, skb.data) >= Ipv4.HEADER_BYTES;
    }

    @Kernel("icmp_redirect")
    private static @Nullable DropReason redirect(SkBuff skb, NetNamespace net) {
        int code = Icmp.code(skb.buf, skb.data);
        int gateway = Icmp.gateway(skb.buf, skb.data);
        if (!pullQuoted(skb)) {
            net.mib.inc(IcmpMib.INERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        deliver(skb, net, Icmp.REDIRECT, code, gateway);
        return null;
    }

    /// Tells those who may have sent the quoted packet; the first eight bytes behind its header must
    /// be there (`icmp_socket_deliver`).
    @Kernel("icmp_socket_deliver")
    private static void deliver(SkBuff skb, NetNamespace net, int type, int code, int info) {
        int ihl = Ipv4.headerBytes(skb.buf, skb.data);
        if (!skb.mayPull(ihl + 8)) {
            net.mib.inc(IcmpMib.INERRORS);
            return;
        }
        NetDevice dev = skb.dev;
        assert dev != null;
        skb.networkHeader = skb.data;
        skb.transportHeader = skb.data + ihl;
        int protocol = Ipv4.protocol(skb.buf, skb.data);
        RawDeliver.error(net, skb, false, protocol, type, code, info);
        NetProtocol proto = NetProtocols.OF.of(net).inet(protocol);
        if (proto != null) {
            proto.err(skb, dev, type, code, info);
        }
    }

    /// An error about a message of ours: an echo request is a ping socket's, anything else the
    /// kernel's own.
    @Override
    @Kernel("icmp_err")
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {
        if (Icmp.type(skb.buf, skb.transportHeader) != Icmp.ECHO_REPLY) {
            PingDeliver.error(dev.net, skb, false, icmpType, icmpCode, info);
        } else if (icmpType == Icmp.DEST_UNREACH && icmpCode == Icmp.FRAG_NEEDED) {
            PmtuExceptions.update(dev.net, Ipv4.daddr(skb.buf, skb.data), info);
        }
    }
}
