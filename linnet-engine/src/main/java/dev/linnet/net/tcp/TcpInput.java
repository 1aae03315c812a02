package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.Security;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// A segment comes in for a sock (`tcp_input.c`): the established connection's fast and slow path,
/// and what a handshake and its end do. The segment has its TCP header at `data`, whole and linear,
/// its checksum is right and its `cb` is filled. The sock's lock is owned.
final class TcpInput {
    /// Congestion window at the start (RFC 6928), segments.
    static final int INIT_CWND = 10;

    /// Route metric: initial congestion window.
    private static final int RTAX_INITCWND = 11;

    private TcpInput() {}

    // ---- established ------------------------------------------------------------------------

    /// Receives a segment in the state ESTABLISHED. Takes ownership.
    @Kernel("tcp_rcv_established")
    @HotPath
    static void rcvEstablished(TcpSock tp, SkBuff skb) {
        assert tp.lock.ownedByMe();
        TcpClock.mstampRefresh(tp);
        tp.rxOpt.sawTstamp = false;
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        if (TcpFastPath.hit(tp, b, th)
                && skb.cb.seq == tp.rcvNxt
                && !Seq.after(skb.cb.ackSeq, tp.sndNxt)
                && fastPath(tp, skb)) {
            return;
        }
        slowPath(tp, skb);
    }

    /// Receives a segment whose header is the predicted one; false if it needs the slow path after
    /// all.
    @HotPath
    private static boolean fastPath(TcpSock tp, SkBuff skb) {
        int headerLen = tp.tcpHeaderLen;
        if (headerLen == TcpOptionsIn.TSTAMP_HEADER_BYTES) {
            if (!TcpOptionsIn.alignedTimestamp(tp, skb)
                    || tp.rxOpt.rcvTsval - tp.rxOpt.tsRecent < 0) {
                return false;
            }
        }
        if (skb.len <= headerLen) {
            return skb.len == headerLen && fastAck(tp, skb);
        }
        if (Seq.after(skb.cb.endSeq, tp.rcvNxt + tp.receiveWindow())
                || !TcpRcvMem.paidFor(tp, skb)) {
            return false;
        }
        fastData(tp, skb);
        return true;
    }

    /// The sender's side: a pure ACK in sequence.
    @HotPath
    private static boolean fastAck(TcpSock tp, SkBuff skb) {
        int flag = storeFastTimestamp(tp);
        TcpAccEcn.received(tp, skb, 0);
        TcpAck.ack(tp, skb, flag);
        skb.consume();
        dataSndCheck(tp);
        tp.rcvRttLastTsecr = tp.rxOpt.rcvTsecr;
        return true;
    }

    /// The receiver's side: data in sequence.
    @HotPath
    private static void fastData(TcpSock tp, SkBuff skb) {
        tp.net.mib.inc(TcpExt.TCPHPHITS);
        int flag = storeFastTimestamp(tp);
        TcpRcvSpace.rcvRttMeasureTs(tp, skb);
        int headerLen = tp.tcpHeaderLen;
        skb.pull(headerLen);
        int len = skb.len;
        TcpAccEcn.received(tp, skb, len);
        TcpRcvSpace.measureRcvMss(tp, skb);
        int truesize = TcpRcvSpace.payloadTruesize(skb);
        boolean merged = TcpDataQueue.queueRcv(tp, skb);
        TcpDataQueue.eventDataRecv(tp, skb, len, truesize);
        if (skb.cb.ackSeq != tp.sndUna) {
            TcpAck.ack(tp, skb, flag | TcpAck.FLAG_DATA);
            dataSndCheck(tp);
            if ((tp.ackPending & InetConnectionSock.ICSK_ACK_SCHED) != 0) {
                TcpAckSnd.check(tp, false);
            }
        } else {
            TcpAck.updateWl(tp, skb.cb.seq);
            TcpAckSnd.check(tp, false);
        }
        if (merged) {
            skb.consume();
        }
        TcpDataQueue.dataReady(tp);
    }

    /// A predicted segment carries a timestamp that is to be echoed if it covers the last ACK sent;
    /// `FLAG_TS_PROGRESS` if the peer's clock went on.
    @HotPath
    private static int storeFastTimestamp(TcpSock tp) {
        if (tp.tcpHeaderLen != TcpOptionsIn.TSTAMP_HEADER_BYTES || tp.rcvNxt != tp.rcvWup) {
            return 0;
        }
        int progress = tp.rxOpt.rcvTsval - tp.rxOpt.tsRecent;
        TcpPaws.storeTsRecent(tp);
        return progress > 0 ? TcpAck.FLAG_TS_PROGRESS : 0;
    }

    private static void slowPath(TcpSock tp, SkBuff skb) {
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        if (skb.len < Tcp.headerBytes(skb.buf, skb.transportHeader)) {
            tp.net.mib.inc(TcpMib.INERRS);
            drop(tp, skb, DropReason.PKT_TOO_SMALL);
            return;
        }
        if ((flags & (Tcp.ACK | Tcp.RST | Tcp.SYN)) == 0) {
            drop(tp, skb, DropReason.TCP_FLAGS);
            return;
        }
        if (!TcpValidate.incoming(tp, skb, true)) {
            return;
        }
        TcpAccEcn.received(tp, skb, TcpAccEcn.payload(skb));
        int verdict = TcpAck.ack(tp, skb, TcpAck.FLAG_SLOWPATH | TcpAck.FLAG_UPDATE_TS_RECENT);
        if (verdict < 0) {
            drop(tp, skb, TcpAck.dropReason(verdict));
            return;
        }
        TcpRcvSpace.rcvRttMeasureTs(tp, skb);
        TcpUrg.urg(tp, skb);
        TcpDataQueue.queue(tp, skb);
        dataSndCheck(tp);
        TcpAckSnd.ackSndCheck(tp);
    }

    /// Sends what an ACK made room for, and tells writers about free memory.
    @Kernel("tcp_data_snd_check")
    @HotPath
    static void dataSndCheck(TcpSock tp) {
        TcpOutput.pushPendingFrames(tp);
        TcpSndBuf.checkSpace(tp);
    }

    /// Ends a segment that this sock refused.
    @Kernel("tcp_drop_reason")
    static void drop(TcpSock tp, SkBuff skb, DropReason reason) {
        tp.countDrop(skb);
        skb.drop(reason);
    }

    // ---- every other state ------------------------------------------------------------------

    /// Receives a segment in any state but ESTABLISHED and TIME-WAIT (RFC 9293 section 3.10.7); for
    /// a listener without its lock.
    ///
    /// @return null if the segment was taken; otherwise the caller still owns it, answers with a
    ///     reset, and drops it for the reason returned
    @Kernel("tcp_rcv_state_process")
    static @Nullable DropReason rcvStateProcess(TcpSock tp, SkBuff skb) {
        assert tp.state == TcpState.TCP_LISTEN || tp.lock.ownedByMe();
        return switch (tp.state) {
            case TCP_CLOSE -> dropped(tp, skb, DropReason.TCP_CLOSE);
            case TCP_LISTEN -> listen(tp, skb);
            case TCP_SYN_SENT -> synSent(tp, skb);
            default -> TcpStateProcess.synchronised(tp, skb);
        };
    }

    static @Nullable DropReason dropped(TcpSock tp, SkBuff skb, DropReason reason) {
        drop(tp, skb, reason);
        return null;
    }

    private static @Nullable DropReason listen(TcpSock tp, SkBuff skb) {
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        if ((flags & Tcp.ACK) != 0) {
            return DropReason.TCP_FLAGS;
        }
        if ((flags & Tcp.RST) != 0) {
            return dropped(tp, skb, DropReason.TCP_RESET);
        }
        if ((flags & Tcp.SYN) == 0 || (flags & Tcp.FIN) != 0) {
            return dropped(tp, skb, DropReason.TCP_FLAGS);
        }
        TcpConnRequest.connRequest(tp, skb);
        return null;
    }

    private static @Nullable DropReason synSent(TcpSock tp, SkBuff skb) {
        tp.rxOpt.sawTstamp = false;
        TcpClock.mstampRefresh(tp);
        return TcpSynSent.process(tp, skb);
    }

    // ---- a connection begins ----------------------------------------------------------------

    /// Makes a connection established whose SYN was acknowledged: `skb` is the SYN-ACK, or null when
    /// the state was set by hand (`TCP_REPAIR`).
    @Kernel("tcp_finish_connect")
    static void finishConnect(TcpSock tp, @Nullable SkBuff skb) {
        TcpStates.set(tp, TcpState.TCP_ESTABLISHED);
        int now = tp.net.clock.jiffies32();
        tp.ackLrcvtime = now;
        Security.inetConnEstablished(tp);
        initTransfer(tp, true);
        // No restart of the window at the first data packet.
        tp.lsndtime = now;
        if (tp.keepopen) {
            TcpTimer.resetKeepaliveTimer(tp, TcpKeepalive.timeWhen(tp));
        }
        if (tp.rxOpt.sndWscale == 0) {
            TcpFastPath.on(tp, tp.sndWnd);
        } else {
            tp.predFlags = 0;
        }
    }

    /// Gives a connection that can transfer data now its MTU, metrics, congestion window and
    /// buffers.
    ///
    /// @param active this host opened it
    @Kernel("tcp_init_transfer")
    static void initTransfer(TcpSock tp, boolean active) {
        TcpMss.mtupInit(tp);
        DstEntry dst = tp.afOps == null ? null : tp.afOps.route(tp, new int[1]);
        TcpMetrics.initMetrics(tp);
        // RFC 5681 section 3.1: a lost SYN leaves a window of one segment.
        if (tp.totalRetrans > 1 && tp.undoMarker != 0) {
            tp.sndCwnd = 1;
        } else {
            tp.sndCwnd = initCwnd(tp, dst);
        }
        tp.sndCwndStamp = tp.net.clock.jiffies32();
        TcpCallBpf.established(tp, active);
        if (!tp.caInitialized) {
            TcpCong.init(tp);
        }
        TcpRcvSpace.initBufferSpace(tp);
    }

    /// The congestion window to start with: the route's, or ten segments; never over the clamp.
    @Kernel("tcp_init_cwnd")
    static int initCwnd(TcpSock tp, @Nullable DstEntry dst) {
        int cwnd = dst == null ? 0 : dst.metric(RTAX_INITCWND);
        return Math.min(cwnd == 0 ? INIT_CWND : cwnd, tp.sndCwndClamp);
    }

    // ---- a connection ends ------------------------------------------------------------------

    /// A valid reset came: ends the connection with the error of its state.
    @Kernel("tcp_reset")
    static void reset(TcpSock tp, @Nullable SkBuff skb) {
        int err =
                switch (tp.state) {
                    case TCP_SYN_SENT -> Errno.ECONNREFUSED;
                    case TCP_CLOSE_WAIT -> Errno.EPIPE;
                    case TCP_CLOSE -> 0;
                    default -> Errno.ECONNRESET;
                };
        if (err != 0) {
            TcpClose.doneWithError(tp, err);
        }
    }

    /// The peer's FIN is in sequence (RFC 9293 section 3.10.7.4, eighth).
    @Kernel("tcp_fin")
    static void fin(TcpSock tp) {
        TcpAckOut.scheduleAck(tp);
        tp.shutdown = tp.shutdown | TcpSock.RCV_SHUTDOWN;
        tp.done = true;
        switch (tp.state) {
            case TCP_SYN_RECV, TCP_ESTABLISHED -> {
                TcpStates.set(tp, TcpState.TCP_CLOSE_WAIT);
                TcpAckOut.enterPingpongMode(tp);
            }
            case TCP_FIN_WAIT1 -> {
                // Both sides close at once: our ACK and their ACK cross.
                TcpAckOut.sendAck(tp);
                TcpStates.set(tp, TcpState.TCP_CLOSING);
            }
            case TCP_FIN_WAIT2 -> {
                TcpAckOut.sendAck(tp);
                TcpTimewait.timeWait(tp, TcpState.TCP_TIME_WAIT, 0);
            }
            default -> {
                // A FIN again, in CLOSE-WAIT, CLOSING or LAST-ACK: the state stays.
            }
        }
        // Nothing can follow a FIN, so what lies out of order is void.
        TcpOfo.purge(tp, DropReason.TCP_OFO_QUEUE_PRUNE);
        if (tp.rxOpt.sackEnabled()) {
            tp.rxOpt.dsack = false;
            tp.rxOpt.numSacks = 0;
        }
        if (!tp.dead) {
            tp.stateChange();
        }
    }

    /// Sends a challenge ACK unless too many were sent (RFC 5961 section 5).
    static void sendChallengeAck(TcpSock tp) {
        TcpValidate.sendChallengeAck(tp);
    }
}
