package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.ipv6.Ipv6Stream;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;

/// A connection's sock from its listener's settings and what the request remembers.
final class TcpOpenreqChild {
    private TcpOpenreqChild() {}

    /// A sock in SYN-RECV, in no table and not locked.
    @Kernel({"tcp_create_openreq_child", "inet_csk_clone_lock", "sk_clone_lock"})
    static TcpSock create(TcpSock listener, RequestSock req, SkBuff skb) {
        TcpSock tp =
                new TcpSock(
                        listener.net,
                        listener.family,
                        listener.type,
                        listener.protocol,
                        listener.prot,
                        listener.caOps);
        tp.afOps = listener.afOps;
        TcpTimer.initXmitTimers(tp);
        inheritSock(tp, listener);
        inheritInet(tp, listener);
        inheritConnection(tp, listener);
        inheritTcp(tp, listener);
        addresses(tp, req);
        inheritPackets(tp, listener, skb);
        tp.state = TcpState.TCP_SYN_RECV;
        sequence(tp, req);
        options(tp, req, skb);
        timing(tp, req);
        int payloadRoom = TcpOpt.TCP_MSS_DEFAULT + tp.tcpHeaderLen;
        if (skb.len >= payloadRoom) {
            tp.ackLastSegSize = skb.len - tp.tcpHeaderLen;
        }
        TcpEcn.openreqChild(tp, req, skb);
        if (tp.keepopen) {
            TcpTimer.resetKeepaliveTimer(tp, TcpKeepalive.timeWhen(tp));
        }
        TcpNet.OF.of(tp.net).socketsAllocated.incrementAndGet();
        tp.net.mib.inc(TcpMib.PASSIVEOPENS);
        return tp;
    }

    private static void addresses(TcpSock tp, RequestSock req) {
        tp.daddrHi = req.daddrHi;
        tp.daddrLo = req.daddrLo;
        tp.rcvSaddrHi = req.rcvSaddrHi;
        tp.rcvSaddrLo = req.rcvSaddrLo;
        tp.saddrHi = req.rcvSaddrHi;
        tp.saddrLo = req.rcvSaddrLo;
        tp.dport = req.dport;
        tp.num = req.num;
        tp.sport = req.num;
        tp.boundDevIf = req.boundDevIf;
        tp.mark = req.irMark;
        tp.txhash = req.txhash;
        tp.ipOptions = req.ipOptions;
        tp.extHdrLen = req.ipOptions == null ? 0 : req.ipOptions.length;
        tp.inetId = tp.net.random.nextInt() & 0xFFFF;
    }

    private static void sequence(TcpSock tp, RequestSock req) {
        int rcv = req.rcvIsn + 1;
        tp.rcvWup = rcv;
        tp.copiedSeq = rcv;
        tp.rcvNxt = rcv;
        tp.segsIn = 1;
        int snd = req.sntIsn + 1;
        tp.sndSml = snd;
        tp.sndUna = snd;
        tp.sndNxt = snd;
        tp.sndUp = snd;
        tp.writeSeq = snd;
        tp.pushedSeq = snd;
        tp.iss = req.sntIsn;
        tp.sndWl1 = req.rcvIsn;
    }

    private static void options(TcpSock tp, RequestSock req, SkBuff skb) {
        TcpOptionsReceived rx = tp.rxOpt;
        rx.tstampOk = req.tstampOk;
        rx.sackOk = req.sackOk ? TcpOptionsReceived.SACK_SEEN : 0;
        rx.wscaleOk = req.wscaleOk;
        rx.mssClamp = req.mss;
        tp.windowClamp = req.windowClamp;
        tp.rcvSsthresh = req.rskRcvWnd;
        tp.rcvWnd = req.rskRcvWnd;
        tp.rcvMwndSeq = tp.rcvWup + req.rskRcvWnd;
        if (req.wscaleOk) {
            rx.sndWscale = req.sndWscale;
            rx.rcvWscale = req.rcvWscale;
        } else {
            tp.windowClamp = Math.min(tp.windowClamp, 65535);
        }
        tp.sndWnd = Tcp.window(skb.buf, skb.transportHeader) << rx.sndWscale;
        tp.maxWindow = tp.sndWnd;
        tp.tcpHeaderLen = Tcp.HEADER_BYTES;
        if (req.tstampOk) {
            rx.tsRecent = req.tsRecent;
            rx.tsRecentStamp = TcpPaws.seconds(tp.net.clock);
            tp.tcpHeaderLen += TcpOptionsOut.TIMESTAMP_ALIGNED;
        }
        tp.tsoffset = req.tsOff;
    }

    private static void timing(TcpSock tp, RequestSock req) {
        Clock clock = tp.net.clock;
        int now = clock.jiffies32();
        tp.ackLrcvtime = now;
        tp.lsndtime = now;
        tp.totalRetrans = req.numRetrans;
        if (req.numTimeout > 0) {
            tp.totalRto = req.numTimeout;
            tp.undoMarker = req.sntIsn;
            tp.retransStamp = (int) (req.sntSynackUs / 1000);
            tp.totalRtoTime = (int) (clock.nowUs() / 1000) - tp.retransStamp;
            tp.totalRtoRecoveries = 1;
        }
        TcpInit.initRtt(tp);
        tp.appLimited = ~0;
        tp.rateAppLimited = true;
        tp.rack.reset();
    }

    // ---- what a child has from its listener
    // ------------------------------------------------------------

    private static void inheritSock(Sock to, Sock from) {
        to.shutdown = from.shutdown; // of before it listened: the child begins with its FIN
        to.rcvbuf = from.rcvbuf;
        to.sndbuf = from.sndbuf;
        to.rcvbufLocked = from.rcvbufLocked;
        to.sndbufLocked = from.sndbufLocked;
        to.rcvlowat = from.rcvlowat;
        to.rcvtimeo = from.rcvtimeo;
        to.sndtimeo = from.sndtimeo;
        to.linger = from.linger;
        to.lingertime = from.lingertime;
        to.reuse = from.reuse;
        to.reuseport = from.reuseport;
        to.keepopen = from.keepopen;
        to.broadcast = from.broadcast;
        to.urginline = from.urginline;
        to.dbg = from.dbg;
        to.filter = from.filter;
        to.filterLocked = from.filterLocked;
        to.localroute = from.localroute;
        to.zerocopy = from.zerocopy;
        to.rcvtstamp = from.rcvtstamp;
        to.rcvtstampns = from.rcvtstampns;
        to.tsflags = from.tsflags;
        to.priority = from.priority;
        to.incomingCpu = from.incomingCpu;
        to.busyPoll = from.busyPoll;
        to.peekOff = from.peekOff;
        to.pacingStatus = from.pacingStatus;
        to.maxPacingRate = from.maxPacingRate;
        to.pacingRate = from.maxPacingRate;
        to.uid = from.uid;
    }

    private static void inheritInet(InetSock to, InetSock from) {
        to.ucTtl = from.ucTtl;
        to.tos = from.tos;
        to.minTtl = from.minTtl;
        to.mcTtl = from.mcTtl;
        to.mcLoop = from.mcLoop;
        to.mcAll = from.mcAll;
        to.mcAddr = from.mcAddr;
        to.ucIndex = from.ucIndex;
        to.pmtudisc = from.pmtudisc;
        to.recverr = from.recverr;
        to.recverrRfc4884 = from.recverrRfc4884;
        to.freebind = from.freebind;
        to.transparent = from.transparent;
        to.bindAddressNoPort = from.bindAddressNoPort;
        to.bindAddrLocked = from.bindAddrLocked;
        to.localPortRange = from.localPortRange;
        to.cmsgFlags = from.cmsgFlags;
        to.ipv6only = from.ipv6only;
        to.tclass = from.tclass;
        to.hopLimit = from.hopLimit;
        to.flowLabel = from.flowLabel;
        to.pmtudisc6 = from.pmtudisc6;
        to.recverr6 = from.recverr6;
        to.autoflowlabel = from.autoflowlabel;
        to.dontfrag6 = from.dontfrag6;
        to.fragSize6 = from.fragSize6;
        to.sndflow = from.sndflow;
    }

    /// What a connection tells of its packets as a listener tells of none.
    private static void inheritPackets(TcpSock to, TcpSock from, SkBuff skb) {
        if (to.family == Af.AF_INET6) {
            Ipv6Stream.inherit(to, from, skb);
        }
        if (TcpSegment.ipv4(skb)) {
            to.mcIndex = skb.skbIif;
            to.mcTtl = TcpSegment.ttl(skb);
            to.rcvTos = TcpSegment.dsfield(skb);
        } else {
            to.extHdrLen = Ipv6Stream.extHdrLen(to);
        }
    }

    private static void inheritConnection(InetConnectionSock to, InetConnectionSock from) {
        to.rto = TcpInit.TIMEOUT_INIT;
        to.rtoMin = from.rtoMin;
        to.rtoMax = from.rtoMax;
        to.delackMax = from.delackMax;
        to.synRetries = from.synRetries;
        to.userTimeout = from.userTimeout;
        to.ackPingpong = from.ackPingpong;
    }

    private static void inheritTcp(TcpSock to, TcpSock from) {
        to.rxOpt.userMss = from.rxOpt.userMss;
        to.scalingRatio = from.scalingRatio;
        to.mssCache = from.mssCache;
        to.reordering = from.reordering;
        to.caSetsockopt = from.caSetsockopt;
        to.sndCwnd = TcpInit.INIT_CWND;
        to.sndSsthresh = Integer.MAX_VALUE;
        to.sndCwndClamp = from.sndCwndClamp;
        to.nonagle = from.nonagle;
        to.thinLto = from.thinLto;
        to.recvmsgInq = from.recvmsgInq;
        to.defaultQuickack = from.defaultQuickack;
        to.notsentLowat = from.notsentLowat;
        to.keepaliveTime = from.keepaliveTime;
        to.keepaliveIntvl = from.keepaliveIntvl;
        to.keepaliveProbes = from.keepaliveProbes;
        to.linger2 = from.linger2;
        to.txDelayUs = from.txDelayUs;
        to.saveSyn = from.saveSyn;
        to.fastopenNoCookie = from.fastopenNoCookie;
    }
}
