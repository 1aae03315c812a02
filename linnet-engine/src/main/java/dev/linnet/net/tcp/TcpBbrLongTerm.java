package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.tcp.BbrState.Mode;

/// BBR on a path with a policer: a token bucket lets bursts through and then drops a constant share.
/// Two intervals in a row that lose much and have about the same rate show the rate of the bucket.
final class TcpBbrLongTerm {
    /// An interval has at least four rounds, and at most four times as many.
    private static final int INTERVAL_MIN_RTTS = 4;

    /// Share of lost segments of a policed interval, of 256.
    private static final int LOSS_THRESH = 50;

    /// Rates are equal if they differ by an eighth, or by 4 kbit/s, at most.
    private static final int BW_RATIO = BbrState.GAIN_UNIT / 8;

    private static final int BW_DIFF = 4000 / 8;

    /// Rounds after which the rate is probed again.
    private static final int MAX_RTTS = 48;

    private TcpBbrLongTerm() {}

    /// Starts over.
    @Kernel("bbr_reset_lt_bw_sampling")
    static void reset(TcpSock tp, BbrState s) {
        s.ltBw = 0;
        s.ltUseBw = false;
        s.ltIsSampling = false;
        resetInterval(tp, s);
    }

    @Kernel("bbr_reset_lt_bw_sampling_interval")
    private static void resetInterval(TcpSock tp, BbrState s) {
        s.ltLastStampMs = tp.deliveredUs / 1000;
        s.ltLastDelivered = tp.delivered;
        s.ltLastLost = tp.lost;
        s.ltRttCnt = 0;
    }

    /// Hears of an ACK: how many losses it showed, and whether the program limited the rate.
    @Kernel("bbr_lt_bw_sampling")
    static void sample(TcpSock tp, BbrState s, int losses, boolean appLimited) {
        if (s.ltUseBw) {
            if (s.mode == Mode.PROBE_BW && s.roundStart && ++s.ltRttCnt >= MAX_RTTS) {
                reset(tp, s);
                TcpBbr.probeBw(tp, s);
            }
            return;
        }
        if (!s.ltIsSampling) {
            if (losses == 0) {
                return;
            }
            resetInterval(tp, s);
            s.ltIsSampling = true;
        }
        if (appLimited) {
            reset(tp, s);
            return;
        }
        if (s.roundStart) {
            s.ltRttCnt++;
        }
        if (s.ltRttCnt > 4 * INTERVAL_MIN_RTTS) {
            reset(tp, s);
        } else if (s.ltRttCnt >= INTERVAL_MIN_RTTS && losses != 0) {
            endInterval(tp, s);
        }
    }

    private static void endInterval(TcpSock tp, BbrState s) {
        long lost = (long) tp.lost - s.ltLastLost;
        long delivered = (long) tp.delivered - s.ltLastDelivered;
        if (delivered == 0 || lost << BbrState.GAIN_SHIFT < LOSS_THRESH * delivered) {
            return;
        }
        long ms = tp.deliveredUs / 1000 - s.ltLastStampMs;
        if (ms < 1) {
            return;
        }
        if (ms >= 0xFFFF_FFFFL / 1000) {
            reset(tp, s);
            return;
        }
        intervalDone(tp, s, delivered * BbrState.BW_UNIT / (ms * 1000));
    }

    @Kernel("bbr_lt_bw_interval_done")
    private static void intervalDone(TcpSock tp, BbrState s, long bw) {
        if (s.ltBw != 0) {
            long diff = Math.abs(bw - s.ltBw);
            if (diff * BbrState.GAIN_UNIT <= BW_RATIO * s.ltBw
                    || TcpBbr.bytesPerSec(tp, diff, BbrState.GAIN_UNIT) <= BW_DIFF) {
                s.ltBw = (bw + s.ltBw) >> 1;
                s.ltUseBw = true;
                s.pacingGain = BbrState.GAIN_UNIT;
                s.ltRttCnt = 0;
                return;
            }
        }
        s.ltBw = bw;
        resetInterval(tp, s);
    }
}
