package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;

/// What TCP_INFO tells (`tcp_get_info`).
public final class TcpInfoFill {
    private static final int ECN_MODE_ANY = TcpEcn.MODE_RFC3168 | TcpEcn.MODE_ACCECN;

    private TcpInfoFill() {}

    /// The state of a sock as of now; locked. Of a listener only a few fields mean something, two of
    /// them something else.
    @Kernel("tcp_get_info")
    public static TcpInfo fill(TcpSock tp) {
        TcpInfo info = new TcpInfo();
        info.state = tp.state.value();
        info.pacingRate = tp.pacingRate;
        info.maxPacingRate = tp.maxPacingRate;
        info.reordering = tp.reordering;
        info.sndCwnd = tp.sndCwnd;
        if (tp.state == TcpState.TCP_LISTEN) {
            info.unacked = tp.ackBacklog;
            info.sacked = tp.maxAckBacklog;
            return info;
        }
        options(tp, info);
        timers(tp, info);
        windows(tp, info);
        counters(tp, info);
        rates(tp, info);
        recoveries(tp, info);
        accEcn(tp, info);
        return info;
    }

    private static void options(TcpSock tp, TcpInfo info) {
        int options = 0;
        options |= tp.rxOpt.tstampOk ? TcpOpt.TCPI_OPT_TIMESTAMPS : 0;
        options |= tp.rxOpt.sackEnabled() ? TcpOpt.TCPI_OPT_SACK : 0;
        if (tp.rxOpt.wscaleOk) {
            options |= TcpOpt.TCPI_OPT_WSCALE;
            info.sndWscale = tp.rxOpt.sndWscale;
            info.rcvWscale = tp.rxOpt.rcvWscale;
        }
        options |= (tp.ecnFlags & ECN_MODE_ANY) != 0 ? TcpOpt.TCPI_OPT_ECN : 0;
        options |= (tp.ecnFlags & TcpEcn.SEEN) != 0 ? TcpOpt.TCPI_OPT_ECN_SEEN : 0;
        options |= tp.synDataAcked ? TcpOpt.TCPI_OPT_SYN_DATA : 0;
        options |= tp.synFastopenChild ? TcpOpt.TCPI_OPT_TFO_CHILD : 0;
        info.options = options;
        info.fastopenClientFail = tp.fastopenClientFailReason;
    }

    private static void timers(TcpSock tp, TcpInfo info) {
        int now = tp.net.clock.jiffies32();
        info.caState = tp.caState;
        info.retransmits = tp.retransmits;
        info.probes = tp.probesOut;
        info.backoff = tp.backoff;
        info.rto = Clock.jiffiesToUsecs(tp.rto);
        info.ato = Clock.jiffiesToUsecs(Math.min(tp.ackAto, tp.delackMax));
        info.lastDataSent = unsigned(now - tp.lsndtime);
        info.lastDataRecv = unsigned(now - tp.ackLrcvtime);
        info.lastAckRecv = unsigned(now - tp.rcvTstamp);
        info.rtt = tp.rtt.srttUs >> 3;
        info.rttvar = tp.rtt.mdevUs >> 2;
        info.minRtt = tp.rtt.minRttUs();
        info.rcvRtt = tp.rcvRttEstUs >> 3;
    }

    private static void windows(TcpSock tp, TcpInfo info) {
        info.sndMss = tp.mssCache;
        info.rcvMss = tp.ackRcvMss;
        info.advmss = tp.advmss;
        info.pmtu = tp.pmtuCookie;
        info.unacked = tp.packetsOut;
        info.sacked = tp.sackedOut;
        info.lost = tp.lostOut;
        info.retrans = tp.retransOut;
        info.rcvSsthresh = tp.rcvSsthresh;
        info.sndSsthresh = tp.sndSsthresh;
        info.rcvSpace = tp.rcvspaceSpace;
        info.sndWnd = unsigned(tp.sndWnd);
        info.rcvWnd = unsigned(tp.rcvWnd);
        info.notsentBytes = Math.max(0, tp.writeSeq - tp.sndNxt);
    }

    private static void counters(TcpSock tp, TcpInfo info) {
        info.totalRetrans = unsigned(tp.totalRetrans);
        info.bytesAcked = tp.bytesAcked;
        info.bytesReceived = tp.bytesReceived;
        info.bytesSent = tp.bytesSent;
        info.bytesRetrans = tp.bytesRetrans;
        info.segsOut = unsigned(tp.segsOut);
        info.segsIn = unsigned(tp.segsIn);
        info.dataSegsIn = unsigned(tp.dataSegsIn);
        info.dataSegsOut = unsigned(tp.dataSegsOut);
        info.delivered = unsigned(tp.delivered);
        info.deliveredCe = unsigned(tp.deliveredCe);
        info.dsackDups = unsigned(tp.dsackDups);
        info.reordSeen = unsigned(tp.reordSeen);
        info.rcvOoopack = unsigned(tp.rcvOoopack);
        info.rehash = unsigned(tp.plbRehash + tp.timeoutRehash);
    }

    private static void rates(TcpSock tp, TcpInfo info) {
        info.deliveryRateAppLimited = tp.rateAppLimited ? 1 : 0;
        info.deliveryRate = deliveryRate(tp);
        int now = tp.net.clock.jiffies32();
        long busy = Clock.jiffiesToUsecs(tp.chrono.spent(TcpChrono.BUSY, now));
        info.rwndLimited = Clock.jiffiesToUsecs(tp.chrono.spent(TcpChrono.RWND_LIMITED, now));
        info.sndbufLimited = Clock.jiffiesToUsecs(tp.chrono.spent(TcpChrono.SNDBUF_LIMITED, now));
        info.busyTime = busy + info.rwndLimited + info.sndbufLimited;
    }

    @Kernel("tcp_compute_delivery_rate")
    private static long deliveryRate(TcpSock tp) {
        if (tp.rateDelivered == 0 || tp.rateIntervalUs == 0) {
            return 0;
        }
        return (long) tp.rateDelivered * tp.mssCache * 1_000_000 / tp.rateIntervalUs;
    }

    private static void recoveries(TcpSock tp, TcpInfo info) {
        info.totalRto = tp.totalRto;
        info.totalRtoRecoveries = tp.totalRtoRecoveries;
        info.totalRtoTime = tp.totalRtoTime;
        if (tp.rtoStamp != 0) {
            info.totalRtoTime += (int) (tp.net.clock.nowNs() / 1_000_000) - tp.rtoStamp;
        }
    }

    private static void accEcn(TcpSock tp, TcpInfo info) {
        AccEcnState a = tp.accecn;
        info.receivedCe = unsigned(a.receivedCe);
        info.deliveredE1Bytes = unsigned(a.deliveredEcnBytes[0]);
        info.deliveredE0Bytes = unsigned(a.deliveredEcnBytes[1]);
        info.deliveredCeBytes = unsigned(a.deliveredEcnBytes[2]);
        info.receivedE1Bytes = unsigned(a.receivedEcnBytes[0]);
        info.receivedE0Bytes = unsigned(a.receivedEcnBytes[1]);
        info.receivedCeBytes = unsigned(a.receivedEcnBytes[2]);
        info.accecnFailMode = a.failMode;
        info.accecnOptSeen = a.sawOption;
    }

    private static long unsigned(int v) {
        return Integer.toUnsignedLong(v);
    }
}
