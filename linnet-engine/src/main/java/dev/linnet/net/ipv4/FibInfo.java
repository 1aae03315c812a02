package dev.linnet.net.ipv4;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import org.jspecify.annotations.Nullable;

/// Where a route leads (`struct fib_info` with one next hop, `struct fib_alias`). Immutable but for
/// the cached [Rtable]s.
public final class FibInfo {
    /// Kind, one of [dev.linnet.net.core.dev.Rtn].
    public final int type;

    /// `RT_SCOPE_*` of the destination.
    public final int scope;

    public final NetDevice dev;

    /// Next hop, or 0 for a destination on the link.
    public final int gateway;

    /// Preferred source address, or 0.
    public final int prefSrc;

    /// Metric: among equal prefixes the lowest wins.
    public final int priority;

    public final RouteMetrics metrics;

    /// Cached results for this next hop: for packets that are sent, that are received.
    volatile @Nullable Rtable outputCache;

    volatile @Nullable Rtable inputCache;

    /// Next route of the same prefix, of a higher priority number.
    final @Nullable FibInfo next;

    FibInfo(
            int type,
            int scope,
            NetDevice dev,
            int gateway,
            int prefSrc,
            int priority,
            RouteMetrics metrics,
            @Nullable FibInfo next) {
        this.type = type;
        this.scope = scope;
        this.dev = dev;
        this.gateway = gateway;
        this.prefSrc = prefSrc;
        this.priority = priority;
        this.metrics = metrics;
        this.next = next;
    }

    FibInfo withNext(@Nullable FibInfo n) {
        return new FibInfo(type, scope, dev, gateway, prefSrc, priority, metrics, n);
    }

    /// This list of routes with another one in its place by priority.
    static FibInfo insert(@Nullable FibInfo list, FibInfo info) {
        if (list == null || info.priority < list.priority) {
            return info.withNext(list);
        }
        return list.withNext(insert(list.next, info));
    }

    /// This list without the routes that lead over a device.
    static @Nullable FibInfo without(@Nullable FibInfo list, NetDevice dev) {
        if (list == null) {
            return null;
        }
        FibInfo rest = without(list.next, dev);
        return list.dev == dev ? rest : list.withNext(rest);
    }
}
