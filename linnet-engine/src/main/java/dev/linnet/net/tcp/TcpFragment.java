package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// Cutting queued segments.
final class TcpFragment {
    private TcpFragment() {}

    static int fragment(TcpSock tp, boolean inRtxQueue, SkBuff skb, int len, int mssNow) {
        throw new AssertionError();
    }

    static int trimHead(TcpSock tp, SkBuff skb, int len) {
        throw new AssertionError();
    }

    static int tsoFragment(TcpSock tp, SkBuff skb, int len, int mssNow) {
        throw new AssertionError();
    }

    static void adjustPcount(TcpSock tp, SkBuff skb, int decr) {
        throw new AssertionError();
    }
}
