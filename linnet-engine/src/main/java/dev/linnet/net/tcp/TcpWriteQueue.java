package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// The two send queues and the list in order of sending.
final class TcpWriteQueue {
    private TcpWriteQueue() {}

    static @Nullable SkBuff sendHead(TcpSock tp) {
        throw new AssertionError();
    }

    static @Nullable SkBuff rtxHead(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean rtxAndWriteQueuesEmpty(TcpSock tp) {
        throw new AssertionError();
    }

    static void wmemQueuedAdd(TcpSock tp, int bytes) {
        throw new AssertionError();
    }

    static void wmemFreeSkb(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void rtxUnlink(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void rtxUnlinkAndFree(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void purge(TcpSock tp) {
        throw new AssertionError();
    }

    static void tsortedAddTail(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void tsortedInsertAfter(TcpSock tp, SkBuff at, SkBuff skb) {
        throw new AssertionError();
    }

    static void tsortedMoveTail(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void tsortedDel(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static boolean tsorted(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }
}
