package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// Sizes of packets.
final class TcpTso {
    private TcpTso() {}

    static int setSkbTsoSegs(SkBuff skb, int mssNow) {
        throw new AssertionError();
    }

    static int tsoSegs(TcpSock tp, int mssNow) {
        throw new AssertionError();
    }
}
