package dev.linnet.net.tcp;


/// The congestion window as the sender uses it.
final class TcpCwnd {
    private TcpCwnd() {}

    static int test(TcpSock tp) {
        throw new AssertionError();
    }

    static void validate(TcpSock tp, boolean isCwndLimited) {
        throw new AssertionError();
    }

    static void restart(TcpSock tp, int delta) {
        throw new AssertionError();
    }

    static void slowStartAfterIdleCheck(TcpSock tp) {
        throw new AssertionError();
    }

    static int currentSsthresh(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean inCwndReduction(TcpSock tp) {
        throw new AssertionError();
    }
}
