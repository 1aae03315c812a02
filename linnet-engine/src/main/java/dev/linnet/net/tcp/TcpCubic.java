package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.wire.Seq;

/// CUBIC (RFC 9438) with HyStart, which ends slow start before it loses: when the ACKs of a round
/// come for longer than half a round trip, or the round trip grows.
@Kernel("cubictcp")
final class TcpCubic extends TcpCongestionOps {
    /// HyStart begins at this window, segments.
    private static final int HYSTART_LOW_WINDOW = 16;

    /// ACKs that follow each other within this time are one train, us.
    private static final int HYSTART_ACK_DELTA_US = 2000;

    /// Samples of a round before its smallest round trip counts; bounds of what counts as growth, us.
    private static final int HYSTART_MIN_SAMPLES = 8;

    private static final int HYSTART_DELAY_MIN_US = 4000;
    private static final int HYSTART_DELAY_MAX_US = 16000;

    /// No delay samples for so many jiffies after a recovery.
    private static final int HZ = 1000;

    TcpCubic() {
        super("cubic");
    }

    private static CubicState state(TcpSock tp) {
        return tp.caPriv instanceof CubicState ca ? ca : newState(tp);
    }

    /// Before the connection is established a timeout of its SYN may ask already.
    private static CubicState newState(TcpSock tp) {
        CubicState ca = new CubicState();
        tp.caPriv = ca;
        return ca;
    }

    @Override
    @Kernel("cubictcp_init")
    public void init(TcpSock tp) {
        CubicState ca = newState(tp);
        ca.hystartReset(tp.tcpMstamp, tp.sndNxt);
    }

    @Override
    @Kernel("cubictcp_recalc_ssthresh")
    public int ssthresh(TcpSock tp) {
        return state(tp).loss(tp.sndCwnd);
    }

    @Override
    @Kernel("cubictcp_cong_avoid")
    @HotPath
    public void congAvoid(TcpSock tp, int ack, int acked) {
        if (!TcpCong.isCwndLimited(tp)) {
            return;
        }
        int left = acked;
        if (tp.inSlowStart()) {
            left = TcpCong.slowStart(tp, acked);
            if (left == 0) {
                return;
            }
        }
        CubicState ca = state(tp);
        ca.update(tp.sndCwnd, left, tp.net.clock.jiffies32());
        TcpCong.congAvoidAi(tp, ca.cnt, left);
    }

    @Override
    @Kernel("cubictcp_state")
    public void setState(TcpSock tp, int newState) {
        if (newState == TcpCong.CA_LOSS) {
            CubicState ca = state(tp);
            ca.reset();
            ca.hystartReset(tp.tcpMstamp, tp.sndNxt);
        }
    }

    @Override
    @Kernel("cubictcp_cwnd_event")
    @HotPath
    public void cwndEvent(TcpSock tp, CaEvent event) {
        if (event == CaEvent.TX_START) {
            int now = tp.net.clock.jiffies32();
            state(tp).idle(now - tp.lsndtime, now);
        }
    }

    @Override
    public int undoCwnd(TcpSock tp) {
        return Math.max(tp.sndCwnd, tp.priorCwnd);
    }

    @Override
    public boolean wantsAckEvents() {
        return true;
    }

    @Override
    @Kernel("cubictcp_acked")
    @HotPath
    public void pktsAcked(TcpSock tp, int pktsAcked, int rttUs, int inFlight) {
        if (rttUs < 0) {
            return;
        }
        CubicState ca = state(tp);
        if (ca.epochStart != 0 && tp.net.clock.jiffies32() - ca.epochStart < HZ) {
            return;
        }
        int delay = Math.max(rttUs, 1);
        if (ca.delayMinUs == 0 || ca.delayMinUs > delay) {
            ca.delayMinUs = delay;
        }
        if (!ca.found && tp.inSlowStart()) {
            hystart(tp, ca, delay);
        }
    }

    @Kernel("hystart_update")
    @HotPath
    private static void hystart(TcpSock tp, CubicState ca, int delayUs) {
        if (Seq.after(tp.sndUna, ca.endSeq)) {
            ca.hystartReset(tp.tcpMstamp, tp.sndNxt);
        }
        if (tp.sndCwnd < HYSTART_LOW_WINDOW) {
            return;
        }
        if (longTrain(tp, ca)) {
            leaveSlowStart(tp, ca, TcpExt.TCPHYSTARTTRAINDETECT, TcpExt.TCPHYSTARTTRAINCWND);
        }
        ca.currRttUs = Math.min(ca.currRttUs, delayUs);
        if (ca.sampleCnt < HYSTART_MIN_SAMPLES) {
            ca.sampleCnt++;
        } else if (ca.currRttUs > ca.delayMinUs + delayThreshold(ca.delayMinUs >> 3)) {
            leaveSlowStart(tp, ca, TcpExt.TCPHYSTARTDELAYDETECT, TcpExt.TCPHYSTARTDELAYCWND);
        }
    }

    /// ACKs of this round have come one after the other for half a round trip (with pacing, which
    /// spreads them, for a whole one).
    @HotPath
    private static boolean longTrain(TcpSock tp, CubicState ca) {
        long now = tp.tcpMstamp;
        if (now - ca.lastAckUs > HYSTART_ACK_DELTA_US) {
            return false;
        }
        ca.lastAckUs = now;
        long threshold = ca.delayMinUs + ackDelayUs(tp);
        if (tp.pacingStatus == Sock.SK_PACING_NONE) {
            threshold >>= 1;
        }
        return now - ca.roundStartUs > threshold;
    }

    /// Time that large packets and merged ACKs add: four packets of the largest size, 1 ms at most.
    @Kernel("hystart_ack_delay")
    @HotPath
    private static long ackDelayUs(TcpSock tp) {
        long rate = tp.pacingRate;
        if (rate == 0) {
            return 0;
        }
        DstEntry dst = tp.dst;
        int gsoMax = dst == null ? 65536 : dst.dev.gsoMaxSize;
        return Math.min(1000, Long.divideUnsigned(gsoMax * 4L * 1_000_000L, rate));
    }

    @HotPath
    private static int delayThreshold(int us) {
        return Math.clamp(us, HYSTART_DELAY_MIN_US, HYSTART_DELAY_MAX_US);
    }

    private static void leaveSlowStart(TcpSock tp, CubicState ca, TcpExt detected, TcpExt cwndSum) {
        ca.found = true;
        tp.net.mib.inc(detected);
        tp.net.mib.add(cwndSum, tp.sndCwnd);
        tp.sndSsthresh = tp.sndCwnd;
    }

    @Override
    public boolean nonRestricted() {
        return true;
    }
}
