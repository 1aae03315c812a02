package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.RouteSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The path MTUs that a namespace has learnt, by destination (RFC 1191). Bounded: forged messages
/// must not fill the memory.
public final class PmtuExceptions {
    static final Pernet<PmtuExceptions> OF = new Pernet<>(PmtuExceptions::new);

    private static final int MAX = 10_000;

    private final NetNamespace net;
    private final Map<Integer, PmtuException> byDst = new ConcurrentHashMap<>();

    private PmtuExceptions(NetNamespace net) {
        this.net = net;
    }

    @Nullable PmtuException find(int daddr) {
        if (byDst.isEmpty()) {
            return null;
        }
        PmtuException e = byDst.get(daddr);
        if (e != null && e.expired(net.clock.jiffies())) {
            byDst.remove(daddr, e);
            return null;
        }
        return e;
    }

    /// Learns that packets to `daddr` must not be larger than `mtu`; a value below
    /// `net.ipv4.route.min_pmtu` is raised to it and DF is then left out
    /// (`__ip_rt_update_pmtu`).
    @Kernel("__ip_rt_update_pmtu")
    public static void update(NetNamespace net, int daddr, int mtu) {
        DstEntry dst = RouteOutput.lookupSimple(net, daddr);
        if (dst == null || dst.metricLocked(RouteMetrics.RTAX_MTU)) {
            return;
        }
        if (dst.mtu() < mtu) {
            return;
        }
        int min = net.sysctl.get(RouteSysctls.MIN_PMTU);
        boolean locked = mtu < min;
        int pmtu = locked ? Math.min(dst.mtu(), min) : mtu;
        PmtuExceptions table = OF.of(net);
        if (table.byDst.size() >= MAX) {
            table.byDst.clear();
        }
        long expires = net.clock.jiffies() + net.sysctl.get(RouteSysctls.MTU_EXPIRES);
        table.byDst.put(daddr, new PmtuException(pmtu, locked, expires));
        net.bumpRouteGenid();
    }

    /// Forgets everything (`ip route flush cache`).
    public static void flush(NetNamespace net) {
        OF.of(net).byDst.clear();
        net.bumpRouteGenid();
    }
}
