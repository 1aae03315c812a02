package dev.linnet.net.tcp;

import dev.linnet.net.core.dev.DstEntry;

/// Segment sizes.
final class TcpMss {
    private TcpMss() {}

    static int syncMss(TcpSock tp, int pmtu) {
        throw new AssertionError();
    }

    static int currentMss(TcpSock tp) {
        throw new AssertionError();
    }

    static int mtuToMss(TcpSock tp, int pmtu) {
        throw new AssertionError();
    }

    static int mssToMtu(TcpSock tp, int mss) {
        throw new AssertionError();
    }

    static void mtupInit(TcpSock tp) {
        throw new AssertionError();
    }

    static int sendMss(TcpSock tp, int flags) {
        throw new AssertionError();
    }

    static int advertiseMss(TcpSock tp) {
        throw new AssertionError();
    }

    static int mssClamp(TcpSock tp, int mss) {
        throw new AssertionError();
    }

    static int boundToHalfWnd(TcpSock tp, int pktsize) {
        throw new AssertionError();
    }
}
