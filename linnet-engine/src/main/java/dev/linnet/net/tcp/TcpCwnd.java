package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;

/// The congestion window as the sender uses it, or leaves it unused.
@HotPath
final class TcpCwnd {
    private static final int SENDING =
            TcpState.TCP_ESTABLISHED.mask() | TcpState.TCP_CLOSE_WAIT.mask();

    private TcpCwnd() {}

    /// Segments that may be sent in one packet now, 0 if the window is full; never more than half of
    /// the window, so that two packets are in flight.
    @Kernel("tcp_cwnd_test")
    static int test(TcpSock tp) {
        int inFlight = tp.packetsInFlight();
        int cwnd = tp.sndCwnd;
        if (inFlight >= cwnd) {
            return 0;
        }
        return Math.min(Math.max(cwnd >> 1, 1), cwnd - inFlight);
    }

    /// Notes after a transmission whether the window was the limit: a window that is not used must
    /// neither grow nor keep its size (RFC 7661).
    @Kernel("tcp_cwnd_validate")
    static void validate(TcpSock tp, boolean isCwndLimited) {
        if (!Seq.before(tp.sndUna, tp.cwndUsageSeq)
                || isCwndLimited
                || !tp.isCwndLimited && tp.packetsOut > tp.maxPacketsOut) {
            tp.isCwndLimited = isCwndLimited;
            tp.maxPacketsOut = tp.packetsOut;
            tp.cwndUsageSeq = tp.sndNxt;
        }
        if (TcpCong.isCwndLimited(tp)) {
            tp.sndCwndUsed = 0;
            tp.sndCwndStamp = TcpClock.jiffies32(tp);
        } else {
            starved(tp);
        }
    }

    private static void starved(TcpSock tp) {
        tp.sndCwndUsed = Math.max(tp.sndCwndUsed, tp.packetsOut);
        if (tp.net.sysctl.get(TcpSysctls.SLOW_START_AFTER_IDLE)
                && TcpClock.jiffies32(tp) - tp.sndCwndStamp >= tp.rto
                && !tp.caOps.hasCongControl()) {
            applicationLimited(tp);
        }
        if (tp.writeQueue.isEmpty() && writerWaits(tp) && tp.state.in(SENDING)) {
            TcpChrono.start(tp, TcpChrono.SNDBUF_LIMITED);
        }
    }

    private static boolean writerWaits(TcpSock tp) {
        Socket socket = tp.socket;
        return socket != null && socket.nospace;
    }

    /// A round trip passed in which the window was not filled: half of what was unused goes.
    @Kernel("tcp_cwnd_application_limited")
    private static void applicationLimited(TcpSock tp) {
        Socket socket = tp.socket;
        if (tp.caState == TcpCaState.OPEN.value() && socket != null && !socket.nospace) {
            int used = Math.max(tp.sndCwndUsed, TcpInput.initCwnd(tp, tp.dstCheck()));
            if (used < tp.sndCwnd) {
                tp.sndSsthresh = TcpCong.currentSsthresh(tp);
                tp.sndCwnd = (tp.sndCwnd + used) >> 1;
            }
            tp.sndCwndUsed = 0;
        }
        tp.sndCwndStamp = TcpClock.jiffies32(tp);
    }

    /// Shrinks the window after `delta` jiffies without a transmission: by half per timeout, down to
    /// the initial window (RFC 2861).
    @Kernel("tcp_cwnd_restart")
    static void restart(TcpSock tp, int delta) {
        int least = Math.min(TcpInput.initCwnd(tp, tp.dstCheck()), tp.sndCwnd);
        int cwnd = tp.sndCwnd;
        TcpCong.caEvent(tp, CaEvent.CWND_RESTART);
        tp.sndSsthresh = TcpCong.currentSsthresh(tp);
        int left = delta - tp.rto;
        while (left > 0 && cwnd > least) {
            cwnd >>= 1;
            left -= tp.rto;
        }
        tp.sndCwnd = Math.max(cwnd, least);
        tp.sndCwndStamp = TcpClock.jiffies32(tp);
        tp.sndCwndUsed = 0;
    }

    /// Called when data is queued: has the sender been idle for longer than a timeout?
    @Kernel("tcp_slow_start_after_idle_check")
    static void slowStartAfterIdleCheck(TcpSock tp) {
        if (tp.packetsOut != 0
                || !tp.net.sysctl.get(TcpSysctls.SLOW_START_AFTER_IDLE)
                || tp.caOps.hasCongControl()) {
            return;
        }
        int delta = TcpClock.jiffies32(tp) - tp.lsndtime;
        if (delta > tp.rto) {
            restart(tp, delta);
        }
    }
}
