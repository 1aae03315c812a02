package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// What BBR knows about the path of one connection, and where it is in its cycles. Guarded by the
/// sock's lock.
///
/// Bandwidth is in segments per microsecond, fixed point with [#BW_SHIFT] bits; gains are fixed point
/// with [#GAIN_SHIFT] bits.
@Kernel("bbr")
final class BbrState {
    static final int BW_SHIFT = 24;
    static final long BW_UNIT = 1L << BW_SHIFT;
    static final int GAIN_SHIFT = 8;
    static final int GAIN_UNIT = 1 << GAIN_SHIFT;

    /// What the algorithm is doing (`enum bbr_mode`).
    enum Mode {
        /// The rate is doubled each round until the bandwidth grows no more.
        STARTUP,
        /// The queue that this made is drained.
        DRAIN,
        /// The rate is varied around the bandwidth.
        PROBE_BW,
        /// The window is made small to see the path without a queue.
        PROBE_RTT
    }

    Mode mode = Mode.STARTUP;

    /// Smallest round trip of the last ten seconds, us, and when it was seen, jiffies32.
    long minRttUs;

    int minRttStamp;

    /// When PROBE_RTT ends, jiffies32, 0 while its small window is not reached yet.
    int probeRttDoneStamp;

    boolean probeRttRoundDone;

    /// Largest bandwidth of the last rounds, in time units of rounds.
    final MinMax bw = new MinMax();

    /// Rounds so far; `delivered` at which the present one ends; the last ACK began one.
    int rttCnt;

    int nextRttDelivered;
    boolean roundStart;

    /// Start of the phase of the gain cycle, us, and its index.
    long cycleMstampUs;

    int cycleIdx;

    /// State of the congestion state machine at the last ACK.
    int prevCaState;

    /// Recovery's first round: send as much as is delivered.
    boolean packetConservation;

    /// The connection restarts after an idle time; a round trip was seen ever.
    boolean idleRestart;

    boolean hasSeenRtt;

    /// Gains in use.
    int pacingGain;

    int cwndGain;

    /// The bandwidth has stopped growing; its value and for how many rounds.
    boolean fullBwReached;

    long fullBw;
    int fullBwCnt;

    /// Window before recovery or PROBE_RTT.
    int priorCwnd;

    // Long-term bandwidth: a token bucket on the path lets through a burst, then drops.

    boolean ltIsSampling;
    boolean ltUseBw;
    int ltRttCnt;
    long ltBw;
    int ltLastDelivered;
    long ltLastStampMs;
    int ltLastLost;

    // Aggregation of ACKs: how much more than expected is acknowledged at once.

    long ackEpochMstampUs;
    int ackEpochAcked;
    final int[] extraAcked = new int[2];
    int extraAckedWinRtts;
    int extraAckedWinIdx;

    long maxBw() {
        return bw.get();
    }

    /// The bandwidth that is believed.
    long bw() {
        return ltUseBw ? ltBw : maxBw();
    }

    int extraAcked() {
        return Math.max(extraAcked[0], extraAcked[1]);
    }
}
