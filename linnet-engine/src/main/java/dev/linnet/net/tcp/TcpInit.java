package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.net.inet.InetTimewaitDeathRow;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;

/// Sets up TCP in a namespace, and new socks.
public final class TcpInit {
    /// `TCP_TIMEOUT_INIT`, RFC 6298 section 2.1, jiffies.
    static final int TIMEOUT_INIT = Clock.HZ;

    /// `TCP_INIT_CWND`, RFC 6928, segments.
    static final int INIT_CWND = 10;

    /// `TCP_MIN_MSS`: the least that a peer can ask for with all options in use.
    static final int MIN_MSS = 88;

    private TcpInit() {}

    /// Makes a namespace receive TCP.
    @Kernel("tcp_init")
    public static void init(NetNamespace net) {
        NetProtocols.add(net, IpProto.IPPROTO_TCP, TcpRcv.V4, TcpRcv.V6);
        TcpCong.init(net);
        TcpFastOpenKeys.init(net);
    }

    /// Ends what is left of TCP in a namespace whose users and devices are gone: orphans that still
    /// had data to bring to the peer, requests, TIME-WAIT. Nobody is told.
    @Kernel({"tcp_sk_exit", "inet_twsk_purge"})
    public static void exit(NetNamespace net) {
        InetHashtables.OF.of(net).ehash.forEach(TcpInit::end);
    }

    private static void end(SockCommon entry) {
        switch (entry) {
            case RequestSock req -> InetReqsk.queueDrop(req);
            case InetTimewaitSock tw -> InetTimewaitDeathRow.OF.of(tw.net).deschedule(tw);
            case TcpSock tp -> {
                tp.lock.lock();
                try {
                    if (tp.state != TcpState.TCP_CLOSE) {
                        TcpClose.doneWithError(tp, Errno.ENETDOWN);
                    }
                } finally {
                    tp.lock.unlock();
                }
            }
            default -> throw new IllegalStateException("in TCP's table: " + entry);
        }
    }

    /// Gives a new sock the defaults of its namespace (`tcp_init_sock`).
    @Kernel("tcp_init_sock")
    static void initSock(TcpSock tp) {
        NetNamespace net = tp.net;
        TcpTimer.initXmitTimers(tp);
        initRetransmission(tp);
        TcpInit.initRtt(tp);
        tp.sndCwnd = INIT_CWND;
        tp.appLimited = ~0;
        tp.rateAppLimited = true;
        tp.sndSsthresh = Integer.MAX_VALUE;
        tp.sndCwndClamp = Integer.MAX_VALUE;
        tp.mssCache = TcpOpt.TCP_MSS_DEFAULT;
        tp.reordering = net.sysctl.get(TcpSysctls.REORDERING);
        tp.rack.reset();
        TcpCong.assign(tp);
        tp.sndbuf = net.sysctl.get(TcpSysctls.WMEM, 1);
        tp.rcvbuf = net.sysctl.get(TcpSysctls.RMEM, 1);
        TcpNet.OF.of(net).socketsAllocated.incrementAndGet();
    }

    /// No round trip time is known.
    static void initRtt(TcpSock tp) {
        tp.rtt.srttUs = 0;
        tp.rtt.mdevUs = (int) Clock.jiffiesToUsecs(TIMEOUT_INIT);
        tp.rtt.resetMin(tp.net.clock.jiffies32(), RttEstimator.NO_SAMPLE);
    }

    /// Timeouts and their bounds as for a new connection.
    static void initRetransmission(TcpSock tp) {
        NetNamespace net = tp.net;
        tp.rto = TIMEOUT_INIT;
        tp.rtoMin = (int) Clock.usecsToJiffies(net.sysctl.get(TcpSysctls.RTO_MIN_US));
        tp.rtoMax = (int) Clock.msecsToJiffies(net.sysctl.get(TcpSysctls.RTO_MAX_MS));
        tp.delackMax = Clock.HZ / 5;
    }
}
