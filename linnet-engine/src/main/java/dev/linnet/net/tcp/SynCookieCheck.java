package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// An ACK comes to a listener that knows nothing of a SYN: it may bring a cookie back
/// (`cookie_v4_check`, `cookie_v6_check`). The listener's lock is not needed.
final class SynCookieCheck {
    private SynCookieCheck() {}

    /// Makes the connection that a cookie stands for.
    ///
    /// @return the connection, locked; the listener itself if the segment carries no good cookie, so
    ///     that it answers with a reset; null if the segment must be dropped
    @Kernel({"tcp_v4_cookie_check", "tcp_v6_cookie_check", "cookie_v4_check", "cookie_v6_check"})
    static @Nullable TcpSock check(TcpSock listener, SkBuff skb) {
        boolean ack = TcpSegment.has(skb, Tcp.ACK) && !TcpSegment.has(skb, Tcp.RST);
        if (!ack || listener.net.sysctl.get(TcpSysctls.SYNCOOKIES) == 0) {
            return listener;
        }
        RequestSock req = request(listener, skb);
        if (req == null) {
            return listener;
        }
        DstEntry dst = listener.afOps.routeReq(listener, req);
        if (dst == null) {
            return null;
        }
        // What the SYN-ACK offered is chosen again; the settings are hopefully still the same.
        TcpMinisocks.initRwin(req, listener, dst, req.mss);
        req.ecnOk &= ecnAllowed(listener.net, dst);
        return connection(listener, skb, req, dst);
    }

    @Kernel("cookie_ecn_ok")
    private static boolean ecnAllowed(NetNamespace net, DstEntry dst) {
        return net.sysctl.get(TcpSysctls.ECN) != 0
                || (dst.metric(RouteMetrics.RTAX_FEATURES) & 1) != 0;
    }

    /// The request that the cookie stands for, or null.
    @Kernel({"cookie_tcp_check", "cookie_tcp_reqsk_alloc"})
    private static @Nullable RequestSock request(TcpSock listener, SkBuff skb) {
        NetNamespace net = listener.net;
        if (noRecentOverflow(listener)) {
            return null;
        }
        RequestSock req = TcpConnRequest.allocRequest(listener, skb);
        int mss = SynCookies.check(req, skb.cb.ackSeq - 1, skb.cb.seq - 1);
        if (mss == 0) {
            net.mib.inc(TcpExt.SYNCOOKIESFAILED);
            return null;
        }
        net.mib.inc(TcpExt.SYNCOOKIESRECV);
        TcpOptionsReceived opt = new TcpOptionsReceived();
        TcpOptionsIn.parse(net, skb, opt, false, null);
        if (opt.sawTstamp && opt.rcvTsecr != 0) {
            req.tsOff = TcpConnRequest.tsOff(req);
            opt.rcvTsecr -= req.tsOff;
        }
        if (!SynCookies.decodeTimestamp(net, opt)) {
            return null;
        }
        fill(req, skb, opt, mss);
        return req;
    }

    private static void fill(RequestSock req, SkBuff skb, TcpOptionsReceived opt, int mss) {
        req.syncookie = true;
        req.mss = mss;
        req.rcvIsn = skb.cb.seq - 1;
        req.rcvNxt = skb.cb.seq;
        req.sntIsn = skb.cb.ackSeq - 1;
        req.tstampOk = opt.sawTstamp;
        req.tsRecent = opt.sawTstamp ? opt.rcvTsval : 0;
        req.sackOk = opt.sackOk != 0;
        req.wscaleOk = opt.wscaleOk;
        req.sndWscale = opt.sndWscale;
        req.ecnOk = opt.sawTstamp && SynCookies.ecnOk(opt);
        req.synTos = skb.cb.ipDsfield;
        req.txhash = req.net.random.nextInt() | 1;
    }

    /// Without a flood no cookie can have been sent, and a guess must not succeed.
    @Kernel("tcp_synq_no_recent_overflow")
    private static boolean noRecentOverflow(TcpSock listener) {
        int last = InetConnectionSocks.queue(listener).recentOverflow;
        int since = listener.net.clock.jiffies32() - last;
        return last == 0 || since < 0 || since > SynCookies.VALID_JIFFIES;
    }

    @Kernel("tcp_get_cookie_sock")
    private static @Nullable TcpSock connection(
            TcpSock listener, SkBuff skb, RequestSock req, DstEntry dst) {
        boolean[] own = new boolean[1];
        TcpSock child = TcpSynRecvSock.create(listener, skb, req, dst, null, own);
        if (child == null) {
            return null;
        }
        if (InetReqsk.queueAdd(listener, req, child)) {
            return child;
        }
        child.lock.unlock();
        return null;
    }
}
