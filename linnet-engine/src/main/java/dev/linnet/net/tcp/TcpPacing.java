package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;

/// Pacing: the rate at which a connection should send, and the stack's own way to keep to it where
/// a congestion control or the user wants that and no queue below does it.
@HotPath
final class TcpPacing {
    /// Segments at the start of a connection that are not paced.
    private static final int UNPACED_SEGMENTS = 10;

    private TcpPacing() {}

    /// Computes the rate from window and round trip time: more than that by the ratios of
    /// `tcp_pacing_ss_ratio` and `tcp_pacing_ca_ratio`, so that the window stays the limit.
    @Kernel("tcp_update_pacing_rate")
    static void updatePacingRate(TcpSock tp) {
        long perRtt = (long) tp.mssCache * ((TcpClock.USEC_PER_SEC / 100) << 3);
        perRtt *=
                tp.net.sysctl.get(
                        tp.sndCwnd < tp.sndSsthresh / 2
                                ? TcpSysctls.PACING_SS_RATIO
                                : TcpSysctls.PACING_CA_RATIO);
        perRtt *= Math.max(tp.sndCwnd, tp.packetsOut);
        int srtt = tp.rtt.srttUs;
        long rate = srtt == 0 ? perRtt : Long.divideUnsigned(perRtt, srtt);
        boolean capped = Long.compareUnsigned(rate, tp.maxPacingRate) > 0;
        tp.pacingRate = capped ? tp.maxPacingRate : rate;
    }

    /// True if the time of the next packet has not come; the timer then runs.
    @Kernel("tcp_pacing_check")
    static boolean check(TcpSock tp) {
        if (tp.pacingStatus != Sock.SK_PACING_NEEDED || tp.tcpWstampNs <= tp.tcpClockCacheNs) {
            return false;
        }
        HrTimer timer = tp.pacingTimer;
        if (timer == null) {
            timer = TcpTimer.newPacingTimer(tp);
        }
        if (!timer.queued()) {
            timer.start(tp.tcpWstampNs);
        }
        return true;
    }

    /// How long the next packet has to wait for its time, jiffies.
    @Kernel("tcp_pacing_delay")
    static long delayJiffies(TcpSock tp) {
        long delta = tp.tcpWstampNs - tp.tcpClockCacheNs;
        return delta > 0 ? delta / TcpClock.NSEC_PER_MSEC : 0;
    }

    /// A packet was sent: when may the next one go, and it is the last one sent now.
    @Kernel("tcp_update_skb_after_send")
    static void afterSend(TcpSock tp, SkBuff skb, long priorWstampNs) {
        long rate = tp.pacingRate;
        if (tp.pacingStatus != Sock.SK_PACING_NONE
                && rate != -1L
                && rate != 0
                && Integer.compareUnsigned(tp.dataSegsOut, UNPACED_SEGMENTS) >= 0) {
            long lenNs = Long.divideUnsigned(skb.len * TcpClock.NSEC_PER_SEC, rate);
            long credit = tp.tcpWstampNs - priorWstampNs;
            tp.tcpWstampNs += lenNs - Math.min(lenNs / 2, credit);
        }
        TcpRtxQueue.tsortedMoveTail(tp, skb);
    }
}
