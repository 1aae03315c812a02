package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.skb.SkBuff;

/// Room for received data: the receive buffer's limit, and what is done when it is reached.
final class TcpRcvMem {
    private static final int MEM_QUANTUM = 4096;

    private TcpRcvMem() {}

    /// True if the buffer takes one more segment, however large: what is in it already counts, so that
    /// a segment always fits into an empty buffer.
    @Kernel("tcp_can_ingest")
    @HotPath
    static boolean hasRoom(TcpSock tp) {
        return tp.rmemAlloc() <= tp.rcvbuf;
    }

    /// True if memory that was set aside for the sock covers the segment (`sk_forward_alloc`). Linux
    /// accounts in pages, so that this is always what the last page has left.
    @HotPath
    static boolean paidFor(TcpSock tp, SkBuff skb) {
        return skb.truesize <= Math.floorMod(-(tp.rmemAlloc() + tp.wmemQueued), MEM_QUANTUM);
    }

    /// Makes room for a segment; false if there is none to be made.
    @Kernel("tcp_try_rmem_schedule")
    @HotPath
    static boolean trySchedule(TcpSock tp, SkBuff skb) {
        if (hasRoom(tp) && TcpMemory.mayReceive(tp, skb.truesize)) {
            return true;
        }
        return prune(tp, skb) && makeRoom(tp, skb);
    }

    /// The buffer would take it; TCP as a whole may not.
    private static boolean makeRoom(TcpSock tp, SkBuff skb) {
        TcpMemory.update(tp);
        while (!TcpMemory.mayReceive(tp, skb.truesize)) {
            if (!TcpOfo.prune(tp, skb)) {
                return false;
            }
            TcpMemory.update(tp);
        }
        return true;
    }

    /// Makes room in mild ways first: a larger buffer, denser packets; then by giving up what lies out
    /// of order.
    @Kernel("tcp_prune_queue")
    private static boolean prune(TcpSock tp, SkBuff skb) {
        tp.net.mib.inc(TcpExt.PRUNECALLED);
        if (!hasRoom(tp)) {
            TcpRcvSpace.clampWindow(tp);
        } else if (TcpMemory.underPressure(tp)) {
            TcpWindowSelect.adjustRcvSsthresh(tp);
        }
        if (hasRoom(tp)) {
            return true;
        }
        TcpCollapse.outOfOrderQueue(tp);
        TcpCollapse.receiveQueue(tp);
        if (hasRoom(tp)) {
            return true;
        }
        TcpOfo.prune(tp, skb);
        if (hasRoom(tp)) {
            return true;
        }
        // The peer sends far more than it was offered. It will have to send that again.
        tp.net.mib.inc(TcpExt.RCVPRUNED);
        tp.predFlags = 0;
        return false;
    }
}
