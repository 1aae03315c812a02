package dev.linnet.net.tcp;

import dev.linnet.net.core.NetNamespace;

/// The window that we offer.
final class TcpWindowSelect {
    private TcpWindowSelect() {}

    record InitialWindow(int rcvWnd, int windowClamp, int rcvWscale) {}

    static int selectWindow(TcpSock tp) {
        throw new AssertionError();
    }

    static int rawSelectWindow(TcpSock tp) {
        throw new AssertionError();
    }

    static InitialWindow selectInitialWindow(NetNamespace net, int space, int mss, int windowClamp, boolean wscaleOk, int initRcvWnd) {
        throw new AssertionError();
    }

    static int space(TcpSock tp) {
        throw new AssertionError();
    }

    static int fullSpace(TcpSock tp) {
        throw new AssertionError();
    }

    static int winFromSpace(TcpSock tp, int space) {
        throw new AssertionError();
    }

    static int spaceFromWin(TcpSock tp, int win) {
        throw new AssertionError();
    }

    static void adjustRcvSsthresh(TcpSock tp) {
        throw new AssertionError();
    }
}
