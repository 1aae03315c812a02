package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// What happens when nothing came back in time: the retransmission timer and the window probe timer,
/// and when to give up. Every function is called with the sock's lock owned.
final class TcpRtxTimer {
    /// `TCP_THIN_LINEAR_RETRIES`: timeouts of a thin stream that do not double.
    private static final int THIN_LINEAR_RETRIES = 6;

    /// A stream with less in flight is thin: no fast retransmit will help it.
    private static final int THIN_PACKETS = 4;

    private static final int HANDSHAKE =
            TcpState.TCP_SYN_SENT.mask() | TcpState.TCP_SYN_RECV.mask();

    /// How long an orphan that is worth a reset may have been silent, jiffies (`TCP_TIMEWAIT_LEN`).
    private static final int TIMEWAIT_LEN = 60_000;

    private TcpRtxTimer() {}

    // ---- retransmission
    // -----------------------------------------------------------------------------

    /// The oldest segment was not acknowledged in time: everything in flight counts as lost, the first
    /// segment is sent again, and the timeout doubles (RFC 6298 section 5).
    @Kernel("tcp_retransmit_timer")
    static void retransmitTimer(TcpSock tp) {
        RequestSock req = tp.fastopenReqsk;
        if (req != null) {
            fastopenSynackTimer(tp, req);
            return;
        }
        SkBuff skb = tp.rtxQueue.first();
        if (tp.packetsOut == 0 || skb == null) {
            return;
        }
        if (tp.sndWnd == 0 && !tp.dead && !tp.state.in(HANDSHAKE)) {
            probeByRetransmission(tp, skb);
            return;
        }
        tp.net.mib.inc(TcpExt.TCPTIMEOUTS);
        if (writeTimeout(tp)) {
            return;
        }
        if (tp.retransmits == 0) {
            countFailure(tp);
        }
        TcpRecovery.enterLoss(tp);
        updateRtoStats(tp);
        SkBuff first = tp.rtxQueue.first();
        if (first != null && TcpRetransmit.retransmitSkb(tp, first, 1) > 0) {
            // A queue of this host refused it: no sign of trouble on the path.
            TcpTimer.resetXmitTimer(
                    tp,
                    InetConnectionSock.ICSK_TIME_RETRANS,
                    TcpProbe0.RESOURCE_PROBE_INTERVAL,
                    false);
            return;
        }
        backOff(tp);
    }

    /// The peer took its window back to zero: what is sent again serves as a window probe, and the
    /// connection lives as long as the peer answers.
    private static void probeByRetransmission(TcpSock tp, SkBuff skb) {
        int since = tp.retransStamp != 0 ? tp.retransStamp : TcpClock.skbTsVal(skb);
        if (rtxProbe0TimedOut(tp, TcpClock.tsVal(tp) - since)) {
            writeErr(tp);
            return;
        }
        TcpRecovery.enterLoss(tp);
        TcpRetransmit.retransmitSkb(tp, skb, 1);
        tp.dst = null;
        backOff(tp);
    }

    @Kernel("tcp_rtx_probe0_timed_out")
    private static boolean rtxProbe0TimedOut(TcpSock tp, int rtxDeltaMs) {
        int user = tp.userTimeout;
        long timeout = 2L * TcpTimer.rtoMax(tp);
        if (user != 0) {
            if (Integer.compareUnsigned(rtxDeltaMs, user) > 0) {
                return true;
            }
            timeout = Math.min(timeout, user);
        }
        int heardAgo = (int) tp.timeout - tp.rcvTstamp;
        return heardAgo > timeout && Integer.toUnsignedLong(rtxDeltaMs) > timeout;
    }

    /// Arms the timer again, later than before. Thin streams and the first SYNs wait equally long each
    /// time.
    private static void backOff(TcpSock tp) {
        boolean thin = tp.thinLto || tp.net.sysctl.get(TcpSysctls.THIN_LINEAR_TIMEOUTS);
        if (tp.state == TcpState.TCP_ESTABLISHED
                && thin
                && isThin(tp)
                && tp.retransmits <= THIN_LINEAR_RETRIES) {
            tp.backoff = 0;
            int rto = (int) ((tp.rtt.rtoUs() + 999L) / 1000);
            tp.rto = Math.clamp(rto, TcpTimer.rtoMin(tp), TcpTimer.rtoMax(tp));
        } else if (tp.state != TcpState.TCP_SYN_SENT
                || tp.totalRto > tp.net.sysctl.get(TcpSysctls.SYN_LINEAR_TIMEOUTS)) {
            tp.backoff++;
            tp.rto = Math.min(tp.rto << 1, TcpTimer.rtoMax(tp));
        }
        TcpTimer.resetXmitTimer(
                tp, InetConnectionSock.ICSK_TIME_RETRANS, clampRtoToUserTimeout(tp), false);
        if (timedOut(tp, tp.net.sysctl.get(TcpSysctls.RETRIES1) + 1, 0)) {
            tp.dst = null;
        }
    }

    @Kernel("tcp_stream_is_thin")
    private static boolean isThin(TcpSock tp) {
        return tp.packetsOut < THIN_PACKETS && !tp.inInitialSlowstart();
    }

    /// The next timeout in jiffies, but not after the user's patience ends (`TCP_USER_TIMEOUT`).
    @Kernel("tcp_clamp_rto_to_user_timeout")
    static long clampRtoToUserTimeout(TcpSock tp) {
        if (tp.userTimeout == 0) {
            return tp.rto;
        }
        int elapsed = TcpClock.tsVal(tp) - tp.retransStamp;
        int remaining = tp.userTimeout - elapsed;
        return remaining <= 0 ? 1 : Math.min(tp.rto, remaining);
    }

    private static void countFailure(TcpSock tp) {
        boolean sack = tp.rxOpt.sackEnabled();
        if (tp.caState == TcpCaState.RECOVERY.value()) {
            tp.net.mib.inc(sack ? TcpExt.TCPSACKRECOVERYFAIL : TcpExt.TCPRENORECOVERYFAIL);
        } else if (tp.caState == TcpCaState.LOSS.value()) {
            tp.net.mib.inc(TcpExt.TCPLOSSFAILURES);
        } else if (tp.caState == TcpCaState.DISORDER.value() || tp.sackedOut != 0) {
            tp.net.mib.inc(sack ? TcpExt.TCPSACKFAILURES : TcpExt.TCPRENOFAILURES);
        }
    }

    @Kernel("tcp_update_rto_stats")
    private static void updateRtoStats(TcpSock tp) {
        if (tp.retransmits == 0) {
            tp.totalRtoRecoveries++;
            tp.rtoStamp = TcpClock.tsVal(tp);
        }
        tp.retransmits++;
        tp.totalRto++;
    }

    /// The SYN-ACK of a Fast Open connection was not acknowledged in time. Nothing else is sent again
    /// before that has happened.
    @Kernel("tcp_fastopen_synack_timer")
    private static void fastopenSynackTimer(TcpSock tp, RequestSock req) {
        tp.net.mib.inc(TcpExt.TCPTIMEOUTS);
        int retries = tp.synRetries;
        if (retries == 0) {
            retries = tp.net.sysctl.get(TcpSysctls.SYNACK_RETRIES) + 1;
        }
        if (req.numTimeout >= retries) {
            writeErr(tp);
            return;
        }
        if (tp.retransmits == 1) {
            TcpRecovery.enterLoss(tp);
        }
        TcpSynack.rtxSynack(tp, req);
        int timeouts = req.numTimeout + 1;
        req.numTimeout = timeouts;
        updateRtoStats(tp);
        if (tp.retransStamp == 0) {
            tp.retransStamp = TcpClock.tsVal(tp);
        }
        TcpTimer.resetXmitTimer(
                tp,
                InetConnectionSock.ICSK_TIME_RETRANS,
                (long) TcpTimer.TCP_TIMEOUT_INIT << Math.min(timeouts, 30),
                false);
    }

    // ---- giving up
    // ------------------------------------------------------------------------------------

    /// Judges after a timeout whether the connection is dead; true, and it is closed, if so.
    @Kernel("tcp_write_timeout")
    private static boolean writeTimeout(TcpSock tp) {
        boolean expired = false;
        int retryUntil;
        if (tp.state.in(HANDSHAKE)) {
            if (tp.retransmits != 0) {
                negativeAdvice(tp);
            }
            int configured = tp.net.sysctl.get(TcpSysctls.SYN_RETRIES);
            retryUntil = tp.synRetries != 0 ? tp.synRetries : configured;
            int most = retryUntil;
            if (tp.state == TcpState.TCP_SYN_SENT) {
                most += tp.net.sysctl.get(TcpSysctls.SYN_LINEAR_TIMEOUTS);
            }
            expired = tp.retransmits >= most;
        } else {
            if (timedOut(tp, tp.net.sysctl.get(TcpSysctls.RETRIES1), 0)) {
                TcpMtuProbe.blackHole(tp);
                negativeAdvice(tp);
            }
            retryUntil = tp.net.sysctl.get(TcpSysctls.RETRIES2);
            if (tp.dead) {
                boolean alive = tp.rto < TcpTimer.rtoMax(tp);
                retryUntil = orphanRetries(tp, alive);
                if (outOfResources(tp, alive || !timedOut(tp, retryUntil, 0))) {
                    return true;
                }
            }
        }
        expired = expired || timedOut(tp, retryUntil, tp.userTimeout);
        TcpFastOpen.activeDetectBlackhole(tp, expired);
        TcpCallBpf.rto(tp);
        if (expired) {
            writeErr(tp);
            return true;
        }
        rethinkTxhash(tp);
        return false;
    }

    @Kernel("__dst_negative_advice")
    private static void negativeAdvice(TcpSock tp) {
        DstEntry dst = tp.dst;
        if (dst != null) {
            dst.negativeAdvice();
        }
    }

    /// Another flow label and hash: perhaps another path works.
    @Kernel("sk_rethink_txhash")
    private static void rethinkTxhash(TcpSock tp) {
        if (tp.txhash != 0) {
            tp.txhash = tp.net.random.nextInt() | 1;
            tp.timeoutRehash++;
            tp.net.mib.inc(TcpExt.TCPTIMEOUTREHASH);
        }
    }

    /// True if as much time has passed since the first retransmission as `boundary` of them would
    /// take, or `timeoutMs` if that is not 0.
    @Kernel("retransmits_timed_out")
    static boolean timedOut(TcpSock tp, int boundary, int timeoutMs) {
        if (tp.retransmits == 0) {
            return false;
        }
        long timeout = timeoutMs;
        if (timeout == 0) {
            int base = tp.state.in(HANDSHAKE) ? TcpTimer.timeoutInit(tp) : TcpTimer.TCP_RTO_MIN;
            timeout = modelTimeout(boundary, base, TcpTimer.rtoMax(tp));
        }
        return TcpClock.tsVal(tp) - tp.retransStamp - timeout >= 0;
    }

    /// Jiffies that `boundary` retransmissions take when the timeout starts with `base` and doubles up
    /// to `max`.
    @Kernel("tcp_model_timeout")
    static long modelTimeout(int boundary, int base, int max) {
        int doublings = 31 - Integer.numberOfLeadingZeros(Math.max(max / base, 1));
        if (boundary <= doublings) {
            return ((2L << boundary) - 1) * base;
        }
        return ((2L << doublings) - 1) * base + (long) (boundary - doublings) * max;
    }

    /// Timeouts that a sock without a user gets.
    @Kernel("tcp_orphan_retries")
    private static int orphanRetries(TcpSock tp, boolean alive) {
        int retries = tp.net.sysctl.get(TcpSysctls.ORPHAN_RETRIES);
        if (tp.errSoft != 0 && !alive) {
            retries = 0;
        }
        return retries == 0 && alive ? 8 : retries;
    }

    /// True, and an orphan is closed, if there are too many of them; those that look dead count more.
    @Kernel("tcp_out_of_resources")
    private static boolean outOfResources(TcpSock tp, boolean doReset) {
        int silent = TcpClock.jiffies32(tp) - tp.lsndtime;
        int shift = silent > 2L * TcpTimer.rtoMax(tp) || !doReset ? 1 : 0;
        if (tp.errSoft != 0) {
            shift++;
        }
        if (!TcpClose.checkOom(tp, shift)) {
            return false;
        }
        if (doReset || silent <= TIMEWAIT_LEN || tp.sndWnd == 0 && tp.packetsOut == 0) {
            TcpAckOut.sendActiveReset(tp);
        }
        TcpClose.done(tp);
        tp.net.mib.inc(TcpExt.TCPABORTONMEMORY);
        return true;
    }

    /// Ends the connection with the error that ICMP messages spoke of, or `ETIMEDOUT`.
    @Kernel("tcp_write_err")
    static void writeErr(TcpSock tp) {
        int soft = tp.errSoft;
        TcpClose.doneWithError(tp, soft != 0 ? soft : Errno.ETIMEDOUT);
        tp.net.mib.inc(TcpExt.TCPABORTONTIMEOUT);
    }

    // ---- window probes
    // --------------------------------------------------------------------------------

    /// The window has been closed for long: sends a probe. The connection lives as long as the peer
    /// answers, but that of an orphan, or of a user who set a limit, not for ever.
    @Kernel("tcp_probe_timer")
    static void probeTimer(TcpSock tp) {
        @Nullable SkBuff skb = tp.writeQueue.peek();
        if (tp.packetsOut != 0 || skb == null) {
            tp.probesOut = 0;
            tp.probesTstamp = 0;
            return;
        }
        int now = TcpClock.jiffies32(tp);
        if (tp.probesTstamp == 0) {
            tp.probesTstamp = now;
        } else if (tp.userTimeout != 0 && now - tp.probesTstamp >= tp.userTimeout) {
            writeErr(tp);
            return;
        }
        int maxProbes = tp.net.sysctl.get(TcpSysctls.RETRIES2);
        if (tp.dead) {
            int rtoMax = TcpTimer.rtoMax(tp);
            boolean alive = ((long) tp.rto << Math.min(tp.backoff, 31)) < rtoMax;
            maxProbes = orphanRetries(tp, alive);
            if (!alive && tp.backoff >= maxProbes) {
                writeErr(tp);
                return;
            }
            if (outOfResources(tp, true)) {
                return;
            }
        }
        if (tp.probesOut >= maxProbes) {
            writeErr(tp);
        } else {
            TcpProbe0.sendProbe0(tp);
        }
    }
}
