package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Probes of a window that is closed (RFC 9293 section 3.8.6.1), and of a peer that is silent. Every
/// function is called with the sock's lock owned.
@HotPath
final class TcpProbe0 {
    /// Jiffies until the next try when a queue below refused a probe.
    static final int RESOURCE_PROBE_INTERVAL = 500;

    /// Doublings from the least to the largest timeout.
    private static final int MOST_DOUBLINGS =
            Integer.numberOfTrailingZeros(
                            Integer.highestOneBit(TcpTimer.TCP_RTO_MAX / TcpTimer.TCP_RTO_MIN))
                    + 1;

    private TcpProbe0() {}

    /// Sends a segment that makes the peer answer with an ACK: what the window still takes of the data
    /// that waits, else an old byte.
    ///
    /// @return 0; a positive number if a queue below refused it; negative if it cannot be sent
    @Kernel("tcp_write_wakeup")
    static int writeWakeup(TcpSock tp, TcpExt mib) {
        assert tp.lock.ownedByMe();
        if (tp.state == TcpState.TCP_CLOSE) {
            return -1;
        }
        SkBuff skb = tp.writeQueue.peek();
        if (skb != null && Seq.before(skb.cb.seq, tp.wndEnd())) {
            return sendWhatFits(tp, skb);
        }
        if (Seq.between(tp.sndUp, tp.sndUna + 1, tp.sndUna + 0xFFFF)) {
            xmitProbeSkb(tp, true, mib);
        }
        return xmitProbeSkb(tp, false, mib);
    }

    private static int sendWhatFits(TcpSock tp, SkBuff skb) {
        int mss = TcpMss.currentMss(tp);
        int size = tp.wndEnd() - skb.cb.seq;
        if (Seq.before(tp.pushedSeq, skb.cb.endSeq)) {
            tp.pushedSeq = skb.cb.endSeq;
        }
        skb.cb.tcpFlags |= Tcp.PSH;
        if (size < skb.cb.endSeq - skb.cb.seq || skb.len > mss) {
            size = Math.min(size, mss);
            if (TcpFragment.fragment(tp, false, skb, size, mss) != 0) {
                return -1;
            }
            skb.cb.tcpFlags |= Tcp.PSH;
        } else if (skb.cb.gsoSegs == 0) {
            TcpTso.setSkbTsoSegs(skb, mss);
        }
        int err = TcpTransmit.transmitSkb(tp, skb, true);
        if (err == 0) {
            TcpOutput.eventNewDataSent(tp, skb);
        }
        return err;
    }

    /// A segment without data that is out of the window, or with urgent data at its edge.
    @Kernel("tcp_xmit_probe_skb")
    private static int xmitProbeSkb(TcpSock tp, boolean urgent, TcpExt mib) {
        int seq = urgent ? tp.sndUna : tp.sndUna - 1;
        SkBuff skb = TcpTransmit.allocNondata(tp, seq, Tcp.ACK);
        tp.net.mib.inc(mib);
        return TcpTransmit.transmitSkb(tp, skb, false);
    }

    /// Learns the peer's window after `TCP_REPAIR`.
    @Kernel("tcp_send_window_probe")
    static void sendWindowProbe(TcpSock tp) {
        if (tp.state == TcpState.TCP_ESTABLISHED) {
            tp.sndWl1 = tp.rcvNxt - 1;
            TcpClock.mstampRefresh(tp);
            xmitProbeSkb(tp, false, TcpExt.TCPWINPROBE);
        }
    }

    /// The probe timer ran out: sends a probe and arms the timer for the next one.
    @Kernel("tcp_send_probe0")
    static void sendProbe0(TcpSock tp) {
        int err = writeWakeup(tp, TcpExt.TCPWINPROBE);
        if (tp.packetsOut != 0 || tp.writeQueue.isEmpty()) {
            tp.probesOut = 0;
            tp.backoff = 0;
            tp.probesTstamp = 0;
            return;
        }
        tp.probesOut++;
        long timeout = RESOURCE_PROBE_INTERVAL;
        if (err <= 0) {
            if (tp.backoff < tp.net.sysctl.get(TcpSysctls.RETRIES2)) {
                tp.backoff++;
            }
            timeout = when(tp, TcpTimer.rtoMax(tp));
        }
        timeout = clampToUserTimeout(tp, timeout);
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_PROBE0, timeout, true);
    }

    /// Arms the timer for the next probe after an ACK that left the window closed.
    static void rearm(TcpSock tp) {
        long when = clampToUserTimeout(tp, when(tp, TcpTimer.rtoMax(tp)));
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_PROBE0, when, true);
    }

    /// Never later than the user's patience ends (`TCP_USER_TIMEOUT`).
    @Kernel("tcp_clamp_probe0_to_user_timeout")
    static long clampToUserTimeout(TcpSock tp, long when) {
        if (tp.userTimeout == 0 || tp.probesTstamp == 0) {
            return when;
        }
        int elapsed = Math.max(TcpClock.jiffies32(tp) - tp.probesTstamp, 0);
        int remaining = Math.max(tp.userTimeout - elapsed, TcpTimer.TCP_TIMEOUT_MIN);
        return Math.min(remaining, when);
    }

    /// Time to the first probe, jiffies.
    @Kernel("tcp_probe0_base")
    static int base(TcpSock tp) {
        return Math.max(tp.rto, TcpTimer.TCP_RTO_MIN);
    }

    /// Time to the next probe after those that went unanswered, jiffies, at most `maxWhen`.
    @Kernel("tcp_probe0_when")
    static long when(TcpSock tp, long maxWhen) {
        int doublings = Math.min(MOST_DOUBLINGS, tp.backoff);
        return Math.min((long) base(tp) << doublings, maxWhen);
    }
}
