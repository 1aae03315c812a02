package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Data in the SYN, for the side that receives it (RFC 7413 section 4). The side that sends it is in
/// [TcpFastOpenClient].
final class TcpFastOpen {
    /// Bits of `net.ipv4.tcp_fastopen`.
    static final int CLIENT_ENABLE = 1;

    static final int SERVER_ENABLE = 2;
    static final int CLIENT_NO_COOKIE = 4;
    static final int SERVER_COOKIE_NOT_REQD = 0x200;
    static final int SERVER_WO_SOCKOPT = 0x400;

    /// How long a request that was reset counts against the listener's limit, jiffies.
    private static final long RESET_HOLD = 60L * Clock.HZ;

    private TcpFastOpen() {}

    /// Allows a listener so many connections whose handshake is not over.
    @Kernel("fastopen_queue_tune")
    static void queueTune(TcpSock tp, int backlog) {
        int max = tp.net.sysctl.get(NetCoreSysctls.SOMAXCONN);
        TcpOptionTable.queue(tp).fastopenMaxQlen = Math.min(backlog, max);
    }

    // ---- a SYN
    // ---------------------------------------------------------------------------------------

    /// Makes the connection of a SYN at once if its cookie is good.
    ///
    /// @param foc the cookie of the SYN; on return the one to be sent with the SYN-ACK, or none
    /// @return the connection, locked and hashed, its data received; or null, and the handshake goes
    ///     on without Fast Open
    @Kernel("tcp_try_fastopen")
    static @Nullable TcpSock tryFastopen(
            TcpSock listener, SkBuff skb, RequestSock req, FastOpenCookie foc, DstEntry dst) {
        NetNamespace net = listener.net;
        if (foc.len == 0) {
            net.mib.inc(TcpExt.TCPFASTOPENCOOKIEREQD);
        }
        boolean data = skb.cb.endSeq != skb.cb.seq + 1;
        boolean enabled = (net.sysctl.get(TcpSysctls.FASTOPEN) & SERVER_ENABLE) != 0;
        if (!enabled || (!data && foc.len < 0) || !queueCheck(listener)) {
            foc.len = -1;
            return null;
        }
        FastOpenCookie valid = new FastOpenCookie();
        if (noCookie(listener, dst, SERVER_COOKIE_NOT_REQD)) {
            return connection(listener, skb, req, foc, valid, 0);
        }
        TcpFastOpenKeys keys = TcpFastOpenKeys.ofListener(listener);
        if (foc.len == 0) {
            keys.generate(req.daddrHi, req.daddrLo, req.rcvSaddrHi, req.rcvSaddrLo, valid);
        } else if (foc.len > 0) {
            int key =
                    keys.check(
                            req.daddrHi, req.daddrLo, req.rcvSaddrHi, req.rcvSaddrLo, foc, valid);
            if (key != 0) {
                return connection(listener, skb, req, foc, valid, key);
            }
            net.mib.inc(TcpExt.TCPFASTOPENPASSIVEFAIL);
        }
        handOut(valid, foc);
        return null;
    }

    private static void handOut(FastOpenCookie valid, FastOpenCookie foc) {
        valid.exp = foc.exp;
        foc.copyFrom(valid);
    }

    private static @Nullable TcpSock connection(
            TcpSock listener,
            SkBuff skb,
            RequestSock req,
            FastOpenCookie foc,
            FastOpenCookie valid,
            int key) {
        NetNamespace net = listener.net;
        TcpSock child = createChild(listener, skb, req);
        if (child == null) {
            net.mib.inc(TcpExt.TCPFASTOPENPASSIVEFAIL);
            handOut(valid, foc);
            return null;
        }
        if (key == 2) {
            net.mib.inc(TcpExt.TCPFASTOPENPASSIVEALTKEY);
            handOut(valid, foc);
        } else {
            foc.len = -1;
        }
        net.mib.inc(TcpExt.TCPFASTOPENPASSIVE);
        child.synFastopenChild = true;
        return child;
    }

    /// True if a cookie is not asked for: by the namespace, the socket or the route.
    @Kernel("tcp_fastopen_no_cookie")
    static boolean noCookie(TcpSock tp, @Nullable DstEntry dst, int flag) {
        return (tp.net.sysctl.get(TcpSysctls.FASTOPEN) & flag) != 0
                || tp.fastopenNoCookie
                || (dst != null && dst.metric(RouteMetrics.RTAX_FASTOPEN_NO_COOKIE) != 0);
    }

    /// True if the listener may have one more such connection. A place that a reset request holds is
    /// free again after a minute.
    @Kernel("tcp_fastopen_queue_check")
    private static boolean queueCheck(TcpSock listener) {
        RequestSockQueue queue = TcpOptionTable.queue(listener);
        int max = queue.fastopenMaxQlen;
        if (max == 0) {
            return false;
        }
        if (queue.fastopenQlen.get() < max) {
            return true;
        }
        if (!queue.releaseReset(listener.net.clock.jiffies())) {
            listener.net.mib.inc(TcpExt.TCPFASTOPENLISTENOVERFLOW);
            return false;
        }
        return true;
    }

    @Kernel("tcp_fastopen_create_child")
    private static @Nullable TcpSock createChild(TcpSock listener, SkBuff skb, RequestSock req) {
        TcpSock child = TcpSynRecvSock.create(listener, skb, req, null, null, new boolean[1]);
        if (child == null) {
            return null;
        }
        TcpOptionTable.queue(listener).fastopenQlen.incrementAndGet();
        child.fastopenReqsk = req;
        req.tfoListener = true;
        // The window of a SYN is never scaled (RFC 7323 section 2.2).
        child.sndWnd = Tcp.window(skb.buf, skb.transportHeader);
        child.maxWindow = child.sndWnd;
        req.timeoutJiffies = TcpTimer.timeoutInit(child);
        TcpTimer.resetXmitTimer(
                child, InetConnectionSock.ICSK_TIME_RETRANS, req.timeoutJiffies, false);
        TcpInput.initTransfer(child, false);
        child.rcvNxt = skb.cb.seq + 1;
        TcpDataQueue.fastopenAddSkb(child, skb);
        req.rcvNxt = child.rcvNxt;
        child.rcvWup = child.rcvNxt;
        return child;
    }

    // ---- the end of the handshake
    // --------------------------------------------------------------------

    /// The request of a connection is over: its SYN-ACK was acknowledged, or the connection ended.
    /// The connection is locked.
    ///
    /// @param reset a reset ended it: the request counts on for a while, lest a flood with forged
    ///     addresses and true cookies goes on for free
    @Kernel("reqsk_fastopen_remove")
    static void reqskRemove(TcpSock tp, RequestSock req, boolean reset) {
        TcpSock listener = (TcpSock) req.listener;
        RequestSockQueue queue = TcpOptionTable.queue(listener);
        tp.fastopenReqsk = null;
        queue.fastopenQlen.decrementAndGet();
        req.tfoListener = false;
        boolean accepted = req.sk == null;
        if (accepted && reset && listener.state == TcpState.TCP_LISTEN) {
            queue.holdReset(listener.net.clock.jiffies() + RESET_HOLD);
            queue.fastopenQlen.incrementAndGet();
        }
    }

    /// A listener closes: nothing is held any more.
    static void forgetResetRequests(TcpSock listener) {
        RequestSockQueue queue = TcpOptionTable.queue(listener);
        while (queue.releaseReset(Long.MAX_VALUE)) {
            // until none is left
        }
    }

    // ---- for those who know only this class
    // --------------------------------------------------------------

    static boolean cookieCheck(TcpSock tp, FastOpenCookie cookie) {
        return TcpFastOpenClient.cookieCheck(tp, cookie);
    }

    static boolean deferConnect(TcpSock tp) {
        return TcpFastOpenClient.deferConnect(tp);
    }

    static void activeDisable(TcpSock tp) {
        TcpFastOpenClient.activeDisable(tp);
    }

    static void activeDisableOfoCheck(TcpSock tp) {
        TcpFastOpenClient.activeDisableOfoCheck(tp);
    }

    static void activeDetectBlackhole(TcpSock tp, boolean expired) {
        TcpFastOpenClient.activeDetectBlackhole(tp, expired);
    }
}
