package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// How fast segments were delivered between the sending of one segment and its acknowledgement
/// (draft-cheng-iccrg-delivery-rate-estimation). Scratch of one ACK.
@Kernel("rate_sample")
public final class RateSample {
    /// When the sampled segment was sent counts from `delivered` having been this, at this time, us;
    /// 0 if nothing was delivered.
    public long priorMstampUs;

    public int priorDelivered;
    public int priorDeliveredCe;

    /// Segments delivered in the interval, with CE; -1: no valid sample.
    public int delivered;

    public int deliveredCe;

    /// Length of the interval, us, -1 if invalid; and of its two halves, sending and acknowledging.
    public long intervalUs;

    public long sndIntervalUs;
    public long rcvIntervalUs;

    /// Round trip of the last segment that this ACK covers, us, or -1.
    public long rttUs;

    /// Segments newly marked lost by this ACK, and acknowledged or sacked by it.
    public int losses;

    public int ackedSacked;

    /// Segments in flight before this ACK.
    public int priorInFlight;

    /// End of the sampled segment.
    public int lastEndSeq;

    /// The program, not the network, limited the sending.
    public boolean isAppLimited;

    /// The sampled segment had been sent more than once.
    public boolean isRetrans;

    /// The ACK may have been delayed by the receiver.
    public boolean isAckDelayed;

    public void clear() {
        priorMstampUs = 0;
        priorDelivered = 0;
        priorDeliveredCe = 0;
        delivered = 0;
        deliveredCe = 0;
        intervalUs = 0;
        sndIntervalUs = 0;
        rcvIntervalUs = 0;
        rttUs = 0;
        losses = 0;
        ackedSacked = 0;
        priorInFlight = 0;
        lastEndSeq = 0;
        isAppLimited = false;
        isRetrans = false;
        isAckDelayed = false;
    }
}
