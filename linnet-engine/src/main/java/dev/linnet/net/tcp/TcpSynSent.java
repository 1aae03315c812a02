package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// A segment comes in the state SYN-SENT (RFC 9293 section 3.10.7.3): the SYN-ACK, a reset, or a SYN
/// that crossed ours.
final class TcpSynSent {
    private TcpSynSent() {}

    /// Takes the segment, or returns why a reset must be sent for it.
    @Kernel("tcp_rcv_synsent_state_process")
    static @Nullable DropReason process(TcpSock tp, SkBuff skb) {
        FastOpenCookie cookie = new FastOpenCookie();
        int savedClamp = tp.rxOpt.mssClamp;
        TcpOptionsIn.parse(tp.net, skb, tp.rxOpt, false, cookie);
        if (tp.rxOpt.sawTstamp && tp.rxOpt.rcvTsecr != 0) {
            tp.rxOpt.rcvTsecr -= tp.tsoffset;
        }
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        return (flags & Tcp.ACK) != 0
                ? withAck(tp, skb, flags, cookie, savedClamp)
                : withoutAck(tp, skb, flags, savedClamp);
    }

    private static @Nullable DropReason withAck(
            TcpSock tp, SkBuff skb, int flags, FastOpenCookie cookie, int savedClamp) {
        int ack = skb.cb.ackSeq;
        if (!Seq.after(ack, tp.sndUna) || Seq.after(ack, tp.sndNxt)) {
            // Another connection of the peer answers: after the reset try again soon.
            if (tp.retransmits == 0) {
                TcpTimer.resetXmitTimer(
                        tp, TcpSock.ICSK_TIME_RETRANS, TcpTimer.TCP_TIMEOUT_MIN, false);
            }
            undoOptions(tp, savedClamp);
            return DropReason.TCP_INVALID_ACK_SEQUENCE;
        }
        if (echoesForeignTimestamp(tp)) {
            tp.net.mib.inc(TcpExt.PAWSACTIVEREJECTED);
            undoOptions(tp, savedClamp);
            return DropReason.TCP_RFC7323_PAWS;
        }
        if ((flags & Tcp.RST) != 0) {
            TcpInput.reset(tp, skb);
            skb.consume();
            return null;
        }
        if ((flags & Tcp.SYN) == 0) {
            return discard(tp, skb, savedClamp, DropReason.TCP_FLAGS);
        }
        synAck(tp, skb, cookie);
        return null;
    }

    /// The echo of a timestamp that this connection attempt did not send.
    private static boolean echoesForeignTimestamp(TcpSock tp) {
        return tp.rxOpt.sawTstamp
                && tp.rxOpt.rcvTsecr != 0
                && !Seq.between(tp.rxOpt.rcvTsecr, tp.retransStamp, TcpClock.tsVal(tp));
    }

    /// The SYN-ACK is good: the connection is established.
    private static void synAck(TcpSock tp, SkBuff skb, FastOpenCookie cookie) {
        TcpEcn.rcvSynack(tp, skb);
        tp.sndWl1 = skb.cb.seq;
        tryUndoSpuriousSyn(tp);
        TcpAck.ack(tp, skb, TcpAck.FLAG_SLOWPATH);
        tp.rcvNxt = skb.cb.seq + 1;
        tp.rcvWup = skb.cb.seq + 1;
        // RFC 7323 section 2.2: the window of a SYN is never scaled.
        tp.sndWnd = Tcp.window(skb.buf, skb.transportHeader);
        if (!tp.rxOpt.wscaleOk) {
            tp.rxOpt.sndWscale = 0;
            tp.rxOpt.rcvWscale = 0;
            tp.windowClamp = Math.min(tp.windowClamp, 65535);
        }
        agreeOnTimestamps(tp);
        if (tp.rxOpt.sawTstamp) {
            tp.advmss -= TcpOptionsIn.TSTAMP_HEADER_BYTES - Tcp.HEADER_BYTES;
        }
        TcpMss.syncMss(tp, tp.pmtuCookie);
        TcpRcvSpace.initializeRcvMss(tp);
        // Poll does not lock: the state changes after the sequence numbers are right.
        tp.copiedSeq = tp.rcvNxt;
        TcpInput.finishConnect(tp, skb);
        boolean fastopenFail = (tp.synFastopen || tp.synData) && fastopenSynack(tp, skb, cookie);
        if (!tp.dead) {
            tp.stateChange();
        }
        if (!fastopenFail && delaysFirstAck(tp)) {
            TcpAckOut.scheduleAck(tp);
            TcpAckOut.enterQuickackMode(tp, TcpAckOut.TCP_MAX_QUICKACKS);
            TcpTimer.resetDelackTimer(tp, TcpAckOut.TCP_DELACK_MAX);
            skb.consume();
            return;
        }
        if (!fastopenFail) {
            TcpAckOut.sendAckReflectEct(tp);
        }
        TcpUrg.urg(tp, skb);
        skb.consume();
        TcpInput.dataSndCheck(tp);
    }

    /// The third segment of the handshake can wait for data that is about to be written.
    private static boolean delaysFirstAck(TcpSock tp) {
        return tp.writePending != 0
                || (tp.acceptQueue != null && tp.acceptQueue.deferAccept != 0)
                || TcpAckOut.inPingpongMode(tp);
    }

    private static void agreeOnTimestamps(TcpSock tp) {
        if (tp.rxOpt.sawTstamp) {
            tp.rxOpt.tstampOk = true;
            tp.tcpHeaderLen = TcpOptionsIn.TSTAMP_HEADER_BYTES;
            TcpPaws.storeTsRecent(tp);
        } else {
            tp.tcpHeaderLen = Tcp.HEADER_BYTES;
        }
    }

    private static @Nullable DropReason withoutAck(
            TcpSock tp, SkBuff skb, int flags, int savedClamp) {
        if ((flags & Tcp.RST) != 0) {
            return discard(tp, skb, savedClamp, DropReason.TCP_RESET);
        }
        if (tp.rxOpt.tsRecentStamp != 0
                && tp.rxOpt.sawTstamp
                && TcpPaws.reject(tp.rxOpt, false, tp.net.clock)) {
            return discard(tp, skb, savedClamp, DropReason.TCP_RFC7323_PAWS);
        }
        if ((flags & Tcp.SYN) == 0) {
            return discard(tp, skb, savedClamp, DropReason.TCP_FLAGS);
        }
        crossedSyn(tp, skb);
        skb.consume();
        return null;
    }

    /// Both sides connect at once, or one connects to itself (RFC 9293 figure 8).
    private static void crossedSyn(TcpSock tp, SkBuff skb) {
        TcpStates.set(tp, TcpState.TCP_SYN_RECV);
        agreeOnTimestamps(tp);
        tp.rcvNxt = skb.cb.seq + 1;
        tp.copiedSeq = tp.rcvNxt;
        tp.rcvWup = skb.cb.seq + 1;
        tp.sndWnd = Tcp.window(skb.buf, skb.transportHeader);
        tp.sndWl1 = skb.cb.seq;
        tp.maxWindow = tp.sndWnd;
        TcpEcn.rcvSyn(tp, skb);
        TcpMss.mtupInit(tp);
        TcpMss.syncMss(tp, tp.pmtuCookie);
        TcpRcvSpace.initializeRcvMss(tp);
        TcpConnectOut.sendSynack(tp);
    }

    private static @Nullable DropReason discard(
            TcpSock tp, SkBuff skb, int savedClamp, DropReason reason) {
        undoOptions(tp, savedClamp);
        return TcpInput.dropped(tp, skb, reason);
    }

    private static void undoOptions(TcpSock tp, int savedClamp) {
        tp.rxOpt.clear();
        tp.rxOpt.mssClamp = savedClamp;
    }

    /// The SYN was sent twice although the first one arrived: its timestamp comes back. Then the
    /// window must not suffer.
    @Kernel("tcp_try_undo_spurious_syn")
    static void tryUndoSpuriousSyn(TcpSock tp) {
        int synStamp = tp.retransStamp;
        if (tp.undoMarker != 0
                && synStamp != 0
                && tp.rxOpt.sawTstamp
                && synStamp == tp.rxOpt.rcvTsecr) {
            tp.undoMarker = 0;
        }
    }

    // ---- Fast Open --------------------------------------------------------------------------

    /// What the SYN-ACK says to our Fast Open SYN (RFC 7413 section 4.2); true if data of the SYN has
    /// to be sent again.
    @Kernel("tcp_rcv_fastopen_synack")
    private static boolean fastopenSynack(TcpSock tp, SkBuff synack, FastOpenCookie cookie) {
        SkBuff data = tp.synData ? TcpRtxQueue.head(tp) : null;
        int tryExp = 0;
        boolean synDrop = false;
        int mss = announcedMss(tp, synack);
        if (!tp.synFastopen) {
            // A cookie that nobody asked for.
            cookie.len = -1;
        } else if (tp.totalRetrans != 0) {
            // Neither cookie nor data came through: what got an answer was the plain second SYN.
            synDrop = cookie.len < 0 && data != null;
        } else if (cookie.len < 0 && !tp.synData) {
            // No answer to our request: try the other form of the option next time.
            tryExp = tp.synFastopenExp ? 2 : 1;
        }
        TcpMetrics.fastopenCacheSet(tp, mss, cookie, synDrop, tryExp);
        if (data != null) {
            resendSynData(tp, data);
            return true;
        }
        tp.synDataAcked = tp.synData;
        if (tp.synDataAcked) {
            tp.net.mib.inc(TcpExt.TCPFASTOPENACTIVE);
            // SYN and data went in one packet and count as two.
            if (tp.delivered > 1) {
                tp.delivered--;
            }
        }
        TcpDataQueue.fastopenAddSkb(tp, synack);
        return false;
    }

    /// The MSS that the peer announced, not what the user's limit made of it.
    private static int announcedMss(TcpSock tp, SkBuff synack) {
        int clamp = tp.rxOpt.mssClamp;
        if (clamp != tp.rxOpt.userMss) {
            return clamp;
        }
        return TcpOptionsIn.parseMss(synack, 0);
    }

    private static void resendSynData(TcpSock tp, SkBuff first) {
        tp.fastopenClientFailReason =
                tp.totalRetrans != 0 ? TcpOpt.TFO_SYN_RETRANSMITTED : TcpOpt.TFO_DATA_NOT_ACKED;
        for (SkBuff skb = first; skb != null; skb = SkbRbTree.next(skb)) {
            TcpRecovery.markSkbLost(tp, skb);
        }
        TcpRecovery.nonCongestionLossRetransmit(tp);
        tp.net.mib.inc(TcpExt.TCPFASTOPENACTIVEFAIL);
    }
}
