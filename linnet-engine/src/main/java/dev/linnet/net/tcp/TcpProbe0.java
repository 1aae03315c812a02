package dev.linnet.net.tcp;


/// Probes of a closed window.
final class TcpProbe0 {
    private TcpProbe0() {}

    static int writeWakeup(TcpSock tp, dev.linnet.kernel.mib.TcpExt mib) {
        throw new AssertionError();
    }

    static void sendProbe0(TcpSock tp) {
        throw new AssertionError();
    }

    static void sendWindowProbe(TcpSock tp) {
        throw new AssertionError();
    }

    static int base(TcpSock tp) {
        throw new AssertionError();
    }

    static long when(TcpSock tp, long maxWhen) {
        throw new AssertionError();
    }
}
