package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.wire.Tcp;

/// Data in the SYN, for the side that sends it: cookies that were handed out, and when to give it up
/// for a while because some box on the way eats such connections (RFC 7413 section 4.1.3).
final class TcpFastOpenClient {
    /// Fast Open as a client, stopped or not, for a whole namespace. Guarded by its monitor.
    private static final class Blackhole {
        static final Pernet<Blackhole> OF = new Pernet<>(net -> new Blackhole());

        /// Times in a row that it was stopped, and when it was last, jiffies.
        int times;

        long stamp;
    }

    /// The pause doubles so often at most.
    private static final int MAX_DOUBLINGS = 6;

    private TcpFastOpenClient() {}

    // ---- cookies
    // -----------------------------------------------------------------------------------

    /// True if data may go with the SYN: there is a cookie for the peer, or none is needed. The MSS
    /// that the peer announced last becomes the clamp. Sock locked.
    ///
    /// @param cookie gets the cookie; length 0 asks for one, a negative length says nothing at all
    @Kernel("tcp_fastopen_cookie_check")
    static boolean cookieCheck(TcpSock tp, FastOpenCookie cookie) {
        int mss = TcpMetrics.fastopenCacheGet(tp, cookie);
        if (mss != 0) {
            tp.rxOpt.mssClamp = mss;
        }
        if (activeShouldDisable(tp)) {
            cookie.len = -1;
            return false;
        }
        if (TcpFastOpen.noCookie(tp, tp.dst, TcpFastOpen.CLIENT_NO_COOKIE)) {
            cookie.len = -1;
            return true;
        }
        if (cookie.len > 0) {
            return true;
        }
        tp.fastopenClientFailReason = TcpOpt.TFO_COOKIE_UNAVAILABLE;
        return false;
    }

    /// With `TCP_FASTOPEN_CONNECT`, `connect` sends nothing if data may go with the SYN: true, and the
    /// first write sends it. Otherwise the SYN goes out and asks for a cookie.
    @Kernel("tcp_fastopen_defer_connect")
    static boolean deferConnect(TcpSock tp) {
        if (!tp.fastopenConnect || tp.fastopenReq != null) {
            return false;
        }
        FastOpenCookie cookie = new FastOpenCookie();
        cookie.len = 0;
        if (cookieCheck(tp, cookie)) {
            tp.deferConnect = true;
            return true;
        }
        TcpFastOpenRequest req = new TcpFastOpenRequest();
        req.cookie.copyFrom(cookie);
        tp.fastopenReq = req;
        return false;
    }

    // ---- black holes
    // -----------------------------------------------------------------------------------

    /// Stops Fast Open as a client in this namespace for a time that doubles each time.
    @Kernel("tcp_fastopen_active_disable")
    static void activeDisable(TcpSock tp) {
        NetNamespace net = tp.net;
        if (net.sysctl.get(TcpSysctls.FASTOPEN_BLACKHOLE_TIMEOUT_SEC) == 0) {
            return;
        }
        Blackhole b = Blackhole.OF.of(net);
        synchronized (b) {
            b.stamp = net.clock.jiffies();
            b.times++;
        }
        net.mib.inc(TcpExt.TCPFASTOPENBLACKHOLE);
    }

    @Kernel("tcp_fastopen_active_should_disable")
    private static boolean activeShouldDisable(TcpSock tp) {
        NetNamespace net = tp.net;
        int seconds = net.sysctl.get(TcpSysctls.FASTOPEN_BLACKHOLE_TIMEOUT_SEC);
        Blackhole b = Blackhole.OF.of(net);
        synchronized (b) {
            if (seconds == 0 || b.times == 0) {
                return false;
            }
            long pause = (long) seconds * Clock.HZ << Math.min(b.times - 1, MAX_DOUBLINGS);
            if (net.clock.jiffies() < b.stamp + pause) {
                return true;
            }
        }
        tp.synFastopenCh = true; // if this one succeeds, the hole is gone
        return false;
    }

    /// A Fast Open connection ends: a lone FIN out of order means that the data before it was eaten;
    /// data that came through means that all is well again.
    @Kernel("tcp_fastopen_active_disable_ofo_check")
    static void activeDisableOfoCheck(TcpSock tp) {
        if (!tp.synFastopen) {
            return;
        }
        if (tp.dataSegsIn == 0) {
            SkBuff skb = tp.outOfOrderQueue.first();
            if (skb != null && SkbRbTree.next(skb) == null && (skb.cb.tcpFlags & Tcp.FIN) != 0) {
                activeDisable(tp);
            }
            return;
        }
        DstEntry dst = tp.dst;
        if (tp.synFastopenCh && (dst == null || !dst.dev.isLoopback())) {
            Blackhole b = Blackhole.OF.of(tp.net);
            synchronized (b) {
                b.times = 0;
            }
        }
    }

    /// A timeout of a Fast Open connection: the third in a row, or the last, counts as a black hole.
    @Kernel("tcp_fastopen_active_detect_blackhole")
    static void activeDetectBlackhole(TcpSock tp, boolean expired) {
        boolean used = tp.synFastopen || tp.synData || tp.synDataAcked;
        if (used && (tp.retransmits == 2 || (tp.retransmits < 2 && expired))) {
            activeDisable(tp);
            tp.net.mib.inc(TcpExt.TCPFASTOPENACTIVEFAIL);
        }
    }
}
