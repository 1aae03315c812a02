package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.wire.Seq;

/// Delivery rate estimation (draft-cheng-iccrg-delivery-rate-estimation): each segment remembers how
/// much had been delivered when it was sent.
final class TcpRate {
    private TcpRate() {}

    /// Stamps a segment that is being sent (again).
    @Kernel("tcp_rate_skb_sent")
    @HotPath
    static void skbSent(TcpSock tp, SkBuff skb) {
        // A flight begins: idle time must not count.
        if (tp.packetsOut == 0) {
            long sentUs = TcpClock.skbUs(skb);
            tp.firstTxUs = sentUs;
            tp.deliveredUs = sentUs;
        }
        TcpSkbCb cb = skb.cb;
        cb.firstTxUs = tp.firstTxUs;
        cb.deliveredUs = tp.deliveredUs;
        cb.delivered = tp.delivered;
        cb.deliveredCe = tp.deliveredCe;
        cb.isAppLimited = tp.appLimited != 0;
    }

    /// A segment was delivered; the one sent last among those of an ACK makes the sample.
    @Kernel("tcp_rate_skb_delivered")
    @HotPath
    static void skbDelivered(TcpSock tp, SkBuff skb, RateSample rs) {
        TcpSkbCb cb = skb.cb;
        if (cb.deliveredUs == 0) {
            return;
        }
        long sentUs = TcpClock.skbUs(skb);
        if (rs.priorDelivered == 0
                || RackState.sentAfter(sentUs, tp.firstTxUs, cb.endSeq, rs.lastEndSeq)) {
            rs.priorDeliveredCe = cb.deliveredCe;
            rs.priorDelivered = cb.delivered;
            rs.priorMstampUs = cb.deliveredUs;
            rs.isAppLimited = cb.isAppLimited;
            rs.isRetrans = (cb.sacked & TcpSkbCb.RETRANS) != 0;
            rs.lastEndSeq = cb.endSeq;
            tp.firstTxUs = sentUs;
            rs.intervalUs = sentUs - cb.firstTxUs;
        }
        // Counted once, when it is sacked, not again when it is acknowledged.
        if ((cb.sacked & TcpSkbCb.SACKED_ACKED) != 0) {
            cb.deliveredUs = 0;
        }
    }

    /// Completes the sample of an ACK.
    ///
    /// @param delivered segments that the ACK delivered
    /// @param lost segments that it showed to be lost
    @Kernel("tcp_rate_gen")
    @HotPath
    static void gen(TcpSock tp, int delivered, int lost, boolean isSackReneg, RateSample rs) {
        if (tp.appLimited != 0 && Seq.after(tp.delivered, tp.appLimited)) {
            tp.appLimited = 0;
        }
        if (delivered != 0) {
            tp.deliveredUs = tp.tcpMstamp;
        }
        rs.ackedSacked = delivered;
        rs.losses = lost;
        if (rs.priorMstampUs == 0 || isSackReneg) {
            rs.delivered = -1;
            rs.intervalUs = -1;
            return;
        }
        rs.delivered = tp.delivered - rs.priorDelivered;
        rs.deliveredCe = tp.deliveredCe - rs.priorDeliveredCe;
        rs.sndIntervalUs = rs.intervalUs;
        rs.rcvIntervalUs = tp.tcpMstamp - rs.priorMstampUs;
        // ACK compression shortens one half, so the longer one is right.
        rs.intervalUs = Math.max(rs.sndIntervalUs, rs.rcvIntervalUs);
        if (rs.intervalUs < tp.rtt.minRttUs()) {
            rs.intervalUs = -1;
            return;
        }
        remember(tp, rs);
    }

    /// Keeps the last sample of the network's rate, or the highest of the program's.
    @HotPath
    private static void remember(TcpSock tp, RateSample rs) {
        if (!rs.isAppLimited
                || (long) rs.delivered * tp.rateIntervalUs
                        >= (long) tp.rateDelivered * rs.intervalUs) {
            tp.rateDelivered = rs.delivered;
            tp.rateIntervalUs = (int) rs.intervalUs;
            tp.rateAppLimited = rs.isAppLimited;
        }
    }

    /// Notes when the program has nothing to send although the network would take it.
    @Kernel("tcp_rate_check_app_limited")
    @HotPath
    static void checkAppLimited(TcpSock tp) {
        int inFlight = tp.packetsInFlight();
        if (tp.writeSeq - tp.sndNxt < tp.mssCache
                && tp.wmemAlloc() < SkBuff.OVERHEAD
                && inFlight < tp.sndCwnd
                && tp.lostOut <= tp.retransOut) {
            int until = tp.delivered + inFlight;
            tp.appLimited = until == 0 ? 1 : until;
        }
    }
}
