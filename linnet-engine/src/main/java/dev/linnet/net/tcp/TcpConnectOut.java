package dev.linnet.net.tcp;


/// SYNs.
final class TcpConnectOut {
    private TcpConnectOut() {}

    static int connect(TcpSock tp) {
        throw new AssertionError();
    }

    static int sendSynack(TcpSock tp) {
        throw new AssertionError();
    }
}
