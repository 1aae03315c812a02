package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.Ipv6;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a namespace has learnt about single destinations: path MTUs (RFC 8201) and redirects.
/// Bounded: forged messages must not fill the memory. Safe from any thread.
public final class Ip6Pmtu {
    private static final Pernet<Ip6Pmtu> OF = new Pernet<>(Ip6Pmtu::new);
    private static final int MAX = 10_000;

    /// A link-local destination is one only together with its interface.
    private record Key(long hi, long lo, int ifindex) {}

    private final NetNamespace net;
    private final Map<Key, Rt6Exception> byDst = new ConcurrentHashMap<>();

    private Ip6Pmtu(NetNamespace net) {
        this.net = net;
    }

    /// What is known of a destination over an interface, or null.
    @Kernel("rt6_find_cached_rt")
    @HotPath
    static @Nullable Rt6Exception find(NetDevice dev, long hi, long lo) {
        Ip6Pmtu table = OF.of(dev.net);
        return table.byDst.isEmpty() ? null : table.findLearnt(dev, hi, lo);
    }

    private @Nullable Rt6Exception findLearnt(NetDevice dev, long hi, long lo) {
        Key key = new Key(hi, lo, dev.ifindex);
        Rt6Exception e = byDst.get(key);
        if (e != null && e.expired(net.clock.jiffies())) {
            byDst.remove(key, e);
            return null;
        }
        return e;
    }

    /// Learns that packets to a destination must not be larger than `mtu`. A value below 1280 is no
    /// MTU of IPv6 and ignored; a route's "mtu lock" does not help against it, as routers do not
    /// fragment.
    ///
    /// @param ifindex interface over which the destination is reached, or 0
    @Kernel({"ip6_update_pmtu", "__ip6_rt_update_pmtu"})
    public static void update(NetNamespace net, long hi, long lo, int ifindex, int mtu) {
        Flow fl = new Flow();
        fl.daddrHi = hi;
        fl.daddrLo = lo;
        fl.oif = Ipv6Scope.needsInterface(hi, lo) ? ifindex : 0;
        Rt6Info rt = Ip6Route.lookup(net, fl, fl.oif != 0, new int[1]);
        if (rt != null) {
            update(rt, hi, lo, mtu);
        }
    }

    static void update(Rt6Info rt, long hi, long lo, int mtu) {
        if (Integer.compareUnsigned(mtu, Ipv6.MIN_MTU) < 0
                || Integer.compareUnsigned(mtu, rt.mtu()) >= 0) {
            return;
        }
        NetNamespace net = rt.dev.net;
        long expires = net.clock.jiffies() + net.sysctl.get(Ipv6Sysctls.ROUTE_MTU_EXPIRES);
        OF.of(net)
                .learn(
                        new Key(hi, lo, rt.dev.ifindex),
                        e ->
                                e == null
                                        ? new Rt6Exception(mtu, false, 0, 0, expires)
                                        : e.withPmtu(mtu, expires));
    }

    /// Learns a better next hop to a destination (RFC 4861 section 8.3).
    static void redirect(NetDevice dev, long hi, long lo, long gwHi, long gwLo) {
        OF.of(dev.net)
                .learn(
                        new Key(hi, lo, dev.ifindex),
                        e ->
                                e == null
                                        ? new Rt6Exception(0, true, gwHi, gwLo, 0)
                                        : new Rt6Exception(
                                                e.pmtu(), true, gwHi, gwLo, e.expires()));
    }

    @Kernel("rt6_insert_exception")
    private void learn(Key key, UnaryOperator<@Nullable Rt6Exception> change) {
        if (byDst.size() >= MAX) {
            byDst.clear();
        }
        byDst.compute(key, (k, e) -> change.apply(e));
        net.bumpRouteGenid();
    }

    /// An interface has a new MTU: path MTUs above it are lowered, and those that were the old one
    /// may grow again.
    @Kernel("rt6_exceptions_update_pmtu")
    static void deviceMtu(NetDevice dev, int oldMtu, int newMtu) {
        Ip6Pmtu table = OF.of(dev.net);
        table.byDst.replaceAll(
                (key, e) -> {
                    boolean bound = e.pmtu() >= newMtu || e.pmtu() == oldMtu;
                    return key.ifindex == dev.ifindex && e.pmtu() != 0 && bound
                            ? e.withPmtu(newMtu, e.expires())
                            : e;
                });
        dev.net.bumpRouteGenid();
    }

    /// An interface has gone: what was learnt over it does not hold any more.
    static void flush(NetDevice dev) {
        OF.of(dev.net).byDst.keySet().removeIf(key -> key.ifindex == dev.ifindex);
    }

    /// A host turned out not to be a router: redirects to it do not hold any more
    /// (`rt6_clean_tohost`).
    @Kernel("rt6_clean_tohost")
    static void forgetRouter(NetNamespace net, long hi, long lo) {
        OF.of(net).byDst.values().removeIf(e -> e.redirected() && e.gwHi() == hi && e.gwLo() == lo);
        net.bumpRouteGenid();
    }

    /// Forgets everything (`ip -6 route flush cache`).
    public static void flush(NetNamespace net) {
        OF.of(net).byDst.clear();
        net.bumpRouteGenid();
    }
}
