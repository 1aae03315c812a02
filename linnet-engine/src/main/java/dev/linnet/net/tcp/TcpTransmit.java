package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// One segment down to IP.
final class TcpTransmit {
    private TcpTransmit() {}

    static int transmitSkb(TcpSock tp, SkBuff skb, boolean cloneIt) {
        throw new AssertionError();
    }

    static int transmitSkb(TcpSock tp, SkBuff skb, boolean cloneIt, int rcvNxt) {
        throw new AssertionError();
    }

    static void initNondataSkb(SkBuff skb, int seq, int flags) {
        throw new AssertionError();
    }

    static int acceptableSeq(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean urgMode(TcpSock tp) {
        throw new AssertionError();
    }
}
