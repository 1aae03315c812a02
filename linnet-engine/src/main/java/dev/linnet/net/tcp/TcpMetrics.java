package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.sock.RequestSock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What earlier connections between two addresses have taught (`net/ipv4/tcp_metrics.c`): round trip
/// time, threshold of slow start, reordering, Fast Open cookie.
///
/// The table of a namespace is guarded by its monitor; the least recently used entries go first.
public final class TcpMetrics {
    private static final Pernet<TcpMetrics> OF = new Pernet<>(net -> new TcpMetrics());

    /// As many as Linux keeps at least on a machine of some size.
    private static final int MAX_ENTRIES = 16384;

    /// An entry that nobody has touched for an hour starts anew, jiffies.
    private static final long TIMEOUT = 3600L * Clock.HZ;

    /// RFC 6298 section 5.7: without a sample from the handshake, jiffies.
    private static final int TIMEOUT_FALLBACK = 3 * Clock.HZ;

    private record Key(long saddrHi, long saddrLo, long daddrHi, long daddrLo) {}

    /// One entry. Times as [RttEstimator] scales them; 0 means not known.
    private static final class Metric {
        int rtt;
        int rttvar;
        int ssthresh;
        int cwnd;
        int reordering;
        long stamp;
        int fastopenMss;
        int tryExp;
        final FastOpenCookie cookie = new FastOpenCookie();

        Metric(DstEntry dst, long now) {
            start(dst, now);
            cookie.len = 0;
        }

        @Kernel("tcpm_suck_dst")
        void start(@Nullable DstEntry dst, long now) {
            stamp = now;
            if (dst == null) {
                return;
            }
            rtt = dst.metric(RouteMetrics.RTAX_RTT) * 1000;
            rttvar = dst.metric(RouteMetrics.RTAX_RTTVAR) * 1000;
            ssthresh = dst.metric(RouteMetrics.RTAX_SSTHRESH);
            cwnd = dst.metric(RouteMetrics.RTAX_CWND);
            reordering = dst.metric(RouteMetrics.RTAX_REORDERING);
        }
    }

    private final Map<Key, Metric> entries =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Metric> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    private TcpMetrics() {}

    /// Forgets everything (`ip tcp_metrics flush all`).
    @Kernel("tcp_metrics_flush_all")
    public static void flush(NetNamespace net) {
        TcpMetrics metrics = OF.of(net);
        synchronized (metrics) {
            metrics.entries.clear();
        }
    }

    @Kernel("tcp_get_metrics")
    private @Nullable Metric find(Key key, DstEntry dst, long now, boolean create) {
        Metric e = entries.get(key);
        if (e == null && create) {
            e = new Metric(dst, now);
            entries.put(key, e);
        }
        if (e != null && now - e.stamp > TIMEOUT) {
            e.start(dst, now);
        }
        return e;
    }

    private static Key keyOf(TcpSock tp) {
        return new Key(tp.saddrHi, tp.saddrLo, tp.daddrHi, tp.daddrLo);
    }

    // ---- at the start of a connection
    // ------------------------------------------------------------------

    /// Gives a new connection what is known; sock locked. A cached round trip time that is longer than
    /// the handshake's makes the first timeout longer; without any sample that is three seconds.
    @Kernel("tcp_init_metrics")
    static void initMetrics(TcpSock tp) {
        tp.sndSsthresh = Integer.MAX_VALUE;
        DstEntry dst = tp.dst;
        int rtt = 0;
        if (dst != null) {
            TcpMetrics table = OF.of(tp.net);
            synchronized (table) {
                Metric e = table.find(keyOf(tp), dst, tp.net.clock.jiffies(), false);
                if (e != null) {
                    apply(tp, dst, e);
                    rtt = e.rtt;
                }
            }
        }
        if (rtt > tp.rtt.srttUs) {
            int jiffies = rtt / (8 * 1000);
            tp.rto = jiffies + Math.max(2 * jiffies, TcpTimer.rtoMin(tp));
        } else if (tp.rtt.srttUs == 0) {
            int us = (int) Clock.jiffiesToUsecs(TIMEOUT_FALLBACK);
            tp.rtt.rttvarUs = us;
            tp.rtt.mdevUs = us;
            tp.rtt.mdevMaxUs = us;
            tp.rto = TIMEOUT_FALLBACK;
        }
    }

    private static void apply(TcpSock tp, DstEntry dst, Metric e) {
        if (dst.metricLocked(RouteMetrics.RTAX_CWND) && e.cwnd != 0) {
            tp.sndCwndClamp = e.cwnd;
        }
        boolean ignore = tp.net.sysctl.get(TcpSysctls.NO_SSTHRESH_METRICS_SAVE);
        if (!ignore && e.ssthresh != 0) {
            tp.sndSsthresh = Math.min(e.ssthresh, tp.sndCwndClamp);
        }
        if (e.reordering != 0) {
            tp.reordering = e.reordering;
        }
    }

    /// True if a peer has been connected before: it has a round trip time.
    @Kernel("tcp_peer_is_proven")
    static boolean peerIsProven(RequestSock req, DstEntry dst) {
        TcpMetrics table = OF.of(req.net);
        Key key = new Key(req.rcvSaddrHi, req.rcvSaddrLo, req.daddrHi, req.daddrLo);
        synchronized (table) {
            Metric e = table.find(key, dst, req.net.clock.jiffies(), false);
            return e != null && e.rtt != 0;
        }
    }

    // ---- at its end
    // -----------------------------------------------------------------------------------------

    /// Learns from a connection that ends; sock locked.
    @Kernel("tcp_update_metrics")
    static void updateMetrics(TcpSock tp) {
        DstEntry dst = tp.dst;
        NetNamespace net = tp.net;
        if (dst == null || net.sysctl.get(TcpSysctls.NO_METRICS_SAVE)) {
            return;
        }
        boolean useless = tp.backoff != 0 || tp.rtt.srttUs == 0;
        TcpMetrics table = OF.of(net);
        synchronized (table) {
            Metric e = table.find(keyOf(tp), dst, net.clock.jiffies(), !useless);
            if (e == null) {
                return;
            }
            if (useless) {
                if (!dst.metricLocked(RouteMetrics.RTAX_RTT)) {
                    e.rtt = 0; // nothing came back in time, so the old value is no good either
                }
                return;
            }
            updateRtt(tp, dst, e);
            updateWindow(tp, dst, e);
            e.stamp = net.clock.jiffies();
        }
    }

    /// A longer time is believed at once, a shorter one slowly.
    private static void updateRtt(TcpSock tp, DstEntry dst, Metric e) {
        int m = e.rtt - tp.rtt.srttUs;
        if (!dst.metricLocked(RouteMetrics.RTAX_RTT)) {
            e.rtt = m <= 0 ? tp.rtt.srttUs : e.rtt - (m >> 3);
        }
        if (!dst.metricLocked(RouteMetrics.RTAX_RTTVAR)) {
            int deviation = Math.max(Math.abs(m) >> 1, tp.rtt.mdevUs);
            int var = e.rttvar;
            e.rttvar = deviation >= var ? deviation : var - (var - deviation >> 2);
        }
    }

    private static void updateWindow(TcpSock tp, DstEntry dst, Metric e) {
        boolean saveSsthresh =
                !tp.net.sysctl.get(TcpSysctls.NO_SSTHRESH_METRICS_SAVE)
                        && !dst.metricLocked(RouteMetrics.RTAX_SSTHRESH);
        boolean saveCwnd = !dst.metricLocked(RouteMetrics.RTAX_CWND);
        int cwnd = tp.sndCwnd;
        if (tp.inInitialSlowstart()) {
            if (saveSsthresh && e.ssthresh != 0 && cwnd >> 1 > e.ssthresh) {
                e.ssthresh = cwnd >> 1;
            }
            e.cwnd = saveCwnd ? Math.max(e.cwnd, cwnd) : e.cwnd;
        } else if (!tp.inSlowStart() && tp.caState == TcpCong.CA_OPEN) {
            e.ssthresh = saveSsthresh ? Math.max(cwnd >> 1, tp.sndSsthresh) : e.ssthresh;
            e.cwnd = saveCwnd ? e.cwnd + cwnd >> 1 : e.cwnd;
        } else {
            e.cwnd = saveCwnd ? e.cwnd + tp.sndSsthresh >> 1 : e.cwnd;
            if (saveSsthresh && e.ssthresh != 0 && tp.sndSsthresh > e.ssthresh) {
                e.ssthresh = tp.sndSsthresh;
            }
            updateReordering(tp, dst, e);
        }
    }

    private static void updateReordering(TcpSock tp, DstEntry dst, Metric e) {
        boolean own = tp.reordering != tp.net.sysctl.get(TcpSysctls.REORDERING);
        if (!dst.metricLocked(RouteMetrics.RTAX_REORDERING)
                && own
                && e.reordering < tp.reordering) {
            e.reordering = tp.reordering;
        }
    }

    // ---- Fast Open
    // -----------------------------------------------------------------------------------------

    /// Fills in the cookie for the peer of a connecting sock: length 0 if there is none. The form of
    /// the option is the one that the peer understands.
    ///
    /// @return the MSS that the peer announced with it, or 0
    @Kernel("tcp_fastopen_cache_get")
    static int fastopenCacheGet(TcpSock tp, FastOpenCookie cookie) {
        DstEntry dst = tp.dst;
        if (dst == null) {
            return 0;
        }
        TcpMetrics table = OF.of(tp.net);
        synchronized (table) {
            Metric e = table.find(keyOf(tp), dst, tp.net.clock.jiffies(), false);
            if (e == null) {
                return 0;
            }
            cookie.copyFrom(e.cookie);
            if (cookie.len <= 0 && e.tryExp == 1) {
                cookie.exp = true;
            }
            return e.fastopenMss;
        }
    }

    /// Keeps what a SYN-ACK said.
    ///
    /// @param tryExp 1: there was no answer to option 34, use the experimental one next time; 2: nor
    ///     to that; 0 otherwise
    @Kernel("tcp_fastopen_cache_set")
    static void fastopenCacheSet(
            TcpSock tp, int mss, @Nullable FastOpenCookie cookie, boolean synLost, int tryExp) {
        DstEntry dst = tp.dst;
        if (dst == null) {
            return;
        }
        TcpMetrics table = OF.of(tp.net);
        synchronized (table) {
            Metric e = table.find(keyOf(tp), dst, tp.net.clock.jiffies(), true);
            assert e != null : "made when there is none";
            if (mss != 0) {
                e.fastopenMss = mss;
            }
            if (cookie != null && cookie.len > 0) {
                e.cookie.copyFrom(cookie);
            } else if (tryExp > e.tryExp && e.cookie.len <= 0 && !e.cookie.exp) {
                e.tryExp = tryExp;
            }
        }
    }
}
