package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Explicit congestion notification: negotiation, and the echo of RFC 3168. What accurate ECN does
/// differently is in [TcpAccEcn].
final class TcpEcn {
    /// `ecnFlags`: echo as in RFC 3168; tell the peer of our reduced window; echo until the peer says
    /// that; capable packets have come; accurate ECN. Both modes at once: not decided yet.
    static final int MODE_RFC3168 = 1;

    static final int QUEUE_CWR = 2;
    static final int DEMAND_CWR = 4;
    static final int SEEN = 8;
    static final int MODE_ACCECN = 16;
    private static final int MODE_ANY = MODE_RFC3168 | MODE_ACCECN;

    /// `tcp_ecn`: offered on outgoing connections; accurate ECN out and in; in, with RFC 3168 out.
    private static final int IN_ECN_OUT_ECN = 1;

    private static final int IN_ACCECN_OUT_ACCECN = 3;
    private static final int IN_ACCECN_OUT_ECN = 4;

    /// Route metric `RTAX_FEATURES`, its bit for ECN, and that for ECN by the congestion control.
    private static final int RTAX_FEATURES = 12;

    private static final int FEATURE_ECN = 1;
    private static final int FEATURE_ECN_CA = 1 << 31;

    /// Acknowledgements sent at once after a mark.
    private static final int QUICKACKS = 2;

    private TcpEcn() {}

    // ---- the mode ---------------------------------------------------------------------------

    @Kernel("tcp_ecn_mode_any")
    @HotPath
    static boolean modeAny(TcpSock tp) {
        return (tp.ecnFlags & MODE_ANY) != 0;
    }

    @Kernel("tcp_ecn_mode_rfc3168")
    @HotPath
    static boolean modeRfc3168(TcpSock tp) {
        return (tp.ecnFlags & MODE_ANY) == MODE_RFC3168;
    }

    @Kernel("tcp_ecn_mode_accecn")
    @HotPath
    static boolean modeAccEcn(TcpSock tp) {
        return (tp.ecnFlags & MODE_ANY) == MODE_ACCECN;
    }

    @Kernel("tcp_ecn_mode_pending")
    static boolean modePending(TcpSock tp) {
        return (tp.ecnFlags & MODE_ANY) == MODE_ANY;
    }

    @Kernel("tcp_ecn_mode_set")
    static void setMode(TcpSock tp, int mode) {
        tp.ecnFlags = tp.ecnFlags & ~MODE_ANY | mode;
    }

    /// Packets from now on are marked as capable, or not.
    @Kernel("INET_ECN_xmit")
    @HotPath
    static void xmit(TcpSock tp) {
        tp.tos |= Ecn.ECT_0;
        tp.tclass = Math.max(tp.tclass, 0) | Ecn.ECT_0;
    }

    @Kernel("INET_ECN_dontxmit")
    @HotPath
    static void dontXmit(TcpSock tp) {
        tp.tos &= ~Ecn.MASK;
        if (tp.tclass > 0) {
            tp.tclass &= ~Ecn.MASK;
        }
    }

    // ---- negotiation: our SYN ---------------------------------------------------------------

    /// Offers ECN in a SYN that is about to be sent, if the settings say so.
    @Kernel("tcp_ecn_send_syn")
    static void sendSyn(TcpSock tp, SkBuff skb) {
        int setting = tp.net.sysctl.get(TcpSysctls.ECN);
        boolean useAccEcn = setting == IN_ACCECN_OUT_ACCECN;
        boolean useEcn =
                useAccEcn
                        || setting == IN_ECN_OUT_ECN
                        || setting == IN_ACCECN_OUT_ECN
                        || tp.caOps.needsEcn()
                        || TcpCallBpf.needsEcn(tp)
                        || (features(tp.dst) & FEATURE_ECN) != 0;
        tp.ecnFlags = 0;
        if (!useEcn) {
            return;
        }
        if (tp.caOps.needsEcn()) {
            xmit(tp);
        }
        skb.cb.tcpFlags |= Tcp.ECE | Tcp.CWR;
        if (useAccEcn) {
            skb.cb.tcpFlags |= Tcp.AE;
            setMode(tp, MODE_ANY);
            tp.accecn.synEctSnt = Ecn.of(tp.tos);
        } else {
            setMode(tp, MODE_RFC3168);
        }
    }

    private static int features(@Nullable DstEntry dst) {
        return dst == null ? 0 : dst.metric(RTAX_FEATURES);
    }

    /// The SYN is sent again: without the offer, which may be what the network dislikes.
    @Kernel("tcp_ecn_clear_syn")
    static void clearSyn(TcpSock tp, SkBuff skb) {
        if (tp.net.sysctl.get(TcpSysctls.ECN_FALLBACK)) {
            skb.cb.tcpFlags &= ~Tcp.ACE_MASK;
        }
    }

    /// The answer to our SYN.
    @Kernel("tcp_ecn_rcv_synack")
    static void rcvSynack(TcpSock tp, SkBuff skb) {
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        if (modePending(tp)) {
            TcpAccEcn.rcvSynack(tp, skb, TcpAccEcn.ace(flags));
        } else if (modeRfc3168(tp) && (flags & (Tcp.ECE | Tcp.CWR)) != Tcp.ECE) {
            setMode(tp, 0);
        }
    }

    // ---- negotiation: the peer's SYN --------------------------------------------------------

    /// The peer's SYN crossed ours.
    @Kernel("tcp_ecn_rcv_syn")
    static void rcvSyn(TcpSock tp, SkBuff skb) {
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        if (modePending(tp)) {
            if (TcpAccEcn.synRequested(flags)) {
                tp.accecn.synEctRcv = Ecn.of(skb.cb.ipDsfield);
                tp.accecn.prevEcnfield = tp.accecn.synEctRcv;
                setMode(tp, MODE_ACCECN);
            } else {
                setMode(tp, MODE_RFC3168);
            }
        }
        int offer = Tcp.ECE | Tcp.CWR;
        if (modeRfc3168(tp) && (flags & offer) != offer) {
            setMode(tp, 0);
        }
    }

    /// Answers the peer's SYN that crossed ours, in the SYN-ACK `skb` that is about to be sent.
    @Kernel("tcp_ecn_send_synack")
    static void sendSynack(TcpSock tp, SkBuff skb) {
        TcpSkbCb cb = skb.cb;
        cb.tcpFlags &= ~Tcp.CWR;
        if (!modeAny(tp)) {
            cb.tcpFlags &= ~Tcp.ECE;
        } else if (tp.caOps.needsEcn() || TcpCallBpf.needsEcn(tp)) {
            xmit(tp);
        }
        if (modeAccEcn(tp)) {
            cb.tcpFlags &= ~Tcp.ACE_MASK;
            cb.tcpFlags |= TcpAccEcn.reflectorFlags(tp.accecn.synEctRcv);
            tp.accecn.synEctSnt = Ecn.of(tp.tos);
        }
    }

    /// Decides at a listener what the connection of a SYN will do.
    @Kernel("tcp_ecn_create_request")
    static void createRequest(
            RequestSock req, SkBuff skb, TcpSock listener, @Nullable DstEntry dst) {
        int setting = req.net.sysctl.get(TcpSysctls.ECN);
        int th = skb.transportHeader;
        int flags = Tcp.flags(skb.buf, th);
        if (TcpAccEcn.synRequested(flags) && setting >= IN_ACCECN_OUT_ACCECN) {
            req.ecnOk = true;
            req.accecnOk = true;
            req.synEctRcv = Ecn.of(skb.cb.ipDsfield);
            return;
        }
        int offer = Tcp.ECE | Tcp.CWR;
        if ((flags & offer) != offer) {
            return;
        }
        int features = features(dst);
        boolean wanted = setting != 0 || (features & FEATURE_ECN) != 0;
        // RFC 3168 forbids a capable SYN, unless extensions of the header say that it knows more.
        boolean plain =
                !Ecn.isCapable(skb.cb.ipDsfield)
                        || Tcp.reserved(skb.buf, th) != 0
                        || (flags & Tcp.AE) != 0;
        if ((plain && wanted) || listener.caOps.needsEcn() || (features & FEATURE_ECN_CA) != 0) {
            req.ecnOk = true;
        }
    }

    /// True if a connection that comes back from a SYN cookie may use ECN.
    @Kernel("cookie_ecn_ok")
    static boolean cookieEcnOk(NetNamespace net, @Nullable DstEntry dst) {
        return net.sysctl.get(TcpSysctls.ECN) != 0 || (features(dst) & FEATURE_ECN) != 0;
    }

    /// Writes the answer into the header of a SYN-ACK, at `transportHeader`.
    @Kernel("tcp_ecn_make_synack")
    static void makeSynack(RequestSock req, SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        if (req.accecnOk) {
            int flags = Tcp.flags(b, th) & ~Tcp.ACE_MASK;
            Tcp.flags(b, th, flags | TcpAccEcn.reflectorFlags(req.synEctRcv));
        } else if (req.ecnOk) {
            Tcp.flags(b, th, Tcp.flags(b, th) | Tcp.ECE);
        }
    }

    /// Gives a new connection what its request agreed on; `skb` is the ACK that completed it.
    @Kernel("tcp_ecn_openreq_child")
    static void openreqChild(TcpSock tp, RequestSock req, SkBuff skb) {
        if (req.accecnOk) {
            setMode(tp, MODE_ACCECN);
            tp.accecn.synEctSnt = req.synEctSnt;
            TcpAccEcn.thirdAck(tp, skb, req.synEctSnt);
            tp.accecn.prevEcnfield = req.synEctRcv;
            tp.accecn.optDemand = 1;
            TcpAccEcn.received(tp, skb, TcpAccEcn.payload(skb));
        } else {
            setMode(tp, req.ecnOk ? MODE_RFC3168 : 0);
        }
    }

    // ---- sending ----------------------------------------------------------------------------

    /// Marks a segment that is about to be sent: capable or not, echo, CWR.
    ///
    /// @param skb the packet, with its TCP header at `th` in its linear part
    /// @param tcpHeaderLen bytes of that header
    @Kernel("tcp_ecn_send")
    @HotPath
    static void send(TcpSock tp, SkBuff skb, int th, int tcpHeaderLen) {
        if (!modeAny(tp)) {
            return;
        }
        byte[] b = skb.buf;
        if (modeAccEcn(tp)) {
            TcpAccEcn.send(tp, skb, th);
            return;
        }
        boolean newData = skb.len != tcpHeaderLen && !Seq.before(skb.cb.seq, tp.sndNxt);
        int flags = Tcp.flags(b, th);
        if (newData) {
            xmit(tp);
            if ((tp.ecnFlags & QUEUE_CWR) != 0) {
                tp.ecnFlags &= ~QUEUE_CWR;
                flags |= Tcp.CWR;
                skb.gsoType |= SkBuff.GSO_TCP_ECN;
            }
        } else if (!tp.caOps.needsEcn()) {
            // RFC 3168 sections 6.1.4 and 6.1.5: neither ACKs nor retransmissions.
            dontXmit(tp);
        }
        if ((tp.ecnFlags & DEMAND_CWR) != 0) {
            flags |= Tcp.ECE;
        }
        Tcp.flags(b, th, flags);
    }

    /// The window was reduced: the next new data says so.
    @Kernel("tcp_ecn_queue_cwr")
    static void queueCwr(TcpSock tp) {
        if (modeRfc3168(tp)) {
            tp.ecnFlags |= QUEUE_CWR;
        }
    }

    @Kernel("tcp_ecn_withdraw_cwr")
    static void withdrawCwr(TcpSock tp) {
        tp.ecnFlags &= ~QUEUE_CWR;
    }

    // ---- receiving --------------------------------------------------------------------------

    /// The peer reduced its window: the echo may stop. Its window may be a single segment now, so the
    /// ACK must not wait.
    @Kernel("tcp_ecn_accept_cwr")
    @HotPath
    static void acceptCwr(TcpSock tp, SkBuff skb) {
        if (modeRfc3168(tp) && (skb.cb.tcpFlags & Tcp.CWR) != 0) {
            tp.ecnFlags &= ~DEMAND_CWR;
            if (skb.cb.seq != skb.cb.endSeq) {
                tp.ackPending |= InetConnectionSock.ICSK_ACK_NOW;
            }
        }
    }

    /// True if the peer echoes a mark.
    @Kernel("tcp_ecn_rcv_ecn_echo")
    @HotPath
    static boolean rcvEcnEcho(TcpSock tp, SkBuff skb) {
        return (skb.cb.tcpFlags & (Tcp.ECE | Tcp.SYN)) == Tcp.ECE && modeRfc3168(tp);
    }

    /// Looks at the codepoint of a packet with data.
    @Kernel("tcp_data_ecn_check")
    @HotPath
    static void dataEcnCheck(TcpSock tp, SkBuff skb) {
        if (!modeAny(tp)) {
            return;
        }
        switch (Ecn.of(skb.cb.ipDsfield)) {
            case Ecn.NOT_ECT -> {
                // After capable packets one that is not is likely a retransmission.
                if ((tp.ecnFlags & SEEN) != 0) {
                    TcpAckOut.enterQuickackMode(tp, QUICKACKS);
                }
            }
            case Ecn.CE -> marked(tp);
            default -> {
                if (tp.caOps.needsEcn()) {
                    TcpCong.caEvent(tp, CaEvent.ECN_NO_CE);
                }
                if (modeRfc3168(tp)) {
                    tp.ecnFlags |= SEEN;
                }
            }
        }
    }

    private static void marked(TcpSock tp) {
        if (tp.caOps.needsEcn()) {
            TcpCong.caEvent(tp, CaEvent.ECN_IS_CE);
        }
        if (!modeRfc3168(tp)) {
            return;
        }
        if ((tp.ecnFlags & DEMAND_CWR) == 0) {
            // The sender's window may be small: do not delay ACKs.
            TcpAckOut.enterQuickackMode(tp, QUICKACKS);
            tp.ecnFlags |= DEMAND_CWR;
        }
        tp.ecnFlags |= SEEN;
    }
}
