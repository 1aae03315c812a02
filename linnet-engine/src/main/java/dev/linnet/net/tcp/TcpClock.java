package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;

/// What time it is for a connection. The clock is read once when work on the connection begins
/// ([#mstampRefresh]); everything that belongs to this work bears the same time.
@HotPath
final class TcpClock {
    static final long NSEC_PER_USEC = 1000;
    static final long NSEC_PER_MSEC = 1_000_000;
    static final long NSEC_PER_SEC = 1_000_000_000;
    static final long USEC_PER_SEC = 1_000_000;

    private TcpClock() {}

    /// Reads the clock into the sock.
    @Kernel("tcp_mstamp_refresh")
    static void mstampRefresh(TcpSock tp) {
        long now = tp.net.clock.nowNs();
        tp.tcpClockCacheNs = now;
        tp.tcpMstamp = now / NSEC_PER_USEC;
    }

    /// The sock's time in the unit of timestamp options (ms), without the connection's offset: what
    /// an echoed timestamp is compared with once its offset was taken off.
    @Kernel("tcp_time_stamp_ts")
    static int tsVal(TcpSock tp) {
        return (int) (tp.tcpMstamp / 1000);
    }

    /// The present time in the unit of timestamp options, without any offset.
    @Kernel("tcp_clock_ts")
    static int clockTs(NetNamespace net) {
        return (int) (net.clock.nowNs() / NSEC_PER_MSEC);
    }

    /// When a segment was sent, in the unit of timestamp options, without the connection's offset.
    @Kernel("tcp_skb_timestamp_ts")
    static int skbTsVal(SkBuff skb) {
        return (int) (skb.tstampNs / NSEC_PER_MSEC);
    }

    /// When a segment was sent, us of the clock.
    @Kernel("tcp_skb_timestamp_us")
    static long skbUs(SkBuff skb) {
        return skb.tstampNs / NSEC_PER_USEC;
    }

    /// The present jiffy.
    static long jiffies(TcpSock tp) {
        return tp.net.clock.jiffies();
    }

    /// The low 32 bits of the present jiffy, compared by difference only.
    @Kernel("tcp_jiffies32")
    static int jiffies32(TcpSock tp) {
        return tp.net.clock.jiffies32();
    }
}
