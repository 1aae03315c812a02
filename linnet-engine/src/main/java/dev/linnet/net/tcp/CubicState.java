package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;

/// The window function of CUBIC (RFC 9438): `W(t) = C (t - K)^3 + W_max`, in whole numbers with time
/// in units of 1/1024 s. Knows neither sock nor clock. Guarded by the sock's lock.
///
/// Windows are segments, times jiffies of 1 ms unless said otherwise.
@Kernel("bictcp")
final class CubicState {
    /// What is left of the window after a loss: beta = 717/1024.
    static final int BETA = 717;

    static final int BETA_SCALE = 1024;

    /// C = 0.4 as 410/1024; time is scaled by 2^10, so cubes of it by 2^30.
    private static final int C_SCALED = 410;

    private static final int TIME_SHIFT = 10;
    private static final int CUBE_SHIFT = 10 + 3 * TIME_SHIFT;
    private static final long CUBE_FACTOR = (1L << CUBE_SHIFT) / C_SCALED;

    /// Segments acknowledged per segment of growth that equal Reno's in the mean, times 8:
    /// 3 (1 - beta) / (1 + beta), inverted.
    private static final int FRIENDLY_SCALE = 8 * (BETA_SCALE + BETA) / 3 / (BETA_SCALE - BETA);

    /// Growth is computed anew at most once per so many jiffies while the window stays.
    private static final int UPDATE_INTERVAL = 1000 / 32;

    /// Segments to be acknowledged for each by which the window grows.
    int cnt;

    /// Window before the last loss (W_max), and window and time of the last computation.
    int lastMaxCwnd;

    int lastCwnd;
    int lastTime;

    /// Plateau of the curve, and time from its start to the plateau (1/1024 s).
    int originPoint;

    int bicK;

    /// Smallest round trip, us, 0 for none.
    int delayMinUs;

    /// When growth began after the last loss; 0: not yet.
    int epochStart;

    /// Segments acknowledged for the estimate of Reno's window, and that estimate.
    int ackCnt;

    int tcpCwnd;

    // HyStart (RFC 9406 describes its successor), times in us.

    /// Slow start was left by HyStart.
    boolean found;

    /// When the round began, when its last ACK of the train came, and where it ends.
    long roundStartUs;

    long lastAckUs;
    int endSeq;

    /// Smallest round trip of this round and number of samples of it.
    int currRttUs;

    int sampleCnt;

    /// Forgets the curve.
    @Kernel("bictcp_reset")
    void reset() {
        cnt = 0;
        lastMaxCwnd = 0;
        lastCwnd = 0;
        lastTime = 0;
        originPoint = 0;
        bicK = 0;
        delayMinUs = 0;
        epochStart = 0;
        ackCnt = 0;
        tcpCwnd = 0;
        found = false;
    }

    /// A round of HyStart begins.
    @Kernel("bictcp_hystart_reset")
    void hystartReset(long nowUs, int sndNxt) {
        roundStartUs = nowUs;
        lastAckUs = nowUs;
        endSeq = sndNxt;
        currRttUs = Integer.MAX_VALUE;
        sampleCnt = 0;
    }

    /// A loss at window `cwnd`: ends the epoch and gives the new threshold. A flow that lost below its
    /// last maximum leaves room for others (fast convergence).
    @Kernel("cubictcp_recalc_ssthresh")
    int loss(int cwnd) {
        epochStart = 0;
        lastMaxCwnd =
                cwnd < lastMaxCwnd
                        ? (int) ((long) cwnd * (BETA_SCALE + BETA) / (2 * BETA_SCALE))
                        : cwnd;
        return Math.max((int) ((long) cwnd * BETA / BETA_SCALE), 2);
    }

    /// Nothing was sent for `idle` jiffies until `now`: the curve waits.
    void idle(int idle, int now) {
        if (epochStart != 0 && idle > 0) {
            epochStart += idle;
            if (epochStart - now > 0) {
                epochStart = now;
            }
        }
    }

    /// Computes [#cnt] for a window, after `acked` segments were acknowledged at jiffy `now`.
    @Kernel("bictcp_update")
    @HotPath
    void update(int cwnd, int acked, int now) {
        ackCnt += acked;
        if (lastCwnd == cwnd && now - lastTime <= UPDATE_INTERVAL) {
            return;
        }
        if (epochStart == 0 || now != lastTime) {
            lastCwnd = cwnd;
            lastTime = now;
            if (epochStart == 0) {
                startEpoch(cwnd, acked, now);
            }
            followCurve(cwnd, now);
        }
        befriendReno(cwnd);
        // At most half as fast as slow start.
        cnt = Math.max(cnt, 2);
    }

    private void startEpoch(int cwnd, int acked, int now) {
        epochStart = now;
        ackCnt = acked;
        tcpCwnd = cwnd;
        if (lastMaxCwnd <= cwnd) {
            bicK = 0;
            originPoint = cwnd;
        } else {
            bicK = (int) cubeRoot(CUBE_FACTOR * (lastMaxCwnd - cwnd));
            originPoint = lastMaxCwnd;
        }
    }

    @HotPath
    private void followCurve(int cwnd, int now) {
        // One round trip ahead: that is when the segments sent now will be acknowledged.
        long t = (long) (now - epochStart) + (delayMinUs + 999) / 1000;
        t = (t << TIME_SHIFT) / 1000;
        long offs = Math.abs(t - bicK);
        long delta = C_SCALED * offs * offs * offs >>> CUBE_SHIFT;
        long target = t < bicK ? originPoint - delta : originPoint + delta;
        if (target > cwnd) {
            cnt = (int) (cwnd / (target - cwnd));
        } else {
            cnt = 100 * cwnd;
        }
        // Without a known maximum the curve starts too flat.
        if (lastMaxCwnd == 0 && cnt > 20) {
            cnt = 20;
        }
    }

    /// Grows at least as fast as Reno would (RFC 9438 section 4.3).
    @HotPath
    private void befriendReno(int cwnd) {
        int perSegment = cwnd * FRIENDLY_SCALE >> 3;
        while (ackCnt > perSegment) {
            ackCnt -= perSegment;
            tcpCwnd++;
        }
        if (tcpCwnd > cwnd) {
            cnt = Math.min(cnt, cwnd / (tcpCwnd - cwnd));
        }
    }

    /// The largest number whose cube is not above `a`.
    static long cubeRoot(long a) {
        long x = (long) Math.cbrt((double) a);
        while (x * x * x > a) {
            x--;
        }
        while ((x + 1) * (x + 1) * (x + 1) <= a) {
            x++;
        }
        return x;
    }
}
