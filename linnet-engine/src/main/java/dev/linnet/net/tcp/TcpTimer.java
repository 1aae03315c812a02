package dev.linnet.net.tcp;


/// The timers of a connection.
final class TcpTimer {
    private TcpTimer() {}

    static final int TCP_TSQ_DEFERRED = 1;

    static final int TCP_WRITE_TIMER_DEFERRED = 2;

    static final int TCP_DELACK_TIMER_DEFERRED = 4;

    static final int TCP_MTU_REDUCED_DEFERRED = 8;

    static final int TCP_ACK_DEFERRED = 16;

    static final int TCP_TIMEOUT_INIT = 1000;

    static final int TCP_TIMEOUT_MIN = 2;

    static final int TCP_RTO_MIN = 200;

    static final int TCP_RTO_MAX = 120000;

    static void initXmitTimers(TcpSock tp) {
        throw new AssertionError();
    }

    static void resetXmitTimer(TcpSock tp, int what, long whenJiffies, boolean paceDelay) {
        throw new AssertionError();
    }

    static void clearXmitTimer(TcpSock tp, int what) {
        throw new AssertionError();
    }

    static void clearXmitTimers(TcpSock tp) {
        throw new AssertionError();
    }

    static void resetDelackTimer(TcpSock tp, long whenJiffies) {
        throw new AssertionError();
    }

    static void resetKeepaliveTimer(TcpSock tp, long whenJiffies) {
        throw new AssertionError();
    }

    static void deleteKeepaliveTimer(TcpSock tp) {
        throw new AssertionError();
    }

    static void setKeepalive(TcpSock tp, boolean on) {
        throw new AssertionError();
    }

    static void releaseCb(TcpSock tp, int bits) {
        throw new AssertionError();
    }

    static long rtoDeltaUs(TcpSock tp) {
        throw new AssertionError();
    }

    static int rtoMin(TcpSock tp) {
        throw new AssertionError();
    }

    static int rtoMax(TcpSock tp) {
        throw new AssertionError();
    }

    static int timeoutInit(TcpSock tp) {
        throw new AssertionError();
    }

    static void writeErr(TcpSock tp) {
        throw new AssertionError();
    }
}
