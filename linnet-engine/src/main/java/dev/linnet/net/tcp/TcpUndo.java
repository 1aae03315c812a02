package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;

/// Taking back a window reduction that was not needed: the original segments arrived after all, as an
/// echoed timestamp (Eifel, RFC 3522), DSACKs for all retransmissions (RFC 3708) or F-RTO show.
final class TcpUndo {
    private TcpUndo() {}

    /// Begins to count what a recovery sends again.
    @Kernel("tcp_init_undo")
    static void initUndo(TcpSock tp) {
        tp.undoMarker = tp.sndUna;
        int retrans = tp.retransOut;
        if (tp.tlpHighSeq != 0 && tp.tlpRetrans) {
            retrans++;
        }
        // 0 would mean that everything was reported as a duplicate already.
        tp.undoRetrans = retrans == 0 ? -1 : retrans;
    }

    /// True if the echoed timestamp is older than `when`, so that it belongs to an earlier copy.
    @Kernel("tcp_tsopt_ecr_before")
    @HotPath
    static boolean ecrBefore(TcpSock tp, int when) {
        return tp.rxOpt.sawTstamp && tp.rxOpt.rcvTsecr != 0 && Seq.before(tp.rxOpt.rcvTsecr, when);
    }

    /// True if a segment was sent again although its first copy is what is being acknowledged.
    @Kernel("tcp_skb_spurious_retrans")
    @HotPath
    static boolean spuriousRetrans(TcpSock tp, SkBuff skb) {
        return (skb.cb.sacked & TcpSkbCb.RETRANS) != 0 && ecrBefore(tp, TcpClock.skbTsVal(skb));
    }

    /// True if nothing was retransmitted, or what is acknowledged was sent before that. Without a
    /// stamp nothing was, except where the stamp was cleared: when a recovery without SACK waits
    /// for its end, and when a SYN was acknowledged.
    @Kernel("tcp_packet_delayed")
    private static boolean packetDelayed(TcpSock tp) {
        if (tp.retransStamp != 0) {
            return ecrBefore(tp, tp.retransStamp);
        }
        boolean atEnd = !tp.rxOpt.sackEnabled() && !Seq.before(tp.sndUna, tp.highSeq);
        return !atEnd && tp.state != TcpState.TCP_SYN_SENT;
    }

    @Kernel("tcp_may_undo")
    private static boolean mayUndo(TcpSock tp) {
        return tp.undoMarker != 0 && (tp.undoRetrans == 0 || packetDelayed(tp));
    }

    /// True if anything in the queue was ever sent again, judged by the oldest segment.
    @Kernel("tcp_any_retrans_done")
    static boolean anyRetransDone(TcpSock tp) {
        if (tp.retransOut != 0) {
            return true;
        }
        SkBuff head = TcpRtxQueue.head(tp);
        return head != null && (head.cb.sacked & TcpSkbCb.EVER_RETRANS) != 0;
    }

    @Kernel("tcp_retrans_stamp_cleanup")
    static void retransStampCleanup(TcpSock tp) {
        if (!anyRetransDone(tp)) {
            tp.retransStamp = 0;
        }
    }

    /// Gives window and threshold back.
    ///
    /// @param unmarkLoss nothing in the queue is lost
    @Kernel("tcp_undo_cwnd_reduction")
    private static void undoCwndReduction(TcpSock tp, boolean unmarkLoss) {
        if (unmarkLoss) {
            SkBuff skb = TcpRtxQueue.head(tp);
            while (skb != null) {
                skb.cb.sacked &= ~TcpSkbCb.LOST;
                skb = SkbRbTree.next(skb);
            }
            tp.lostOut = 0;
            TcpRecovery.clearRetransHints(tp);
        }
        if (tp.priorSsthresh != 0) {
            TcpCong.setSndCwnd(tp, tp.caOps.undoCwnd(tp));
            if (tp.priorSsthresh > tp.sndSsthresh) {
                tp.sndSsthresh = tp.priorSsthresh;
                TcpEcn.withdrawCwr(tp);
            }
        }
        tp.sndCwndStamp = tp.net.clock.jiffies32();
        tp.undoMarker = 0;
        // Losses have to be judged anew.
        tp.rack.advanced = true;
    }

    /// The recovery is over; undoes it if it was needless. True if the state must stay for now.
    @Kernel("tcp_try_undo_recovery")
    static boolean tryUndoRecovery(TcpSock tp) {
        if (mayUndo(tp)) {
            undoCwndReduction(tp, false);
            tp.net.mib.inc(tp.caState == TcpCong.CA_LOSS ? TcpExt.TCPLOSSUNDO : TcpExt.TCPFULLUNDO);
        } else {
            tp.rack.recoveryEnded();
        }
        if (preventsReopen(tp)) {
            return true;
        }
        reopen(tp);
        return false;
    }

    private static void reopen(TcpSock tp) {
        TcpCong.setCaState(tp, TcpCong.CA_OPEN);
        tp.isSackReneg = false;
    }

    /// Without SACK the state is kept until something above the recovery point is acknowledged, or
    /// duplicate ACKs for it would start another recovery (RFC 6582 section 3.2).
    @Kernel("tcp_is_non_sack_preventing_reopen")
    private static boolean preventsReopen(TcpSock tp) {
        if (tp.sndUna != tp.highSeq || tp.rxOpt.sackEnabled()) {
            return false;
        }
        retransStampCleanup(tp);
        return true;
    }

    /// Undoes if every retransmission was reported as a duplicate.
    @Kernel("tcp_try_undo_dsack")
    static boolean tryUndoDsack(TcpSock tp) {
        if (tp.undoMarker == 0 || tp.undoRetrans != 0) {
            return false;
        }
        tp.rack.reoWndPersist = Math.min(RackState.PERSIST_RECOVERIES, tp.rack.reoWndPersist + 1);
        undoCwndReduction(tp, false);
        tp.net.mib.inc(TcpExt.TCPDSACKUNDO);
        return true;
    }

    /// Undoes a timeout.
    ///
    /// @param frtoUndo F-RTO has shown that it was needless
    @Kernel("tcp_try_undo_loss")
    static boolean tryUndoLoss(TcpSock tp, boolean frtoUndo) {
        if (!frtoUndo && !mayUndo(tp)) {
            return false;
        }
        undoCwndReduction(tp, true);
        tp.net.mib.inc(TcpExt.TCPLOSSUNDO);
        if (frtoUndo) {
            tp.net.mib.inc(TcpExt.TCPSPURIOUSRTOS);
        }
        tp.retransmits = 0;
        if (!preventsReopen(tp) && (frtoUndo || tp.rxOpt.sackEnabled())) {
            reopen(tp);
        }
        return true;
    }

    /// A partial ACK in recovery: if it was for an original segment, the recovery was needless so
    /// far. True if nothing is to be retransmitted for now.
    @Kernel("tcp_try_undo_partial")
    static boolean tryUndoPartial(TcpSock tp, int priorSndUna) {
        if (tp.undoMarker == 0 || !packetDelayed(tp)) {
            return false;
        }
        TcpSacktag.checkReordering(tp, priorSndUna, true);
        // Retransmissions that are out have to be waited for.
        if (tp.retransOut != 0) {
            return true;
        }
        retransStampCleanup(tp);
        undoCwndReduction(tp, true);
        tp.net.mib.inc(TcpExt.TCPPARTIALUNDO);
        TcpFastretrans.tryKeepOpen(tp);
        return false;
    }
}
