package dev.linnet.net.tcp;

/// Stop watches of what a sender waits for (`tcp_chrono`).
final class TcpChrono {
    static final int UNSPEC = 0;
    static final int BUSY = 1;
    static final int RWND_LIMITED = 2;
    static final int SNDBUF_LIMITED = 3;

    static void start(TcpSock tp, int type) {
        throw new AssertionError();
    }

    static void stop(TcpSock tp, int type) {
        throw new AssertionError();
    }

    /// Time spent with `type`, jiffies, as of now.
    long spent(int type, int now) {
        throw new AssertionError();
    }
}
