package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Seq;

/// Smoothed round trip time and its variation (RFC 6298), in the form that Linux gives to them: the
/// variation follows rises at once and falls slowly, by the largest deviation of each round trip,
/// and has a floor. Guarded by the sock's lock.
public final class RttEstimator {
    /// Said by [#minRttUs()] while there is no sample.
    public static final long NO_SAMPLE = 0xFFFF_FFFFL;

    /// Smoothed round trip time, us, times 8; 0 before the first sample.
    public volatile int srttUs;

    /// Smoothed deviation, us, times 4; and its largest value in the present round trip.
    public int mdevUs;

    public int mdevMaxUs;

    /// The variation that the timeout uses, us, times 4.
    public volatile int rttvarUs;

    /// When this sequence number is acknowledged, the present round trip is over.
    public int rttSeq;

    private final MinMax min = new MinMax();

    public RttEstimator() {
        init();
    }

    /// Adds a sample (RFC 6298 section 2, with the gains 1/8 and 1/4).
    ///
    /// @param sampleUs a round trip, us
    /// @param rtoMinUs floor of the variation, us
    @Kernel("tcp_rtt_estimator")
    @HotPath
    public void update(int sampleUs, int sndUna, int sndNxt, int rtoMinUs) {
        if (srttUs == 0) {
            first(sampleUs, sndNxt, rtoMinUs);
            return;
        }
        int error = sampleUs - (srttUs >>> 3);
        srttUs = Math.max(1, srttUs + error);
        mdevUs += deviationStep(error);
        if (mdevUs > mdevMaxUs) {
            mdevMaxUs = mdevUs;
            rttvarUs = Math.max(rttvarUs, mdevMaxUs);
        }
        if (Seq.after(sndUna, rttSeq)) {
            if (mdevMaxUs < rttvarUs) {
                rttvarUs -= (rttvarUs - mdevMaxUs) >> 2;
            }
            rttSeq = sndNxt;
            mdevMaxUs = rtoMinUs;
        }
    }

    private void first(int sampleUs, int sndNxt, int rtoMinUs) {
        srttUs = Math.max(1, sampleUs << 3);
        mdevUs = sampleUs << 1;
        rttvarUs = Math.max(mdevUs, rtoMinUs);
        mdevMaxUs = rttvarUs;
        rttSeq = sndNxt;
    }

    /// How far the deviation moves. A round trip that is shorter than the mean and deviates more than
    /// usual counts an eighth only: a path that becomes faster must not raise the timeout.
    private int deviationStep(int error) {
        int step = Math.abs(error) - (mdevUs >> 2);
        return error < 0 && step > 0 ? step >> 3 : step;
    }

    /// Smoothed round trip plus variation, us (RFC 6298 equation 2.3).
    @Kernel("__tcp_set_rto")
    @HotPath
    public int rtoUs() {
        return (srttUs >>> 3) + rttvarUs;
    }

    /// Smallest round trip of the last `windowJiffies`, us, or [#NO_SAMPLE].
    @Kernel("tcp_min_rtt")
    @HotPath
    public long minRttUs() {
        return min.get();
    }

    /// Adds a sample to the windowed minimum.
    @HotPath
    public void updateMin(int windowJiffies, int jiffies32, long rttUs) {
        min.runningMin(windowJiffies, jiffies32, rttUs);
    }

    /// Forgets the windowed minimum for a sample known from elsewhere, or for [#NO_SAMPLE].
    public void resetMin(int jiffies32, long rttUs) {
        min.reset(jiffies32, rttUs);
    }

    /// As new, with the variation that gives the initial timeout of RFC 6298: one second.
    public void init() {
        srttUs = 0;
        mdevUs = 1_000_000;
        mdevMaxUs = 0;
        rttvarUs = 0;
        rttSeq = 0;
        min.reset(0, NO_SAMPLE);
    }

    /// The path has become longer by so much (or shorter), without a sample that shows it.
    void shift(int deltaUs, int jiffies) {
        srttUs = Math.clamp(srttUs + ((long) deltaUs << 3), 1, Integer.MAX_VALUE);
        min.reset(jiffies, 0xFFFF_FFFFL);
    }
}
