package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.Security;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.net.inet.SecureSeq;
import dev.linnet.net.ipv4.IpOptions;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;

/// A SYN for a listener: whether it gets an answer, and what is kept of it until the ACK
/// (`tcp_conn_request`). The listener's lock is not needed.
final class TcpConnRequest {
    /// MSS of a peer that announces none: what every path must carry, less the headers.
    private static final int MSS_CLAMP_V6 = 1280 - 60;

    private TcpConnRequest() {}

    /// Answers a SYN, or does not. Takes ownership.
    @Kernel({"tcp_v4_conn_request", "tcp_v6_conn_request"})
    static void connRequest(TcpSock listener, SkBuff skb) {
        connRequest(listener, skb, 0);
    }

    private static boolean refused(TcpSock listener, RequestSock req) {
        return Security.inetConnRequest(listener, req.daddrHi, req.daddrLo, req.dport) != 0;
    }

    /// Answers a SYN that may follow on a connection in TIME-WAIT.
    ///
    /// @param isn initial sequence number that continues the old connection's, or 0
    static void connRequest(TcpSock listener, SkBuff skb, int isn) {
        if (!TcpSegment.unicast(skb)) {
            drop(listener, skb);
            return;
        }
        if (!TcpSegment.ipv4(skb)
                && In6Addr.isV4Mapped(TcpSegment.saddrHi(skb), TcpSegment.saddrLo(skb))) {
            listener.net.mib.inc(Ip6Mib.INHDRERRORS);
            skb.drop(DropReason.IP_INADDRERRORS);
            return;
        }
        if (answer(listener, skb, isn)) {
            skb.consume();
        } else {
            drop(listener, skb);
        }
    }

    @Kernel("tcp_listendrop")
    private static void drop(TcpSock listener, SkBuff skb) {
        countDrop(listener);
        skb.drop(DropReason.TCP_LISTEN_OVERFLOW);
    }

    /// Counts something that a listener could not take.
    @Kernel("tcp_listendrop")
    static void countDrop(TcpSock listener) {
        listener.countDrop();
        listener.net.mib.inc(TcpExt.LISTENDROPS);
    }

    /// False if the SYN is dropped. A full SYN queue means cookies or silence; a full accept queue
    /// always means silence.
    @Kernel("tcp_conn_request")
    private static boolean answer(TcpSock listener, SkBuff skb, int twIsn) {
        boolean cookie = false;
        if (twIsn == 0) {
            boolean full = InetConnectionSocks.reqskQueueIsFull(listener);
            if (full || listener.net.sysctl.get(TcpSysctls.SYNCOOKIES) == 2) {
                cookie = synFloodAction(listener);
                if (!cookie) {
                    return false;
                }
            }
        }
        if (InetConnectionSocks.acceptqIsFull(listener)) {
            listener.net.mib.inc(TcpExt.LISTENOVERFLOWS);
            return false;
        }
        FastOpenCookie foc = new FastOpenCookie();
        RequestSock req = request(listener, skb, cookie, foc);
        if (refused(listener, req)) {
            return false;
        }
        DstEntry dst = listener.afOps.routeReq(listener, req);
        if (dst == null) {
            return false;
        }
        if (req.tstampOk) {
            req.tsOff = tsOff(req);
        }
        if (!cookie && twIsn == 0 && reservedForProven(listener, req, dst)) {
            return false;
        }
        TcpEcn.createRequest(req, skb, listener, dst);
        if (cookie) {
            req.sntIsn = SynCookies.initSequence(listener, skb, req);
            req.ecnOk &= req.tstampOk;
        } else {
            req.sntIsn = twIsn != 0 ? twIsn : isn(req);
        }
        TcpMinisocks.openreqInitRwin(req, listener, dst);
        if (cookie) {
            TcpSynack.send(listener, dst, req, foc, TcpSynack.SYNACK_COOKIE, skb);
            return true;
        }
        return enqueue(listener, skb, req, foc, dst);
    }

    /// Cookies, if they are allowed; otherwise nothing can be done.
    @Kernel("tcp_syn_flood_action")
    private static boolean synFloodAction(TcpSock listener) {
        boolean cookies = listener.net.sysctl.get(TcpSysctls.SYNCOOKIES) != 0;
        listener.net.mib.inc(cookies ? TcpExt.TCPREQQFULLDOCOOKIES : TcpExt.TCPREQQFULLDROP);
        return cookies;
    }

    /// Without cookies the last quarter of the SYN queue is for peers that have been connected
    /// before.
    private static boolean reservedForProven(TcpSock listener, RequestSock req, DstEntry dst) {
        NetNamespace net = listener.net;
        if (net.sysctl.get(TcpSysctls.SYNCOOKIES) != 0) {
            return false;
        }
        int max = net.sysctl.get(TcpSysctls.MAX_SYN_BACKLOG);
        int free = max - InetConnectionSocks.queue(listener).len();
        return free < max >> 2 && !TcpMetrics.peerIsProven(req, dst);
    }

    /// Puts the request into the SYN queue and answers; with Fast Open data the connection exists at
    /// once and goes to the accept queue.
    private static boolean enqueue(
            TcpSock listener, SkBuff skb, RequestSock req, FastOpenCookie foc, DstEntry dst) {
        recordSyn(listener, req, skb);
        TcpSock child = TcpFastOpen.tryFastopen(listener, skb, req, foc, dst);
        if (child == null) {
            req.tfoListener = false;
            if (InetReqsk.queueHashAdd(listener, req, TcpTimer.timeoutInit(listener))) {
                TcpSynack.send(listener, dst, req, foc, TcpSynack.SYNACK_NORMAL, skb);
            }
            return true;
        }
        try {
            TcpSynack.send(child, dst, req, foc, TcpSynack.SYNACK_FASTOPEN, skb);
            if (!InetReqsk.queueAdd(listener, req, child)) {
                return false;
            }
        } finally {
            child.lock.unlock();
        }
        listener.dataReady();
        return true;
    }

    // ---- the request
    // -----------------------------------------------------------------------------

    @Kernel({"inet_reqsk_alloc", "tcp_openreq_init", "tcp_v4_init_req", "tcp_v6_init_req"})
    private static RequestSock request(
            TcpSock listener, SkBuff skb, boolean cookie, FastOpenCookie foc) {
        RequestSock req = allocRequest(listener, skb);
        req.syncookie = cookie;
        TcpOptionsReceived opt = new TcpOptionsReceived();
        opt.mssClamp = TcpSegment.ipv4(skb) ? TcpOpt.TCP_MSS_DEFAULT : MSS_CLAMP_V6;
        opt.userMss = listener.rxOpt.userMss;
        TcpOptionsIn.parse(listener.net, skb, opt, false, cookie ? null : foc);
        if (cookie && !opt.sawTstamp) {
            opt.clear(); // without a timestamp a cookie has no room for options
        }
        opt.tstampOk = opt.sawTstamp;
        req.rcvIsn = skb.cb.seq;
        req.rcvNxt = skb.cb.seq + 1;
        req.mss = opt.mssClamp;
        req.tsRecent = opt.sawTstamp ? opt.rcvTsval : 0;
        req.tstampOk = opt.tstampOk;
        req.sackOk = opt.sackOk != 0;
        req.sndWscale = opt.sndWscale;
        req.wscaleOk = opt.wscaleOk;
        req.synTos = skb.cb.ipDsfield;
        boolean reflects = listener.repflow && !TcpSegment.ipv4(skb);
        req.synFlowLabel = reflects ? Ipv6.flowLabel(skb.buf, skb.networkHeader) : 0;
        req.txhash = listener.net.random.nextInt() | 1;
        return req;
    }

    /// A request with the addresses of a segment that came in, in the eyes of this end.
    static RequestSock allocRequest(TcpSock listener, SkBuff skb) {
        RequestSock req = new RequestSock(listener.net, listener.family, listener);
        req.state = TcpState.TCP_NEW_SYN_RECV;
        req.rcvSaddrHi = TcpSegment.daddrHi(skb);
        req.rcvSaddrLo = TcpSegment.daddrLo(skb);
        req.daddrHi = TcpSegment.saddrHi(skb);
        req.daddrLo = TcpSegment.saddrLo(skb);
        req.dport = TcpSegment.source(skb);
        req.num = TcpSegment.dest(skb);
        boolean accept = listener.net.sysctl.get(TcpSysctls.FWMARK_ACCEPT);
        req.irMark = listener.mark == 0 && accept ? skb.mark : listener.mark;
        boolean linkLocal = In6Addr.isLinkLocal(req.daddrHi);
        req.irIif = listener.boundDevIf == 0 && linkLocal ? skb.skbIif : listener.boundDevIf;
        req.boundDevIf = req.irIif;
        if (TcpSegment.ipv4(skb)) {
            req.ipOptions = IpOptions.echo(skb);
        }
        return req;
    }

    private static int isn(RequestSock req) {
        return SecureSeq.OF
                .of(req.net)
                .tcpSeq(
                        req.rcvSaddrHi,
                        req.rcvSaddrLo,
                        req.num,
                        req.daddrHi,
                        req.daddrLo,
                        req.dport);
    }

    /// Offset of the timestamps towards the peer of a request.
    static int tsOff(RequestSock req) {
        return tsOff(req.net, req.rcvSaddrHi, req.rcvSaddrLo, req.daddrHi, req.daddrLo);
    }

    /// 0 unless `net.ipv4.tcp_timestamps` is 1: then each peer sees a clock of its own.
    static int tsOff(NetNamespace net, long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        if (net.sysctl.get(TcpSysctls.TIMESTAMPS) != 1) {
            return 0;
        }
        return SecureSeq.OF.of(net).tsOff(saddrHi, saddrLo, daddrHi, daddrLo);
    }

    /// Keeps the headers of the SYN if the listener asked for them (`TCP_SAVE_SYN`).
    @Kernel("tcp_reqsk_record_syn")
    private static void recordSyn(TcpSock listener, RequestSock req, SkBuff skb) {
        if (listener.saveSyn == 0) {
            return;
        }
        int from = listener.saveSyn == 2 ? skb.macHeader : skb.networkHeader;
        int len = skb.transportHeader - from + TcpSegment.headerBytes(skb);
        byte[] saved = new byte[len];
        System.arraycopy(skb.buf, from, saved, 0, len);
        req.savedSyn = saved;
    }
}
