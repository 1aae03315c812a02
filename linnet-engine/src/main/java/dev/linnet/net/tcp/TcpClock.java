package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// What time it is for a connection.
final class TcpClock {
    private TcpClock() {}

    static void mstampRefresh(TcpSock tp) {
        throw new AssertionError();
    }

    static int tsVal(TcpSock tp) {
        throw new AssertionError();
    }

    static int jiffies32(TcpSock tp) {
        throw new AssertionError();
    }

    static long jiffies(TcpSock tp) {
        throw new AssertionError();
    }

    static int skbTsVal(SkBuff skb) {
        throw new AssertionError();
    }

    static long skbUs(SkBuff skb) {
        throw new AssertionError();
    }
}
