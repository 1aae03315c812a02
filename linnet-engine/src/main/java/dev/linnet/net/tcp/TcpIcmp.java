package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Icmp6Mib;
import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.net.ipv4.Icmp4;
import dev.linnet.net.ipv4.IpError;
import dev.linnet.net.ipv4.PmtuExceptions;
import dev.linnet.net.ipv6.Icmp6;
import dev.linnet.net.ipv6.Ip6Pmtu;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// ICMP errors about segments that this host sent (RFC 9293 section 3.9.2.2, RFC 5927). The packet is
/// as in [dev.linnet.net.core.sock.NetProtocol#err]: `data` at the quoted network header,
/// `transportHeader` at the quoted ports and sequence number.
final class TcpIcmp {
    private static final int NR_ICMP_UNREACH = 15;
    private static final int MIN_MTU_V6 = 1280;

    /// What an error asks for, when it is not an errno.
    private static final int IGNORE = 0;

    private static final int PMTU = -1;

    private TcpIcmp() {}

    // ---- IPv4
    // ------------------------------------------------------------------------------------

    @Kernel("tcp_v4_err")
    static void errV4(SkBuff skb, NetDevice dev, int type, int code, int info) {
        byte[] b = skb.buf;
        int nh = skb.data;
        SockCommon found =
                lookup(
                        dev,
                        skb,
                        0,
                        In6Addr.mapV4(Ipv4.saddr(b, nh)),
                        0,
                        In6Addr.mapV4(Ipv4.daddr(b, nh)));
        switch (found) {
            case RequestSock req -> {
                boolean soft =
                        type == Icmp.DEST_UNREACH
                                && (code == Icmp.NET_UNREACH || code == Icmp.HOST_UNREACH);
                boolean abort = soft || type == Icmp.PARAMETER_PROB || type == Icmp.TIME_EXCEEDED;
                errRequest(req, Tcp.seq(b, skb.transportHeader), abort);
            }
            case TcpSock tp -> errSock(tp, skb, type, code, info, errnoV4(type, code));
            case null -> dev.net.mib.inc(IcmpMib.INERRORS);
            default -> {}
        }
    }

    private static int errnoV4(int type, int code) {
        return switch (type) {
            case Icmp.PARAMETER_PROB -> Errno.EPROTO;
            case Icmp.TIME_EXCEEDED -> Errno.EHOSTUNREACH;
            case Icmp.DEST_UNREACH -> {
                if (code > NR_ICMP_UNREACH) {
                    yield IGNORE;
                }
                yield code == Icmp.FRAG_NEEDED ? PMTU : Icmp4.errno(code);
            }
            default -> IGNORE;
        };
    }

    // ---- IPv6
    // ------------------------------------------------------------------------------------

    @Kernel("tcp_v6_err")
    static void errV6(SkBuff skb, NetDevice dev, int type, int code, int info) {
        byte[] b = skb.buf;
        int nh = skb.data;
        SockCommon found =
                lookup(
                        dev,
                        skb,
                        Ipv6.saddrHi(b, nh),
                        Ipv6.saddrLo(b, nh),
                        Ipv6.daddrHi(b, nh),
                        Ipv6.daddrLo(b, nh));
        switch (found) {
            case RequestSock req ->
                    errRequest(req, Tcp.seq(b, skb.transportHeader), Icmp6.isFatal(type, code));
            case TcpSock tp -> errSock(tp, skb, type, code, info, errnoV6(type, code, info));
            case null -> dev.net.mib.inc(Icmp6Mib.INERRORS);
            default -> {}
        }
    }

    private static int errnoV6(int type, int code, int info) {
        if (type == Icmpv6.PKT_TOOBIG) {
            return Integer.compareUnsigned(info, MIN_MTU_V6) < 0 ? IGNORE : PMTU;
        }
        return Icmp6.errno(type, code);
    }

    // ---- both
    // --------------------------------------------------------------------------------------

    private static @Nullable SockCommon lookup(
            NetDevice dev, SkBuff skb, long laddrHi, long laddrLo, long faddrHi, long faddrLo) {
        int th = skb.transportHeader;
        return InetHashtables.OF
                .of(dev.net)
                .ehash
                .lookup(
                        laddrHi,
                        laddrLo,
                        Tcp.source(skb.buf, th),
                        faddrHi,
                        faddrLo,
                        Tcp.dest(skb.buf, th),
                        dev.ifindex);
    }

    /// A request may be dropped for an error about its own SYN-ACK; the user hears nothing of it.
    @Kernel("tcp_req_err")
    private static void errRequest(RequestSock req, int seq, boolean abort) {
        NetNamespace net = req.net;
        if (seq != req.sntIsn) {
            net.mib.inc(TcpExt.OUTOFWINDOWICMPS);
        } else if (abort) {
            InetReqsk.queueDrop(req);
            TcpConnRequest.countDrop((TcpSock) req.listener);
        }
    }

    private static void errSock(TcpSock tp, SkBuff skb, int type, int code, int info, int err) {
        boolean locked = tp.lock.tryLock();
        try {
            if (!locked && err != PMTU) {
                tp.net.mib.inc(TcpExt.LOCKDROPPEDICMPS);
            }
            judge(tp, skb, type, code, info, err, locked);
        } finally {
            if (locked) {
                tp.lock.unlock();
            }
        }
    }

    private static void judge(
            TcpSock tp, SkBuff skb, int type, int code, int info, int err, boolean locked) {
        if (tp.state == TcpState.TCP_CLOSE) {
            return;
        }
        int seq = Tcp.seq(skb.buf, skb.transportHeader);
        RequestSock fastopen = tp.fastopenReqsk;
        int una = fastopen != null ? fastopen.sntIsn : tp.sndUna;
        if (!Seq.between(seq, una, tp.sndNxt)) {
            tp.net.mib.inc(TcpExt.OUTOFWINDOWICMPS);
            return;
        }
        if (err == IGNORE) {
            return;
        }
        if (err == PMTU) {
            tp.mtuInfo = info;
            tp.lock.defer(TcpTimer.TCP_MTU_REDUCED_DEFERRED);
            return;
        }
        if (locked && fastopen == null && pathIsGone(tp, type, code)) {
            ldRtoRevert(tp, seq);
        }
        report(tp, skb, type, code, info, err, fastopen, locked);
    }

    private static boolean pathIsGone(TcpSock tp, int type, int code) {
        if (tp.ipv4()) {
            return type == Icmp.DEST_UNREACH
                    && (code == Icmp.NET_UNREACH || code == Icmp.HOST_UNREACH);
        }
        return type == Icmpv6.DEST_UNREACH && code == Icmpv6.NO_ROUTE;
    }

    /// While a connection is being opened an error ends it; later it is only remembered, unless the
    /// user wants to hear of it at once (RFC 1122 section 4.2.3.9).
    private static void report(
            TcpSock tp,
            SkBuff skb,
            int type,
            int code,
            int info,
            int err,
            @Nullable RequestSock fastopen,
            boolean locked) {
        boolean opening = tp.state == TcpState.TCP_SYN_SENT || tp.state == TcpState.TCP_SYN_RECV;
        if (opening && (fastopen == null || fastopen.sk != null)) {
            if (tp.ipv4() && tp.recverr) {
                int port = Tcp.dest(skb.buf, skb.transportHeader);
                int payload = skb.transportHeader - skb.data;
                IpError.icmpError(tp, skb, err, port, type, code, info, payload);
            }
            if (locked) {
                TcpClose.doneWithError(tp, err);
            } else {
                tp.errSoft = err;
            }
            return;
        }
        boolean wanted = tp.ipv4() ? tp.recverr : tp.recverr6;
        if (locked && wanted) {
            tp.err = err;
            tp.errorReport();
        } else {
            tp.errSoft = err;
        }
    }

    // ---- path MTU
    // --------------------------------------------------------------------------------------

    /// The path carries less than was thought: what was lost is sent again in smaller pieces. Sock
    /// locked.
    @Kernel({"tcp_v4_mtu_reduced", "tcp_v6_mtu_reduced"})
    static void mtuReduced(TcpSock tp) {
        if (tp.state == TcpState.TCP_LISTEN || tp.state == TcpState.TCP_CLOSE) {
            return;
        }
        boolean v4 = tp.ipv4();
        int style = v4 ? tp.pmtudisc : tp.pmtudisc6;
        boolean accept = style != IpOpt.IP_PMTUDISC_INTERFACE && style != IpOpt.IP_PMTUDISC_OMIT;
        // Over IPv6 a path that carries what is sent now is not heard of at all.
        if (!v4 && (!accept || TcpMss.mtuToMss(tp, tp.mtuInfo) >= tp.mssCache)) {
            return;
        }
        DstEntry dst = updatePmtu(tp, v4);
        if (dst == null) {
            return;
        }
        if (v4 && tp.mtuInfo < dst.mtu() && style != IpOpt.IP_PMTUDISC_DONT) {
            tp.errSoft = Errno.EMSGSIZE;
        }
        int mtu = dst.mtu();
        if (style != IpOpt.IP_PMTUDISC_DONT && accept && tp.pmtuCookie > mtu) {
            TcpMss.syncMss(tp, mtu);
            TcpRecovery.simpleRetransmit(tp);
        }
    }

    @Kernel({"inet_csk_update_pmtu", "inet6_csk_update_pmtu"})
    private static @Nullable DstEntry updatePmtu(TcpSock tp, boolean v4) {
        if (v4) {
            PmtuExceptions.update(tp.net, (int) tp.daddrLo, tp.mtuInfo);
        } else {
            Ip6Pmtu.update(tp.net, tp.daddrHi, tp.daddrLo, tp.boundDevIf, tp.mtuInfo);
        }
        return tp.afOps.route(tp, new int[1]);
    }

    // ---- long disconnections
    // -----------------------------------------------------------------------------

    /// A timeout is explained by a path that is gone, not by congestion: the last doubling of the
    /// timer is taken back (RFC 6069).
    @Kernel("tcp_ld_RTO_revert")
    private static void ldRtoRevert(TcpSock tp, int seq) {
        SkBuff head = tp.rtxQueue.first();
        if (seq != tp.sndUna || tp.retransmits == 0 || tp.backoff == 0 || head == null) {
            return;
        }
        tp.backoff--;
        int base =
                tp.rtt.srttUs != 0
                        ? (int) Clock.usecsToJiffies(tp.rtt.rtoUs())
                        : TcpInit.TIMEOUT_INIT;
        tp.rto = (int) Math.min((long) base << tp.backoff, TcpTimer.rtoMax(tp));
        TcpClock.mstampRefresh(tp);
        long passed = Clock.usecsToJiffies(tp.tcpMstamp - TcpClock.skbUs(head));
        long left = tp.rto - passed;
        if (left > 0) {
            TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS, left, false);
        } else {
            TcpRtxTimer.retransmitTimer(tp);
        }
    }
}
