package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// The timers of a connection: made when first armed, run in soft-interrupt context. A timer that
/// finds the sock owned leaves its work to the owner ([#releaseCb]).
///
/// One timer serves retransmission, window probes, loss probes and reordering; `pending` says for
/// which of them it is armed. Every function but the timers' own is called with the sock's lock
/// owned.
final class TcpTimer {
    /// Work left to the owner of the lock (`TCP_*_DEFERRED`).
    static final int TCP_TSQ_DEFERRED = 1;

    static final int TCP_WRITE_TIMER_DEFERRED = 2;
    static final int TCP_DELACK_TIMER_DEFERRED = 4;
    static final int TCP_MTU_REDUCED_DEFERRED = 8;
    static final int TCP_ACK_DEFERRED = 16;

    private static final int COMPRESSED_ACK_DEFERRED = 32;

    /// First timeout (RFC 6298 section 2.1), smallest granularity, least and largest timeout; jiffies.
    static final int TCP_TIMEOUT_INIT = 1000;

    static final int TCP_TIMEOUT_MIN = 2;
    static final int TCP_RTO_MIN = 200;
    static final int TCP_RTO_MAX = 120_000;

    /// States without timers.
    static final int CLOSE_OR_LISTEN = TcpState.TCP_CLOSE.mask() | TcpState.TCP_LISTEN.mask();

    private static final KTimer.Function WRITE = owner -> writeTimer((TcpSock) owner);
    private static final KTimer.Function DELACK = owner -> delackTimer((TcpSock) owner);
    private static final KTimer.Function KEEPALIVE = owner -> TcpKeepalive.timer((TcpSock) owner);
    private static final KTimer.Function PACE =
            owner -> ((TcpSock) owner).lock.defer(TCP_TSQ_DEFERRED);
    private static final KTimer.Function COMPRESSED_ACK =
            owner -> ((TcpSock) owner).lock.defer(COMPRESSED_ACK_DEFERRED);

    private TcpTimer() {}

    // ---- arming
    // -------------------------------------------------------------------------------------

    /// Gives a new sock its state of "no timer armed".
    @Kernel("tcp_init_xmit_timers")
    static void initXmitTimers(TcpSock tp) {
        tp.pending = 0;
        tp.ackPending = 0;
    }

    /// Arms the retransmission timer.
    ///
    /// @param what `ICSK_TIME_*`: for what
    /// @param whenJiffies from now; no more than the largest timeout counts
    /// @param paceDelay count from when pacing lets the next packet go
    @Kernel({"tcp_reset_xmit_timer", "inet_csk_reset_xmit_timer"})
    @HotPath
    static void resetXmitTimer(TcpSock tp, int what, long whenJiffies, boolean paceDelay) {
        long when = paceDelay ? whenJiffies + TcpPacing.delayJiffies(tp) : whenJiffies;
        long due = TcpClock.jiffies(tp) + Math.min(when, rtoMax(tp));
        tp.pending = what;
        tp.timeout = due;
        KTimer timer = tp.retransmitTimer;
        if (timer == null) {
            timer = newRetransmitTimer(tp);
        }
        timer.mod(due);
    }

    private static KTimer newRetransmitTimer(TcpSock tp) {
        KTimer timer = tp.net.timers.timer(WRITE, tp);
        tp.retransmitTimer = timer;
        return timer;
    }

    /// Makes the retransmission timer find nothing to do; it is not worth disarming it.
    @Kernel("inet_csk_clear_xmit_timer")
    @HotPath
    static void clearXmitTimer(TcpSock tp, int what) {
        tp.pending = 0;
    }

    /// Disarms everything, for a sock that goes away.
    @Kernel({"tcp_clear_xmit_timers", "inet_csk_clear_xmit_timers"})
    static void clearXmitTimers(TcpSock tp) {
        tp.pending = 0;
        tp.ackPending = 0;
        stop(tp.retransmitTimer);
        stop(tp.delackTimer);
        stop(tp.keepaliveTimer);
        if (tp.pacingTimer != null) {
            tp.pacingTimer.cancel();
        }
        TcpAckOut.cancelCompression(tp);
    }

    private static void stop(@Nullable KTimer timer) {
        if (timer != null) {
            timer.shutdown();
        }
    }

    /// Arms the delayed ACK timer for `whenJiffies` from now, at most the longest delay, and says that
    /// an ACK is due.
    @Kernel("tcp_reset_xmit_timer")
    static void resetDelackTimer(TcpSock tp, long whenJiffies) {
        tp.ackPending |= InetConnectionSock.ICSK_ACK_TIMER;
        armDelack(tp, TcpClock.jiffies(tp) + Math.min(whenJiffies, rtoMax(tp)));
    }

    /// Arms the delayed ACK timer for a jiffy.
    @HotPath
    static void armDelack(TcpSock tp, long due) {
        tp.ackTimeout = due;
        KTimer timer = tp.delackTimer;
        if (timer == null) {
            timer = newDelackTimer(tp);
        }
        timer.mod(due);
    }

    private static KTimer newDelackTimer(TcpSock tp) {
        KTimer timer = tp.net.timers.timer(DELACK, tp);
        tp.delackTimer = timer;
        return timer;
    }

    /// Arms the keepalive timer, which also ends FIN-WAIT-2, for `whenJiffies` from now.
    @Kernel("tcp_reset_keepalive_timer")
    static void resetKeepaliveTimer(TcpSock tp, long whenJiffies) {
        if (tp.keepaliveTimer == null) {
            tp.keepaliveTimer = tp.net.timers.timer(KEEPALIVE, tp);
        }
        tp.keepaliveTimer.mod(TcpClock.jiffies(tp) + whenJiffies);
    }

    @Kernel("tcp_delete_keepalive_timer")
    static void deleteKeepaliveTimer(TcpSock tp) {
        if (tp.keepaliveTimer != null) {
            tp.keepaliveTimer.del();
        }
    }

    /// `SO_KEEPALIVE` changes to `on`; `tp.keepopen` still has the old value.
    @Kernel("tcp_set_keepalive")
    static void setKeepalive(TcpSock tp, boolean on) {
        if (tp.state.in(CLOSE_OR_LISTEN)) {
            return;
        }
        if (on && !tp.keepopen) {
            resetKeepaliveTimer(tp, TcpKeepalive.timeWhen(tp));
        } else if (!on) {
            deleteKeepaliveTimer(tp);
        }
    }

    static HrTimer newPacingTimer(TcpSock tp) {
        HrTimer timer = tp.net.timers.hrTimer(PACE, tp);
        tp.pacingTimer = timer;
        return timer;
    }

    static HrTimer newCompressedAckTimer(TcpSock tp) {
        HrTimer timer = tp.net.timers.hrTimer(COMPRESSED_ACK, tp);
        tp.compressedAckTimer = timer;
        return timer;
    }

    // ---- expiring
    // -----------------------------------------------------------------------------------

    @Kernel("tcp_write_timer")
    private static void writeTimer(TcpSock tp) {
        if (tp.pending != 0) {
            tp.lock.defer(TCP_WRITE_TIMER_DEFERRED);
        }
    }

    @Kernel("tcp_delack_timer")
    private static void delackTimer(TcpSock tp) {
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_TIMER) == 0 && tp.compressedAck == 0) {
            return;
        }
        if (tp.lock.owned()) {
            tp.net.mib.inc(TcpExt.DELAYEDACKLOCKED);
        }
        tp.lock.defer(TCP_DELACK_TIMER_DEFERRED);
    }

    /// Does what was left to the owner of the lock, who calls this before he lets go.
    @Kernel("tcp_release_cb")
    static void releaseCb(TcpSock tp, int bits) {
        if ((bits & TCP_TSQ_DEFERRED) != 0) {
            TcpSmallQueue.write(tp);
        }
        if ((bits & TCP_WRITE_TIMER_DEFERRED) != 0) {
            writeTimerHandler(tp);
        }
        if ((bits & TCP_DELACK_TIMER_DEFERRED) != 0) {
            delackTimerHandler(tp);
        }
        if ((bits & COMPRESSED_ACK_DEFERRED) != 0) {
            TcpAckOut.compressedAckKick(tp);
        }
        if ((bits & TCP_MTU_REDUCED_DEFERRED) != 0) {
            TcpIcmp.mtuReduced(tp);
        }
        if ((bits & TCP_ACK_DEFERRED) != 0 && TcpAckOut.ackScheduled(tp)) {
            TcpAckOut.sendAck(tp);
        }
    }

    @Kernel("tcp_write_timer_handler")
    private static void writeTimerHandler(TcpSock tp) {
        int event = tp.pending;
        if (event == 0 || tp.state.in(CLOSE_OR_LISTEN)) {
            return;
        }
        KTimer timer = tp.retransmitTimer;
        if (timer != null && tp.timeout > TcpClock.jiffies(tp)) {
            timer.mod(tp.timeout);
            return;
        }
        TcpClock.mstampRefresh(tp);
        switch (event) {
            case InetConnectionSock.ICSK_TIME_REO_TIMEOUT -> TcpRack.reoTimeout(tp);
            case InetConnectionSock.ICSK_TIME_LOSS_PROBE -> TcpLossProbe.send(tp);
            case InetConnectionSock.ICSK_TIME_RETRANS -> {
                tp.pending = 0;
                TcpRtxTimer.retransmitTimer(tp);
            }
            case InetConnectionSock.ICSK_TIME_PROBE0 -> {
                tp.pending = 0;
                TcpRtxTimer.probeTimer(tp);
            }
            default -> throw new IllegalStateException("timer armed for " + event);
        }
    }

    /// The delayed ACK was not sent with anything else. The estimate of the time between segments
    /// grows, or a conversation is found to have ended.
    @Kernel("tcp_delack_timer_handler")
    private static void delackTimerHandler(TcpSock tp) {
        if (tp.state.in(CLOSE_OR_LISTEN)) {
            return;
        }
        if (tp.compressedAck != 0) {
            TcpClock.mstampRefresh(tp);
            TcpAckOut.sackCompressSendAck(tp);
            return;
        }
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_TIMER) == 0) {
            return;
        }
        KTimer timer = tp.delackTimer;
        if (timer != null && tp.ackTimeout > TcpClock.jiffies(tp)) {
            timer.mod(tp.ackTimeout);
            return;
        }
        tp.ackPending &= ~InetConnectionSock.ICSK_ACK_TIMER;
        if (TcpAckOut.ackScheduled(tp)) {
            if (TcpAckOut.inPingpongMode(tp)) {
                TcpAckOut.exitPingpongMode(tp);
                tp.ackAto = TcpAckOut.TCP_ATO_MIN;
            } else {
                tp.ackAto = Math.min(tp.ackAto << 1, tp.rto);
            }
            TcpClock.mstampRefresh(tp);
            TcpAckOut.sendAck(tp);
            tp.net.mib.inc(TcpExt.DELAYEDACKS);
        }
    }

    // ---- bounds
    // ---------------------------------------------------------------------------------------

    /// How far in the future the retransmission timeout of the oldest segment is, us; negative when it
    /// has passed.
    @Kernel("tcp_rto_delta_us")
    @HotPath
    static long rtoDeltaUs(TcpSock tp) {
        SkBuff skb = tp.rtxQueue.first();
        long rtoUs = tp.rto * 1000L;
        return skb == null ? rtoUs : TcpClock.skbUs(skb) + rtoUs - tp.tcpMstamp;
    }

    /// Least retransmission timeout, jiffies: the route's where it is locked.
    @Kernel("tcp_rto_min")
    @HotPath
    static int rtoMin(TcpSock tp) {
        DstEntry dst = tp.dst;
        if (dst != null && dst.metricLocked(RouteMetrics.RTAX_RTO_MIN)) {
            return dst.metric(RouteMetrics.RTAX_RTO_MIN);
        }
        return tp.rtoMin;
    }

    /// Largest retransmission timeout, jiffies (`TCP_RTO_MAX_MS`).
    @Kernel("tcp_rto_max")
    @HotPath
    static int rtoMax(TcpSock tp) {
        return tp.rtoMax;
    }

    /// Timeout before there is a round trip sample, jiffies.
    @Kernel("tcp_timeout_init")
    static int timeoutInit(TcpSock tp) {
        return Math.min(TcpCallBpf.timeoutInit(tp, TCP_TIMEOUT_INIT), rtoMax(tp));
    }
}
