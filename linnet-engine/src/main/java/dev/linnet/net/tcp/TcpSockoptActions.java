package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;

/// Options that do something at once, beside being stored. Sock locked.
final class TcpSockoptActions {
    private static final int NOT_OPEN = TcpState.TCP_CLOSE.mask() | TcpState.TCP_LISTEN.mask();
    private static final int RECEIVING =
            TcpState.TCP_ESTABLISHED.mask() | TcpState.TCP_CLOSE_WAIT.mask();

    /// Half of `SOCK_MIN_RCVBUF`, bytes.
    private static final int MIN_CLAMP = 1152;

    private TcpSockoptActions() {}

    /// TCP_NODELAY: what Nagle's rule holds back goes out, even under TCP_CORK.
    @Kernel("__tcp_sock_set_nodelay")
    static int nodelay(TcpSock tp, int value) {
        if (value != 0) {
            tp.nonagle |= TcpNagle.OFF | TcpNagle.PUSH;
            TcpOutput.pushPendingFrames(tp);
        } else {
            tp.nonagle &= ~TcpNagle.OFF;
        }
        return 0;
    }

    @Kernel("__tcp_sock_set_cork")
    static int cork(TcpSock tp, int value) {
        if (value != 0) {
            tp.nonagle |= TcpNagle.CORK;
            return 0;
        }
        tp.nonagle &= ~TcpNagle.CORK;
        if ((tp.nonagle & TcpNagle.OFF) != 0) {
            tp.nonagle |= TcpNagle.PUSH;
        }
        TcpOutput.pushPendingFrames(tp);
        return 0;
    }

    /// TCP_KEEPIDLE: a running timer is set anew.
    @Kernel("tcp_sock_set_keepidle_locked")
    static void keepidle(TcpSock tp, int seconds) {
        tp.keepaliveTime = seconds * Clock.HZ;
        if (tp.keepopen && !tp.state.in(NOT_OPEN)) {
            long left = tp.keepaliveTime - TcpKeepalive.elapsed(tp);
            TcpTimer.resetKeepaliveTimer(tp, Math.max(0, left));
        }
    }

    /// TCP_WINDOW_CLAMP; 0 takes it away, of a closed sock only.
    @Kernel("tcp_set_window_clamp")
    static int windowClamp(TcpSock tp, int value) {
        if (value == 0) {
            if (tp.state != TcpState.TCP_CLOSE) {
                return -Errno.EINVAL;
            }
            tp.windowClamp = 0;
            return 0;
        }
        int old = tp.windowClamp;
        int clamp = Math.max(MIN_CLAMP, value);
        tp.windowClamp = clamp;
        if (clamp < old) {
            tp.rcvSsthresh = Math.min(tp.rcvSsthresh, clamp);
        } else if (clamp > old) {
            tp.rcvSsthresh = Math.max(tp.rcvSsthresh, Math.min(tp.rcvWnd, clamp));
        }
        return 0;
    }

    /// SO_RCVLOWAT, at most half of what the buffer may become; the buffer grows with it. A reader who
    /// waited for more may have enough now.
    @Kernel("tcp_set_rcvlowat")
    static int rcvlowat(TcpSock tp, int low) {
        int most = tp.rcvbufLocked ? tp.rcvbuf : tp.net.sysctl.get(TcpSysctls.RMEM, 2);
        int value = Math.min(low, most >> 1);
        tp.rcvlowat = Math.max(1, value);
        TcpDataQueue.dataReady(tp);
        if (tp.rcvbufLocked) {
            return 0;
        }
        int space = TcpWindowSelect.spaceFromWin(tp, value);
        if (space > tp.rcvbuf) {
            tp.rcvbuf = space;
            if (tp.windowClamp != 0 && tp.windowClamp < value) {
                tp.windowClamp = value;
            }
        }
        return 0;
    }

    /// TCP_QUICKACK: an ACK that waits goes out; with an even number other than 0 once only.
    @Kernel("__tcp_sock_set_quickack")
    static int quickack(TcpSock tp, int value) {
        if (value == 0) {
            TcpAckOut.enterPingpongMode(tp);
            return 0;
        }
        TcpAckOut.exitPingpongMode(tp);
        if (tp.state.in(RECEIVING) && TcpAckOut.ackScheduled(tp)) {
            tp.ackPending |= InetConnectionSock.ICSK_ACK_PUSHED;
            TcpRecvmsg.cleanupRbuf(tp, 1);
            if ((value & 1) == 0) {
                TcpAckOut.enterPingpongMode(tp);
            }
        }
        return 0;
    }
}
