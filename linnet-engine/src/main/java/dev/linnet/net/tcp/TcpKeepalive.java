package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.uapi.TcpState;

/// The keepalive timer (RFC 9293 section 3.8.4), which also ends FIN-WAIT-2 of a sock without a user.
final class TcpKeepalive {
    /// Jiffies until the next try when the sock is owned.
    private static final int LATER = 50;

    /// How long the remains of a connection stay, jiffies (`TCP_TIMEWAIT_LEN`).
    private static final int TIMEWAIT_LEN = 60_000;

    private static final int NO_PROBES = TcpState.TCP_CLOSE.mask() | TcpState.TCP_SYN_SENT.mask();

    private TcpKeepalive() {}

    /// Silence before the first probe, jiffies.
    @Kernel("keepalive_time_when")
    static int timeWhen(TcpSock tp) {
        int own = tp.keepaliveTime;
        return own != 0 ? own : tp.net.sysctl.get(TcpSysctls.KEEPALIVE_TIME);
    }

    /// Time between probes, jiffies.
    @Kernel("keepalive_intvl_when")
    static int intvlWhen(TcpSock tp) {
        int own = tp.keepaliveIntvl;
        return own != 0 ? own : tp.net.sysctl.get(TcpSysctls.KEEPALIVE_INTVL);
    }

    /// Probes without an answer that end the connection.
    @Kernel("keepalive_probes")
    static int probes(TcpSock tp) {
        int own = tp.keepaliveProbes;
        return own != 0 ? own : tp.net.sysctl.get(TcpSysctls.KEEPALIVE_PROBES);
    }

    /// Jiffies since anything came from the peer.
    @Kernel("keepalive_time_elapsed")
    static long elapsed(TcpSock tp) {
        int now = TcpClock.jiffies32(tp);
        return Math.min(
                Integer.toUnsignedLong(now - tp.ackLrcvtime),
                Integer.toUnsignedLong(now - tp.rcvTstamp));
    }

    /// The timer: soft-interrupt context, without the sock's lock.
    @Kernel("tcp_keepalive_timer")
    static void timer(TcpSock tp) {
        if (!tp.lock.tryLock()) {
            TcpTimer.resetKeepaliveTimer(tp, LATER);
            return;
        }
        try {
            expired(tp);
        } finally {
            tp.lock.unlock();
        }
    }

    private static void expired(TcpSock tp) {
        if (tp.state == TcpState.TCP_LISTEN) {
            return;
        }
        TcpClock.mstampRefresh(tp);
        if (tp.state == TcpState.TCP_FIN_WAIT2 && tp.dead) {
            endFinWait2(tp);
            return;
        }
        if (!tp.keepopen || tp.state.in(NO_PROBES)) {
            return;
        }
        long next = timeWhen(tp);
        if (tp.packetsOut == 0 && tp.writeQueue.isEmpty()) {
            long silent = elapsed(tp);
            next = silent >= next ? probe(tp, silent) : next - silent;
        }
        if (next > 0) {
            TcpTimer.resetKeepaliveTimer(tp, next);
        }
    }

    private static void endFinWait2(TcpSock tp) {
        int left = TcpTimewait.finTime(tp) - TIMEWAIT_LEN;
        if (tp.linger2 >= 0 && left > 0) {
            TcpTimewait.timeWait(tp, TcpState.TCP_FIN_WAIT2, left);
            return;
        }
        TcpAckOut.sendActiveReset(tp);
        TcpClose.done(tp);
    }

    /// Sends a probe and returns the time to the next one; 0 if the peer is given up.
    private static long probe(TcpSock tp, long silent) {
        int user = tp.userTimeout;
        boolean giveUp =
                user != 0 ? silent >= user && tp.probesOut > 0 : tp.probesOut >= probes(tp);
        if (giveUp) {
            TcpAckOut.sendActiveReset(tp);
            TcpRtxTimer.writeErr(tp);
            return 0;
        }
        if (TcpProbe0.writeWakeup(tp, TcpExt.TCPKEEPALIVE) > 0) {
            return TcpProbe0.RESOURCE_PROBE_INTERVAL;
        }
        tp.probesOut++;
        return intvlWhen(tp);
    }
}
