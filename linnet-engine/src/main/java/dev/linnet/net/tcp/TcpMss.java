package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.wire.Tcp;

/// How many bytes of payload go into a segment: what the peer can take, what the path lets through,
/// and what the options of the moment leave. Every function is called with the sock's lock owned.
@HotPath
final class TcpMss {
    /// The smallest MSS that a link must carry (RFC 791).
    private static final int LEAST_LINK = 68;

    private TcpMss() {}

    /// Payload in a packet of `pmtu` bytes, before the options that every segment has.
    @Kernel("__tcp_mtu_to_mss")
    static int mtuToMssBase(TcpSock tp, int pmtu) {
        int mss = pmtu - tp.afOps.netHeaderLen() - Tcp.HEADER_BYTES;
        mss = Math.min(mss, tp.rxOpt.mssClamp) - tp.extHdrLen;
        return Math.max(mss, tp.net.sysctl.get(TcpSysctls.MIN_SND_MSS));
    }

    /// Payload in a packet of `pmtu` bytes, without room for SACK blocks.
    @Kernel("tcp_mtu_to_mss")
    static int mtuToMss(TcpSock tp, int pmtu) {
        return mtuToMssBase(tp, pmtu) - (tp.tcpHeaderLen - Tcp.HEADER_BYTES);
    }

    /// The inverse of [#mtuToMss].
    @Kernel("tcp_mss_to_mtu")
    static int mssToMtu(TcpSock tp, int mss) {
        return mss + tp.tcpHeaderLen + tp.extHdrLen + tp.afOps.netHeaderLen();
    }

    /// Starts path MTU probing anew (RFC 4821).
    @Kernel("tcp_mtup_init")
    static void mtupInit(TcpSock tp) {
        tp.mtupEnabled = tp.net.sysctl.get(TcpSysctls.MTU_PROBING) > 1;
        tp.mtupSearchHigh = tp.rxOpt.mssClamp + Tcp.HEADER_BYTES + tp.afOps.netHeaderLen();
        tp.mtupSearchLow = mssToMtu(tp, tp.net.sysctl.get(TcpSysctls.BASE_MSS));
        tp.mtupProbeSize = 0;
        if (tp.mtupEnabled) {
            tp.mtupProbeTimestamp = TcpClock.jiffies32(tp);
        }
    }

    /// Takes over a path MTU: computes the MSS for it, keeps it in `mssCache` and returns it. Called
    /// whenever the path MTU, the peer's MSS or the length of the fixed options changes.
    @Kernel("tcp_sync_mss")
    static int syncMss(TcpSock tp, int pmtu) {
        tp.mtupSearchHigh = Math.min(tp.mtupSearchHigh, pmtu);
        int mss = boundToHalfWnd(tp, mtuToMss(tp, pmtu));
        tp.pmtuCookie = pmtu;
        if (tp.mtupEnabled) {
            mss = Math.min(mss, mtuToMss(tp, tp.mtupSearchLow));
        }
        tp.mssCache = mss;
        return mss;
    }

    /// Payload of the next segment: `mssCache` for the path's present MTU, less what the options of
    /// the moment (SACK blocks, say) take more than the usual ones.
    @Kernel("tcp_current_mss")
    static int currentMss(TcpSock tp) {
        int mss = tp.mssCache;
        DstEntry dst = tp.dst;
        if (dst != null) {
            int mtu = dst.mtu();
            if (mtu != tp.pmtuCookie) {
                mss = syncMss(tp, mtu);
            }
        }
        int headerLen = Tcp.HEADER_BYTES + TcpOptionsOut.bytes(TcpOptionsOut.established(tp));
        return mss - (headerLen - tp.tcpHeaderLen);
    }

    /// A peer whose window never was large must not get segments of more than half of it: it could
    /// not acknowledge one before the next comes.
    @Kernel("tcp_bound_to_half_wnd")
    static int boundToHalfWnd(TcpSock tp, int size) {
        int window = tp.maxWindow;
        int cutoff =
                Integer.compareUnsigned(window, TcpOpt.TCP_MSS_DEFAULT) > 0 ? window >>> 1 : window;
        if (cutoff != 0 && size > cutoff) {
            return Math.max(cutoff, LEAST_LINK - tp.tcpHeaderLen);
        }
        return size;
    }

    /// The MSS for a `sendmsg`; sets `xmitSizeGoal`, the bytes of a packet worth building.
    ///
    /// @param flags `MSG_*`; urgent data goes in a packet of one segment
    @Kernel("tcp_send_mss")
    static int sendMss(TcpSock tp, int flags) {
        int mss = currentMss(tp);
        tp.xmitSizeGoal = (flags & Msg.MSG_OOB) != 0 ? mss : sizeGoal(tp, mss);
        return mss;
    }

    @Kernel("tcp_xmit_size_goal")
    private static int sizeGoal(TcpSock tp, int mss) {
        int most = boundToHalfWnd(tp, TcpTso.gsoMaxSize(tp));
        int goal = tp.gsoSegs * mss;
        if (most < goal || most >= goal + mss) {
            tp.gsoSegs = Math.min(most / mss, TcpTso.gsoMaxSegs(tp));
            goal = tp.gsoSegs * mss;
        }
        return Math.max(goal, mss);
    }

    /// The MSS to announce in a SYN.
    @Kernel("tcp_advertise_mss")
    static int advertiseMss(TcpSock tp) {
        DstEntry dst = tp.dstCheck();
        if (dst != null) {
            tp.advmss = Math.min(tp.advmss, dst.advmss());
        }
        return tp.advmss;
    }

    /// An MSS no larger than the user's limit (`TCP_MAXSEG`).
    @Kernel("tcp_mss_clamp")
    static int mssClamp(TcpSock tp, int mss) {
        int user = tp.rxOpt.userMss;
        return user != 0 && user < mss ? user : mss;
    }
}
