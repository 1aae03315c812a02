package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;

/// Segments without data: ACKs at once or later, FINs and resets. Every function is called with the
/// sock's lock owned.
@HotPath
final class TcpAckOut {
    /// Least estimate of the time between segments, and least and largest delay of an ACK, jiffies.
    static final int TCP_ATO_MIN = 40;

    static final int TCP_DELACK_MIN = 40;
    static final int TCP_DELACK_MAX = 200;

    /// Most ACKs that are sent at once at the start of a connection or after a pause.
    static final int TCP_MAX_QUICKACKS = 16;

    private static final int MAX_QUICK = 255;

    private TcpAckOut() {}

    // ---- when
    // ---------------------------------------------------------------------------------------

    /// True if an ACK is due, at once or later.
    @Kernel("inet_csk_ack_scheduled")
    static boolean ackScheduled(TcpSock tp) {
        return (tp.ackPending & InetConnectionSock.ICSK_ACK_SCHED) != 0;
    }

    @Kernel("inet_csk_schedule_ack")
    static void scheduleAck(TcpSock tp) {
        tp.ackPending |= InetConnectionSock.ICSK_ACK_SCHED;
    }

    /// Lets the next ACKs go at once: one for every other segment of what the window holds.
    @Kernel("tcp_incr_quickack")
    static void incrQuickack(TcpSock tp, int maxQuickacks) {
        int quick = Integer.divideUnsigned(tp.rcvWnd, 2 * Math.max(tp.ackRcvMss, 1));
        quick = Math.min(quick == 0 ? 2 : quick, maxQuickacks);
        tp.ackQuick = Math.max(tp.ackQuick, quick);
    }

    /// Ends the patience for data to send an ACK with.
    @Kernel("tcp_enter_quickack_mode")
    static void enterQuickackMode(TcpSock tp, int maxQuickacks) {
        incrQuickack(tp, maxQuickacks);
        exitPingpongMode(tp);
        tp.ackAto = TCP_ATO_MIN;
    }

    /// True if ACKs are not to be delayed.
    @Kernel("tcp_in_quickack_mode")
    static boolean inQuickackMode(TcpSock tp) {
        return tp.ackQuick != 0 && !inPingpongMode(tp);
    }

    /// An ACK was sent: one of those that go at once is used up if it was for data.
    @Kernel("tcp_dec_quickack_mode")
    static void decQuickackMode(TcpSock tp) {
        if (tp.ackQuick == 0) {
            return;
        }
        int used = ackScheduled(tp) ? 1 : 0;
        if (used >= tp.ackQuick) {
            tp.ackQuick = 0;
            tp.ackAto = TCP_ATO_MIN;
        } else {
            tp.ackQuick -= used;
        }
    }

    /// True if the connection goes back and forth: its ACKs wait for data to go with.
    @Kernel("inet_csk_in_pingpong_mode")
    static boolean inPingpongMode(TcpSock tp) {
        return tp.ackPingpong >= threshold(tp);
    }

    @Kernel("inet_csk_enter_pingpong_mode")
    static void enterPingpongMode(TcpSock tp) {
        tp.ackPingpong = threshold(tp);
    }

    @Kernel("inet_csk_exit_pingpong_mode")
    static void exitPingpongMode(TcpSock tp) {
        tp.ackPingpong = 0;
    }

    @Kernel("inet_csk_inc_pingpong_cnt")
    static void incPingpongCnt(TcpSock tp) {
        if (tp.ackPingpong < MAX_QUICK) {
            tp.ackPingpong++;
        }
    }

    private static int threshold(TcpSock tp) {
        return tp.net.sysctl.get(TcpSysctls.PINGPONG_THRESH);
    }

    // ---- ACKs
    // ---------------------------------------------------------------------------------------

    /// Sends an ACK now.
    @Kernel("tcp_send_ack")
    static void sendAck(TcpSock tp) {
        sendAckWithRcvNxt(tp, tp.rcvNxt);
    }

    /// Sends an ACK for everything before `rcvNxt`, which DCTCP wants to be another number than the
    /// next one expected.
    @Kernel("__tcp_send_ack")
    static void sendAckWithRcvNxt(TcpSock tp, int rcvNxt) {
        send(tp, rcvNxt, 0);
    }

    /// Sends an ACK that answers a SYN or SYN-ACK: with accurate ECN it tells how that arrived, in
    /// header flags (`tcp_send_ack_reflect_ect`).
    @Kernel("tcp_send_ack_reflect_ect")
    static void sendAckReflectEct(TcpSock tp) {
        boolean reflect = TcpEcn.modeAccEcn(tp);
        send(tp, tp.rcvNxt, reflect ? TcpAccEcn.reflectorFlags(tp.accecn.synEctRcv) : 0);
    }

    @Kernel("__tcp_send_ack")
    private static void send(TcpSock tp, int rcvNxt, int moreFlags) {
        if (tp.state == TcpState.TCP_CLOSE) {
            return;
        }
        int flags = Tcp.ACK | moreFlags;
        SkBuff skb = TcpTransmit.allocNondata(tp, TcpTransmit.acceptableSeq(tp), flags);
        TcpTransmit.transmitSkb(tp, skb, false, rcvNxt);
    }

    /// Leaves the ACK for later, so that data or a second segment can share it: for as long as
    /// segments usually are apart, at most a round trip or half a second.
    @Kernel("tcp_send_delayed_ack")
    static void sendDelayedAck(TcpSock tp) {
        long now = TcpClock.jiffies(tp);
        int ato = Math.min(delay(tp), delackMax(tp));
        long due = now + ato;
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_TIMER) != 0) {
            if (tp.ackTimeout <= now + (ato >> 2)) {
                sendAck(tp); // the timer is about to run out anyway
                return;
            }
            due = Math.min(due, tp.ackTimeout);
        }
        tp.ackPending |= InetConnectionSock.ICSK_ACK_SCHED | InetConnectionSock.ICSK_ACK_TIMER;
        TcpTimer.armDelack(tp, due);
    }

    private static int delay(TcpSock tp) {
        int ato = tp.ackAto;
        if (ato <= TCP_DELACK_MIN) {
            return ato;
        }
        boolean answers =
                inPingpongMode(tp) || (tp.ackPending & InetConnectionSock.ICSK_ACK_PUSHED) != 0;
        int most = answers ? TCP_DELACK_MAX : 500;
        int srtt = tp.rtt.srttUs;
        if (srtt != 0) {
            int rtt = Math.max((srtt >>> 3) / 1000, TCP_DELACK_MIN);
            most = Math.min(most, rtt);
        }
        return Math.min(ato, most);
    }

    /// Longest delay of an ACK, jiffies: less than the peer's least timeout where the route tells it.
    @Kernel("tcp_delack_max")
    static int delackMax(TcpSock tp) {
        int fromRtoMin = Math.max(TcpTimer.rtoMin(tp), 2) - 1;
        return Math.min(tp.delackMax, fromRtoMin);
    }

    // ---- compressed ACKs
    // ------------------------------------------------------------------------------

    /// Sends the one ACK that stands for those that were held back (`tcp_comp_sack_delay_ns`).
    @Kernel("tcp_sack_compress_send_ack")
    static void sackCompressSendAck(TcpSock tp) {
        if (tp.compressedAck == 0) {
            return;
        }
        cancelCompression(tp);
        tp.net.mib.add(TcpExt.TCPACKCOMPRESSED, tp.compressedAck - 1);
        tp.compressedAck = 0;
        sendAck(tp);
    }

    /// Starts the timer of held back ACKs; when it runs out one of them is sent.
    static void startCompressedAckTimer(TcpSock tp, long delayNs) {
        HrTimer timer = tp.compressedAckTimer;
        if (timer == null) {
            timer = TcpTimer.newCompressedAckTimer(tp);
        }
        timer.start(tp.net.clock.nowNs() + delayNs);
    }

    static void cancelCompression(TcpSock tp) {
        HrTimer timer = tp.compressedAckTimer;
        if (timer != null) {
            timer.cancel();
        }
    }

    /// The time for held back ACKs is over.
    @Kernel("tcp_compressed_ack_kick")
    static void compressedAckKick(TcpSock tp) {
        if (tp.compressedAck != 0) {
            tp.compressedAck--; // the rest counts as left out when this one is sent
            TcpClock.mstampRefresh(tp);
            sendAck(tp);
        }
    }

    // ---- the end
    // ----------------------------------------------------------------------------------------

    /// Sends a FIN behind everything that is queued: with the last segment if that is unsent.
    @Kernel("tcp_send_fin")
    static void sendFin(TcpSock tp) {
        SkBuff tail = tp.writeQueue.peekTail();
        if (tail != null) {
            tail.cb.tcpFlags |= Tcp.FIN;
            tail.cb.endSeq++;
            tp.writeSeq = tail.cb.endSeq;
        } else {
            SkBuff skb = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
            TcpTransmit.initNondataSkb(skb, tp.writeSeq, Tcp.ACK | Tcp.FIN);
            TcpOutput.queueSkb(tp, skb);
        }
        TcpOutput.pushPendingFrames(tp, TcpMss.currentMss(tp), TcpNagle.OFF);
    }

    /// Sends a reset because this side gives the connection up.
    @Kernel("tcp_send_active_reset")
    static void sendActiveReset(TcpSock tp) {
        tp.net.mib.inc(TcpMib.OUTRSTS);
        int seq = TcpTransmit.acceptableSeq(tp);
        SkBuff skb = TcpTransmit.allocNondata(tp, seq, Tcp.ACK | Tcp.RST);
        TcpClock.mstampRefresh(tp);
        if (TcpTransmit.transmitSkb(tp, skb, false) != 0) {
            tp.net.mib.inc(TcpExt.TCPABORTFAILED);
        }
    }
}
