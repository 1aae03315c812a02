package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Cutting queued segments in two; no byte of payload is copied.
@HotPath
final class TcpFragment {
    /// What the send queues may hold beyond the send buffer before cutting is refused: two of the
    /// largest packets.
    private static final int ALLOWANCE = 2 * (65536 + SkBuff.OVERHEAD);

    private TcpFragment() {}

    /// Cuts a segment after `len` bytes; what follows becomes a segment right behind it.
    ///
    /// @param inRtxQueue the segment was sent; else it is in the write queue
    /// @return 0, or `-ENOMEM` when a peer seems to make us cut on purpose
    @Kernel("tcp_fragment")
    static int fragment(TcpSock tp, boolean inRtxQueue, SkBuff skb, int len, int mssNow) {
        assert len > 0 && len <= skb.len;
        if (inRtxQueue && tooMuchQueued(tp, skb)) {
            tp.net.mib.inc(TcpExt.TCPWQUEUETOOBIG);
            return -Errno.ENOMEM;
        }
        int before = skb.cb.gsoSegs;
        SkBuff rest = cut(tp, skb, len, mssNow);
        rest.cb.sacked = skb.cb.sacked;
        rest.tstampNs = skb.tstampNs;
        rest.cb.copyTxFrom(skb.cb);
        if (!Seq.before(tp.sndNxt, rest.cb.endSeq)) {
            int decr = before - skb.cb.gsoSegs - rest.cb.gsoSegs;
            if (decr != 0) {
                adjustPcount(tp, skb, decr);
            }
        }
        if (inRtxQueue) {
            tp.rtxQueue.insertAfter(skb, rest);
            TcpRtxQueue.tsortedAddAfter(tp, skb, rest);
        } else {
            tp.writeQueue.queueAfter(skb, rest);
        }
        return 0;
    }

    /// Cuts a packet of the write queue that was not sent yet.
    @Kernel("tso_fragment")
    static void tsoFragment(TcpSock tp, SkBuff skb, int len, int mssNow) {
        SkBuff rest = cut(tp, skb, len, mssNow);
        tp.writeQueue.queueAfter(skb, rest);
    }

    private static boolean tooMuchQueued(TcpSock tp, SkBuff skb) {
        return tp.wmemQueued >> 1 > tp.sndbuf + ALLOWANCE
                && skb != tp.rtxQueue.first()
                && skb != tp.rtxQueue.last();
    }

    /// Moves everything after `len` bytes to a new segment. PSH and FIN go with it, and so does the
    /// end of a record.
    private static SkBuff cut(TcpSock tp, SkBuff skb, int len, int mssNow) {
        SkBuff rest = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
        TcpSkbCb cb = skb.cb;
        rest.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        rest.cb.seq = cb.seq + len;
        rest.cb.endSeq = cb.endSeq;
        rest.cb.tcpFlags = cb.tcpFlags;
        rest.cb.eor = cb.eor;
        cb.endSeq = rest.cb.seq;
        cb.tcpFlags &= ~(Tcp.FIN | Tcp.PSH);
        cb.eor = false;
        int truesize = skb.truesize;
        SkbOps.split(skb, rest, len);
        TcpWriteQueue.wmemQueuedAdd(tp, skb.truesize + rest.truesize - truesize);
        moveTstamp(skb, rest);
        TcpTso.setSkbTsoSegs(skb, mssNow);
        TcpTso.setSkbTsoSegs(rest, mssNow);
        return rest;
    }

    /// A wish for a timestamp belongs to the segment with the byte that it is for.
    @Kernel("tcp_fragment_tstamp")
    private static void moveTstamp(SkBuff skb, SkBuff rest) {
        if ((skb.txFlags != 0 || skb.cb.txstampAck) && !Seq.before(skb.tskey, rest.cb.seq)) {
            rest.txFlags = skb.txFlags;
            rest.tskey = skb.tskey;
            rest.cb.txstampAck = skb.cb.txstampAck;
            skb.txFlags = 0;
            skb.tskey = 0;
            skb.cb.txstampAck = false;
        }
    }

    /// Takes acknowledged bytes off the front of a sent segment.
    ///
    /// @return 0
    @Kernel("tcp_trim_head")
    static int trimHead(TcpSock tp, SkBuff skb, int len) {
        SkbOps.trimHead(skb, len);
        skb.cb.seq += len;
        skb.truesize -= len;
        TcpWriteQueue.wmemQueuedAdd(tp, -len);
        if (skb.cb.gsoSegs > 1) {
            TcpTso.setSkbTsoSegs(skb, skb.cb.gsoSize);
        }
        return 0;
    }

    /// A sent packet has `decr` segments less than it was counted with.
    @Kernel("tcp_adjust_pcount")
    static void adjustPcount(TcpSock tp, SkBuff skb, int decr) {
        tp.packetsOut -= decr;
        int sacked = skb.cb.sacked;
        if ((sacked & TcpSkbCb.SACKED_ACKED) != 0) {
            tp.sackedOut -= decr;
        }
        if ((sacked & TcpSkbCb.SACKED_RETRANS) != 0) {
            tp.retransOut -= decr;
        }
        if ((sacked & TcpSkbCb.LOST) != 0) {
            tp.lostOut -= decr;
        }
        if (!tp.rxOpt.sackEnabled() && decr > 0) {
            tp.sackedOut -= Math.min(tp.sackedOut, decr); // counts duplicate ACKs there
        }
        assert tp.leftOut() <= tp.packetsOut;
    }
}
