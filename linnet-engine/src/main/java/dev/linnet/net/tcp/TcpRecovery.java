package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;

/// Entering the states of recovery, marking segments lost, and the size of the window meanwhile (PRR,
/// RFC 6937).
final class TcpRecovery {
    private TcpRecovery() {}

    // ---- lost segments ----------------------------------------------------------------------

    /// Marks a segment lost, or the retransmission of one that was lost before.
    @Kernel("tcp_mark_skb_lost")
    @HotPath
    static void markSkbLost(TcpSock tp, SkBuff skb) {
        TcpSkbCb cb = skb.cb;
        int sacked = cb.sacked;
        if ((sacked & TcpSkbCb.SACKED_ACKED) != 0) {
            return;
        }
        verifyRetransmitHint(tp, skb);
        if ((sacked & TcpSkbCb.LOST) == 0) {
            tp.lostOut += cb.gsoSegs;
            cb.sacked |= TcpSkbCb.LOST;
            tp.lost += cb.gsoSegs;
        } else if ((sacked & TcpSkbCb.SACKED_RETRANS) != 0) {
            cb.sacked &= ~TcpSkbCb.SACKED_RETRANS;
            tp.retransOut -= cb.gsoSegs;
            tp.net.mib.add(TcpExt.TCPLOSTRETRANSMIT, cb.gsoSegs);
            tp.lost += cb.gsoSegs;
        }
    }

    /// Retransmission has to begin at the lowest lost segment.
    @Kernel("tcp_verify_retransmit_hint")
    @HotPath
    private static void verifyRetransmitHint(TcpSock tp, SkBuff skb) {
        SkBuff hint = tp.retransmitSkbHint;
        if (hint == null ? tp.retransOut >= tp.lostOut : Seq.before(skb.cb.seq, hint.cb.seq)) {
            tp.retransmitSkbHint = skb;
        }
    }

    /// Forgets where retransmission stopped.
    @Kernel("tcp_clear_all_retrans_hints")
    static void clearRetransHints(TcpSock tp) {
        tp.retransmitSkbHint = null;
    }

    /// Forgets everything about losses: the queue is empty or gone.
    @Kernel("tcp_clear_retrans")
    static void clearRetrans(TcpSock tp) {
        tp.retransOut = 0;
        tp.lostOut = 0;
        tp.undoMarker = 0;
        tp.undoRetrans = -1;
        tp.sackedOut = 0;
        tp.rtoStamp = 0;
        tp.totalRto = 0;
        tp.totalRtoRecoveries = 0;
        tp.totalRtoTime = 0;
    }

    /// The path MTU has shrunk: what is larger than a segment now is lost and sent again at once. That
    /// is no congestion, so the window stays.
    @Kernel("tcp_simple_retransmit")
    static void simpleRetransmit(TcpSock tp) {
        // The SYN and its data are two packets: both are lost if one was too large.
        boolean all = tp.synData && tp.state == TcpState.TCP_SYN_SENT;
        int mss = all ? -1 : TcpMss.currentMss(tp);
        SkBuff skb = TcpRtxQueue.head(tp);
        while (skb != null) {
            if (TcpSackShift.segLen(skb) > mss) {
                markSkbLost(tp, skb);
            }
            skb = SkbRbTree.next(skb);
        }
        if (tp.lostOut == 0) {
            return;
        }
        if (!tp.rxOpt.sackEnabled()) {
            TcpDupacks.limitSacked(tp);
        }
        nonCongestionLossRetransmit(tp);
    }

    /// Sends lost segments again whose loss says nothing about congestion.
    @Kernel("tcp_non_congestion_loss_retransmit")
    static void nonCongestionLossRetransmit(TcpSock tp) {
        if (tp.caState != TcpCong.CA_LOSS) {
            tp.highSeq = tp.sndNxt;
            tp.sndSsthresh = TcpCong.currentSsthresh(tp);
            tp.priorSsthresh = 0;
            tp.undoMarker = 0;
            TcpCong.setCaState(tp, TcpCong.CA_LOSS);
        }
        TcpRetransmit.xmitRetransmitQueue(tp);
    }

    // ---- fast recovery and CWR --------------------------------------------------------------

    /// Loss was detected by ACKs: fast recovery (RFC 6675, RFC 6582).
    ///
    /// @param eceAck the ACK echoed congestion too: then the reduction is never undone
    @Kernel("tcp_enter_recovery")
    static void enterRecovery(TcpSock tp, boolean eceAck) {
        TcpUndo.retransStampCleanup(tp);
        tp.net.mib.inc(tp.rxOpt.sackEnabled() ? TcpExt.TCPSACKRECOVERY : TcpExt.TCPRENORECOVERY);
        tp.priorSsthresh = 0;
        TcpUndo.initUndo(tp);
        if (!TcpCong.inCwndReduction(tp)) {
            if (!eceAck) {
                tp.priorSsthresh = TcpCong.currentSsthresh(tp);
            }
            initCwndReduction(tp);
        }
        TcpCong.setCaState(tp, TcpCong.CA_RECOVERY);
    }

    /// The network asked for less without a loss: ECN, or a full queue of this host.
    @Kernel("tcp_enter_cwr")
    static void enterCwr(TcpSock tp) {
        tp.priorSsthresh = 0;
        if (tp.caState < TcpCong.CA_CWR) {
            tp.undoMarker = 0;
            initCwndReduction(tp);
            TcpCong.setCaState(tp, TcpCong.CA_CWR);
        }
    }

    /// Begins to reduce the window to a new threshold.
    @Kernel("tcp_init_cwnd_reduction")
    static void initCwndReduction(TcpSock tp) {
        tp.highSeq = tp.sndNxt;
        tp.tlpHighSeq = 0;
        tp.sndCwndCnt = 0;
        tp.priorCwnd = tp.sndCwnd;
        tp.prrDelivered = 0;
        tp.prrOut = 0;
        tp.sndSsthresh = tp.caOps.ssthresh(tp);
        TcpEcn.queueCwr(tp);
    }

    /// Proportional rate reduction (RFC 6937): as many segments may be sent as were delivered, in the
    /// ratio of the new window to the old one; below the threshold at most one more than delivered.
    @Kernel("tcp_cwnd_reduction")
    @HotPath
    static void cwndReduction(TcpSock tp, int newlyAckedSacked, int newlyLost, int flag) {
        if (newlyAckedSacked <= 0 || tp.priorCwnd == 0) {
            return;
        }
        int inFlight = tp.packetsInFlight();
        int delta = tp.sndSsthresh - inFlight;
        tp.prrDelivered += newlyAckedSacked;
        int send;
        if (delta < 0) {
            long share = (long) tp.sndSsthresh * tp.prrDelivered + tp.priorCwnd - 1;
            send = (int) (share / tp.priorCwnd) - tp.prrOut;
        } else {
            send = Math.max(tp.prrDelivered - tp.prrOut, newlyAckedSacked);
            if ((flag & TcpAck.FLAG_SND_UNA_ADVANCED) != 0 && newlyLost == 0) {
                send++;
            }
            send = Math.min(delta, send);
        }
        // The first fast retransmission always goes out.
        send = Math.max(send, tp.prrOut == 0 ? 1 : 0);
        TcpCong.setSndCwnd(tp, inFlight + send);
    }

    /// The reduction is done: the window is the threshold.
    @Kernel("tcp_end_cwnd_reduction")
    static void endCwndReduction(TcpSock tp) {
        if (tp.caOps.hasCongControl()) {
            return;
        }
        if (tp.sndSsthresh < TcpCong.INFINITE_SSTHRESH
                && (tp.caState == TcpCong.CA_CWR || tp.undoMarker != 0)) {
            TcpCong.setSndCwnd(tp, tp.sndSsthresh);
            tp.sndCwndStamp = tp.net.clock.jiffies32();
        }
        TcpCong.caEvent(tp, CaEvent.COMPLETE_CWR);
    }

    // ---- timeout ----------------------------------------------------------------------------

    /// The retransmission timer expired: slow start from one segment (RFC 5681 section 3.1), with
    /// F-RTO (RFC 5682) to find out whether it was needed.
    @Kernel("tcp_enter_loss")
    static void enterLoss(TcpSock tp) {
        boolean newRecovery = tp.caState < TcpCong.CA_RECOVERY;
        timeoutMarkLost(tp);
        boolean reduced =
                tp.caState > TcpCong.CA_DISORDER
                        && Seq.after(tp.highSeq, tp.sndUna)
                        && !(tp.caState == TcpCong.CA_LOSS && tp.retransmits == 0);
        if (!reduced) {
            tp.priorSsthresh = TcpCong.currentSsthresh(tp);
            tp.priorCwnd = tp.sndCwnd;
            tp.sndSsthresh = tp.caOps.ssthresh(tp);
            TcpCong.caEvent(tp, CaEvent.LOSS);
            TcpUndo.initUndo(tp);
        }
        TcpCong.setSndCwnd(tp, tp.packetsInFlight() + 1);
        tp.sndCwndCnt = 0;
        tp.sndCwndStamp = tp.net.clock.jiffies32();
        int reordering = tp.net.sysctl.get(TcpSysctls.REORDERING);
        if (tp.caState <= TcpCong.CA_DISORDER && tp.sackedOut >= reordering) {
            // Enough duplicate ACKs came, but too much reordering was assumed.
            tp.reordering = Math.min(tp.reordering, reordering);
        }
        TcpCong.setCaState(tp, TcpCong.CA_LOSS);
        tp.highSeq = tp.sndNxt;
        tp.tlpHighSeq = 0;
        TcpEcn.queueCwr(tp);
        tp.frto =
                tp.net.sysctl.get(TcpSysctls.FRTO) != 0
                        && (newRecovery || tp.retransmits != 0)
                        && tp.mtupProbeSize == 0;
    }

    /// Marks lost what was in flight for longer than a round trip; the first segment in any case.
    @Kernel("tcp_timeout_mark_lost")
    private static void timeoutMarkLost(TcpSock tp) {
        SkBuff head = TcpRtxQueue.head(tp);
        boolean reneg = head != null && (head.cb.sacked & TcpSkbCb.SACKED_ACKED) != 0;
        if (reneg) {
            // The peer has thrown away what it had sacked.
            tp.net.mib.inc(TcpExt.TCPSACKRENEGING);
            tp.sackedOut = 0;
            tp.isSackReneg = true;
        } else if (!tp.rxOpt.sackEnabled()) {
            TcpDupacks.reset(tp);
        }
        for (SkBuff skb = head; skb != null; skb = SkbRbTree.next(skb)) {
            if (reneg) {
                skb.cb.sacked &= ~TcpSkbCb.SACKED_ACKED;
            } else if (skb != head && TcpRack.remainingUs(tp, skb, 0) > 0) {
                continue;
            }
            markSkbLost(tp, skb);
        }
        clearRetransHints(tp);
    }

    /// A series of timeouts is over: adds its length to the total.
    @Kernel("tcp_update_rto_time")
    static void updateRtoTime(TcpSock tp) {
        if (tp.rtoStamp != 0) {
            tp.totalRtoTime += TcpClock.tsVal(tp) - tp.rtoStamp;
            tp.rtoStamp = 0;
        }
    }
}
