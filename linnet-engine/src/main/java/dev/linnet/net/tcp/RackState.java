package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Seq;

/// What RACK (RFC 8985) remembers: the segment sent last among those known to be delivered, and how
/// much reordering it allows for. Guarded by the sock's lock.
public final class RackState {
    /// Recoveries for which a widened reordering window is kept without a new reason (RFC 8985
    /// section 6.2).
    public static final int PERSIST_RECOVERIES = 16;

    /// Reordering windows are counted in quarters of the smallest round trip, at most this many.
    private static final int MAX_STEPS = 255;

    /// When the latest delivered segment was sent, us (RACK.xmit_ts).
    public long mstampUs;

    /// Its round trip, us (RACK.rtt).
    public int rttUs;

    /// Its end (RACK.end_seq).
    public int endSeq;

    /// `delivered` of the sock when the window was last widened: once per round trip.
    public int lastDelivered;

    /// Quarters of the smallest round trip in the reordering window.
    public int reoWndSteps = 1;

    /// Recoveries left until the window shrinks back.
    public int reoWndPersist;

    /// A DSACK came that was not yet used.
    public boolean dsackSeen;

    /// A later segment was delivered since loss was last looked for.
    public boolean advanced;

    /// True if a segment sent at `t1` that ends at `seq1` was sent after one sent at `t2` that ends
    /// at `seq2`; of two sent at once the higher sequence is the later.
    @Kernel("tcp_skb_sent_after")
    @HotPath
    public static boolean sentAfter(long t1, long t2, int seq1, int seq2) {
        return t1 > t2 || (t1 == t2 && Seq.after(seq1, seq2));
    }

    /// Hears that a segment was delivered (RFC 8985 section 6.2, step 2).
    ///
    /// @param retransmitted it had been sent more than once
    /// @param minRttUs the smallest round trip known, us: a shorter one after a retransmission belongs
    ///     to the first transmission and is no measure
    @Kernel("tcp_rack_advance")
    @HotPath
    public void advance(
            boolean retransmitted, int segEndSeq, long xmitUs, long nowUs, long minRttUs) {
        int rtt = (int) Math.min(nowUs - xmitUs, Integer.MAX_VALUE);
        if (rtt < minRttUs && retransmitted) {
            return;
        }
        advanced = true;
        rttUs = rtt;
        if (sentAfter(xmitUs, mstampUs, segEndSeq, endSeq)) {
            mstampUs = xmitUs;
            endSeq = segEndSeq;
        }
    }

    /// Adapts the reordering window to DSACKs, at the end of an ACK (RFC 8985 section 6.2, step 4).
    ///
    /// @param priorDelivered `delivered` when the segment that was just acknowledged was sent
    /// @param delivered its present value
    @Kernel("tcp_rack_update_reo_wnd")
    public void updateReoWnd(int priorDelivered, int delivered) {
        if (Seq.before(priorDelivered, lastDelivered)) {
            dsackSeen = false;
        }
        if (dsackSeen) {
            reoWndSteps = Math.min(MAX_STEPS, reoWndSteps + 1);
            dsackSeen = false;
            lastDelivered = delivered;
            reoWndPersist = PERSIST_RECOVERIES;
        } else if (reoWndPersist == 0) {
            reoWndSteps = 1;
        }
    }

    /// A recovery ended: one less for which the window stays wide.
    public void recoveryEnded() {
        if (reoWndPersist > 0) {
            reoWndPersist--;
        }
    }

    /// As new (`tcp_disconnect`).
    public void reset() {
        mstampUs = 0;
        rttUs = 0;
        endSeq = 0;
        lastDelivered = 0;
        reoWndSteps = 1;
        reoWndPersist = 0;
        dsackSeen = false;
        advanced = false;
    }
}
