package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.inet.InetBindHash;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;

/// Back to the state of a new sock (`tcp_disconnect`), and what the end of a sock gives back.
final class TcpDisconnect {
    private static final int NEED_RESET =
            TcpState.TCP_ESTABLISHED.mask()
                    | TcpState.TCP_CLOSE_WAIT.mask()
                    | TcpState.TCP_FIN_WAIT1.mask()
                    | TcpState.TCP_FIN_WAIT2.mask()
                    | TcpState.TCP_SYN_RECV.mask();

    private TcpDisconnect() {}

    /// States whose peer believes in the connection (RFC 9293 section 3.10.5).
    @Kernel("tcp_need_reset")
    static boolean needReset(TcpState state) {
        return state.in(NEED_RESET);
    }

    /// Ends a connection or a listener at once and makes the sock usable again; always 0. Sock
    /// locked.
    @Kernel("tcp_disconnect")
    static int disconnect(TcpSock tp) {
        TcpState old = tp.state;
        if (old != TcpState.TCP_CLOSE) {
            TcpStates.set(tp, TcpState.TCP_CLOSE);
        }
        tellPeer(tp, old);
        TcpTimer.clearXmitTimers(tp);
        purgeQueues(tp);
        forgetAddresses(tp);
        tp.shutdown = 0;
        tp.done = false;
        forgetTransmission(tp);
        forgetCongestion(tp);
        forgetReception(tp);
        forgetCounters(tp);
        tp.fastopenReq = null;
        tp.deferConnect = false;
        tp.fastopenClientFailReason = 0;
        tp.errorReport();
        return 0;
    }

    private static void tellPeer(TcpSock tp, TcpState old) {
        boolean finUnsent =
                tp.sndNxt != tp.writeSeq
                        && (old == TcpState.TCP_CLOSING || old == TcpState.TCP_LAST_ACK);
        if (old == TcpState.TCP_LISTEN) {
            InetConnectionSocks.listenStop(tp);
        } else if (tp.repair) {
            tp.err = Errno.ECONNABORTED;
        } else if (needReset(old) || finUnsent) {
            TcpAckOut.sendActiveReset(tp);
            tp.err = Errno.ECONNRESET;
        } else if (old == TcpState.TCP_SYN_SENT) {
            tp.err = Errno.ECONNRESET;
        }
    }

    private static void purgeQueues(TcpSock tp) {
        tp.receiveQueue.purge(DropReason.SOCKET_CLOSE);
        tp.copiedSeq = tp.rcvNxt;
        tp.urgData = 0;
        tp.peekOff = -1;
        TcpWriteQueue.purge(tp);
        TcpFastOpen.activeDisableOfoCheck(tp);
        purgeOutOfOrder(tp);
    }

    private static void purgeOutOfOrder(TcpSock tp) {
        SkbRbTree tree = tp.outOfOrderQueue;
        SkBuff skb;
        while ((skb = tree.first()) != null) {
            tree.erase(skb);
            skb.drop(DropReason.SOCKET_CLOSE);
        }
        tp.oooLastSkb = null;
    }

    private static void forgetAddresses(TcpSock tp) {
        tp.dport = 0;
        tp.daddrHi = 0;
        tp.daddrLo = 0;
        if (!tp.bindAddrLocked) {
            InetBindHash.OF.of(tp.net).updateSaddr(tp, 0, 0);
            tp.saddrHi = 0;
            tp.saddrLo = 0;
        }
        tp.dst = null;
    }

    private static void forgetTransmission(TcpSock tp) {
        TcpInit.initRtt(tp);
        tp.rcvRttLastTsecr = 0;
        int seq = tp.writeSeq + tp.maxWindow + 2;
        tp.writeSeq = seq != 0 ? seq : 1;
        tp.backoff = 0;
        tp.probesOut = 0;
        tp.probesTstamp = 0;
        TcpInit.initRetransmission(tp);
        tp.retransmitSkbHint = null;
        tp.lostSkbHint = null;
        tp.highestSack = null;
        TcpRecovery.clearRetrans(tp);
        tp.totalRetrans = 0;
        tp.totalRto = 0;
        tp.totalRtoRecoveries = 0;
        tp.totalRtoTime = 0;
        tp.rtoStamp = 0;
        tp.retransStamp = 0;
        tp.rack.reset();
    }

    private static void forgetCongestion(TcpSock tp) {
        tp.sndSsthresh = Integer.MAX_VALUE;
        tp.sndCwnd = TcpInit.INIT_CWND;
        tp.sndCwndCnt = 0;
        tp.isCwndLimited = false;
        tp.maxPacketsOut = 0;
        tp.delivered = 0;
        tp.deliveredCe = 0;
        tp.appLimited = ~0;
        tp.rateAppLimited = true;
        TcpCong.cleanup(tp);
        TcpCong.setCaState(tp, TcpCong.CA_OPEN);
        tp.isSackReneg = false;
    }

    private static void forgetReception(TcpSock tp) {
        tp.windowClamp = 0;
        tp.ackPending = 0;
        tp.ackQuick = 0;
        tp.ackPingpong = 0;
        tp.ackRetry = 0;
        tp.ackAto = 0;
        tp.ackLrcvtime = 0;
        tp.ackRcvMss = TcpInit.MIN_MSS;
        tp.compressedAck = 0;
        tp.rcvRttEstUs = 0;
        tp.rcvRttTimeUs = 0;
        tp.rcvspaceSpace = 0;
        tp.rcvspaceSeq = 0;
        int userMss = tp.rxOpt.userMss;
        tp.rxOpt.reset();
        tp.rxOpt.userMss = userMss;
        tp.savedSyn = null;
    }

    private static void forgetCounters(TcpSock tp) {
        tp.segsIn = 0;
        tp.segsOut = 0;
        tp.bytesSent = 0;
        tp.bytesAcked = 0;
        tp.bytesReceived = 0;
        tp.bytesRetrans = 0;
        tp.dataSegsIn = 0;
        tp.dataSegsOut = 0;
        tp.dsackDups = 0;
        tp.reordSeen = 0;
        tp.rcvOoopack = 0;
    }

    /// What a sock holds when it goes away; sock locked (`tcp_v4_destroy_sock`).
    @Kernel({"tcp_v4_destroy_sock", "sk_stream_kill_queues"})
    static void destroy(TcpSock tp) {
        TcpTimer.clearXmitTimers(tp);
        TcpCong.cleanup(tp);
        TcpWriteQueue.purge(tp);
        TcpFastOpen.activeDisableOfoCheck(tp);
        purgeOutOfOrder(tp);
        tp.receiveQueue.purge(DropReason.SOCKET_CLOSE);
        TcpErrqueue.purge(tp);
        tp.md5 = null;
        tp.fastopenReq = null;
        tp.savedSyn = null;
        TcpMemory.release(tp);
        TcpNet counts = TcpNet.OF.of(tp.net);
        counts.socketsAllocated.decrementAndGet();
        counts.orphanCount.decrementAndGet();
    }
}
