package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import org.jspecify.annotations.Nullable;

/// The retransmit queue of a sock: its segments by sequence (a tree), and the same segments in the
/// order of their last transmission (a list), from which RACK and the timers read.
final class TcpRtxQueue {
    private TcpRtxQueue() {}

    /// The oldest segment by sequence, or null.
    @Kernel("tcp_rtx_queue_head")
    @HotPath
    static @Nullable SkBuff head(TcpSock tp) {
        return tp.rtxQueue.first();
    }

    @Kernel("tcp_rtx_queue_tail")
    @HotPath
    static @Nullable SkBuff tail(TcpSock tp) {
        return tp.rtxQueue.last();
    }

    /// Adds a segment by sequence; the caller puts it into the list too.
    @Kernel("tcp_rbtree_insert")
    @HotPath
    static void insert(TcpSock tp, SkBuff skb) {
        tp.rtxQueue.insert(skb);
    }

    /// Takes a segment out of the tree; it stays in the list.
    @Kernel("tcp_rtx_queue_unlink")
    @HotPath
    static void unlink(TcpSock tp, SkBuff skb) {
        tp.rtxQueue.erase(skb);
    }

    /// Takes a segment out of both and ends it.
    @Kernel("tcp_rtx_queue_unlink_and_free")
    @HotPath
    static void unlinkAndFree(TcpSock tp, SkBuff skb) {
        tsortedDel(tp, skb);
        unlink(tp, skb);
        wmemFree(tp, skb);
    }

    /// Ends a segment that counted as queued for sending.
    @Kernel("tcp_wmem_free_skb")
    @HotPath
    static void wmemFree(TcpSock tp, SkBuff skb) {
        TcpWriteQueue.wmemQueuedAdd(tp, -skb.truesize);
        skb.consume();
    }

    @HotPath
    static void tsortedAddTail(TcpSock tp, SkBuff skb) {
        SkBuff last = tp.tsortedTail;
        skb.tsPrev = last;
        skb.tsNext = null;
        if (last == null) {
            tp.tsortedHead = skb;
        } else {
            last.tsNext = skb;
        }
        tp.tsortedTail = skb;
    }

    /// True if the segment stands in the list.
    @HotPath
    static boolean tsortedLinked(TcpSock tp, SkBuff skb) {
        return skb.tsPrev != null || tp.tsortedHead == skb;
    }

    /// Takes a segment out of the list; nothing happens if it is not in it.
    @HotPath
    static void tsortedDel(TcpSock tp, SkBuff skb) {
        if (!tsortedLinked(tp, skb)) {
            return;
        }
        SkBuff before = skb.tsPrev;
        SkBuff after = skb.tsNext;
        if (before == null) {
            tp.tsortedHead = after;
        } else {
            before.tsNext = after;
        }
        if (after == null) {
            tp.tsortedTail = before;
        } else {
            after.tsPrev = before;
        }
        skb.tsPrev = null;
        skb.tsNext = null;
    }

    /// A segment was sent again: it is now the last one sent.
    @HotPath
    static void tsortedMoveTail(TcpSock tp, SkBuff skb) {
        if (tp.tsortedTail != skb) {
            tsortedDel(tp, skb);
            tsortedAddTail(tp, skb);
        }
    }

    /// Adds a segment right after another one: its second half. If that one is not in the list, being
    /// sacked or lost, neither is its half.
    @HotPath
    static void tsortedAddAfter(TcpSock tp, SkBuff at, SkBuff skb) {
        if (!tsortedLinked(tp, at)) {
            return;
        }
        SkBuff after = at.tsNext;
        if (after == null) {
            tsortedAddTail(tp, skb);
            return;
        }
        skb.tsPrev = at;
        skb.tsNext = after;
        at.tsNext = skb;
        after.tsPrev = skb;
    }

    /// The segment after the highest sacked one where that was `old`, which is about to go.
    @Kernel("tcp_highest_sack_replace")
    @HotPath
    static void highestSackReplace(TcpSock tp, SkBuff old, @Nullable SkBuff by) {
        if (old == tp.highestSack) {
            tp.highestSack = by;
        }
    }

    /// Where new SACKs are "above everything": the start of the highest sacked segment, or `sndNxt`
    /// if that was the last in flight.
    @Kernel("tcp_highest_sack_seq")
    @HotPath
    static int highestSackSeq(TcpSock tp) {
        if (tp.sackedOut == 0) {
            return tp.sndUna;
        }
        SkBuff highest = tp.highestSack;
        return highest == null ? tp.sndNxt : highest.cb.seq;
    }

    /// The segment after `skb` becomes the highest sacked one's marker.
    @Kernel("tcp_advance_highest_sack")
    @HotPath
    static void advanceHighestSack(TcpSock tp, SkBuff skb) {
        tp.highestSack = SkbRbTree.next(skb);
    }

    @Kernel("tcp_highest_sack_reset")
    @HotPath
    static void highestSackReset(TcpSock tp) {
        tp.highestSack = head(tp);
    }
}
