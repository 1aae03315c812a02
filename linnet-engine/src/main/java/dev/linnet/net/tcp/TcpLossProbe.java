package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpCaState;
import org.jspecify.annotations.Nullable;

/// Tail loss probes (RFC 8985 section 7): when the last segments of a flight are not acknowledged
/// within about two round trips, one more segment is sent to provoke a SACK, long before the
/// retransmission timeout. Every function is called with the sock's lock owned.
@HotPath
final class TcpLossProbe {
    /// Least time for the peer and the timers, us.
    private static final long TIMEOUT_MIN_US = 2000;

    /// `tcp_early_retrans` values with which probes are sent.
    private static final int TLP = 3;

    private static final int TLP_ONLY = 4;

    private TcpLossProbe() {}

    /// Arms the timer for a probe, if one may help.
    ///
    /// @param advancingRto the retransmission timer is about to start from now
    /// @return true if the timer is armed for it
    @Kernel("tcp_schedule_loss_probe")
    static boolean schedule(TcpSock tp, boolean advancingRto) {
        if (!mayProbe(tp)) {
            return false;
        }
        long timeout = timeout(tp);
        long rtoUs = advancingRto ? Clock.jiffiesToUsecs(tp.rto) : TcpTimer.rtoDeltaUs(tp);
        if (rtoUs > 0) {
            timeout = Math.min(timeout, Clock.usecsToJiffies(rtoUs));
        }
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_LOSS_PROBE, timeout, true);
        return true;
    }

    private static boolean mayProbe(TcpSock tp) {
        if (tp.fastopenReqsk != null || tp.packetsOut == 0 || !tp.rxOpt.sackEnabled()) {
            return false;
        }
        if (tp.caState != TcpCaState.OPEN.value() && tp.caState != TcpCaState.CWR.value()) {
            return false;
        }
        int mode = tp.net.sysctl.get(TcpSysctls.EARLY_RETRANS);
        return mode == TLP || mode == TLP_ONLY;
    }

    /// Two round trips, and the peer's delayed ACK if only one segment is in flight; jiffies.
    private static long timeout(TcpSock tp) {
        int srtt = tp.rtt.srttUs;
        if (srtt == 0) {
            return TcpTimer.TCP_TIMEOUT_INIT;
        }
        long us = (long) srtt >>> 2;
        us += tp.packetsOut == 1 ? Clock.jiffiesToUsecs(TcpTimer.rtoMin(tp)) : TIMEOUT_MIN_US;
        return Clock.usecsToJiffies(us);
    }

    /// The probe timer ran out: sends new data if there is some, else the last segment again. One
    /// probe at a time is out.
    @Kernel("tcp_send_loss_probe")
    static void send(TcpSock tp) {
        if (tp.tlpHighSeq == 0 && sendOne(tp)) {
            tp.tlpHighSeq = tp.sndNxt;
            tp.net.mib.inc(TcpExt.TCPLOSSPROBES);
            tp.pending = 0; // makes the retransmission timer start from now
        }
        TcpAck.rearmRto(tp);
    }

    private static boolean sendOne(TcpSock tp) {
        int mss = TcpMss.currentMss(tp);
        tp.tlpRetrans = false;
        SkBuff fresh = tp.writeQueue.peek();
        if (fresh != null && TcpOutput.sndWndTest(tp, fresh, mss)) {
            int before = tp.packetsOut;
            TcpOutput.writeXmit(tp, mss, TcpNagle.OFF, TcpOutput.PUSH_PROBE);
            return tp.packetsOut > before;
        }
        SkBuff last = lastSegment(tp, mss);
        if (last == null || TcpRetransmit.retransmitOnly(tp, last, 1) != 0) {
            return false;
        }
        tp.tlpRetrans = true;
        return true;
    }

    /// The last segment in flight, cut off its packet; null if it cannot be sent now.
    private static @Nullable SkBuff lastSegment(TcpSock tp, int mss) {
        SkBuff skb = tp.rtxQueue.last();
        if (skb == null || TcpRetransmit.stillInHostQueue(tp, skb)) {
            return null;
        }
        int before = (skb.cb.gsoSegs - 1) * mss;
        if (skb.cb.gsoSegs > 1 && skb.len > before) {
            if (TcpFragment.fragment(tp, true, skb, before, mss) != 0) {
                return null;
            }
            skb = SkbRbTree.next(skb);
        }
        return skb;
    }
}
