package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.PrefixTrie;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The IPv6 routes of a namespace: the tables "local" and "main" (`struct fib6_table`), consulted in
/// that order (`net/ipv6/ip6_fib.c`). Look-ups take no lock; changes are made under this object's
/// monitor.
public final class Ip6Fib {
    /// Metrics of routes that users and the stack itself add (`IP6_RT_PRIO_*`).
    static final int PRIO_USER = 1024;

    static final int PRIO_ADDRCONF = 256;

    private static final Pernet<Ip6Fib> OF = new Pernet<>(Ip6Fib::new);
    private static final Predicate<Fib6Info> REACHABLE = l -> l.select(0, false, true) != null;
    private static final Predicate<Fib6Info> ANY = l -> l.select(0, false, false) != null;
    private static final KTimer.Function COLLECT = owner -> ((Ip6Fib) owner).collect();

    private final NetNamespace net;
    private final PrefixTrie<Fib6Info> local = new PrefixTrie<>();
    private final PrefixTrie<Fib6Info> main = new PrefixTrie<>();

    /// Removes routes whose time is over (`fib6_run_gc`).
    private final KTimer gcTimer;

    private Ip6Fib(NetNamespace net) {
        this.net = net;
        this.gcTimer = net.timers.timer(COLLECT, this);
    }

    static Ip6Fib of(NetNamespace net) {
        return OF.of(net);
    }

    // ---- look-up
    // ---------------------------------------------------------------------------------

    /// The best route for a destination, or null. A router that does not answer is chosen only where
    /// there is no other way (RFC 4861 section 6.3.6).
    ///
    /// @param oif interface that is wanted, or 0
    /// @param strict only routes over that interface
    @Kernel({"fib6_lookup", "fib6_table_lookup", "ip6_pol_route"})
    @HotPath
    @Nullable Fib6Info lookup(long hi, long lo, int oif, boolean strict) {
        boolean asHost = !Ip6Forward.enabled(net);
        Fib6Info found = lookup(local, hi, lo, oif, strict, asHost);
        if (found == null && asHost) {
            found = lookup(local, hi, lo, oif, strict, false);
        }
        if (found == null) {
            found = lookup(main, hi, lo, oif, strict, asHost);
        }
        if (found == null && asHost) {
            found = lookup(main, hi, lo, oif, strict, false);
        }
        return found;
    }

    @HotPath
    private static @Nullable Fib6Info lookup(
            PrefixTrie<Fib6Info> trie,
            long hi,
            long lo,
            int oif,
            boolean strict,
            boolean reachable) {
        Fib6Info list =
                strict && oif != 0
                        ? trie.lookup(hi, lo, over(oif, reachable))
                        : trie.lookup(hi, lo, reachable ? REACHABLE : ANY);
        return list == null ? null : list.select(oif, strict, reachable);
    }

    private static Predicate<Fib6Info> over(int oif, boolean reachable) {
        return list -> list.select(oif, true, reachable) != null;
    }

    /// The first route of exactly this prefix in the main table that a filter accepts, or null.
    @Nullable Fib6Info find(long hi, long lo, int prefixLen, Predicate<Fib6Info> filter) {
        for (Fib6Info i = main.get(hi, lo, prefixLen); i != null; i = i.next) {
            if (filter.test(i)) {
                return i;
            }
        }
        return null;
    }

    // ---- changes
    // -----------------------------------------------------------------------------------

    /// Adds a route: 0, or `-EEXIST` where there is one of the same prefix and metric over the same
    /// interface and next hop.
    @Kernel({"__ip6_ins_rt", "fib6_add"})
    synchronized int add(boolean toLocal, long hi, long lo, Fib6Info info) {
        boolean[] exists = new boolean[1];
        (toLocal ? local : main)
                .update(
                        hi,
                        lo,
                        info.prefixLen,
                        present -> {
                            for (Fib6Info i = present; i != null; i = i.next) {
                                exists[0] |= sameNexthop(i, info);
                            }
                            return exists[0] ? present : Fib6Info.insert(present, info);
                        });
        net.bumpRouteGenid();
        armGc(info.expires);
        return exists[0] ? -Errno.EEXIST : 0;
    }

    private static boolean sameNexthop(Fib6Info a, Fib6Info b) {
        return a.metric == b.metric && a.dev == b.dev && a.gwHi == b.gwHi && a.gwLo == b.gwLo;
    }

    /// Removes the routes of a prefix that a filter accepts; false if there was none.
    @Kernel("fib6_del")
    synchronized boolean remove(
            boolean fromLocal, long hi, long lo, int prefixLen, Predicate<Fib6Info> filter) {
        boolean[] found = new boolean[1];
        (fromLocal ? local : main)
                .update(
                        hi,
                        lo,
                        prefixLen,
                        present ->
                                Fib6Info.without(
                                        present,
                                        i -> {
                                            boolean match = filter.test(i);
                                            found[0] |= match;
                                            return match;
                                        }));
        net.bumpRouteGenid();
        return found[0];
    }

    /// Removes every route that a filter accepts (`fib6_clean_all`).
    @Kernel("fib6_clean_all")
    synchronized void clean(Predicate<Fib6Info> filter) {
        for (PrefixTrie<Fib6Info> trie : List.of(local, main)) {
            List<PrefixTrie.Prefix> prefixes = new ArrayList<>();
            trie.forEach((prefix, list) -> prefixes.add(prefix));
            for (PrefixTrie.Prefix p : prefixes) {
                trie.update(p.hi(), p.lo(), p.plen(), list -> Fib6Info.without(list, filter));
            }
        }
        net.bumpRouteGenid();
    }

    /// Changes the time until which a route holds.
    @Kernel({"fib6_set_expires", "fib6_clean_expires"})
    synchronized void setExpires(Fib6Info info, long expires) {
        info.expires = expires;
        armGc(expires);
    }

    /// Sets a metric of a route (`fib6_metric_set`).
    @Kernel("fib6_metric_set")
    synchronized void setMetric(Fib6Info info, int rtax, int value) {
        info.metrics = info.metrics.with(rtax, value);
        net.bumpRouteGenid();
    }

    /// A device has a new MTU: routes that were bound by the old one, or allow more than the new one,
    /// get the new one.
    @Kernel("rt6_mtu_change_route")
    synchronized void mtuChange(NetDevice dev, int oldMtu, int newMtu) {
        for (PrefixTrie<Fib6Info> trie : List.of(local, main)) {
            trie.forEach(
                    (prefix, list) -> {
                        for (Fib6Info i = list; i != null; i = i.next) {
                            int mtu = i.metrics.get(RouteMetrics.RTAX_MTU);
                            if (i.dev == dev && mtu != 0 && (mtu >= newMtu || mtu == oldMtu)) {
                                i.metrics = i.metrics.with(RouteMetrics.RTAX_MTU, newMtu);
                            }
                        }
                    });
        }
        net.bumpRouteGenid();
    }

    private void armGc(long expires) {
        if (expires < gcTimer.expires()) {
            gcTimer.mod(expires);
        }
    }

    @Kernel({"fib6_run_gc", "fib6_age"})
    private void collect() {
        long[] next = {Fib6Info.NEVER};
        clean(
                info -> {
                    boolean over = info.expired();
                    if (!over) {
                        next[0] = Math.min(next[0], info.expires);
                    }
                    return over;
                });
        armGc(next[0]);
    }

    /// Shows the routes: whether of the local table, the prefix, and each route in order.
    void forEach(boolean ofLocal, BiConsumer<PrefixTrie.Prefix, Fib6Info> action) {
        (ofLocal ? local : main)
                .forEach(
                        (prefix, list) -> {
                            for (Fib6Info i = list; i != null; i = i.next) {
                                action.accept(prefix, i);
                            }
                        });
    }

    /// Shows the routes of the main table.
    public static void forEachRoute(
            NetNamespace net, BiConsumer<PrefixTrie.Prefix, Fib6Info> action) {
        OF.of(net).forEach(false, action);
    }

    /// Shows the routes of the main table, or of the local one.
    public static void forEachRoute(
            NetNamespace net, boolean ofLocal, BiConsumer<PrefixTrie.Prefix, Fib6Info> action) {
        OF.of(net).forEach(ofLocal, action);
    }

    // ---- what users configure
    // ------------------------------------------------------------------------

    /// Adds a route to the main table. Host bits of the destination are ignored.
    ///
    /// @param gwHi next hop, or unspecified for a destination on the link
    /// @param dev interface; null to find it from a next hop that is not link-local
    /// @param metric 0 for the usual 1024
    /// @return 0, `-EINVAL`, `-ENODEV`, `-ENETDOWN`, `-EHOSTUNREACH` for a next hop that is not on
    ///     a link, `-EEXIST` for a route of the same prefix and metric
    @Kernel({"inet6_rtm_newroute", "ip6_route_add", "ip6_route_info_create"})
    public static int addRoute(
            NetNamespace net,
            long dstHi,
            long dstLo,
            int prefixLen,
            long gwHi,
            long gwLo,
            @Nullable NetDevice dev,
            int metric,
            RouteMetrics metrics) {
        if (prefixLen < 0 || prefixLen > 128) {
            return -Errno.EINVAL;
        }
        NetDevice out = dev;
        boolean viaGateway = !In6Addr.isUnspecified(gwHi, gwLo);
        if (viaGateway) {
            int bad = checkGateway(net, gwHi, gwLo, dev);
            if (bad != 0) {
                return bad;
            }
            if (out == null) {
                out = onLinkDevice(net, gwHi, gwLo);
            }
        }
        int bad = checkDevice(out, viaGateway);
        if (bad != 0 || out == null) {
            return bad;
        }
        int prio = metric == 0 ? PRIO_USER : metric;
        Ip6Fib fib = OF.of(net);
        synchronized (fib) {
            if (fib.find(dstHi, dstLo, prefixLen, i -> i.metric == prio) != null) {
                return -Errno.EEXIST;
            }
            Fib6Info info = new Fib6Info(Rtn.UNICAST, out, prefixLen, gwHi, gwLo, prio, 0, metrics);
            return fib.add(false, dstHi, dstLo, info);
        }
    }

    private static int checkDevice(@Nullable NetDevice out, boolean viaGateway) {
        if (out == null) {
            return viaGateway ? -Errno.EINVAL : -Errno.ENODEV;
        }
        if (viaGateway && out.isLoopback()) {
            return -Errno.EINVAL;
        }
        Inet6Dev idev = Inet6Dev.of(out);
        if (idev == null) {
            return -Errno.ENODEV;
        }
        if (idev.disabled()) {
            return -Errno.EACCES;
        }
        return out.isUp() ? 0 : -Errno.ENETDOWN;
    }

    /// A next hop must be somebody else's, of one host, and on a link.
    @Kernel("ip6_validate_gw")
    private static int checkGateway(
            NetNamespace net, long gwHi, long gwLo, @Nullable NetDevice dev) {
        boolean linkLocal = In6Addr.isLinkLocal(gwHi);
        if (Ipv6AddrType.find(net, gwHi, gwLo, linkLocal ? dev : null, 0) != null) {
            return -Errno.EINVAL;
        }
        if (linkLocal) {
            return dev == null ? -Errno.EINVAL : 0;
        }
        if (In6Addr.isMulticast(gwHi) || In6Addr.isLoopback(gwHi, gwLo)) {
            return -Errno.EINVAL;
        }
        int oif = dev == null ? 0 : dev.ifindex;
        Fib6Info hop = OF.of(net).lookup(gwHi, gwLo, oif, oif != 0);
        boolean onLink = hop != null && hop.type == Rtn.UNICAST && !hop.hasGateway();
        return onLink ? 0 : -Errno.EHOSTUNREACH;
    }

    private static @Nullable NetDevice onLinkDevice(NetNamespace net, long hi, long lo) {
        Fib6Info hop = OF.of(net).lookup(hi, lo, 0, false);
        return hop == null ? null : hop.dev;
    }

    /// Removes the routes of a prefix from the main table; 0 or `-ESRCH`.
    ///
    /// @param gwHi next hop that they must have, or unspecified for any
    /// @param dev interface that they must use, or null for any
    @Kernel("ip6_route_del")
    public static int removeRoute(
            NetNamespace net,
            long dstHi,
            long dstLo,
            int prefixLen,
            long gwHi,
            long gwLo,
            @Nullable NetDevice dev) {
        boolean anyHop = In6Addr.isUnspecified(gwHi, gwLo);
        boolean removed =
                OF.of(net)
                        .remove(
                                false,
                                dstHi,
                                dstLo,
                                prefixLen,
                                i ->
                                        (anyHop || (i.gwHi == gwHi && i.gwLo == gwLo))
                                                && (dev == null || i.dev == dev));
        return removed ? 0 : -Errno.ESRCH;
    }
}
