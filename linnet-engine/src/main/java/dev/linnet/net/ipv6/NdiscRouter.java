package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ndisc;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Received router solicitations and advertisements (RFC 4861 sections 6.1 to 6.3). The packet is
/// linear, its message at `data`, and stays the caller's; a function gives why it was not heeded, or
/// null.
final class NdiscRouter {
    private static final int RTF_ROUTER = Fib6Info.RTF_ADDRCONF | Fib6Info.RTF_DEFAULT;

    /// Least values that an advertisement may set, jiffies: time between probes, reachable time.
    private static final int MIN_RETRANS = 10;

    private static final int MIN_REACHABLE = 100;

    private NdiscRouter() {}

    /// A router learns the address of a host that asks.
    @Kernel("ndisc_recv_rs")
    static @Nullable DropReason solicitation(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        long hi = Ipv6.saddrHi(b, n);
        long lo = Ipv6.saddrLo(b, n);
        if (!idev.forwarding() || In6Addr.isUnspecified(hi, lo)) {
            return null;
        }
        NdiscOpts opts = new NdiscOpts(skb, Ndisc.fixedBytes(Ndisc.ROUTER_SOLICITATION));
        if (!opts.ok || !opts.lladdrOk(opts.srcLladdr)) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        Neighbour neigh = Ndisc6.neighbour(idev.dev, hi, lo);
        if (neigh != null) {
            neigh.update(
                    opts.lladdr(opts.srcLladdr, idev.dev),
                    Nud.STALE,
                    Neighbour.UPDATE_WEAK_OVERRIDE
                            | Neighbour.UPDATE_OVERRIDE
                            | Neighbour.UPDATE_OVERRIDE_ISROUTER);
        }
        return null;
    }

    @Kernel("ndisc_router_discovery")
    static @Nullable DropReason advertisement(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        long hi = Ipv6.saddrHi(b, skb.networkHeader);
        long lo = Ipv6.saddrLo(b, skb.networkHeader);
        if (!In6Addr.isLinkLocal(hi)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        NdiscOpts opts = new NdiscOpts(skb, Ndisc.fixedBytes(Ndisc.ROUTER_ADVERTISEMENT));
        if (!opts.ok) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        boolean accept = idev.acceptRa();
        if (accept) {
            synchronized (idev) {
                idev.raRcvd |= idev.rsSent;
            }
            defaultRouter(idev, b, skb.data, hi, lo);
            timing(idev, b, skb.data);
        }
        if (!opts.lladdrOk(opts.srcLladdr)) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        learnRouter(idev, hi, lo, opts);
        if (accept) {
            options(idev, opts, hi, lo);
        }
        return null;
    }

    // ---- the default route
    // -------------------------------------------------------------------------

    @Kernel({"rt6_add_dflt_router", "rt6_get_dflt_router"})
    private static void defaultRouter(Inet6Dev idev, byte[] b, int off, long hi, long lo) {
        int lifetime = Ndisc.routerLifetimeSec(b, off);
        boolean heed =
                idev.cnf.get(Conf6Sysctls.ACCEPT_RA_DEFRTR) != 0
                        && (lifetime == 0
                                || lifetime >= idev.cnf.get(Conf6Sysctls.ACCEPT_RA_MIN_LFT))
                        && (idev.cnf.get(Conf6Sysctls.ACCEPT_RA_FROM_LOCAL) != 0
                                || !Ipv6AddrType.isLocal(idev.net, hi, lo, idev.dev));
        if (!heed) {
            return;
        }
        Ip6Fib fib = Ip6Fib.of(idev.net);
        Predicate<Fib6Info> same = rt -> isRouter(rt, idev.dev, hi, lo);
        int metric = idev.cnf.get(Conf6Sysctls.RA_DEFRTR_METRIC);
        synchronized (fib) {
            Fib6Info rt = fib.find(0, 0, 0, same);
            if (rt != null && (lifetime == 0 || rt.metric != metric)) {
                fib.remove(false, 0, 0, 0, same);
                rt = null;
            }
            if (rt == null && lifetime != 0) {
                fib.add(
                        false,
                        0,
                        0,
                        new Fib6Info(
                                Rtn.UNICAST,
                                idev.dev,
                                0,
                                hi,
                                lo,
                                metric,
                                RTF_ROUTER,
                                RouteMetrics.NONE));
                rt = fib.find(0, 0, 0, same);
            }
            if (rt != null) {
                rt.pref = preference(idev, Ndisc.routerFlags(b, off));
                fib.setExpires(rt, idev.net.clock.jiffies() + lifetime * 1000L);
            }
            hopLimit(idev, fib, rt, Ndisc.routerHopLimit(b, off));
        }
    }

    private static boolean isRouter(Fib6Info rt, NetDevice dev, long hi, long lo) {
        return rt.dev == dev
                && rt.gwHi == hi
                && rt.gwLo == lo
                && (rt.flags & RTF_ROUTER) == RTF_ROUTER;
    }

    /// Two bits with a sign (RFC 4191 section 2.1); the reserved value counts as medium.
    private static int preference(Inet6Dev idev, int flags) {
        if (idev.cnf.get(Conf6Sysctls.ACCEPT_RA_RTR_PREF) == 0) {
            return 0;
        }
        return switch (flags >> 3 & 3) {
            case 1 -> 1;
            case 3 -> -1;
            default -> 0;
        };
    }

    private static void hopLimit(Inet6Dev idev, Ip6Fib fib, @Nullable Fib6Info rt, int hops) {
        int min = idev.cnf.get(Conf6Sysctls.ACCEPT_RA_MIN_HOP_LIMIT);
        if (min >= 256 || hops == 0 || hops < min) {
            return;
        }
        idev.cnf.set(Conf6Sysctls.HOP_LIMIT, hops);
        if (rt != null) {
            fib.setMetric(rt, RouteMetrics.RTAX_HOPLIMIT, hops);
        }
    }

    /// This host has become a router: it does not follow others any more.
    @Kernel("rt6_purge_dflt_routers")
    static void purgeDefaultRouters(NetNamespace net) {
        Ip6Fib.of(net)
                .clean(
                        rt -> {
                            Inet6Dev idev = Inet6Dev.of(rt.dev);
                            boolean hybrid =
                                    idev != null && idev.cnf.get(Conf6Sysctls.ACCEPT_RA) == 2;
                            return (rt.flags & RTF_ROUTER) == RTF_ROUTER && !hybrid;
                        });
    }

    /// A neighbour says that it is not a router any more: what led over it goes.
    @Kernel("rt6_clean_tohost")
    static void noRouterAnyMore(Inet6Dev idev, long hi, long lo) {
        Ip6Fib.of(idev.net).clean(rt -> isRouter(rt, idev.dev, hi, lo));
        Ip6Pmtu.forgetRouter(idev.net, hi, lo);
    }

    // ---- what else it says
    // ---------------------------------------------------------------------------

    private static void timing(Inet6Dev idev, byte[] b, int off) {
        int retrans = Ndisc.retransTimerMs(b, off);
        if (retrans > 0) {
            idev.neighParms.set(Ndisc6.PARMS.retransTime, Math.max(retrans, MIN_RETRANS));
        }
        int reachable = Ndisc.reachableTimeMs(b, off);
        if (reachable > 0) {
            int jiffies = Math.max(reachable, MIN_REACHABLE);
            if (jiffies != idev.neighParms.get(Ndisc6.PARMS.baseReachableTime)) {
                idev.neighParms.set(Ndisc6.PARMS.baseReachableTime, jiffies);
                idev.neighParms.set(Ndisc6.PARMS.gcStaleTime, 3 * jiffies);
            }
        }
    }

    private static void learnRouter(Inet6Dev idev, long hi, long lo, NdiscOpts opts) {
        Neighbour neigh = Ndisc6.neighbour(idev.dev, hi, lo);
        if (neigh != null) {
            neigh.update(
                    opts.lladdr(opts.srcLladdr, idev.dev),
                    Nud.STALE,
                    Neighbour.UPDATE_WEAK_OVERRIDE
                            | Neighbour.UPDATE_OVERRIDE
                            | Neighbour.UPDATE_OVERRIDE_ISROUTER
                            | Neighbour.UPDATE_ISROUTER);
        }
    }

    private static void options(Inet6Dev idev, NdiscOpts opts, long hi, long lo) {
        boolean prefixes = idev.cnf.get(Conf6Sysctls.ACCEPT_RA_PINFO) != 0;
        boolean ownAddress =
                idev.cnf.get(Conf6Sysctls.ACCEPT_RA_FROM_LOCAL) == 0
                        && Ipv6AddrType.isLocal(idev.net, hi, lo, idev.dev);
        byte[] b = opts.buf;
        int p = Ndisc.firstOption(b, opts.start, opts.end);
        for (; p >= 0; p = Ndisc.nextOption(b, p, opts.end)) {
            int type = Ndisc.optionType(b, p);
            if (type == Ndisc.OPT_PREFIX_INFO
                    && prefixes
                    && Ndisc.optionBytes(b, p) >= Ndisc.PREFIX_INFO_BYTES) {
                AddrconfPrefix.rcv(idev, b, p);
            } else if (type == Ndisc.OPT_ROUTE_INFO && !ownAddress) {
                NdiscRouteInfo.rcv(idev, b, p, hi, lo);
            }
        }
        if (opts.mtu != NdiscOpts.ABSENT && idev.cnf.get(Conf6Sysctls.ACCEPT_RA_MTU) != 0) {
            mtu(idev, Ndisc.mtu(b, opts.mtu));
        }
    }

    private static void mtu(Inet6Dev idev, int mtu) {
        boolean fits =
                Integer.compareUnsigned(mtu, Ipv6.MIN_MTU) >= 0
                        && Integer.compareUnsigned(mtu, idev.dev.mtu) <= 0;
        if (fits && mtu != idev.mtu()) {
            Addrconf.setMtu(idev, mtu);
        }
    }
}
