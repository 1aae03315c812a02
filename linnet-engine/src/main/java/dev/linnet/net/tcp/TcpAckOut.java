package dev.linnet.net.tcp;


/// ACKs, FINs and resets.
final class TcpAckOut {
    private TcpAckOut() {}

    static final int TCP_ATO_MIN = 40;

    static final int TCP_DELACK_MIN = 40;

    static final int TCP_DELACK_MAX = 200;

    static final int TCP_MAX_QUICKACKS = 16;

    static void sendAck(TcpSock tp) {
        throw new AssertionError();
    }

    static void sendAckWithRcvNxt(TcpSock tp, int rcvNxt) {
        throw new AssertionError();
    }

    static void sendDelayedAck(TcpSock tp) {
        throw new AssertionError();
    }

    static void sendFin(TcpSock tp) {
        throw new AssertionError();
    }

    static void sendActiveReset(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean ackScheduled(TcpSock tp) {
        throw new AssertionError();
    }

    static void scheduleAck(TcpSock tp) {
        throw new AssertionError();
    }

    static void incrQuickack(TcpSock tp, int maxQuickacks) {
        throw new AssertionError();
    }

    static void enterQuickackMode(TcpSock tp, int maxQuickacks) {
        throw new AssertionError();
    }

    static void decQuickackMode(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean inQuickackMode(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean inPingpongMode(TcpSock tp) {
        throw new AssertionError();
    }

    static void enterPingpongMode(TcpSock tp) {
        throw new AssertionError();
    }

    static void exitPingpongMode(TcpSock tp) {
        throw new AssertionError();
    }

    static void incPingpongCnt(TcpSock tp) {
        throw new AssertionError();
    }

    static void sackCompressSendAck(TcpSock tp) {
        throw new AssertionError();
    }

    static void startCompressedAckTimer(TcpSock tp, long delayNs) {
        throw new AssertionError();
    }
}
