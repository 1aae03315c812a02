package dev.linnet.net.tcp;


/// Tail loss probes (RFC 8985 section 7).
final class TcpLossProbe {
    private TcpLossProbe() {}

    static boolean schedule(TcpSock tp, boolean advancingRto) {
        throw new AssertionError();
    }

    static void send(TcpSock tp) {
        throw new AssertionError();
    }
}
