package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// What is to be sent for the first time. A segment goes from here to the retransmit queue
/// ([TcpRtxQueue]) when it is sent; both count in `wmemQueued`.
@HotPath
final class TcpWriteQueue {
    private TcpWriteQueue() {}

    /// The next segment to be sent, or null.
    @Kernel("tcp_send_head")
    static @Nullable SkBuff sendHead(TcpSock tp) {
        return tp.writeQueue.peek();
    }

    /// True if there is neither anything to be sent nor anything to be acknowledged.
    @Kernel("tcp_rtx_and_write_queues_empty")
    static boolean rtxAndWriteQueuesEmpty(TcpSock tp) {
        return tp.rtxQueue.isEmpty() && tp.writeQueue.isEmpty();
    }

    /// True if a segment is the last of the queue, so that it may still grow.
    @Kernel("tcp_skb_is_last")
    static boolean isLast(TcpSock tp, SkBuff skb) {
        return tp.writeQueue.peekTail() == skb;
    }

    @Kernel("sk_wmem_queued_add")
    static void wmemQueuedAdd(TcpSock tp, int bytes) {
        int queued = tp.wmemQueued;
        tp.wmemQueued = queued + bytes;
        TcpMemory.update(tp);
    }

    /// Appends a segment; the first one makes the sender busy.
    @Kernel("tcp_add_write_queue_tail")
    static void addTail(TcpSock tp, SkBuff skb) {
        tp.writeQueue.queueTail(skb);
        wmemQueuedAdd(tp, skb.truesize);
        if (tp.writeQueue.peek() == skb) {
            TcpChrono.start(tp, TcpChrono.BUSY);
        }
    }

    /// Takes a segment out and ends it.
    @Kernel({"tcp_unlink_write_queue", "tcp_wmem_free_skb"})
    static void unlinkAndFree(TcpSock tp, SkBuff skb) {
        tp.writeQueue.unlink(skb);
        TcpRtxQueue.wmemFree(tp, skb);
    }

    /// Ends everything that is queued or in flight, and forgets what pointed to it.
    @Kernel("tcp_write_queue_purge")
    static void purge(TcpSock tp) {
        TcpChrono.stop(tp, TcpChrono.BUSY);
        SkBuff skb;
        while ((skb = tp.writeQueue.dequeue()) != null) {
            TcpRtxQueue.wmemFree(tp, skb);
        }
        while ((skb = tp.rtxQueue.first()) != null) {
            TcpRtxQueue.unlinkAndFree(tp, skb);
        }
        forgetHints(tp);
    }

    @Kernel("tcp_clear_all_retrans_hints")
    private static void forgetHints(TcpSock tp) {
        tp.tsortedHead = null;
        tp.tsortedTail = null;
        tp.retransmitSkbHint = null;
        tp.highestSack = null;
        tp.packetsOut = 0;
        tp.backoff = 0;
    }
}
