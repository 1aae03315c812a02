package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// Where packets go (`net/ipv6/route.c`).
public final class Ip6Route {
    private Ip6Route() {}

    /// Finds the route of a flow that this host sends, and its source address where it has none yet
    /// (RFC 6724).
    ///
    /// @param err `-errno` when null is returned: `EADDRNOTAVAIL` without a source address,
    ///     `ENETUNREACH` without a route, `EAFNOSUPPORT` for an IPv4 source
    @Kernel({"ip6_dst_lookup_tail", "ip6_dst_lookup_flow"})
    @HotPath
    public static @Nullable DstEntry output(NetNamespace net, Flow fl, int[] err) {
        boolean strict = strict(fl);
        if (In6Addr.isUnspecified(fl.saddrHi, fl.saddrLo) && !chooseSource(net, fl, strict)) {
            err[0] = -Errno.EADDRNOTAVAIL;
            return null;
        }
        Rt6Info rt = lookup(net, fl, strict, err);
        if (rt == null) {
            net.mib.inc(Ip6Mib.OUTNOROUTES);
            return null;
        }
        if (In6Addr.isV4Mapped(fl.saddrHi, fl.saddrLo)) {
            err[0] = -Errno.EAFNOSUPPORT;
            return null;
        }
        return rt;
    }

    /// Whether only routes over the flow's interface will do.
    @HotPath
    private static boolean strict(Flow fl) {
        return fl.oif != 0
                && (!fl.oifWish
                        || In6Addr.isUnspecified(fl.saddrHi, fl.saddrLo)
                        || Ipv6Scope.needsInterface(fl.daddrHi, fl.daddrLo));
    }

    /// The address that suits the route best, or any route if there is none.
    @Kernel("ip6_route_get_saddr")
    @HotPath
    private static boolean chooseSource(NetNamespace net, Flow fl, boolean strict) {
        Fib6Info from = Ip6Fib.of(net).lookup(fl.daddrHi, fl.daddrLo, fl.oif, strict);
        NetDevice dev = from == null ? null : from.dev;
        Inet6IfAddr ifp = SourceAddress.select(net, dev, fl.daddrHi, fl.daddrLo);
        if (ifp == null) {
            return false;
        }
        fl.saddrHi = ifp.hi;
        fl.saddrLo = ifp.lo;
        return true;
    }

    /// The route of a flow, whatever its source; null with `-ENETUNREACH`.
    @Kernel("ip6_route_output_flags")
    @HotPath
    static @Nullable Rt6Info lookup(NetNamespace net, Flow fl, boolean strict, int[] err) {
        Fib6Info from = Ip6Fib.of(net).lookup(fl.daddrHi, fl.daddrLo, fl.oif, strict);
        if (from == null) {
            err[0] = -Errno.ENETUNREACH;
            return null;
        }
        return resolve(from, fl.daddrHi, fl.daddrLo);
    }

    /// The route of a received packet, or null.
    @Kernel("ip6_route_input")
    @HotPath
    static @Nullable Rt6Info input(SkBuff skb, NetDevice dev) {
        int n = skb.networkHeader;
        long hi = Ipv6.daddrHi(skb.buf, n);
        long lo = Ipv6.daddrLo(skb.buf, n);
        boolean strict = Ipv6Scope.needsInterface(hi, lo);
        Fib6Info from = Ip6Fib.of(dev.net).lookup(hi, lo, dev.ifindex, strict);
        return from == null ? null : resolve(from, hi, lo);
    }

    /// The cached result of a table entry, or one of its own for a destination of which more is
    /// known.
    @Kernel({"ip6_create_rt_rcu", "rt6_find_cached_rt"})
    @HotPath
    private static Rt6Info resolve(Fib6Info from, long hi, long lo) {
        Rt6Exception e = from.type == Rtn.UNICAST ? Ip6Pmtu.find(from.dev, hi, lo) : null;
        if (e == null) {
            Rt6Info cached = from.cache;
            if (cached != null && cached.valid()) {
                return cached;
            }
        }
        return make(from, e);
    }

    private static Rt6Info make(Fib6Info from, @Nullable Rt6Exception e) {
        NetDevice dev = from.type == Rtn.LOCAL ? from.dev.net.loopback() : from.dev;
        Rt6Info rt = new Rt6Info(dev, from, e);
        if (e == null) {
            from.cache = rt;
        }
        return rt;
    }
}
