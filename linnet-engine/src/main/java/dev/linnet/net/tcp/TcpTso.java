package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// How large a packet of several segments is to be, and whether it pays to wait until it is larger.
@HotPath
final class TcpTso {
    /// Verdicts on a segment that could be sent: go; wait; wait, and the cause is the congestion
    /// window, or the peer's window.
    static final int SEND = 0;

    static final int WAIT = 1;
    static final int WAIT_CWND = 2;
    static final int WAIT_RWND = 3;

    /// Room for the headers that a device must be able to add to a packet (`MAX_TCP_HEADER` + 1).
    private static final int HEADER_ALLOWANCE = TcpTransmit.MAX_TCP_HEADER + 1;

    /// What a packet may be at most before a route says better.
    private static final int DEFAULT_GSO_MAX_SIZE = 65536;

    /// The share of a second, as a shift, whose bytes go into one packet (`sk_pacing_shift`).
    static final int PACING_SHIFT = 10;

    private TcpTso() {}

    /// Most bytes of payload in one packet on this route.
    @Kernel("sk_dst_gso_max_size")
    static int gsoMaxSize(TcpSock tp) {
        DstEntry dst = tp.dst;
        int max = dst == null ? DEFAULT_GSO_MAX_SIZE : dst.dev.gsoMaxSize;
        return max - HEADER_ALLOWANCE;
    }

    /// Most segments in one packet: a signature covers one segment only, so with MD5 it is one.
    @Kernel("sk_setup_caps")
    static int gsoMaxSegs(TcpSock tp) {
        DstEntry dst = tp.dst;
        if (tp.md5 != null) {
            return 1;
        }
        return dst == null ? 0xFFFF : dst.dev.gsoMaxSegs;
    }

    /// Counts the segments that a packet becomes, notes it there and returns it.
    @Kernel("tcp_set_skb_tso_segs")
    static int setSkbTsoSegs(SkBuff skb, int mssNow) {
        if (skb.len <= mssNow) {
            skb.cb.gsoSize = 0;
            skb.cb.gsoSegs = 1;
            return 1;
        }
        int segs = (skb.len + mssNow - 1) / mssNow;
        skb.cb.gsoSize = mssNow;
        skb.cb.gsoSegs = segs;
        return segs;
    }

    /// Segments that a packet shall have: what is sent in a millisecond at the present rate, more on
    /// short paths, where a burst harms nobody.
    @Kernel("tcp_tso_segs")
    static int tsoSegs(TcpSock tp, int mssNow) {
        int wanted = autosize(tp, mssNow, tp.caOps.minTsoSegs(tp));
        return Math.min(wanted, gsoMaxSegs(tp));
    }

    @Kernel("tcp_tso_autosize")
    private static int autosize(TcpSock tp, int mssNow, int minSegs) {
        int max = gsoMaxSize(tp);
        long bytes = tp.pacingRate >>> PACING_SHIFT;
        long shift = tp.rtt.minRttUs() >>> tp.net.sysctl.get(TcpSysctls.TSO_RTT_LOG);
        if (shift < Integer.SIZE) {
            bytes += max >> shift;
        }
        return Math.max((int) Math.min(bytes, max) / mssNow, minSegs);
    }

    /// How many bytes of a packet may go now: whole segments within the windows, and the rest of the
    /// last segment where Nagle's rule lets it go.
    @Kernel("tcp_mss_split_point")
    static int splitPoint(TcpSock tp, SkBuff skb, int mssNow, int maxSegs, int nonagle) {
        int window = tp.wndEnd() - skb.cb.seq;
        int maxLen = mssNow * maxSegs;
        if (maxLen <= window && !TcpWriteQueue.isLast(tp, skb)) {
            return maxLen;
        }
        int needed = Math.min(skb.len, window);
        if (maxLen <= needed) {
            return maxLen;
        }
        int partial = needed % mssNow;
        return TcpNagle.holds(tp, partial != 0, nonagle) ? needed - partial : needed;
    }

    /// Whether to hold a packet of several segments back until an ACK lets it be larger: only when
    /// the last transmission is fresh, an ACK is near, and what could go now is a small part of the
    /// window.
    @Kernel("tcp_tso_should_defer")
    static int deferral(TcpSock tp, SkBuff skb, int maxSegs) {
        if (tp.caState >= TcpCaState.RECOVERY.value()) {
            return SEND;
        }
        // Virtual time knows the exact millisecond, which real time has always passed by a little.
        if (tp.tcpClockCacheNs - tp.tcpWstampNs >= TcpClock.NSEC_PER_MSEC) {
            return SEND;
        }
        int sendWin = tp.wndEnd() - skb.cb.seq;
        int congWin = (tp.sndCwnd - tp.packetsInFlight()) * tp.mssCache;
        int limit = Math.min(sendWin, congWin);
        if (limit >= maxSegs * tp.mssCache
                || !TcpWriteQueue.isLast(tp, skb) && limit >= skb.len
                || worthSending(tp, limit)
                || ackIsFar(tp, tp.rtxQueue.first())) {
            return SEND;
        }
        if (congWin < sendWin && congWin <= skb.len) {
            return WAIT_CWND;
        }
        if (congWin >= sendWin && sendWin <= skb.len) {
            return WAIT_RWND;
        }
        boolean growsNoMore = (skb.cb.tcpFlags & Tcp.FIN) != 0 || skb.cb.eor;
        return growsNoMore ? SEND : WAIT;
    }

    /// True if `limit` bytes are a good part of the window (`tcp_tso_win_divisor`), or more than an
    /// ACK of every other segment would free.
    private static boolean worthSending(TcpSock tp, int limit) {
        int divisor = tp.net.sysctl.get(TcpSysctls.TSO_WIN_DIVISOR);
        if (divisor != 0) {
            int chunk = Math.min(tp.sndWnd, tp.sndCwnd * tp.mssCache);
            return limit >= chunk / divisor;
        }
        return limit > 3 * tp.mssCache;
    }

    /// True unless the ACK of the oldest unacknowledged segment is due within a millisecond, or half
    /// a round trip where that is less.
    private static boolean ackIsFar(TcpSock tp, @Nullable SkBuff oldest) {
        if (oldest == null) {
            return true;
        }
        long srttNs = tp.rtt.srttUs * TcpClock.NSEC_PER_USEC >> 3;
        long wait = oldest.tstampNs + srttNs - tp.tcpClockCacheNs;
        return wait > Math.min(srttNs >> 1, TcpClock.NSEC_PER_MSEC);
    }

    /// Lets a packet of the write queue grow by bytes of the one behind it.
    @Kernel("tcp_grow_skb")
    static void grow(TcpSock tp, SkBuff skb, int amount) {
        SkBuff next = skb.next;
        if (next == null || !TcpRetransmit.canCollapse(skb, next)) {
            return;
        }
        int moved = SkbOps.shift(skb, next, Math.min(amount, next.len));
        if (moved == 0) {
            return;
        }
        skb.cb.endSeq += moved;
        next.cb.seq += moved;
        if (next.len == 0) {
            skb.cb.endSeq = next.cb.endSeq; // a FIN counts too
            skb.cb.eor = next.cb.eor;
            skb.cb.tcpFlags |= next.cb.tcpFlags;
            TcpRetransmit.collapseTstamp(skb, next);
            TcpWriteQueue.unlinkAndFree(tp, next);
        }
    }
}
