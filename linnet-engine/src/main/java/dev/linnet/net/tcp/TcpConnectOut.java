package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// The SYN of a connecting sock, with data by Fast Open. Every function is called with the sock's
/// lock owned.
final class TcpConnectOut {
    private TcpConnectOut() {}

    /// Sends the first SYN of a sock in SYN-SENT, whose addresses, ports and `writeSeq` are set, and
    /// starts the timer that repeats it.
    ///
    /// @return 0 or `-errno`
    @Kernel("tcp_connect")
    static int connect(TcpSock tp) {
        assert tp.lock.ownedByMe();
        TcpCallBpf.connect(tp);
        if (!TcpRetransmit.hasRoute(tp)) {
            return -Errno.EHOSTUNREACH;
        }
        connectInit(tp);
        if (tp.repair) {
            TcpInput.finishConnect(tp, null);
            return 0;
        }
        SkBuff syn = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
        TcpTransmit.initNondataSkb(syn, tp.writeSeq, Tcp.SYN);
        TcpClock.mstampRefresh(tp);
        tp.retransStamp = TcpClock.tsVal(tp);
        connectQueueSkb(tp, syn);
        TcpEcn.sendSyn(tp, syn);
        TcpRtxQueue.insert(tp, syn);
        TcpFastOpenRequest fastopen = tp.fastopenReq;
        int err =
                fastopen != null
                        ? sendSynData(tp, syn, fastopen)
                        : TcpTransmit.transmitSkb(tp, syn, true);
        if (err == -Errno.ECONNREFUSED) {
            return err;
        }
        sent(tp);
        return 0;
    }

    /// The SYN counts as sent from here on, so that [TcpMib#OUTSEGS] took it for a new segment.
    private static void sent(TcpSock tp) {
        SkBuff unsent = tp.writeQueue.peek();
        tp.sndNxt = unsent == null ? tp.writeSeq : unsent.cb.seq;
        tp.pushedSeq = tp.sndNxt;
        tp.net.mib.inc(TcpMib.ACTIVEOPENS);
        TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS, tp.rto, false);
    }

    /// Sets up everything that the SYN and the wait for its answer need.
    @Kernel("tcp_connect_init")
    private static void connectInit(TcpSock tp) {
        DstEntry dst = tp.dst;
        assert dst != null;
        boolean timestamps = tp.net.sysctl.get(TcpSysctls.TIMESTAMPS) != 0;
        tp.tcpHeaderLen = Tcp.HEADER_BYTES + (timestamps ? TcpOptionsOut.TIMESTAMP_ALIGNED : 0);
        if (tp.rxOpt.userMss != 0) {
            tp.rxOpt.mssClamp = tp.rxOpt.userMss;
        }
        tp.maxWindow = 0;
        TcpMss.mtupInit(tp);
        TcpMss.syncMss(tp, dst.mtu());
        if (tp.windowClamp == 0) {
            tp.windowClamp = dst.metric(RouteMetrics.RTAX_WINDOW);
        }
        tp.advmss = TcpMss.mssClamp(tp, dst.advmss());
        TcpRcvSpace.initializeRcvMss(tp);
        offerWindow(tp, dst);
        tp.err = 0;
        tp.done = false;
        tp.sndWnd = 0;
        tp.sndWl1 = 0;
        TcpWriteQueue.purge(tp);
        startSequence(tp);
        tp.rto = TcpTimer.timeoutInit(tp);
        tp.retransmits = 0;
        TcpRecovery.clearRetrans(tp);
    }

    private static void offerWindow(TcpSock tp, DstEntry dst) {
        int fullSpace = TcpWindowSelect.fullSpace(tp);
        if (tp.rcvbufLocked && (tp.windowClamp > fullSpace || tp.windowClamp == 0)) {
            tp.windowClamp = fullSpace;
        }
        int options = tp.rxOpt.tsRecentStamp != 0 ? tp.tcpHeaderLen - Tcp.HEADER_BYTES : 0;
        TcpWindowSelect.InitialWindow window =
                TcpWindowSelect.selectInitialWindow(
                        tp.net,
                        fullSpace,
                        tp.advmss - options,
                        tp.windowClamp,
                        tp.net.sysctl.get(TcpSysctls.WINDOW_SCALING),
                        TcpWindowSelect.initRcvWnd(tp, dst));
        tp.rcvWnd = window.rcvWnd();
        tp.windowClamp = window.windowClamp();
        tp.rxOpt.rcvWscale = window.rcvWscale();
        tp.rcvSsthresh = tp.rcvWnd;
    }

    private static void startSequence(TcpSock tp) {
        int seq = tp.writeSeq;
        tp.sndUna = seq;
        tp.sndSml = seq;
        tp.sndUp = seq;
        tp.sndNxt = seq;
        if (tp.repair) {
            tp.rcvTstamp = TcpClock.jiffies32(tp);
        } else {
            tp.rcvNxt = 0;
        }
        tp.rcvWup = tp.rcvNxt;
        tp.copiedSeq = tp.rcvNxt;
    }

    /// Counts a segment as sent before it is in a queue.
    @Kernel("tcp_connect_queue_skb")
    private static void connectQueueSkb(TcpSock tp, SkBuff skb) {
        skb.cb.endSeq += skb.len;
        TcpWriteQueue.wmemQueuedAdd(tp, skb.truesize);
        tp.writeSeq = skb.cb.endSeq;
        tp.packetsOut += skb.cb.gsoSegs;
    }

    /// Finds the route of the connection again; false if there is none.
    static boolean findRoute(TcpSock tp) {
        return tp.afOps.route(tp, new int[1]) != null;
    }

    // ---- Fast Open
    // ---------------------------------------------------------------------------------------

    /// Sends the SYN with data behind it if there is a cookie for the peer, else a SYN that asks for
    /// one (RFC 7413 section 4.2).
    @Kernel("tcp_send_syn_data")
    private static int sendSynData(TcpSock tp, SkBuff syn, TcpFastOpenRequest fo) {
        tp.rxOpt.mssClamp = tp.advmss;
        SkBuff data = TcpFastOpen.cookieCheck(tp, fo.cookie) ? synData(tp, syn, fo) : null;
        int err;
        if (data == null || !transmitSynData(tp, syn, data, fo)) {
            fo.cookie.len = Math.min(fo.cookie.len, 0);
            err = TcpTransmit.transmitSkb(tp, syn, true);
            if (err != 0) {
                tp.synFastopen = false;
            }
        } else {
            err = 0;
        }
        fo.cookie.len = -1; // a SYN that is repeated has no Fast Open option
        return err;
    }

    /// A segment with as much of the user's data as fits behind the SYN, or null if the user's memory
    /// is bad.
    private static @Nullable SkBuff synData(TcpSock tp, SkBuff syn, TcpFastOpenRequest fo) {
        tp.rxOpt.mssClamp = TcpMss.mssClamp(tp, tp.rxOpt.mssClamp);
        TcpMss.syncMss(tp, tp.pmtuCookie);
        int space = TcpMss.mtuToMssBase(tp, tp.pmtuCookie) - TcpOptionsOut.MAX_BYTES;
        space = Math.min(space, fo.size);
        int stripe = SoftIrq.current().stripe;
        SkBuff data = SkBuff.allocFragmented(tp.net.pool, stripe);
        data.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        data.cb.copyFrom(syn.cb);
        MsgHdr msg = fo.data;
        if (space > 0 && msg != null && !copy(tp, data, msg, space, stripe)) {
            data.consume();
            return null;
        }
        if (data.len > 0 && fo.uarg != null) {
            data.ubuf = fo.uarg;
            fo.uarg.get();
        }
        if (data.len == fo.size) {
            fo.data = null;
        }
        fo.copied = data.len;
        return data;
    }

    /// Copies up to `space` bytes; false if not one could be copied.
    private static boolean copy(TcpSock tp, SkBuff data, MsgHdr msg, int space, int stripe) {
        PageFrag frag = new PageFrag();
        while (data.len < space) {
            tp.net.pool.reserve(stripe, space - data.len, frag);
            int n = msg.iter.copyFromUser(frag.page.data, frag.offset, frag.length);
            if (n == 0) {
                frag.page.put();
                break;
            }
            data.addFrag(frag.page, frag.offset, n);
            if (n < frag.length) {
                break;
            }
        }
        return data.len > 0;
    }

    /// Sends SYN and data as one packet; afterwards they are two segments, because only the SYN is
    /// sent again. False if it could not be sent: the data then waits in the write queue.
    private static boolean transmitSynData(
            TcpSock tp, SkBuff syn, SkBuff data, TcpFastOpenRequest fo) {
        connectQueueSkb(tp, data);
        if (data.len > 0) {
            TcpChrono.start(tp, TcpChrono.BUSY);
        }
        int err = TcpTransmit.transmitSkb(tp, data, true);
        syn.tstampNs = data.tstampNs;
        data.cb.seq++;
        data.cb.tcpFlags = Tcp.ACK | Tcp.PSH;
        if (err != 0) {
            TcpRtxQueue.tsortedDel(tp, data);
            tp.writeQueue.queueTail(data);
            tp.packetsOut -= data.cb.gsoSegs;
            return false;
        }
        tp.synData = fo.copied > 0;
        TcpRtxQueue.insert(tp, data);
        tp.net.mib.inc(TcpExt.TCPORIGDATASENT);
        return true;
    }

    // ---- crossing SYNs
    // -------------------------------------------------------------------------------------

    /// Answers the peer's SYN that crossed ours: the SYN in the queue becomes a SYN-ACK and is sent
    /// again.
    ///
    /// @return 0 or `-errno`
    @Kernel("tcp_send_synack")
    static int sendSynack(TcpSock tp) {
        SkBuff skb = tp.rtxQueue.first();
        if (skb == null || (skb.cb.tcpFlags & Tcp.SYN) == 0) {
            return -Errno.EFAULT;
        }
        if ((skb.cb.tcpFlags & Tcp.ACK) == 0) {
            skb.cb.tcpFlags |= Tcp.ACK;
            TcpEcn.sendSynack(tp, skb);
        }
        return TcpTransmit.transmitSkb(tp, skb, true);
    }
}
