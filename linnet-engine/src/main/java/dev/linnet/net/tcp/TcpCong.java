package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.uapi.TcpState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Congestion control: which algorithms there are, who uses which, and what they share.
final class TcpCong {
    /// Numbers of [TcpCaState], as constants for switches; their order matters.
    static final int CA_OPEN = 0;

    static final int CA_DISORDER = 1;
    static final int CA_CWR = 2;
    static final int CA_RECOVERY = 3;
    static final int CA_LOSS = 4;

    /// `sndSsthresh` of a connection that never saw a loss.
    static final int INFINITE_SSTHRESH = 0x7FFF_FFFF;

    /// `in_ack_event` flags: the ACK took the slow path, updated the window, echoed congestion.
    static final int ACK_SLOWPATH = 1;

    static final int ACK_WIN_UPDATE = 2;
    static final int ACK_ECE = 4;

    private static final Map<String, TcpCongestionOps> ALGORITHMS = new LinkedHashMap<>();

    static {
        add(new TcpReno());
        add(new TcpCubic());
        add(new TcpBbr());
    }

    private TcpCong() {}

    private static void add(TcpCongestionOps ops) {
        ALGORITHMS.put(ops.name, ops);
    }

    // ---- choice -----------------------------------------------------------------------------

    /// Makes the names of the algorithms known to a new namespace's sysctls.
    static void init(NetNamespace net) {
        for (String name : ALGORITHMS.keySet()) {
            net.sysctl.congestionNames().register(name);
        }
    }

    /// The algorithm with a name, or null.
    @Kernel("tcp_ca_find")
    static @Nullable TcpCongestionOps find(String name) {
        return ALGORITHMS.get(name);
    }

    /// The algorithm of new connections (`tcp_congestion_control`).
    static TcpCongestionOps defaultFor(NetNamespace net) {
        TcpCongestionOps ops = find(net.sysctl.get(TcpSysctls.CONGESTION_CONTROL));
        return ops == null ? reno() : ops;
    }

    private static TcpCongestionOps reno() {
        TcpCongestionOps reno = find("reno");
        assert reno != null;
        return reno;
    }

    /// Gives a new sock the namespace's algorithm; it starts when the connection is established.
    @Kernel("tcp_assign_congestion_control")
    static void assign(TcpSock tp) {
        tp.caOps = defaultFor(tp.net);
        tp.caPriv = null;
        markCapable(tp);
    }

    private static void markCapable(TcpSock tp) {
        if (tp.caOps.needsEcn()) {
            TcpEcn.xmit(tp);
        } else {
            TcpEcn.dontXmit(tp);
        }
    }

    /// Starts the algorithm.
    @Kernel("tcp_init_congestion_control")
    static void init(TcpSock tp) {
        tp.priorSsthresh = 0;
        tp.caOps.init(tp);
        markCapable(tp);
        tp.caInitialized = true;
    }

    /// Ends the algorithm.
    @Kernel("tcp_cleanup_congestion_control")
    static void cleanup(TcpSock tp) {
        if (tp.caInitialized) {
            tp.caOps.release(tp);
        }
        tp.caInitialized = false;
        tp.caPriv = null;
    }

    /// `TCP_CONGESTION`: 0, -ENOENT if there is none of that name, -EPERM if only the privileged may
    /// choose it.
    @Kernel("tcp_set_congestion_control")
    static int setCongestionControl(TcpSock tp, String name, boolean capNetAdmin) {
        TcpCongestionOps ops = find(name);
        if (ops == null || !tp.net.sysctl.congestionNames().isRegistered(name)) {
            return -Errno.ENOENT;
        }
        if (ops == tp.caOps) {
            tp.caSetsockopt = true;
            return 0;
        }
        if (!capNetAdmin && !tp.net.sysctl.congestionNames().isAllowed(name)) {
            return -Errno.EPERM;
        }
        reinit(tp, ops);
        return 0;
    }

    @Kernel("tcp_reinit_congestion_control")
    private static void reinit(TcpSock tp, TcpCongestionOps ops) {
        cleanup(tp);
        tp.caOps = ops;
        tp.caSetsockopt = true;
        if (tp.state != TcpState.TCP_CLOSE && tp.state != TcpState.TCP_LISTEN) {
            init(tp);
        } else {
            markCapable(tp);
        }
    }

    // ---- calls to the algorithm -------------------------------------------------------------

    @Kernel("tcp_set_ca_state")
    @HotPath
    static void setCaState(TcpSock tp, int state) {
        tp.caOps.setState(tp, state);
        tp.caState = state;
    }

    @Kernel("tcp_ca_event")
    @HotPath
    static void caEvent(TcpSock tp, CaEvent event) {
        tp.caOps.cwndEvent(tp, event);
    }

    @Kernel("tcp_in_ack_event")
    @HotPath
    static void inAckEvent(TcpSock tp, int flag) {
        if (!tp.caOps.wantsAckEvents()) {
            return;
        }
        int event = 0;
        if ((flag & TcpAck.FLAG_WIN_UPDATE) != 0) {
            event |= ACK_WIN_UPDATE;
        }
        if ((flag & TcpAck.FLAG_SLOWPATH) != 0) {
            event |= ACK_SLOWPATH;
            if ((flag & TcpAck.FLAG_ECE) != 0) {
                event |= ACK_ECE;
            }
        }
        tp.caOps.inAckEvent(tp, event);
    }

    /// Adapts window and pacing rate after an ACK that delivered `acked` segments.
    @Kernel("tcp_cong_control")
    @HotPath
    static void control(TcpSock tp, int ack, int acked, int flag, RateSample rs) {
        if (tp.caOps.hasCongControl()) {
            tp.caOps.congControl(tp, ack, flag, rs);
            return;
        }
        if (inCwndReduction(tp)) {
            TcpRecovery.cwndReduction(tp, acked, rs.losses, flag);
        } else if (mayRaiseCwnd(tp, flag)) {
            tp.caOps.congAvoid(tp, ack, acked);
            tp.sndCwndStamp = tp.net.clock.jiffies32();
        }
        TcpPacing.updatePacingRate(tp);
    }

    /// The window grows with data acknowledged in order; where the network reorders, with any data
    /// delivered.
    @Kernel("tcp_may_raise_cwnd")
    @HotPath
    private static boolean mayRaiseCwnd(TcpSock tp, int flag) {
        int progress =
                tp.reordering > tp.net.sysctl.get(TcpSysctls.REORDERING)
                        ? TcpAck.FLAG_FORWARD_PROGRESS
                        : TcpAck.FLAG_DATA_ACKED;
        return (flag & progress) != 0;
    }

    // ---- what algorithms share --------------------------------------------------------------

    @Kernel("tcp_snd_cwnd_set")
    @HotPath
    static void setSndCwnd(TcpSock tp, int cwnd) {
        assert cwnd > 0;
        tp.sndCwnd = cwnd;
    }

    /// Slow start (RFC 5681 section 3.1): one segment more for each delivered, up to the threshold.
    /// Returns how many of `acked` are left for congestion avoidance.
    @Kernel("tcp_slow_start")
    @HotPath
    static int slowStart(TcpSock tp, int acked) {
        int cwnd = Math.min(tp.sndCwnd + acked, tp.sndSsthresh);
        int left = acked - (cwnd - tp.sndCwnd);
        setSndCwnd(tp, Math.min(cwnd, tp.sndCwndClamp));
        return left;
    }

    /// Additive increase: one segment for each `w` delivered.
    @Kernel("tcp_cong_avoid_ai")
    @HotPath
    static void congAvoidAi(TcpSock tp, int w, int acked) {
        // Credit collected at a larger `w` counts once.
        if (tp.sndCwndCnt >= w) {
            tp.sndCwndCnt = 0;
            setSndCwnd(tp, tp.sndCwnd + 1);
        }
        tp.sndCwndCnt += acked;
        if (tp.sndCwndCnt >= w) {
            int delta = tp.sndCwndCnt / w;
            tp.sndCwndCnt -= delta * w;
            setSndCwnd(tp, tp.sndCwnd + delta);
        }
        setSndCwnd(tp, Math.min(tp.sndCwnd, tp.sndCwndClamp));
    }

    /// True if the window was what limited the sender: a window that is not used must not grow (RFC
    /// 7661). In slow start it may be twice what was used.
    @Kernel("tcp_is_cwnd_limited")
    @HotPath
    static boolean isCwndLimited(TcpSock tp) {
        if (tp.isCwndLimited) {
            return true;
        }
        return tp.inSlowStart() && tp.sndCwnd < 2 * tp.maxPacketsOut;
    }

    /// The threshold as it should be remembered: outside a reduction not much below the window.
    @Kernel("tcp_current_ssthresh")
    static int currentSsthresh(TcpSock tp) {
        if (inCwndReduction(tp)) {
            return tp.sndSsthresh;
        }
        return Math.max(tp.sndSsthresh, (tp.sndCwnd >> 1) + (tp.sndCwnd >> 2));
    }

    @Kernel("tcp_in_cwnd_reduction")
    @HotPath
    static boolean inCwndReduction(TcpSock tp) {
        return tp.caState == CA_CWR || tp.caState == CA_RECOVERY;
    }

    @Kernel("tcp_ca_needs_ecn")
    static boolean needsEcn(TcpSock tp) {
        return tp.caOps.needsEcn();
    }

    /// The state as people read it.
    static TcpCaState state(TcpSock tp) {
        return TcpCaState.of(tp.caState);
    }
}
