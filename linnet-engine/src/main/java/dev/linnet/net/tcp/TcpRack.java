package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.net.core.sock.InetConnectionSock;

/// Loss detection by time (RFC 8985): a segment is lost if one sent later was delivered, and more
/// than a round trip and the reordering window has passed since.
final class TcpRack {
    /// Bits of `tcp_recovery`: a fixed reordering window; and no account of the number of segments
    /// delivered above the gap.
    private static final int STATIC_REO_WND = 2;

    private static final int NO_DUPTHRESH = 4;

    /// Shortest timer, us.
    private static final int TIMEOUT_MIN_US = 2000;

    private TcpRack() {}

    /// A segment was delivered.
    @HotPath
    static void advance(TcpSock tp, int sacked, int endSeq, long sentUs) {
        boolean retransmitted = (sacked & TcpSkbCb.RETRANS) != 0;
        tp.rack.advance(retransmitted, endSeq, sentUs, tp.tcpMstamp, tp.rtt.minRttUs());
    }

    /// Adapts the reordering window to what this ACK told.
    @Kernel("tcp_rack_update_reo_wnd")
    @HotPath
    static void updateReoWnd(TcpSock tp, RateSample rs) {
        boolean fixed = (tp.net.sysctl.get(TcpSysctls.RECOVERY) & STATIC_REO_WND) != 0;
        if (!fixed && rs.priorDelivered != 0) {
            tp.rack.updateReoWnd(rs.priorDelivered, tp.delivered);
        }
    }

    /// The reordering window, us (RFC 8985 section 6.2, step 4). As long as no reordering was seen it
    /// is 0 in recovery, and once as many segments were delivered above the gap as three duplicate
    /// ACKs would stand for.
    @Kernel("tcp_rack_reo_wnd")
    private static long reoWnd(TcpSock tp) {
        if (tp.reordSeen == 0) {
            if (tp.caState >= TcpCong.CA_RECOVERY) {
                return 0;
            }
            if (tp.sackedOut >= tp.reordering
                    && (tp.net.sysctl.get(TcpSysctls.RECOVERY) & NO_DUPTHRESH) == 0) {
                return 0;
            }
        }
        return Math.min(
                (tp.rtt.minRttUs() >> 2) * tp.rack.reoWndSteps, (long) (tp.rtt.srttUs >>> 3));
    }

    /// How long a segment may still be under way before it counts as lost, us; not positive: it is.
    @Kernel("tcp_rack_skb_timeout")
    @HotPath
    static long remainingUs(TcpSock tp, SkBuff skb, long reoWndUs) {
        return tp.rack.rttUs + reoWndUs - (tp.tcpMstamp - TcpClock.skbUs(skb));
    }

    /// Marks lost segments; returns how long to wait for the others that may be, us, or 0.
    @Kernel("tcp_rack_detect_loss")
    private static long detectLoss(TcpSock tp) {
        long reoWndUs = reoWnd(tp);
        long wait = 0;
        SkBuff skb = tp.tsortedHead;
        while (skb != null) {
            SkBuff next = skb.tsNext;
            TcpSkbCb cb = skb.cb;
            boolean waits =
                    (cb.sacked & (TcpSkbCb.LOST | TcpSkbCb.SACKED_RETRANS)) == TcpSkbCb.LOST;
            if (!waits) {
                if (!RackState.sentAfter(
                        tp.rack.mstampUs, TcpClock.skbUs(skb), tp.rack.endSeq, cb.endSeq)) {
                    break;
                }
                long remaining = remainingUs(tp, skb, reoWndUs);
                if (remaining <= 0) {
                    TcpRecovery.markSkbLost(tp, skb);
                    TcpRtxQueue.tsortedDel(tp, skb);
                } else {
                    wait = Math.max(wait, remaining);
                }
            }
            skb = next;
        }
        return wait;
    }

    /// Looks for losses if something was delivered since the last look; true if the timer was set to
    /// look again.
    @Kernel("tcp_rack_mark_lost")
    static boolean markLost(TcpSock tp) {
        if (!tp.rack.advanced) {
            return false;
        }
        tp.rack.advanced = false;
        long wait = detectLoss(tp);
        if (wait == 0) {
            return false;
        }
        long jiffies = Clock.usecsToJiffies(wait + TIMEOUT_MIN_US);
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_REO_TIMEOUT, jiffies, false);
        return true;
    }

    /// The reordering window has passed (RFC 8985 section 6.3).
    @Kernel("tcp_rack_reo_timeout")
    static void reoTimeout(TcpSock tp) {
        int lostBefore = tp.lost;
        int inFlightBefore = tp.packetsInFlight();
        detectLoss(tp);
        if (inFlightBefore != tp.packetsInFlight()) {
            if (tp.caState != TcpCong.CA_RECOVERY) {
                TcpRecovery.enterRecovery(tp, false);
                if (!tp.caOps.hasCongControl()) {
                    TcpRecovery.cwndReduction(tp, 1, tp.lost - lostBefore, 0);
                }
            }
            TcpRetransmit.xmitRetransmitQueue(tp);
        }
        if (tp.pending != InetConnectionSock.ICSK_TIME_RETRANS) {
            TcpAck.rearmRto(tp);
        }
    }
}
