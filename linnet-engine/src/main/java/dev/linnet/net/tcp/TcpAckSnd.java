package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.InetConnectionSock;

/// When received data is acknowledged: now, later, or compressed (RFC 1122 section 4.2.3.2, RFC 5681
/// section 4.2).
final class TcpAckSnd {
    /// So many duplicate ACKs are never held back: the sender needs them to recover.
    private static final int FASTRETRANS_THRESH = 3;

    private TcpAckSnd() {}

    /// Sends the ACK that is due, or arranges for it; nothing if none is.
    @Kernel("tcp_ack_snd_check")
    @HotPath
    static void ackSndCheck(TcpSock tp) {
        if (TcpAckOut.ackScheduled(tp)) {
            check(tp, true);
        }
    }

    /// As [#ackSndCheck] for an ACK that is known to be due.
    ///
    /// @param ofoPossible data may lie out of order
    @Kernel("__tcp_ack_snd_check")
    @HotPath
    static void check(TcpSock tp, boolean ofoPossible) {
        if (wantedNow(tp)) {
            if (tp.lock.draining() && tp.net.sysctl.get(TcpSysctls.BACKLOG_ACK_DEFER)) {
                // One ACK for all that waits in the backlog.
                tp.lock.defer(TcpTimer.TCP_ACK_DEFERRED);
            } else {
                TcpAckOut.sendAck(tp);
            }
        } else if (!ofoPossible || tp.outOfOrderQueue.isEmpty()) {
            TcpAckOut.sendDelayedAck(tp);
        } else if (compress(tp)) {
            startCompression(tp);
        } else {
            TcpAckOut.sendAck(tp);
        }
    }

    /// More than one segment is unacknowledged and the window has moved on, or the mode or the state
    /// asks for it.
    @HotPath
    private static boolean wantedNow(TcpSock tp) {
        int unacked = tp.rcvNxt - tp.rcvWup;
        if (unacked > tp.ackRcvMss
                && (tp.rcvNxt - tp.copiedSeq < tp.rcvlowat
                        || TcpWindowSelect.rawSelectWindow(tp) >= tp.rcvWnd)) {
            return true;
        }
        return TcpAckOut.inQuickackMode(tp)
                || (tp.ackPending & InetConnectionSock.ICSK_ACK_NOW) != 0;
    }

    /// True if this duplicate ACK may be left out because others went before it.
    private static boolean compress(TcpSock tp) {
        if (!tp.rxOpt.sackEnabled()
                || tp.compressedAck >= tp.net.sysctl.get(TcpSysctls.COMP_SACK_NR)) {
            return false;
        }
        if (tp.compressedAckRcvNxt != tp.rcvNxt) {
            tp.compressedAckRcvNxt = tp.rcvNxt;
            tp.dupAckCounter = 0;
        }
        if (tp.dupAckCounter < FASTRETRANS_THRESH) {
            tp.dupAckCounter++;
            return false;
        }
        return true;
    }

    /// Counts one ACK left out and sees that one follows after a twentieth of the round trip.
    private static void startCompression(TcpSock tp) {
        tp.compressedAck++;
        int rttUs8 = tp.rcvRttEstUs;
        if (tp.rtt.srttUs != 0 && tp.rtt.srttUs < rttUs8) {
            rttUs8 = tp.rtt.srttUs;
        }
        long delayNs =
                Math.min(
                        tp.net.sysctl.get(TcpSysctls.COMP_SACK_DELAY_NS),
                        rttUs8 * (1000L >> 3) / 20);
        TcpAckOut.startCompressedAckTimer(tp, delayNs);
    }
}
