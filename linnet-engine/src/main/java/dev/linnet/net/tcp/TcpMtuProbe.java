package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Packetization layer path MTU discovery (RFC 4821): now and then a segment that is larger than the
/// path is known to carry. Every function is called with the sock's lock owned.
@HotPath
final class TcpMtuProbe {
    /// Least congestion window for a probe: a lost one must not stop the flow.
    private static final int LEAST_CWND = 11;

    private TcpMtuProbe() {}

    /// Sends a probe if it is time for one.
    ///
    /// @return 1 if one was sent, 0 if the sender should wait until one can be, -1 if there is nothing
    ///     to probe
    @Kernel("tcp_mtu_probe")
    static int probe(TcpSock tp) {
        if (!tp.mtupEnabled
                || tp.mtupProbeSize != 0
                || tp.caState != TcpCaState.OPEN.value()
                || tp.sndCwnd < LEAST_CWND
                || tp.rxOpt.numSacks != 0
                || tp.rxOpt.dsack) {
            return -1;
        }
        int mss = TcpMss.currentMss(tp);
        int size = TcpMss.mtuToMss(tp, (tp.mtupSearchHigh + tp.mtupSearchLow) >> 1);
        int interval = tp.mtupSearchHigh - tp.mtupSearchLow;
        int threshold = Math.max(1, tp.net.sysctl.get(TcpSysctls.PROBE_THRESHOLD));
        if (size > TcpMss.mtuToMss(tp, tp.mtupSearchHigh) || interval < threshold) {
            checkReprobe(tp);
            return -1;
        }
        int ready = ready(tp, size + (tp.reordering + 1) * tp.mssCache);
        if (ready != 1) {
            return ready;
        }
        SkBuff skb = build(tp, size, mss);
        return skb == null ? -1 : send(tp, skb, size);
    }

    /// 1 if there is enough data for a probe and for what tells of its fate, and the windows allow
    /// it; 0 if it is worth to wait.
    private static int ready(TcpSock tp, int needed) {
        if (tp.writeSeq - tp.sndNxt < needed || tp.sndWnd < needed) {
            return -1;
        }
        if (Seq.after(tp.sndNxt + needed, tp.wndEnd())) {
            return 0;
        }
        int inFlight = tp.packetsInFlight();
        if (inFlight + 2 > tp.sndCwnd) {
            return inFlight == 0 ? -1 : 0;
        }
        return 1;
    }

    /// The first segment of the write queue, made exactly `size` bytes long; null if it cannot.
    private static @Nullable SkBuff build(TcpSock tp, int size, int mss) {
        SkBuff skb = tp.writeQueue.peek();
        if (skb == null) {
            return null;
        }
        while (skb.len < size) {
            int len = skb.len;
            TcpTso.grow(tp, skb, size - len);
            if (skb.len == len) {
                return null; // the end of a record, or of a zero-copy send
            }
        }
        if (skb.len > size) {
            TcpFragment.tsoFragment(tp, skb, size, mss);
        }
        return skb;
    }

    private static int send(TcpSock tp, SkBuff skb, int size) {
        TcpTso.setSkbTsoSegs(skb, size);
        if (TcpTransmit.transmitSkb(tp, skb, true) != 0) {
            return -1;
        }
        tp.sndCwnd--; // the probe counts as two: if it is lost, nothing else tells of congestion
        TcpOutput.eventNewDataSent(tp, skb);
        tp.mtupProbeSize = TcpMss.mssToMtu(tp, skb.len);
        tp.mtuProbeSeqStart = skb.cb.seq;
        tp.mtuProbeSeqEnd = skb.cb.endSeq;
        return 1;
    }

    /// The search has ended; after `tcp_probe_interval` it starts anew, because paths change.
    @Kernel("tcp_mtu_check_reprobe")
    private static void checkReprobe(TcpSock tp) {
        long interval = tp.net.sysctl.get(TcpSysctls.PROBE_INTERVAL) * Clock.HZ;
        int since = TcpClock.jiffies32(tp) - tp.mtupProbeTimestamp;
        if (since >= interval) {
            int mss = TcpMss.currentMss(tp);
            tp.mtupProbeSize = 0;
            tp.mtupSearchHigh = tp.rxOpt.mssClamp + Tcp.HEADER_BYTES + tp.afOps.netHeaderLen();
            tp.mtupSearchLow = TcpMss.mssToMtu(tp, mss);
            tp.mtupProbeTimestamp = TcpClock.jiffies32(tp);
        }
    }

    /// The probe was lost: its size is too large.
    @Kernel("tcp_mtup_probe_failed")
    static void probeFailed(TcpSock tp) {
        tp.mtupSearchHigh = tp.mtupProbeSize - 1;
        tp.mtupProbeSize = 0;
        tp.net.mib.inc(TcpExt.TCPMTUPFAIL);
    }

    /// The probe arrived: segments of its size from now on, and a window of the same bytes.
    @Kernel("tcp_mtup_probe_success")
    static void probeSuccess(TcpSock tp) {
        tp.priorSsthresh = TcpCong.currentSsthresh(tp);
        long cwnd = (long) tp.sndCwnd * TcpMss.mssToMtu(tp, tp.mssCache) / tp.mtupProbeSize;
        tp.sndCwnd = (int) Math.max(cwnd, 1);
        tp.sndCwndCnt = 0;
        tp.sndCwndStamp = TcpClock.jiffies32(tp);
        tp.sndSsthresh = TcpCong.currentSsthresh(tp);
        tp.mtupSearchLow = tp.mtupProbeSize;
        tp.mtupProbeSize = 0;
        TcpMss.syncMss(tp, tp.pmtuCookie);
        tp.net.mib.inc(TcpExt.TCPMTUPSUCCESS);
    }

    /// Timeouts without an end: perhaps a router drops large packets without a word. Starts probing,
    /// or takes half of the size that was thought to be safe.
    @Kernel("tcp_mtu_probing")
    static void blackHole(TcpSock tp) {
        if (tp.net.sysctl.get(TcpSysctls.MTU_PROBING) == 0) {
            return;
        }
        if (!tp.mtupEnabled) {
            tp.mtupEnabled = true;
            tp.mtupProbeTimestamp = TcpClock.jiffies32(tp);
        } else {
            int mss = TcpMss.mtuToMss(tp, tp.mtupSearchLow) >> 1;
            mss = Math.min(tp.net.sysctl.get(TcpSysctls.BASE_MSS), mss);
            mss = Math.max(mss, tp.net.sysctl.get(TcpSysctls.MTU_PROBE_FLOOR));
            mss = Math.max(mss, tp.net.sysctl.get(TcpSysctls.MIN_SND_MSS));
            tp.mtupSearchLow = TcpMss.mssToMtu(tp, mss);
        }
        TcpMss.syncMss(tp, tp.pmtuCookie);
    }
}
