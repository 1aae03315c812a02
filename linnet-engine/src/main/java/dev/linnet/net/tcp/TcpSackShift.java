package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Sacked data is merged with the sacked packet before it, so that the queue stays short and the
/// next ACKs are cheap: only whole segments are moved, and only between packets of one segment size.
final class TcpSackShift {
    private TcpSackShift() {}

    /// Moves what a block covers of a packet to the packet before.
    ///
    /// @return the packet that the data is in now; the packet itself if the block covers nothing of
    ///     it; null if it cannot be done and the packet must be tagged where it is
    @Kernel("tcp_shift_skb_data")
    @HotPath
    static @Nullable SkBuff shift(
            TcpSock tp, SkBuff skb, AckedState st, int start, int end, boolean dup) {
        SkBuff before = SkbRbTree.prev(skb);
        if (before == null || !mayShift(tp, before, skb, dup)) {
            return fallback(tp);
        }
        TcpSkbCb cb = skb.cb;
        int len;
        int segs;
        int mss;
        boolean fromStart = !Seq.after(start, cb.seq);
        if (fromStart && !Seq.before(end, cb.endSeq)) {
            len = skb.len;
            segs = cb.gsoSegs;
            mss = segLen(skb);
        } else {
            if (!Seq.after(cb.endSeq, start) || cb.gsoSegs <= 1) {
                return skb;
            }
            if (!fromStart) {
                return fallback(tp);
            }
            mss = cb.gsoSize;
            segs = (end - cb.seq) / mss;
            len = segs * mss;
        }
        if (mss != segLen(before)) {
            return fallback(tp);
        }
        if (segs == 0) {
            return skb;
        }
        if (!Seq.after(cb.seq + len, tp.sndUna)
                || !TcpRetransmit.skbShift(before, skb, segs, len)) {
            return fallback(tp);
        }
        if (shifted(tp, before, skb, st, segs, len, mss, dup)) {
            mergeNext(tp, before, st, mss);
        }
        return before;
    }

    private static @Nullable SkBuff fallback(TcpSock tp) {
        tp.net.mib.inc(TcpExt.SACKSHIFTFALLBACK);
        return null;
    }

    @HotPath
    private static boolean mayShift(TcpSock tp, SkBuff before, SkBuff skb, boolean dup) {
        int sacked = skb.cb.sacked;
        boolean retransInFlight =
                (sacked & (TcpSkbCb.LOST | TcpSkbCb.SACKED_RETRANS)) == TcpSkbCb.SACKED_RETRANS;
        return (dup || !retransInFlight)
                && canShift(skb)
                && Seq.after(skb.cb.endSeq, tp.sndUna)
                && (before.cb.sacked & TcpSkbCb.TAGBITS) == TcpSkbCb.SACKED_ACKED
                && TcpRetransmit.canCollapse(before, skb);
    }

    /// Data is moved by reference, so it must lie in fragments.
    @Kernel("skb_can_shift")
    private static boolean canShift(SkBuff skb) {
        return skb.headlen() == 0 && skb.dataLen != 0;
    }

    /// Bytes in a segment of a packet.
    @Kernel("tcp_skb_seglen")
    @HotPath
    static int segLen(SkBuff skb) {
        return skb.cb.gsoSegs == 1 ? skb.len : skb.cb.gsoSize;
    }

    /// The gap between two sacked packets is gone: they become one.
    private static void mergeNext(TcpSock tp, SkBuff before, AckedState st, int mss) {
        SkBuff next = SkbRbTree.next(before);
        if (next == null
                || !canShift(next)
                || (next.cb.sacked & TcpSkbCb.TAGBITS) != TcpSkbCb.SACKED_ACKED
                || mss != segLen(next)
                || !TcpRetransmit.canCollapse(before, next)) {
            return;
        }
        int len = next.len;
        int segs = next.cb.gsoSegs;
        if (TcpRetransmit.skbShift(before, next, segs, len)) {
            shifted(tp, before, next, st, segs, len, mss, false);
        }
    }

    /// Keeps the books for data that was moved from `skb` to `before`; true if nothing is left of
    /// `skb`, which has been freed then. The range is tagged first: moving the start of the packet
    /// moves the highest sacked sequence too.
    @Kernel("tcp_shifted_skb")
    private static boolean shifted(
            TcpSock tp,
            SkBuff before,
            SkBuff skb,
            AckedState st,
            int segs,
            int len,
            int mss,
            boolean dup) {
        TcpSkbCb cb = skb.cb;
        TcpSkbCb to = before.cb;
        int start = cb.seq;
        TcpSacktag.tagOne(tp, st, cb.sacked, start, start + len, dup, segs, TcpClock.skbUs(skb));
        TcpRate.skbDelivered(tp, skb, st.rate);
        to.endSeq += len;
        cb.seq += len;
        to.gsoSegs += segs;
        cb.gsoSegs -= segs;
        if (to.gsoSize == 0) {
            to.gsoSize = mss;
        }
        if (cb.gsoSegs <= 1) {
            cb.gsoSize = 0;
        }
        to.sacked |= cb.sacked & TcpSkbCb.EVER_RETRANS;
        if (skb.len > 0) {
            tp.net.mib.inc(TcpExt.SACKSHIFTED);
            return false;
        }
        swallowed(tp, before, skb);
        return true;
    }

    /// Nothing is left of a packet: what it stood for goes to the one before.
    private static void swallowed(TcpSock tp, SkBuff before, SkBuff skb) {
        TcpSkbCb cb = skb.cb;
        TcpSkbCb to = before.cb;
        if (skb == tp.retransmitSkbHint) {
            tp.retransmitSkbHint = before;
        }
        to.tcpFlags |= cb.tcpFlags;
        to.eor = cb.eor;
        if ((cb.tcpFlags & Tcp.FIN) != 0) {
            to.endSeq++;
        }
        if (skb == tp.highestSack) {
            TcpRtxQueue.advanceHighestSack(tp, skb);
        }
        TcpRetransmit.collapseTstamp(before, skb);
        to.deliveredUs = 0;
        TcpRtxQueue.unlinkAndFree(tp, skb);
        tp.net.mib.inc(TcpExt.SACKMERGED);
    }
}
