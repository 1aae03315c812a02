package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.dev.RouteMetrics;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A route with one next hop (`struct fib6_info`). Where it leads is immutable; how long it holds and
/// its metrics may change.
public final class Fib6Info {
    /// Learnt from router advertisements, the default route, the route of a prefix (`RTF_*`).
    static final int RTF_DEFAULT = 0x0001_0000;

    static final int RTF_ADDRCONF = 0x0004_0000;
    static final int RTF_PREFIX_RT = 0x0008_0000;

    /// A lifetime without end, in [#expires].
    static final long NEVER = Long.MAX_VALUE;

    /// Kind, one of [Rtn].
    public final int type;

    public final NetDevice dev;

    /// Bits of the destination.
    public final int prefixLen;

    /// Next hop, or unspecified for a destination on the link.
    public final long gwHi;

    public final long gwLo;

    /// Metric: among equal prefixes the lowest wins.
    public final int metric;

    /// A set of `RTF_*`.
    final int flags;

    volatile RouteMetrics metrics;

    /// Jiffies until which it holds, or [#NEVER].
    volatile long expires = NEVER;

    /// Preference of the router that told of it (RFC 4191): -1 low, 0 medium, 1 high.
    volatile int pref;

    /// The cached result for this next hop.
    volatile @Nullable Rt6Info cache;

    /// Next route of the same prefix, of the same or a higher metric.
    final @Nullable Fib6Info next;

    Fib6Info(
            int type,
            NetDevice dev,
            int prefixLen,
            long gwHi,
            long gwLo,
            int metric,
            int flags,
            RouteMetrics metrics) {
        this(type, dev, prefixLen, gwHi, gwLo, metric, flags, metrics, null);
    }

    private Fib6Info(
            int type,
            NetDevice dev,
            int prefixLen,
            long gwHi,
            long gwLo,
            int metric,
            int flags,
            RouteMetrics metrics,
            @Nullable Fib6Info next) {
        this.type = type;
        this.dev = dev;
        this.prefixLen = prefixLen;
        this.gwHi = gwHi;
        this.gwLo = gwLo;
        this.metric = metric;
        this.flags = flags;
        this.metrics = metrics;
        this.next = next;
    }

    private Fib6Info withNext(@Nullable Fib6Info n) {
        Fib6Info copy = new Fib6Info(type, dev, prefixLen, gwHi, gwLo, metric, flags, metrics, n);
        copy.expires = expires;
        copy.pref = pref;
        return copy;
    }

    /// A set of `RTF_*`.
    public int flags() {
        return flags;
    }

    @HotPath
    public boolean hasGateway() {
        return (gwHi | gwLo) != 0;
    }

    /// This list of routes with another one at its place by metric, behind its equals.
    static Fib6Info insert(@Nullable Fib6Info list, Fib6Info info) {
        if (list == null || Integer.compareUnsigned(info.metric, list.metric) < 0) {
            return info.withNext(list);
        }
        return list.withNext(insert(list.next, info));
    }

    /// This list without the routes that a filter accepts.
    static @Nullable Fib6Info without(@Nullable Fib6Info list, Predicate<Fib6Info> filter) {
        if (list == null) {
            return null;
        }
        Fib6Info rest = without(list.next, filter);
        return filter.test(list) ? rest : list.withNext(rest);
    }

    @HotPath
    boolean expired() {
        long until = expires;
        return until != NEVER && dev.net.clock.jiffies() >= until;
    }

    /// True unless the route has a router that is known not to answer.
    @Kernel("rt6_check_neigh")
    private boolean routerAnswers() {
        if (!hasGateway()) {
            return true;
        }
        NeighTable nd = NeighTables.OF.of(dev.net).nd();
        Neighbour neigh = nd == null ? null : nd.lookup(dev, gwHi, gwLo);
        return neigh == null || (neigh.nudState() & Nud.FAILED) == 0;
    }

    /// The best route of this list, or null: of the lowest metric that has any; there those over the
    /// wanted interface, then the preferred router, then the first (`rt6_select`).
    ///
    /// @param oif wanted interface, or 0
    /// @param strict only over that interface
    /// @param reachable leave out routers that do not answer
    @Kernel({"find_rr_leaf", "rt6_select", "rt6_score_route"})
    @HotPath
    @Nullable Fib6Info select(int oif, boolean strict, boolean reachable) {
        Fib6Info best = null;
        int bestScore = -1;
        for (Fib6Info info = this; info != null; info = info.next) {
            if (best != null && info.metric != best.metric) {
                break;
            }
            int score = info.score(oif, strict, reachable);
            if (score > bestScore) {
                best = info;
                bestScore = score;
            }
        }
        return best;
    }

    @HotPath
    private int score(int oif, boolean strict, boolean reachable) {
        boolean over = oif == 0 || dev.ifindex == oif;
        if (expired() || (strict && !over) || (reachable && !routerAnswers())) {
            return -1;
        }
        return (over ? 2 : 0) | (pref + 1) << 2;
    }
}
