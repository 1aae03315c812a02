package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// Sending what is in the write queue.
final class TcpOutput {
    private TcpOutput() {}

    static boolean writeXmit(TcpSock tp, int mssNow, int nonagle, int pushOne) {
        throw new AssertionError();
    }

    static void pushPendingFrames(TcpSock tp, int curMss, int nonagle) {
        throw new AssertionError();
    }

    static void pushPendingFrames(TcpSock tp) {
        throw new AssertionError();
    }

    static void pushOne(TcpSock tp, int mss) {
        throw new AssertionError();
    }

    static void push(TcpSock tp, int flags, int mssNow, int nonagle, int sizeGoal) {
        throw new AssertionError();
    }

    static void checkProbeTimer(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean forcedPush(TcpSock tp) {
        throw new AssertionError();
    }

    static void markPush(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void queueSkb(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void entail(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }

    static void eventNewDataSent(TcpSock tp, SkBuff skb) {
        throw new AssertionError();
    }
}
