package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.wire.Seq;

/// The congestion state machine: Open, Disorder, CWR, Recovery, Loss. Called for ACKs that are not
/// quite what the sender hopes for.
///
/// A state ends when everything in flight at its beginning (`highSeq`) is acknowledged. The machine
/// only decides; [TcpAck] sends what [AckedState#rexmit] says after the window was adapted.
final class TcpFastretrans {
    private TcpFastretrans() {}

    @Kernel("tcp_fastretrans_alert")
    static void alert(TcpSock tp, AckedState st) {
        if (tp.packetsOut == 0 && tp.sackedOut != 0) {
            tp.sackedOut = 0;
        }
        // A reduction that the network asked for is never undone.
        if (st.eceAck()) {
            tp.priorSsthresh = 0;
        }
        if (checkSackReneging(tp, st) || leaveState(tp)) {
            return;
        }
        switch (tp.caState) {
            case TcpCong.CA_RECOVERY -> recovery(tp, st);
            case TcpCong.CA_LOSS -> loss(tp, st);
            default -> open(tp, st);
        }
    }

    /// The ACK stops in front of sacked data: if the peer does not take that back soon, it has thrown
    /// the data away, and the timer starts anew.
    @Kernel("tcp_check_sack_reneging")
    private static boolean checkSackReneging(TcpSock tp, AckedState st) {
        if (!st.has(TcpAck.FLAG_SACK_RENEGING) || !st.has(TcpAck.FLAG_SND_UNA_ADVANCED)) {
            return false;
        }
        long delay = Math.max(Clock.usecsToJiffies(tp.rtt.srttUs >> 4), 10);
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS, delay, false);
        st.flag &= ~TcpAck.FLAG_SET_XMIT_TIMER;
        return true;
    }

    /// Leaves a state whose end was acknowledged; true if nothing more is to be done.
    private static boolean leaveState(TcpSock tp) {
        if (tp.caState == TcpCong.CA_OPEN) {
            tp.retransStamp = 0;
        } else if (!Seq.before(tp.sndUna, tp.highSeq)) {
            if (tp.caState == TcpCong.CA_CWR) {
                // Something above it must be acknowledged, so that the CWR bit arrives.
                if (tp.sndUna != tp.highSeq) {
                    TcpRecovery.endCwndReduction(tp);
                    TcpCong.setCaState(tp, TcpCong.CA_OPEN);
                }
            } else if (tp.caState == TcpCong.CA_RECOVERY) {
                if (!tp.rxOpt.sackEnabled()) {
                    TcpDupacks.reset(tp);
                }
                if (TcpUndo.tryUndoRecovery(tp)) {
                    return true;
                }
                TcpRecovery.endCwndReduction(tp);
            }
        }
        return false;
    }

    private static void recovery(TcpSock tp, AckedState st) {
        if (!st.has(TcpAck.FLAG_SND_UNA_ADVANCED)) {
            if (!tp.rxOpt.sackEnabled()) {
                TcpDupacks.addSacks(tp, st.numDupack, st.eceAck());
            }
        } else if (TcpUndo.tryUndoPartial(tp, st.priorSndUna)) {
            return;
        }
        if (TcpUndo.tryUndoDsack(tp)) {
            tryToOpen(tp, st.flag);
        }
        identifyPacketLoss(tp, st);
        if (tp.caState != TcpCong.CA_RECOVERY) {
            if (!timeToRecover(tp)) {
                return;
            }
            // It was undone, but there is a loss all the same.
            TcpRecovery.enterRecovery(tp, st.eceAck());
        }
        st.rexmit = AckedState.REXMIT_LOST;
    }

    private static void loss(TcpSock tp, AckedState st) {
        processLoss(tp, st);
        if (tp.caState != TcpCong.CA_LOSS) {
            TcpRecovery.updateRtoTime(tp);
        }
        identifyPacketLoss(tp, st);
        if (tp.caState == TcpCong.CA_OPEN || st.has(TcpAck.FLAG_LOST_RETRANS)) {
            open(tp, st);
        }
    }

    /// Open, Disorder and CWR: does a recovery begin?
    private static void open(TcpSock tp, AckedState st) {
        if (!tp.rxOpt.sackEnabled()) {
            if (st.has(TcpAck.FLAG_SND_UNA_ADVANCED)) {
                TcpDupacks.reset(tp);
            }
            TcpDupacks.addSacks(tp, st.numDupack, st.eceAck());
        }
        if (tp.caState <= TcpCong.CA_DISORDER) {
            TcpUndo.tryUndoDsack(tp);
        }
        identifyPacketLoss(tp, st);
        if (!timeToRecover(tp)) {
            tryToOpen(tp, st.flag);
            return;
        }
        if (tp.caState < TcpCong.CA_CWR
                && tp.mtupProbeSize != 0
                && tp.sndUna == tp.mtuProbeSeqStart) {
            // An MTU probe was lost, which is no congestion: gives back the window it took.
            TcpMtuProbe.probeFailed(tp);
            TcpCong.setSndCwnd(tp, tp.sndCwnd + 1);
            TcpRecovery.simpleRetransmit(tp);
            return;
        }
        TcpRecovery.enterRecovery(tp, st.eceAck());
        st.rexmit = AckedState.REXMIT_LOST;
    }

    /// Marks what the ACK shows to be lost.
    @Kernel("tcp_identify_packet_loss")
    private static void identifyPacketLoss(TcpSock tp, AckedState st) {
        if (tp.rtxQueue.isEmpty()) {
            return;
        }
        if (!tp.rxOpt.sackEnabled()) {
            TcpDupacks.markLost(tp, st.has(TcpAck.FLAG_SND_UNA_ADVANCED));
            return;
        }
        int priorRetrans = tp.retransOut;
        if (TcpRack.markLost(tp)) {
            st.flag &= ~TcpAck.FLAG_SET_XMIT_TIMER;
        }
        if (priorRetrans > tp.retransOut) {
            st.flag |= TcpAck.FLAG_LOST_RETRANS;
        }
    }

    @Kernel("tcp_time_to_recover")
    private static boolean timeToRecover(TcpSock tp) {
        return tp.lostOut != 0;
    }

    /// An ACK in the state Loss: undo, F-RTO (RFC 5682 section 3.1), or go on retransmitting.
    @Kernel("tcp_process_loss")
    private static void processLoss(TcpSock tp, AckedState st) {
        boolean advanced = st.has(TcpAck.FLAG_SND_UNA_ADVANCED);
        if ((advanced || tp.fastopenReqsk != null) && TcpUndo.tryUndoLoss(tp, false)) {
            return;
        }
        boolean recovered = !Seq.before(tp.sndUna, tp.highSeq);
        if (tp.frto && frto(tp, st, advanced, recovered)) {
            return;
        }
        if (recovered) {
            TcpUndo.tryUndoRecovery(tp);
            return;
        }
        if (!tp.rxOpt.sackEnabled()) {
            // A duplicate ACK means that the new data of F-RTO was delivered.
            if (Seq.after(tp.sndNxt, tp.highSeq) && st.numDupack != 0) {
                TcpDupacks.addSacks(tp, st.numDupack, st.eceAck());
            } else if (advanced) {
                TcpDupacks.reset(tp);
            }
        }
        st.rexmit = AckedState.REXMIT_LOST;
    }

    /// A step of F-RTO; true if the ACK is dealt with.
    private static boolean frto(TcpSock tp, AckedState st, boolean advanced, boolean recovered) {
        // Step 3b: data that was never sent again is acknowledged, so not all was lost.
        if (st.has(TcpAck.FLAG_ORIG_SACK_ACKED) && TcpUndo.tryUndoLoss(tp, true)) {
            return true;
        }
        if (Seq.after(tp.sndNxt, tp.highSeq)) {
            // Step 3a: duplicate ACKs for new data, the loss was real.
            if (st.has(TcpAck.FLAG_DATA_SACKED) || st.numDupack != 0) {
                tp.frto = false;
            }
        } else if (advanced && !recovered) {
            tp.highSeq = tp.sndNxt;
            // Step 2b: new data tells more than retransmissions, if there is any to send.
            if (!tp.writeQueue.isEmpty() && Seq.after(tp.wndEnd(), tp.sndNxt)) {
                st.rexmit = AckedState.REXMIT_NEW;
                return true;
            }
            tp.frto = false;
        }
        return false;
    }

    /// No loss: Open if nothing is out of order, else Disorder; CWR if the network asked for it.
    @Kernel("tcp_try_to_open")
    private static void tryToOpen(TcpSock tp, int flag) {
        TcpUndo.retransStampCleanup(tp);
        if ((flag & TcpAck.FLAG_ECE) != 0) {
            TcpRecovery.enterCwr(tp);
        }
        if (tp.caState != TcpCong.CA_CWR) {
            tryKeepOpen(tp);
        }
    }

    @Kernel("tcp_try_keep_open")
    static void tryKeepOpen(TcpSock tp) {
        boolean disorder = tp.leftOut() != 0 || TcpUndo.anyRetransDone(tp);
        int state = disorder ? TcpCong.CA_DISORDER : TcpCong.CA_OPEN;
        if (tp.caState != state) {
            TcpCong.setCaState(tp, state);
            tp.highSeq = tp.sndNxt;
        }
    }
}
