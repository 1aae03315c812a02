package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// A request becomes a connection (`tcp_minisocks.c`): the state SYN-RECEIVED of RFC 9293 section
/// 3.10.7.4 for a connection of which only the [RequestSock] exists.
final class TcpMinisocks {
    private static final int FLAGS = Tcp.RST | Tcp.SYN | Tcp.ACK;

    private TcpMinisocks() {}

    /// Judges a segment for a request, see the other form.
    static @Nullable TcpSock checkReq(TcpSock tp, SkBuff skb, RequestSock req, boolean fastopen) {
        return checkReq(tp, skb, req, fastopen, new boolean[1]);
    }

    /// Judges a segment for a request. The segment stays the caller's.
    ///
    /// @param tp the listener, not locked; with `fastopen` the connection that exists already, locked
    /// @param stolen set in `[0]` if another thread has made a connection of the request meanwhile:
    ///     the segment is to be looked up again
    /// @return the new connection, locked, which is to process the segment; `tp` itself if that is to
    ///     process it; null if the segment must be dropped
    @Kernel("tcp_check_req")
    static @Nullable TcpSock checkReq(
            TcpSock tp, SkBuff skb, RequestSock req, boolean fastopen, boolean[] stolen) {
        TcpOptionsReceived opt = new TcpOptionsReceived();
        boolean badEcho = false;
        boolean paws = false;
        int flags = TcpSegment.flags(skb) & FLAGS;
        if (TcpSegment.headerBytes(skb) > Tcp.HEADER_BYTES) {
            TcpOptionsIn.parse(tp.net, skb, opt, false, null);
        }
        if (opt.sawTstamp) {
            badEcho = !fastopen && badEcho(opt, req);
            paws = pawsReject(opt, req, (flags & Tcp.RST) != 0);
        }
        if (skb.cb.seq == req.rcvIsn && flags == Tcp.SYN && !paws) {
            synAgain(tp, skb, req, fastopen);
            return null;
        }
        if ((flags & Tcp.ACK) != 0 && !fastopen && skb.cb.ackSeq != req.sntIsn + 1) {
            return tp; // the listener answers with a reset
        }
        if (paws || badEcho || !inWindow(skb, req.rcvNxt, req.rcvNxt + synackWindow(req))) {
            outOfWindow(tp, skb, req, flags, paws, badEcho);
            return null;
        }
        if (skb.cb.seq == req.rcvIsn) {
            flags &= ~Tcp.SYN; // the SYN itself lies before the window
        }
        if ((flags & Tcp.RST) != 0 && skb.cb.seq != req.rcvNxt) {
            challengeReset(tp, skb, req);
            return null;
        }
        if ((flags & (Tcp.RST | Tcp.SYN)) != 0) {
            tp.net.mib.inc(TcpMib.ATTEMPTFAILS);
            embryonicReset(tp, skb, req, flags, fastopen, stolen);
            return null;
        }
        if ((flags & Tcp.ACK) == 0) {
            return null;
        }
        if (fastopen) {
            return tp;
        }
        return deferred(tp, skb, req) ? null : complete(tp, skb, req, opt, flags, stolen);
    }

    /// The echo must be of a timestamp that a SYN-ACK of this request carried.
    private static boolean badEcho(TcpOptionsReceived opt, RequestSock req) {
        return opt.rcvTsecr != 0
                && req.tstampOk
                && req.sntTsvalLast != 0
                && !Seq.between(opt.rcvTsecr, req.sntTsvalFirst, req.sntTsvalLast);
    }

    private static boolean pawsReject(TcpOptionsReceived opt, RequestSock req, boolean rst) {
        if (opt.rcvTsecr != 0) {
            opt.rcvTsecr -= req.tsOff;
        }
        opt.tsRecent = req.tsRecent;
        // When that was is not stored; it was not longer ago than the present timeout.
        opt.tsRecentStamp = TcpPaws.seconds(req.net.clock) - (int) (InetReqsk.timeout(req) / 1000);
        return TcpPaws.reject(opt, rst, req.net.clock);
    }

    /// The SYN comes again: the SYN-ACK was lost, or is late (RFC 9293 figure 9 has it otherwise,
    /// RFC 1122 section 4.2.2.10 is right).
    private static void synAgain(TcpSock tp, SkBuff skb, RequestSock req, boolean fastopen) {
        if (rateLimited(req, skb) || TcpSynack.rtxSynack(tp, req) != 0) {
            return;
        }
        long due = tp.net.clock.jiffies() + InetReqsk.timeout(req);
        if (req.timer != null && req.timer.pending()) {
            req.timer.mod(due);
        } else if (fastopen) {
            TcpTimer.resetXmitTimer(tp, TcpSock.ICSK_TIME_RETRANS, InetReqsk.timeout(req), false);
        }
    }

    @Kernel("tcp_oow_rate_limited")
    private static boolean rateLimited(RequestSock req, SkBuff skb) {
        if (TcpValidate.oowExempt(skb)) {
            return false;
        }
        if (TcpValidate.oowRateLimited(req.net, TcpExt.TCPACKSKIPPEDSYNRECV, req.lastOowAckTime)) {
            return true;
        }
        req.lastOowAckTime = req.net.clock.jiffies32();
        return false;
    }

    /// A reset in the window, but not where the next byte is due, is asked for once more (RFC 5961
    /// section 3.2).
    private static void challengeReset(TcpSock tp, SkBuff skb, RequestSock req) {
        if (TcpValidate.oowRateLimited(
                req.net, TcpExt.TCPACKSKIPPEDCHALLENGE, req.lastOowAckTime)) {
            return;
        }
        req.lastOowAckTime = req.net.clock.jiffies32();
        if (TcpValidate.takeChallenge(req.net)) {
            req.net.mib.inc(TcpExt.TCPCHALLENGEACK);
            TcpReply.reqskAck(tp, req, skb);
        }
    }

    /// True if the segment overlaps the window `[from, end)` (RFC 9293 section 3.4).
    @Kernel("tcp_in_window")
    static boolean inWindow(SkBuff skb, int from, int end) {
        int seq = skb.cb.seq;
        int endSeq = skb.cb.endSeq;
        return seq == from
                || (Seq.after(endSeq, from) && Seq.before(seq, end))
                || (seq == end && seq == endSeq);
    }

    /// The window that the SYN-ACK offered, which is not scaled. It is not less for Fast Open data.
    @Kernel("tcp_synack_window")
    static int synackWindow(RequestSock req) {
        return Math.min(req.rskRcvWnd, 0xFFFF);
    }

    private static void outOfWindow(
            TcpSock tp, SkBuff skb, RequestSock req, int flags, boolean paws, boolean badEcho) {
        if ((flags & Tcp.RST) == 0 && !rateLimited(req, skb)) {
            TcpReply.reqskAck(tp, req, skb);
        }
        if (paws) {
            tp.net.mib.inc(TcpExt.PAWSESTABREJECTED);
        } else if (badEcho) {
            tp.net.mib.inc(TcpExt.TSECRREJECTED);
        }
    }

    /// With `TCP_DEFER_ACCEPT` the bare ACK makes no connection: the data that follows does.
    private static boolean deferred(TcpSock listener, SkBuff skb, RequestSock req) {
        int defer = InetConnectionSocks.queue(listener).deferAccept;
        if (req.numTimeout >= defer || skb.cb.endSeq != req.rcvIsn + 1) {
            return false;
        }
        req.acked = true;
        listener.net.mib.inc(TcpExt.TCPDEFERACCEPTDROP);
        return true;
    }

    private static @Nullable TcpSock complete(
            TcpSock listener,
            SkBuff skb,
            RequestSock req,
            TcpOptionsReceived opt,
            int flags,
            boolean[] stolen) {
        boolean[] own = new boolean[1];
        TcpSock child = TcpSynRecvSock.create(listener, skb, req, null, req, own);
        if (child == null) {
            if (listener.net.sysctl.get(TcpSysctls.ABORT_ON_OVERFLOW)) {
                embryonicReset(listener, skb, req, flags, false, stolen);
            } else {
                req.acked = true;
            }
            return null;
        }
        if (own[0] && opt.sawTstamp && !Seq.after(skb.cb.seq, req.rcvNxt)) {
            child.rxOpt.tsRecent = opt.rcvTsval;
        }
        TcpRttSample.synackRttMeas(child, req);
        stolen[0] = !own[0];
        return (TcpSock) InetReqsk.completeHashdance(listener, child, req, own[0]);
    }

    /// A reset or a second SYN inside the window ends the request. An existing Fast Open connection
    /// is not reset for a SYN that anybody could have sent.
    private static void embryonicReset(
            TcpSock tp,
            SkBuff skb,
            RequestSock req,
            int flags,
            boolean fastopen,
            boolean[] stolen) {
        if ((flags & Tcp.RST) == 0) {
            TcpReply.sendReset(tp, skb);
        } else if (fastopen) {
            TcpFastOpen.reqskRemove(tp, req, true);
            TcpInput.reset(tp, skb);
        }
        if (!fastopen) {
            boolean unlinked = InetReqsk.queueDrop(req);
            if (unlinked) {
                tp.net.mib.inc(TcpExt.EMBRYONICRSTS);
            }
            stolen[0] = !unlinked;
        }
    }

    // ---- the connection's first segment
    // --------------------------------------------------------------

    /// Lets a new connection process the segment that made it, and wakes the listener. The child is
    /// locked and is unlocked here; takes ownership of the segment unless it returns a reason.
    @Kernel("tcp_child_process")
    static @Nullable DropReason childProcess(TcpSock parent, TcpSock child, SkBuff skb) {
        TcpState before = child.state;
        DropReason reset;
        try {
            TcpRcv.segsIn(child, skb);
            reset = TcpInput.rcvStateProcess(child, skb);
            if (before == TcpState.TCP_SYN_RECV && child.state != before) {
                parent.dataReady();
            }
        } finally {
            child.lock.unlock();
        }
        return reset;
    }

    // ---- the window of the SYN-ACK
    // ---------------------------------------------------------------------

    /// Chooses the window that the SYN-ACK offers and its scale.
    @Kernel("tcp_openreq_init_rwin")
    static void openreqInitRwin(RequestSock req, TcpSock listener, DstEntry dst) {
        int mss = TcpMss.mssClamp(listener, dst.advmss());
        initRwin(req, listener, dst, mss - (req.tstampOk ? 12 : 0));
    }

    /// As above for segments of a given size: of a connection that a SYN cookie brings back only the size
    /// that the cookie stands for is known.
    static void initRwin(RequestSock req, TcpSock listener, DstEntry dst, int mss) {
        NetNamespace net = listener.net;
        int space = TcpWindowSelect.fullSpace(listener);
        int clamp = listener.windowClamp;
        if (clamp == 0) {
            clamp = dst.metric(RouteMetrics.RTAX_WINDOW);
        }
        if (listener.rcvbufLocked && (clamp > space || clamp == 0)) {
            clamp = space;
        }
        TcpWindowSelect.InitialWindow window =
                TcpWindowSelect.selectInitialWindow(
                        net,
                        space,
                        mss,
                        clamp,
                        req.wscaleOk,
                        TcpWindowSelect.initRcvWnd(listener, dst));
        req.rskRcvWnd = window.rcvWnd();
        req.windowClamp = window.windowClamp();
        req.rcvWscale = window.rcvWscale();
    }
}
