package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.tcp.BbrState.Mode;
import dev.linnet.wire.Seq;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00): sends at the bandwidth and with
/// the round trip time that it has measured, instead of waiting for losses.
@Kernel("tcp_bbr")
final class TcpBbr extends TcpCongestionOps {
    private static final int UNIT = BbrState.GAIN_UNIT;

    /// 2/ln 2 and its inverse: the gain that doubles the rate each round, and the one that drains.
    private static final int HIGH_GAIN = UNIT * 2885 / 1000 + 1;

    private static final int DRAIN_GAIN = UNIT * 1000 / 2885;
    private static final int CWND_GAIN = UNIT * 2;

    /// Gains of the phases of PROBE_BW, one round trip each.
    private static final int[] CYCLE = {
        UNIT * 5 / 4, UNIT * 3 / 4, UNIT, UNIT, UNIT, UNIT, UNIT, UNIT
    };

    /// The cycle begins at random in any phase but the second.
    private static final int CYCLE_RAND = 7;

    /// Rounds that a bandwidth is remembered.
    private static final int BW_RTTS = CYCLE.length + 2;

    private static final int MIN_RTT_WINDOW = 10 * 1000;
    private static final int PROBE_RTT_JIFFIES = 200;

    /// The pacing rate stays by so many percent below the bandwidth.
    private static final int PACING_MARGIN = 1;

    /// Below this rate (bits per second) packets have a single segment.
    private static final int MIN_TSO_RATE = 1_200_000;

    private static final int CWND_MIN_TARGET = 4;

    /// Growth by a quarter in three rounds, or the pipe is full.
    private static final int FULL_BW_THRESH = UNIT * 5 / 4;

    private static final int FULL_BW_CNT = 3;
    private static final int SHIFT = BbrState.GAIN_SHIFT;

    TcpBbr() {
        super("bbr");
    }

    static BbrState state(TcpSock tp) {
        return tp.caPriv instanceof BbrState s ? s : newState(tp);
    }

    private static BbrState newState(TcpSock tp) {
        BbrState s = new BbrState();
        tp.caPriv = s;
        return s;
    }

    @Override
    @Kernel("bbr_init")
    public void init(TcpSock tp) {
        BbrState s = newState(tp);
        tp.sndSsthresh = TcpCong.INFINITE_SSTHRESH;
        s.nextRttDelivered = tp.delivered;
        s.prevCaState = TcpCong.CA_OPEN;
        s.minRttUs = tp.rtt.minRttUs();
        s.minRttStamp = tp.net.clock.jiffies32();
        s.bw.reset(0, 0);
        initPacingRateFromRtt(tp, s);
        TcpBbrLongTerm.reset(tp, s);
        s.ackEpochMstampUs = tp.tcpMstamp;
        if (tp.pacingStatus == Sock.SK_PACING_NONE) {
            tp.pacingStatus = Sock.SK_PACING_NEEDED;
        }
    }

    // ---- called by TCP ----------------------------------------------------------------------

    @Override
    public boolean hasCongControl() {
        return true;
    }

    @Override
    @Kernel("bbr_main")
    @HotPath
    public void congControl(TcpSock tp, int ack, int flag, RateSample rs) {
        BbrState s = state(tp);
        updateBw(tp, s, rs);
        updateAckAggregation(tp, s, rs);
        updateCyclePhase(tp, s, rs);
        checkFullBwReached(s, rs);
        checkDrain(tp, s);
        updateMinRtt(tp, s, rs);
        updateGains(s);
        long bw = s.bw();
        setPacingRate(tp, s, bw, s.pacingGain);
        setCwnd(tp, s, rs, bw);
    }

    @Override
    public void congAvoid(TcpSock tp, int ack, int acked) {
        throw new IllegalStateException("congControl is used instead");
    }

    @Override
    @Kernel("bbr_ssthresh")
    public int ssthresh(TcpSock tp) {
        saveCwnd(tp, state(tp));
        return tp.sndSsthresh;
    }

    @Override
    @Kernel("bbr_undo_cwnd")
    public int undoCwnd(TcpSock tp) {
        BbrState s = state(tp);
        s.fullBw = 0;
        s.fullBwCnt = 0;
        TcpBbrLongTerm.reset(tp, s);
        return tp.sndCwnd;
    }

    @Override
    @Kernel("bbr_set_state")
    public void setState(TcpSock tp, int newState) {
        if (newState != TcpCong.CA_LOSS) {
            return;
        }
        BbrState s = state(tp);
        s.prevCaState = TcpCong.CA_LOSS;
        s.fullBw = 0;
        s.roundStart = true;
        TcpBbrLongTerm.sample(tp, s, 1, false);
    }

    @Override
    @Kernel("bbr_cwnd_event")
    public void cwndEvent(TcpSock tp, CaEvent event) {
        if (event != CaEvent.TX_START || tp.appLimited == 0) {
            return;
        }
        BbrState s = state(tp);
        s.idleRestart = true;
        s.ackEpochMstampUs = tp.tcpMstamp;
        s.ackEpochAcked = 0;
        if (s.mode == Mode.PROBE_BW) {
            setPacingRate(tp, s, s.bw(), UNIT);
        } else if (s.mode == Mode.PROBE_RTT) {
            checkProbeRttDone(tp, s);
        }
    }

    @Override
    public int sndbufExpand(TcpSock tp) {
        return 3;
    }

    @Override
    @Kernel("bbr_min_tso_segs")
    public int minTsoSegs(TcpSock tp) {
        return Long.compareUnsigned(tp.pacingRate, MIN_TSO_RATE >> 3) < 0 ? 1 : 2;
    }

    @Override
    @Kernel("bbr_get_info")
    public int getInfo(TcpSock tp, byte[] info) {
        BbrState s = state(tp);
        long bytes = s.bw() * tp.mssCache * 1_000_000L >> BbrState.BW_SHIFT;
        ByteBuffer out = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        out.putInt((int) bytes).putInt((int) (bytes >>> 32));
        out.putInt((int) s.minRttUs).putInt(s.pacingGain).putInt(s.cwndGain);
        return out.position();
    }

    // ---- rate and window --------------------------------------------------------------------

    /// A bandwidth times a gain in bytes per second, less the margin.
    @Kernel("bbr_rate_bytes_per_sec")
    @HotPath
    static long bytesPerSec(TcpSock tp, long bw, int gain) {
        long rate = bw * tp.mssCache * gain >> SHIFT;
        return rate * (1_000_000L / 100 * (100 - PACING_MARGIN)) >>> BbrState.BW_SHIFT;
    }

    private static long cappedRate(TcpSock tp, long bw, int gain) {
        long rate = bytesPerSec(tp, bw, gain);
        return Long.compareUnsigned(rate, tp.maxPacingRate) < 0 ? rate : tp.maxPacingRate;
    }

    /// The rate before there is a measurement: the window per round trip, or per millisecond.
    @Kernel("bbr_init_pacing_rate_from_rtt")
    private static void initPacingRateFromRtt(TcpSock tp, BbrState s) {
        long rttUs = 1000;
        if (tp.rtt.srttUs != 0) {
            rttUs = Math.max(tp.rtt.srttUs >>> 3, 1);
            s.hasSeenRtt = true;
        }
        tp.pacingRate = cappedRate(tp, tp.sndCwnd * BbrState.BW_UNIT / rttUs, HIGH_GAIN);
    }

    @Kernel("bbr_set_pacing_rate")
    @HotPath
    private static void setPacingRate(TcpSock tp, BbrState s, long bw, int gain) {
        long rate = cappedRate(tp, bw, gain);
        if (!s.hasSeenRtt && tp.rtt.srttUs != 0) {
            initPacingRateFromRtt(tp, s);
        }
        if (s.fullBwReached || Long.compareUnsigned(rate, tp.pacingRate) > 0) {
            tp.pacingRate = rate;
        }
    }

    @Kernel("bbr_tso_segs_goal")
    @HotPath
    private int tsoSegsGoal(TcpSock tp) {
        long bytes = Math.min(tp.pacingRate >>> 10, 65536 - 1 - TcpTransmit.MAX_TCP_HEADER);
        int segs = Math.max((int) (bytes / tp.mssCache), minTsoSegs(tp));
        return Math.min(segs, 0x7F);
    }

    /// Remembers the window to return to.
    @Kernel("bbr_save_cwnd")
    private static void saveCwnd(TcpSock tp, BbrState s) {
        boolean good = s.prevCaState < TcpCong.CA_RECOVERY && s.mode != Mode.PROBE_RTT;
        s.priorCwnd = good ? tp.sndCwnd : Math.max(s.priorCwnd, tp.sndCwnd);
    }

    /// Bandwidth times delay, segments.
    @Kernel("bbr_bdp")
    @HotPath
    private static int bdp(BbrState s, long bw, int gain) {
        if (s.minRttUs == RttEstimator.NO_SAMPLE) {
            return TcpInput.INIT_CWND;
        }
        long product = bw * s.minRttUs * gain >> SHIFT;
        return (int) ((product + BbrState.BW_UNIT - 1) / BbrState.BW_UNIT);
    }

    /// Adds what large packets and delayed ACKs hold up.
    @Kernel("bbr_quantization_budget")
    @HotPath
    private int quantizationBudget(TcpSock tp, BbrState s, int cwnd) {
        int budget = cwnd + 3 * tsoSegsGoal(tp) + 1 & ~1;
        return s.mode == Mode.PROBE_BW && s.cycleIdx == 0 ? budget + 2 : budget;
    }

    @Kernel("bbr_inflight")
    @HotPath
    private int inflight(TcpSock tp, BbrState s, long bw, int gain) {
        return quantizationBudget(tp, s, bdp(s, bw, gain));
    }

    /// Segments that will be in the network when the next packet may depart.
    @Kernel("bbr_packets_in_net_at_edt")
    @HotPath
    private int packetsInNetAtEdt(TcpSock tp, BbrState s, int inflightNow) {
        long waitNs = Math.max(tp.tcpWstampNs - tp.tcpClockCacheNs, 0);
        long delivered = s.bw() * (waitNs / 1000) >> BbrState.BW_SHIFT;
        int then = inflightNow + (s.pacingGain > UNIT ? tsoSegsGoal(tp) : 0);
        return (int) Math.max(then - delivered, 0);
    }

    @Kernel("bbr_ack_aggregation_cwnd")
    @HotPath
    private static int ackAggregationCwnd(BbrState s) {
        if (!s.fullBwReached) {
            return 0;
        }
        long most = s.bw() * 100_000L >> BbrState.BW_SHIFT;
        return (int) Math.min(s.extraAcked(), most);
    }

    @Kernel("bbr_set_cwnd")
    @HotPath
    private void setCwnd(TcpSock tp, BbrState s, RateSample rs, long bw) {
        int acked = rs.ackedSacked;
        int cwnd = tp.sndCwnd;
        if (acked != 0) {
            cwnd = recoverOrRestore(tp, s, rs, acked);
            if (!s.packetConservation) {
                int target = bdp(s, bw, s.cwndGain) + ackAggregationCwnd(s);
                target = quantizationBudget(tp, s, target);
                if (s.fullBwReached) {
                    cwnd = Math.min(cwnd + acked, target);
                } else if (cwnd < target || tp.delivered < TcpInput.INIT_CWND) {
                    cwnd += acked;
                }
                cwnd = Math.max(cwnd, CWND_MIN_TARGET);
            }
        }
        TcpCong.setSndCwnd(tp, Math.min(cwnd, tp.sndCwndClamp));
        if (s.mode == Mode.PROBE_RTT) {
            TcpCong.setSndCwnd(tp, Math.min(tp.sndCwnd, CWND_MIN_TARGET));
        }
    }

    /// Recovery: less by what was lost, in its first round no more than is delivered; afterwards the
    /// window from before.
    @Kernel("bbr_set_cwnd_to_recover_or_restore")
    @HotPath
    private static int recoverOrRestore(TcpSock tp, BbrState s, RateSample rs, int acked) {
        int cwnd = tp.sndCwnd;
        if (rs.losses > 0) {
            cwnd = Math.max(cwnd - rs.losses, 1);
        }
        int state = tp.caState;
        if (state == TcpCong.CA_RECOVERY && s.prevCaState != TcpCong.CA_RECOVERY) {
            s.packetConservation = true;
            s.nextRttDelivered = tp.delivered;
            cwnd = tp.packetsInFlight() + acked;
        } else if (s.prevCaState >= TcpCong.CA_RECOVERY && state < TcpCong.CA_RECOVERY) {
            cwnd = Math.max(cwnd, s.priorCwnd);
            s.packetConservation = false;
        }
        s.prevCaState = state;
        return s.packetConservation ? Math.max(cwnd, tp.packetsInFlight() + acked) : cwnd;
    }

    // ---- the model --------------------------------------------------------------------------

    @Kernel("bbr_update_bw")
    @HotPath
    private static void updateBw(TcpSock tp, BbrState s, RateSample rs) {
        s.roundStart = false;
        if (rs.delivered < 0 || rs.intervalUs <= 0) {
            return;
        }
        if (!Seq.before(rs.priorDelivered, s.nextRttDelivered)) {
            s.nextRttDelivered = tp.delivered;
            s.rttCnt++;
            s.roundStart = true;
            s.packetConservation = false;
        }
        TcpBbrLongTerm.sample(tp, s, rs.losses, rs.isAppLimited);
        long bw = rs.delivered * BbrState.BW_UNIT / rs.intervalUs;
        if (!rs.isAppLimited || bw >= s.maxBw()) {
            s.bw.runningMax(BW_RTTS, s.rttCnt, bw);
        }
    }

    @Kernel("bbr_update_ack_aggregation")
    @HotPath
    private static void updateAckAggregation(TcpSock tp, BbrState s, RateSample rs) {
        if (rs.ackedSacked <= 0 || rs.delivered < 0 || rs.intervalUs <= 0) {
            return;
        }
        if (s.roundStart && ++s.extraAckedWinRtts >= 5) {
            s.extraAckedWinRtts = 0;
            s.extraAckedWinIdx ^= 1;
            s.extraAcked[s.extraAckedWinIdx] = 0;
        }
        long epochUs = tp.deliveredUs - s.ackEpochMstampUs;
        long expected = s.bw() * epochUs >> BbrState.BW_SHIFT;
        if (s.ackEpochAcked <= expected || s.ackEpochAcked + rs.ackedSacked >= 1 << 20) {
            s.ackEpochAcked = 0;
            s.ackEpochMstampUs = tp.deliveredUs;
            expected = 0;
        }
        s.ackEpochAcked = Math.min(0xFFFFF, s.ackEpochAcked + rs.ackedSacked);
        int extra = (int) Math.min(s.ackEpochAcked - expected, tp.sndCwnd);
        int i = s.extraAckedWinIdx;
        s.extraAcked[i] = Math.max(s.extraAcked[i], extra);
    }

    @Kernel({"bbr_update_cycle_phase", "bbr_is_next_cycle_phase"})
    @HotPath
    private void updateCyclePhase(TcpSock tp, BbrState s, RateSample rs) {
        if (s.mode != Mode.PROBE_BW) {
            return;
        }
        boolean full = tp.deliveredUs - s.cycleMstampUs > s.minRttUs;
        boolean next = full;
        if (s.pacingGain != UNIT) {
            int inflight = packetsInNetAtEdt(tp, s, rs.priorInFlight);
            if (s.pacingGain > UNIT) {
                next =
                        full
                                && (rs.losses > 0
                                        || inflight >= inflight(tp, s, s.maxBw(), s.pacingGain));
            } else {
                next = full || inflight <= inflight(tp, s, s.maxBw(), UNIT);
            }
        }
        if (next) {
            advanceCyclePhase(tp, s);
        }
    }

    private static void advanceCyclePhase(TcpSock tp, BbrState s) {
        s.cycleIdx = s.cycleIdx + 1 & CYCLE.length - 1;
        s.cycleMstampUs = tp.deliveredUs;
    }

    @Kernel("bbr_reset_probe_bw_mode")
    static void probeBw(TcpSock tp, BbrState s) {
        s.mode = Mode.PROBE_BW;
        s.cycleIdx = CYCLE.length - 1 - tp.net.random.below(CYCLE_RAND);
        advanceCyclePhase(tp, s);
    }

    @Kernel("bbr_check_full_bw_reached")
    @HotPath
    private static void checkFullBwReached(BbrState s, RateSample rs) {
        if (s.fullBwReached || !s.roundStart || rs.isAppLimited) {
            return;
        }
        if (s.maxBw() >= s.fullBw * FULL_BW_THRESH >> SHIFT) {
            s.fullBw = s.maxBw();
            s.fullBwCnt = 0;
            return;
        }
        s.fullBwCnt++;
        s.fullBwReached = s.fullBwCnt >= FULL_BW_CNT;
    }

    @Kernel("bbr_check_drain")
    @HotPath
    private void checkDrain(TcpSock tp, BbrState s) {
        if (s.mode == Mode.STARTUP && s.fullBwReached) {
            s.mode = Mode.DRAIN;
            tp.sndSsthresh = inflight(tp, s, s.maxBw(), UNIT);
        }
        if (s.mode == Mode.DRAIN
                && packetsInNetAtEdt(tp, s, tp.packetsInFlight())
                        <= inflight(tp, s, s.maxBw(), UNIT)) {
            probeBw(tp, s);
        }
    }

    @Kernel("bbr_update_min_rtt")
    @HotPath
    private static void updateMinRtt(TcpSock tp, BbrState s, RateSample rs) {
        int now = tp.net.clock.jiffies32();
        boolean expired = now - s.minRttStamp - MIN_RTT_WINDOW > 0;
        if (rs.rttUs >= 0 && (rs.rttUs < s.minRttUs || (expired && !rs.isAckDelayed))) {
            s.minRttUs = rs.rttUs;
            s.minRttStamp = now;
        }
        if (expired && !s.idleRestart && s.mode != Mode.PROBE_RTT) {
            s.mode = Mode.PROBE_RTT;
            saveCwnd(tp, s);
            s.probeRttDoneStamp = 0;
        }
        if (s.mode == Mode.PROBE_RTT) {
            probeRtt(tp, s, now);
        }
        if (rs.delivered > 0) {
            s.idleRestart = false;
        }
    }

    private static void probeRtt(TcpSock tp, BbrState s, int now) {
        // The low rate of this phase is no measure of the bandwidth.
        int until = tp.delivered + tp.packetsInFlight();
        tp.appLimited = until == 0 ? 1 : until;
        if (s.probeRttDoneStamp == 0) {
            if (tp.packetsInFlight() <= CWND_MIN_TARGET) {
                s.probeRttDoneStamp = now + PROBE_RTT_JIFFIES;
                s.probeRttRoundDone = false;
                s.nextRttDelivered = tp.delivered;
            }
            return;
        }
        s.probeRttRoundDone |= s.roundStart;
        if (s.probeRttRoundDone) {
            checkProbeRttDone(tp, s);
        }
    }

    @Kernel("bbr_check_probe_rtt_done")
    private static void checkProbeRttDone(TcpSock tp, BbrState s) {
        int now = tp.net.clock.jiffies32();
        if (s.probeRttDoneStamp == 0 || now - s.probeRttDoneStamp <= 0) {
            return;
        }
        s.minRttStamp = now;
        TcpCong.setSndCwnd(tp, Math.max(tp.sndCwnd, s.priorCwnd));
        if (s.fullBwReached) {
            probeBw(tp, s);
        } else {
            s.mode = Mode.STARTUP;
        }
    }

    @Kernel("bbr_update_gains")
    @HotPath
    private static void updateGains(BbrState s) {
        switch (s.mode) {
            case STARTUP -> {
                s.pacingGain = HIGH_GAIN;
                s.cwndGain = HIGH_GAIN;
            }
            case DRAIN -> {
                s.pacingGain = DRAIN_GAIN;
                s.cwndGain = HIGH_GAIN;
            }
            case PROBE_BW -> {
                s.pacingGain = s.ltUseBw ? UNIT : CYCLE[s.cycleIdx];
                s.cwndGain = CWND_GAIN;
            }
            case PROBE_RTT -> {
                s.pacingGain = UNIT;
                s.cwndGain = UNIT;
            }
        }
    }
}
