package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// The acknowledgement of a segment: what it takes off the retransmit queue, what it says about
/// losses, and what may be sent now.
final class TcpAck {
    /// The segment had data; it updated the window.
    static final int FLAG_DATA = 0x01;

    static final int FLAG_WIN_UPDATE = 0x02;

    /// The ACK covered new data; data that had been sent again; our SYN.
    static final int FLAG_DATA_ACKED = 0x04;

    static final int FLAG_RETRANS_DATA_ACKED = 0x08;
    static final int FLAG_SYN_ACKED = 0x10;

    /// It sacked new data; it echoed congestion (ECN).
    static final int FLAG_DATA_SACKED = 0x20;

    static final int FLAG_ECE = 0x40;

    /// A retransmission was found to be lost again.
    static final int FLAG_LOST_RETRANS = 0x80;

    /// The segment is on the slow path.
    static final int FLAG_SLOWPATH = 0x100;

    /// Data was delivered that was never sent again, below the recovery point.
    static final int FLAG_ORIG_SACK_ACKED = 0x200;

    static final int FLAG_SND_UNA_ADVANCED = 0x400;
    static final int FLAG_DSACKING_ACK = 0x800;

    /// The timer must be set anew at the end.
    static final int FLAG_SET_XMIT_TIMER = 0x1000;

    /// The first segment of the queue had been sacked, which the ACK takes back.
    static final int FLAG_SACK_RENEGING = 0x2000;

    static final int FLAG_UPDATE_TS_RECENT = 0x4000;
    static final int FLAG_NO_CHALLENGE_ACK = 0x8000;
    static final int FLAG_ACK_MAYBE_DELAYED = 0x10000;

    /// The DSACK is for a tail loss probe.
    static final int FLAG_DSACK_TLP = 0x20000;

    /// The peer's timestamp clock went on.
    static final int FLAG_TS_PROGRESS = 0x40000;

    static final int FLAG_ACKED = FLAG_DATA_ACKED | FLAG_SYN_ACKED;

    /// Any of these: no duplicate ACK.
    static final int FLAG_NOT_DUP = FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED;

    static final int FLAG_CA_ALERT = FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK;
    static final int FLAG_FORWARD_PROGRESS = FLAG_ACKED | FLAG_DATA_SACKED;

    /// Results of [#ack]: good; old, but harmless; and below: refused.
    static final int GOOD = 1;

    static final int OLD = 0;
    private static final int TOO_OLD = -1;
    private static final int UNSENT = -2;

    private TcpAck() {}

    /// Why [#ack] refused a segment, from its negative result.
    static DropReason dropReason(int verdict) {
        return verdict == TOO_OLD ? DropReason.TCP_TOO_OLD_ACK : DropReason.TCP_ACK_UNSENT_DATA;
    }

    /// Processes the acknowledgement of a segment that is acceptable otherwise. The caller keeps the
    /// segment.
    ///
    /// @param flag what the caller knows: `FLAG_DATA`, `FLAG_SLOWPATH`, `FLAG_UPDATE_TS_RECENT`,
    ///     `FLAG_NO_CHALLENGE_ACK`
    /// @return 1 if it was good, 0 if it was old, negative if it was refused ([#dropReason])
    @Kernel("tcp_ack")
    @HotPath
    static int ack(TcpSock tp, SkBuff skb, int flag) {
        int ack = skb.cb.ackSeq;
        if (Seq.before(ack, tp.sndUna)) {
            return beforeWindow(tp, skb, flag);
        }
        if (Seq.after(ack, tp.sndNxt)) {
            return refuse(tp, flag, UNSENT);
        }
        AckedState st = AckedState.take();
        st.hopLimit = tp.tsflags == 0 ? 0 : TcpSegment.ttl(skb);
        prior(tp, st, flag);
        if (Seq.after(ack, tp.sndUna)) {
            st.flag |= FLAG_SND_UNA_ADVANCED;
            tp.retransmits = 0;
        }
        if (st.has(FLAG_UPDATE_TS_RECENT)) {
            st.flag |= TcpPaws.replaceTsRecent(tp, skb.cb.seq);
        }
        if ((st.flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) == FLAG_SND_UNA_ADVANCED) {
            updateWl(tp, skb.cb.seq);
            sndUnaUpdate(tp, ack);
            st.flag |= FLAG_WIN_UPDATE;
            tp.net.mib.inc(TcpExt.TCPHPACKS);
        } else {
            slowAck(tp, skb, st);
        }
        TcpEcn.acceptCwr(tp, skb);
        // Something got through: earlier soft errors are void, the peer is alive.
        tp.errSoft = 0;
        tp.probesOut = 0;
        tp.rcvTstamp = tp.net.clock.jiffies32();
        if (st.priorPackets == 0) {
            nothingInFlight(tp, skb, st);
        } else {
            dataInFlight(tp, skb, st);
        }
        st.release();
        return GOOD;
    }

    /// Remembers how things were before this ACK.
    @HotPath
    private static void prior(TcpSock tp, AckedState st, int flag) {
        st.flag = flag;
        st.priorSndUna = tp.sndUna;
        st.priorFack = TcpRtxQueue.highestSackSeq(tp);
        st.priorPackets = tp.packetsOut;
        st.priorDelivered = tp.delivered;
        st.priorLost = tp.lost;
        st.priorReneg = tp.isSackReneg;
        st.rate.priorInFlight = tp.packetsInFlight();
    }

    @HotPath
    private static void slowAck(TcpSock tp, SkBuff skb, AckedState st) {
        if (skb.cb.seq != skb.cb.endSeq) {
            st.flag |= FLAG_DATA;
        } else {
            tp.net.mib.inc(TcpExt.TCPPUREACKS);
        }
        st.flag |= updateWindow(tp, skb);
        if (skb.cb.sacked != 0) {
            TcpSacktag.writeQueue(tp, skb, st);
        }
        if (TcpEcn.rcvEcnEcho(tp, skb)) {
            st.flag |= FLAG_ECE;
        }
        if (st.sackDelivered != 0) {
            countDelivered(tp, st.sackDelivered, st.eceAck());
        }
    }

    @HotPath
    private static void dataInFlight(TcpSock tp, SkBuff skb, AckedState st) {
        TcpCleanRtx.cleanRtxQueue(tp, skb, st);
        TcpRack.updateReoWnd(tp, st.rate);
        TcpAccEcn.process(tp, skb, st);
        TcpCong.inAckEvent(tp, st.flag);
        if (tp.tlpHighSeq != 0) {
            processTlpAck(tp, skb.cb.ackSeq, st.flag);
        }
        if (isDubious(tp, st.flag)) {
            if (!st.has(FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK)) {
                // Several pure ACKs may have been merged on the way in.
                st.numDupack = st.has(FLAG_DATA) ? 1 : Math.max(1, skb.gsoSegs);
            }
            TcpFastretrans.alert(tp, st);
        }
        if (st.has(FLAG_FORWARD_PROGRESS) || !st.has(FLAG_NOT_DUP)) {
            tp.dstConfirm();
        }
        if (st.has(FLAG_SET_XMIT_TIMER)) {
            setXmitTimer(tp);
        }
        int delivered = newlyDelivered(tp, st);
        st.rate.isAckDelayed = st.has(FLAG_ACK_MAYBE_DELAYED);
        TcpRate.gen(tp, delivered, tp.lost - st.priorLost, st.priorReneg, st.rate);
        TcpCong.control(tp, skb.cb.ackSeq, delivered, st.flag, st.rate);
        xmitRecovery(tp, st.rexmit);
    }

    private static void nothingInFlight(TcpSock tp, SkBuff skb, AckedState st) {
        TcpAccEcn.process(tp, skb, st);
        TcpCong.inAckEvent(tp, st.flag);
        if (st.has(FLAG_DSACKING_ACK)) {
            TcpFastretrans.alert(tp, st);
            newlyDelivered(tp, st);
        }
        ackProbe(tp);
        if (tp.tlpHighSeq != 0) {
            processTlpAck(tp, skb.cb.ackSeq, st.flag);
        }
    }

    /// An ACK for data that was acknowledged before. One that is far too old may be an attack (RFC
    /// 5961 section 5.2); others may carry news in their SACK blocks.
    private static int beforeWindow(TcpSock tp, SkBuff skb, int flag) {
        int window = (int) Math.min(Integer.toUnsignedLong(tp.maxWindow), tp.bytesAcked);
        if (Seq.before(skb.cb.ackSeq, tp.sndUna - window)) {
            return refuse(tp, flag, TOO_OLD);
        }
        if (skb.cb.sacked != 0) {
            AckedState st = AckedState.take();
            prior(tp, st, flag);
            TcpSacktag.writeQueue(tp, skb, st);
            if (st.sackDelivered != 0) {
                countDelivered(tp, st.sackDelivered, false);
            }
            TcpFastretrans.alert(tp, st);
            newlyDelivered(tp, st);
            xmitRecovery(tp, st.rexmit);
            st.release();
        }
        return OLD;
    }

    /// Answers an ACK that cannot be of this connection (RFC 5961 section 5.2).
    private static int refuse(TcpSock tp, int flag, int verdict) {
        if ((flag & FLAG_NO_CHALLENGE_ACK) == 0) {
            TcpValidate.sendChallengeAck(tp);
        }
        return verdict;
    }

    // ---- window and SND.UNA -----------------------------------------------------------------

    @Kernel("tcp_update_wl")
    @HotPath
    static void updateWl(TcpSock tp, int seq) {
        tp.sndWl1 = seq;
    }

    @Kernel("tcp_snd_una_update")
    @HotPath
    static void sndUnaUpdate(TcpSock tp, int ack) {
        int delta = ack - tp.sndUna;
        tp.bytesAcked = tp.bytesAcked + Integer.toUnsignedLong(delta);
        tp.sndUna = ack;
    }

    /// True if a segment is new enough to tell the window (RFC 9293 section 3.10.7.4): a later ACK, a
    /// later segment, or a larger window in an equal one; a window of 0 always counts.
    @Kernel("tcp_may_update_window")
    @HotPath
    static boolean mayUpdateWindow(TcpSock tp, int ack, int seq, int window) {
        return Seq.after(ack, tp.sndUna)
                || Seq.after(seq, tp.sndWl1)
                || (seq == tp.sndWl1 && (window > tp.sndWnd || window == 0));
    }

    @Kernel("tcp_ack_update_window")
    @HotPath
    private static int updateWindow(TcpSock tp, SkBuff skb) {
        int ack = skb.cb.ackSeq;
        int seq = skb.cb.seq;
        int window = Tcp.window(skb.buf, skb.transportHeader);
        if ((Tcp.flags(skb.buf, skb.transportHeader) & Tcp.SYN) == 0) {
            window <<= tp.rxOpt.sndWscale;
        }
        int flag = 0;
        if (mayUpdateWindow(tp, ack, seq, window)) {
            flag = FLAG_WIN_UPDATE;
            updateWl(tp, seq);
            if (tp.sndWnd != window) {
                windowChanged(tp, window);
            }
        }
        sndUnaUpdate(tp, ack);
        return flag;
    }

    private static void windowChanged(TcpSock tp, int window) {
        tp.sndWnd = window;
        tp.predFlags = 0;
        TcpFastPath.check(tp);
        if (!tp.writeQueue.isEmpty()) {
            TcpCwnd.slowStartAfterIdleCheck(tp);
        }
        if (window > tp.maxWindow) {
            tp.maxWindow = window;
            TcpMss.syncMss(tp, tp.pmtuCookie);
        }
    }

    /// The window may have opened: ends the zero window probes, or goes on with them.
    @Kernel("tcp_ack_probe")
    private static void ackProbe(TcpSock tp) {
        SkBuff head = TcpWriteQueue.sendHead(tp);
        if (head == null) {
            return;
        }
        if (!Seq.after(head.cb.endSeq, tp.wndEnd())) {
            tp.backoff = 0;
            tp.probesTstamp = 0;
            TcpTimer.clearXmitTimer(tp, InetConnectionSock.ICSK_TIME_PROBE0);
        } else {
            TcpProbe0.rearm(tp);
        }
    }

    // ---- what an ACK means ------------------------------------------------------------------

    /// True if an ACK says that not all is well, or may.
    @Kernel("tcp_ack_is_dubious")
    @HotPath
    private static boolean isDubious(TcpSock tp, int flag) {
        return (flag & FLAG_NOT_DUP) == 0
                || (flag & FLAG_CA_ALERT) != 0
                || tp.caState != TcpCong.CA_OPEN;
    }

    @Kernel("tcp_count_delivered")
    @HotPath
    static void countDelivered(TcpSock tp, int segs, boolean eceAck) {
        tp.delivered += segs;
        if (eceAck && TcpEcn.modeRfc3168(tp)) {
            tp.deliveredCe += segs;
        }
    }

    @Kernel("tcp_newly_delivered")
    @HotPath
    private static int newlyDelivered(TcpSock tp, AckedState st) {
        int delivered = tp.delivered - st.priorDelivered;
        tp.net.mib.add(TcpExt.TCPDELIVERED, delivered);
        if (st.eceAck()) {
            int marked = TcpEcn.modeRfc3168(tp) ? delivered : st.ecnCount;
            tp.net.mib.add(TcpExt.TCPDELIVEREDCE, marked);
        }
        return delivered;
    }

    /// An ACK at or above the end of a tail loss probe: did the probe repair a loss (RFC 8985 section
    /// 7.4.2)?
    @Kernel("tcp_process_tlp_ack")
    private static void processTlpAck(TcpSock tp, int ack, int flag) {
        if (Seq.before(ack, tp.tlpHighSeq)) {
            return;
        }
        if (!tp.tlpRetrans || (flag & FLAG_DSACK_TLP) != 0) {
            tp.tlpHighSeq = 0;
        } else if (Seq.after(ack, tp.tlpHighSeq)) {
            // The probe alone filled the gap: one window reduction for the loss.
            TcpRecovery.initCwndReduction(tp);
            TcpCong.setCaState(tp, TcpCong.CA_CWR);
            TcpRecovery.endCwndReduction(tp);
            TcpFastretrans.tryKeepOpen(tp);
            tp.net.mib.inc(TcpExt.TCPLOSSPROBERECOVERY);
        } else if ((flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED)) == 0) {
            // A pure duplicate ACK: both copies arrived.
            tp.tlpHighSeq = 0;
        }
    }

    /// Sends what recovery decided on.
    @Kernel("tcp_xmit_recovery")
    @HotPath
    private static void xmitRecovery(TcpSock tp, int rexmit) {
        if (rexmit == AckedState.REXMIT_NONE || tp.state == TcpState.TCP_SYN_SENT) {
            return;
        }
        if (rexmit == AckedState.REXMIT_NEW) {
            TcpOutput.pushPendingFrames(tp, TcpMss.currentMss(tp), TcpNagle.OFF);
            if (Seq.after(tp.sndNxt, tp.highSeq)) {
                return;
            }
            tp.frto = false;
        }
        TcpRetransmit.xmitRetransmitQueue(tp);
    }

    // ---- timer ------------------------------------------------------------------------------

    /// Restarts the retransmission timer (RFC 6298 section 5.3), or stops it if nothing is in flight.
    @Kernel("tcp_rearm_rto")
    @HotPath
    static void rearmRto(TcpSock tp) {
        if (tp.fastopenReqsk != null) {
            // The timer is the SYN-ACK's.
            return;
        }
        if (tp.packetsOut == 0) {
            TcpTimer.clearXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS);
            return;
        }
        long rto = tp.rto;
        if (tp.pending == InetConnectionSock.ICSK_TIME_REO_TIMEOUT
                || tp.pending == InetConnectionSock.ICSK_TIME_LOSS_PROBE) {
            // That timer stood in for this one: the time since then counts.
            rto = Clock.usecsToJiffies(Math.max(TcpTimer.rtoDeltaUs(tp), 1));
        }
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS, rto, true);
    }

    /// A tail loss probe if one makes sense, else the retransmission timer.
    @Kernel("tcp_set_xmit_timer")
    @HotPath
    private static void setXmitTimer(TcpSock tp) {
        if (!TcpLossProbe.schedule(tp, true)) {
            rearmRto(tp);
        }
    }
}
