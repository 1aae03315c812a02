package dev.linnet.net.tcp;


/// Pacing by the stack itself.
final class TcpPacing {
    private TcpPacing() {}

    static final int SK_PACING_NONE = 0;

    static final int SK_PACING_NEEDED = 1;

    static final int SK_PACING_FQ = 2;

    static void updatePacingRate(TcpSock tp) {
        throw new AssertionError();
    }

    static boolean check(TcpSock tp) {
        throw new AssertionError();
    }

    static long delayJiffies(TcpSock tp) {
        throw new AssertionError();
    }
}
