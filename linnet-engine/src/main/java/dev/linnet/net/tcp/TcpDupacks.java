package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.TcpSkbCb;

/// Without SACK: duplicate ACKs stand for segments that arrived out of order (RFC 6582), so that the
/// rest of the recovery need not know the difference.
final class TcpDupacks {
    private TcpDupacks() {}

    /// Duplicate ACKs came: so many more segments have left the network.
    @Kernel("tcp_add_reno_sack")
    static void addSacks(TcpSock tp, int numDupack, boolean eceAck) {
        if (numDupack == 0) {
            return;
        }
        int before = tp.sackedOut;
        tp.sackedOut += numDupack;
        checkReordering(tp, 0);
        int delivered = tp.sackedOut - before;
        if (delivered > 0) {
            TcpAck.countDelivered(tp, delivered, eceAck);
        }
    }

    /// `acked` segments were acknowledged: one filled the gap, the others are those for which
    /// duplicate ACKs had come.
    @Kernel("tcp_remove_reno_sacks")
    static void removeSacks(TcpSock tp, int acked, boolean eceAck) {
        if (acked > 0) {
            TcpAck.countDelivered(tp, Math.max(acked - tp.sackedOut, 1), eceAck);
            tp.sackedOut = Math.max(0, tp.sackedOut - (acked - 1));
        }
        checkReordering(tp, acked);
    }

    @Kernel("tcp_reset_reno_sack")
    static void reset(TcpSock tp) {
        tp.sackedOut = 0;
    }

    /// Keeps the count possible: at least one segment, or all lost ones, are missing. True if there
    /// were too many duplicate ACKs.
    @Kernel("tcp_limit_reno_sacked")
    static boolean limitSacked(TcpSock tp) {
        int holes = Math.min(Math.max(tp.lostOut, 1), tp.packetsOut);
        if (tp.sackedOut + holes <= tp.packetsOut) {
            return false;
        }
        tp.sackedOut = tp.packetsOut - holes;
        return true;
    }

    /// More duplicate ACKs than missing segments can cause: the network reorders.
    @Kernel("tcp_check_reno_reordering")
    private static void checkReordering(TcpSock tp, int addend) {
        if (!limitSacked(tp)) {
            return;
        }
        int max = tp.net.sysctl.get(TcpSysctls.MAX_REORDERING);
        tp.reordering = Math.min(tp.packetsOut + addend, max);
        tp.reordSeen++;
        tp.net.mib.inc(TcpExt.TCPRENOREORDER);
    }

    /// NewReno (RFC 6582): after enough duplicate ACKs, and in recovery after each partial ACK, the
    /// first segment is lost.
    @Kernel("tcp_newreno_mark_lost")
    static void markLost(TcpSock tp, boolean sndUnaAdvanced) {
        boolean evident =
                tp.caState < TcpCong.CA_RECOVERY
                        ? tp.sackedOut >= tp.reordering
                        : tp.caState == TcpCong.CA_RECOVERY && sndUnaAdvanced;
        SkBuff skb = TcpRtxQueue.head(tp);
        if (!evident || skb == null || (skb.cb.sacked & TcpSkbCb.LOST) != 0) {
            return;
        }
        int mss = skb.cb.gsoSize;
        if (skb.cb.gsoSegs > 1 && skb.len > mss) {
            TcpFragment.fragment(tp, true, skb, mss, mss);
        }
        TcpRecovery.markSkbLost(tp, skb);
    }
}
