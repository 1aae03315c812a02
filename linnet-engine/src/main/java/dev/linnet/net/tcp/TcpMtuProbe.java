package dev.linnet.net.tcp;


/// Packetization-layer path MTU discovery (RFC 4821).
final class TcpMtuProbe {
    private TcpMtuProbe() {}

    static int probe(TcpSock tp) {
        throw new AssertionError();
    }

    static void probeFailed(TcpSock tp) {
        throw new AssertionError();
    }

    static void probeSuccess(TcpSock tp) {
        throw new AssertionError();
    }

    static void blackHole(TcpSock tp) {
        throw new AssertionError();
    }
}
