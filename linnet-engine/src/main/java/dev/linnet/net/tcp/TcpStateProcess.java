package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// A segment for a connection whose SYNs have been exchanged but that is not, or no more,
/// established (RFC 9293 section 3.10.7.4): SYN-RECV, FIN-WAIT-1 and 2, CLOSE-WAIT, CLOSING,
/// LAST-ACK. The steps are those of the RFC and in its order.
final class TcpStateProcess {
    /// `TCP_TIMEWAIT_LEN` in jiffies.
    private static final int TIMEWAIT_LEN = 60 * 1000;

    /// How a step ends: the next one follows, the segment is done with and must be ended, or a
    /// reset must be sent for it.
    private enum Verdict {
        GO_ON,
        CONSUME,
        ABORT_ON_DATA
    }

    private TcpStateProcess() {}

    static @Nullable DropReason synchronised(TcpSock tp, SkBuff skb) {
        TcpClock.mstampRefresh(tp);
        tp.rxOpt.sawTstamp = false;
        RequestSock req = tp.fastopenReqsk;
        if (req != null && TcpMinisocks.checkReq(tp, skb, req, true) == null) {
            return TcpInput.dropped(tp, skb, DropReason.TCP_FASTOPEN);
        }
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        if ((flags & (Tcp.ACK | Tcp.RST | Tcp.SYN)) == 0) {
            return TcpInput.dropped(tp, skb, DropReason.TCP_FLAGS);
        }
        if (!TcpValidate.incoming(tp, skb, false)) {
            return null;
        }
        int verdict =
                TcpAck.ack(
                        tp,
                        skb,
                        TcpAck.FLAG_SLOWPATH
                                | TcpAck.FLAG_UPDATE_TS_RECENT
                                | TcpAck.FLAG_NO_CHALLENGE_ACK);
        if (verdict <= 0) {
            if (tp.state == TcpState.TCP_SYN_RECV) {
                return verdict == 0 ? DropReason.TCP_OLD_ACK : TcpAck.dropReason(verdict);
            }
            if (verdict < 0) {
                TcpValidate.sendChallengeAck(tp);
                return TcpInput.dropped(tp, skb, TcpAck.dropReason(verdict));
            }
        }
        return afterAck(tp, skb, req, flags);
    }

    private static @Nullable DropReason afterAck(
            TcpSock tp, SkBuff skb, @Nullable RequestSock req, int flags) {
        Verdict verdict = advance(tp, skb, req, flags);
        if (verdict == Verdict.ABORT_ON_DATA) {
            tp.net.mib.inc(TcpExt.TCPABORTONDATA);
            return DropReason.TCP_ABORT_ON_DATA;
        }
        if (verdict == Verdict.CONSUME) {
            skb.consume();
            return null;
        }
        TcpUrg.urg(tp, skb);
        return text(tp, skb, flags);
    }

    /// What the acknowledgement means for the state (fifth step).
    private static Verdict advance(TcpSock tp, SkBuff skb, @Nullable RequestSock req, int flags) {
        boolean allAcked = tp.sndUna == tp.writeSeq;
        switch (tp.state) {
            case TCP_SYN_RECV -> synRecv(tp, skb, req);
            case TCP_FIN_WAIT1 -> {
                if (req != null) {
                    fastopenEstablished(tp);
                }
                if (allAcked) {
                    return finAcked(tp, skb, flags);
                }
            }
            case TCP_CLOSING -> {
                if (allAcked) {
                    TcpTimewait.timeWait(tp, TcpState.TCP_TIME_WAIT, 0);
                    return Verdict.CONSUME;
                }
            }
            case TCP_LAST_ACK -> {
                if (allAcked) {
                    TcpMetrics.updateMetrics(tp);
                    TcpClose.done(tp);
                    return Verdict.CONSUME;
                }
            }
            default -> {
                // The ACK changes nothing in ESTABLISHED, FIN-WAIT-2 and CLOSE-WAIT.
            }
        }
        return Verdict.GO_ON;
    }

    /// Our SYN was acknowledged: the connection is established.
    private static void synRecv(TcpSock tp, SkBuff skb, @Nullable RequestSock req) {
        // The delivery of the SYN-ACK is not seen by the ACK processing.
        tp.delivered++;
        if (tp.rtt.srttUs == 0 && req != null) {
            TcpRttSample.synackRttMeas(tp, req);
        }
        if (tp.rxOpt.tstampOk) {
            tp.advmss -= TcpOptionsIn.TSTAMP_HEADER_BYTES - Tcp.HEADER_BYTES;
        }
        if (req != null) {
            fastopenEstablished(tp);
        } else {
            TcpSynSent.tryUndoSpuriousSyn(tp);
            tp.retransStamp = 0;
            TcpInput.initTransfer(tp, false);
            tp.copiedSeq = tp.rcvNxt;
        }
        TcpStates.set(tp, TcpState.TCP_ESTABLISHED);
        // Wakes only somebody who connected himself, where two SYNs crossed.
        tp.stateChange();
        tp.sndUna = skb.cb.ackSeq;
        tp.sndWnd = Tcp.window(skb.buf, skb.transportHeader) << tp.rxOpt.sndWscale;
        tp.sndWl1 = skb.cb.seq;
        if (!tp.caOps.hasCongControl()) {
            TcpPacing.updatePacingRate(tp);
        }
        // No restart of the window at the first data packet.
        tp.lsndtime = tp.net.clock.jiffies32();
        TcpRcvSpace.initializeRcvMss(tp);
        if (TcpEcn.modeAccEcn(tp)) {
            TcpAccEcn.thirdAck(tp, skb, tp.accecn.synEctSnt);
        }
        TcpFastPath.on(tp);
        if ((tp.shutdown & TcpSock.SEND_SHUTDOWN) != 0) {
            TcpClose.shutdown(tp, TcpSock.SEND_SHUTDOWN);
        }
    }

    /// A passive Fast Open connection had its SYN-ACK acknowledged.
    @Kernel("tcp_rcv_synrecv_state_fastopen")
    private static void fastopenEstablished(TcpSock tp) {
        if (tp.caState == TcpCong.CA_LOSS && tp.packetsOut == 0) {
            TcpUndo.tryUndoRecovery(tp);
        }
        TcpRecovery.updateRtoTime(tp);
        tp.retransmits = 0;
        // The SYN-ACK's timer may have left a stamp; a recovery that this ACK began needs its own.
        TcpUndo.retransStampCleanup(tp);
        RequestSock req = tp.fastopenReqsk;
        if (req != null) {
            TcpFastOpen.reqskRemove(tp, req, false);
        }
        // Data may have been sent meanwhile.
        TcpAck.rearmRto(tp);
    }

    /// Our FIN was acknowledged: FIN-WAIT-2, or what is left of it if nobody owns the socket.
    private static Verdict finAcked(TcpSock tp, SkBuff skb, int flags) {
        TcpStates.set(tp, TcpState.TCP_FIN_WAIT2);
        tp.shutdown = tp.shutdown | TcpSock.SEND_SHUTDOWN;
        if (!tp.dead) {
            tp.stateChange();
            return Verdict.GO_ON;
        }
        if (tp.linger2 < 0) {
            TcpClose.done(tp);
            return Verdict.ABORT_ON_DATA;
        }
        boolean fin = (flags & Tcp.FIN) != 0;
        if (bringsNewData(tp, skb, fin)) {
            if (tp.synFastopen && fin) {
                TcpFastOpen.activeDisable(tp);
            }
            TcpClose.done(tp);
            return Verdict.ABORT_ON_DATA;
        }
        int timeout = TcpTimewait.finTime(tp);
        if (timeout > TIMEWAIT_LEN) {
            TcpTimer.resetKeepaliveTimer(tp, timeout - TIMEWAIT_LEN);
        } else if (fin) {
            // The FIN is still to be processed by this sock.
            TcpTimer.resetKeepaliveTimer(tp, timeout);
        } else {
            TcpTimewait.timeWait(tp, TcpState.TCP_FIN_WAIT2, timeout);
            return Verdict.CONSUME;
        }
        return Verdict.GO_ON;
    }

    private static boolean bringsNewData(TcpSock tp, SkBuff skb, boolean fin) {
        int dataEnd = skb.cb.endSeq - (fin ? 1 : 0);
        return skb.cb.endSeq != skb.cb.seq && Seq.after(dataEnd, tp.rcvNxt);
    }

    /// The data of the segment (seventh step), and the FIN with it (eighth).
    private static @Nullable DropReason text(TcpSock tp, SkBuff skb, int flags) {
        boolean queued = false;
        switch (tp.state) {
            case TCP_ESTABLISHED -> queued = queue(tp, skb);
            case TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK -> {
                // After the peer's FIN only old data can come, which the queue answers.
                if (Seq.before(skb.cb.seq, tp.rcvNxt)) {
                    if (refusesData(tp, skb, flags)) {
                        return abortOnData(tp, skb);
                    }
                    queued = queue(tp, skb);
                }
            }
            case TCP_FIN_WAIT1, TCP_FIN_WAIT2 -> {
                if (refusesData(tp, skb, flags)) {
                    return abortOnData(tp, skb);
                }
                queued = queue(tp, skb);
            }
            default -> {
                // The other states take no data.
            }
        }
        if (tp.state != TcpState.TCP_CLOSE) {
            TcpInput.dataSndCheck(tp);
            TcpAckSnd.ackSndCheck(tp);
        }
        if (!queued) {
            // After the peer's FIN Linux counts even a bare acknowledgement as dropped.
            TcpInput.drop(tp, skb, DropReason.NOT_SPECIFIED);
        }
        return null;
    }

    private static boolean queue(TcpSock tp, SkBuff skb) {
        TcpDataQueue.queue(tp, skb);
        return true;
    }

    /// Nobody will read what comes: RFC 1122 section 4.2.2.13 wants a reset for new data.
    private static boolean refusesData(TcpSock tp, SkBuff skb, int flags) {
        return (tp.shutdown & TcpSock.RCV_SHUTDOWN) != 0
                && bringsNewData(tp, skb, (flags & Tcp.FIN) != 0);
    }

    private static DropReason abortOnData(TcpSock tp, SkBuff skb) {
        tp.net.mib.inc(TcpExt.TCPABORTONDATA);
        TcpInput.reset(tp, skb);
        return DropReason.TCP_ABORT_ON_DATA;
    }
}
