package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;

/// NewReno's window (RFC 5681): half after a loss, one segment more per round trip.
@Kernel("tcp_reno")
final class TcpReno extends TcpCongestionOps {
    TcpReno() {
        super("reno");
    }

    @Override
    @Kernel("tcp_reno_ssthresh")
    public int ssthresh(TcpSock tp) {
        return Math.max(tp.sndCwnd >> 1, 2);
    }

    @Override
    @Kernel("tcp_reno_cong_avoid")
    @HotPath
    public void congAvoid(TcpSock tp, int ack, int acked) {
        if (!TcpCong.isCwndLimited(tp)) {
            return;
        }
        int left = acked;
        if (tp.inSlowStart()) {
            left = TcpCong.slowStart(tp, acked);
            if (left == 0) {
                return;
            }
        }
        TcpCong.congAvoidAi(tp, tp.sndCwnd, left);
    }

    @Override
    @Kernel("tcp_reno_undo_cwnd")
    public int undoCwnd(TcpSock tp) {
        return Math.max(tp.sndCwnd, tp.priorCwnd);
    }

    @Override
    public boolean nonRestricted() {
        return true;
    }
}
