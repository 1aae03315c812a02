package dev.linnet.net.tcp;

import dev.linnet.net.core.skb.SkBuff;

/// Sending again.
final class TcpRetransmit {
    private TcpRetransmit() {}

    static int retransmitSkb(TcpSock tp, SkBuff skb, int segs) {
        throw new AssertionError();
    }

    static int retransmitOnly(TcpSock tp, SkBuff skb, int segs) {
        throw new AssertionError();
    }

    static void xmitRetransmitQueue(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean skbShift(SkBuff to, SkBuff from, int pcount, int bytes) {
        throw new AssertionError();
    }

    static boolean canCollapse(SkBuff to, SkBuff from) {
        throw new AssertionError();
    }

    static void collapseTstamp(SkBuff to, SkBuff next) {
        throw new AssertionError();
    }
}
