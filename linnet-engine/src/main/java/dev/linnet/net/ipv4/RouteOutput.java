package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// Routes for packets that this host sends (`ip_route_output_key_hash`).
public final class RouteOutput {
    private RouteOutput() {}

    /// Finds the route of a flow, and its source address where it has none yet.
    ///
    /// @param err `-errno` when null is returned: `EINVAL` for a source that is not ours, `ENODEV`,
    ///     `ENETUNREACH`, or what a prohibiting route says
    @Kernel("ip_route_output_key_hash")
    @HotPath
    public static @Nullable DstEntry lookup(NetNamespace net, Flow fl, int[] err) {
        DstEntry dst = find(net, fl, err);
        if (dst != null && In4Addr.isLoopback((int) fl.saddrLo) && !staysLocal(dst.dev)) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        return dst;
    }

    /// Addresses of 127.0.0.0/8 leave this host only where `route_localnet` lets them.
    private static boolean staysLocal(NetDevice dev) {
        return dev.isLoopback() || RouteInput.routeLocalnet(dev);
    }

    @HotPath
    private static @Nullable DstEntry find(NetNamespace net, Flow fl, int[] err) {
        int saddr = (int) fl.saddrLo;
        if (saddr != 0 && !validSource(net, fl, saddr)) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        if (fl.oif != 0) {
            NetDevice dev = net.devices.byIndex(fl.oif);
            if (dev == null) {
                err[0] = -Errno.ENODEV;
                return null;
            }
            if (!dev.isUp()) {
                err[0] = -Errno.ENETUNREACH;
                return null;
            }
            if (linkDestination((int) fl.daddrLo)) {
                chooseSource(fl, dev, 0, Devinet.SCOPE_LINK);
                return linkRoute(net, fl, dev);
            }
        }
        if (fl.oif == 0 && saddr != 0 && toMany((int) fl.daddrLo)) {
            FibInfo own = FibTable.OF.of(net).lookupLocal(saddr);
            if (own != null && own.type == Rtn.LOCAL) {
                return linkRoute(net, fl, own.dev); // the source says over which interface
            }
        }
        if ((int) fl.daddrLo == 0) {
            return toSelf(net, fl);
        }
        return byTable(net, fl, err);
    }

    private static boolean validSource(NetNamespace net, Flow fl, int saddr) {
        if (In4Addr.isMulticast(saddr) || In4Addr.isLimitedBroadcast(saddr)) {
            return false;
        }
        return fl.anySrc || InetAddrType.of(net, saddr, 0) == Rtn.LOCAL;
    }

    @HotPath
    private static boolean toMany(int daddr) {
        return In4Addr.isMulticast(daddr) || In4Addr.isLimitedBroadcast(daddr);
    }

    private static boolean linkDestination(int daddr) {
        return In4Addr.isLocalMulticast(daddr) || In4Addr.isLimitedBroadcast(daddr);
    }

    private static void chooseSource(Flow fl, NetDevice dev, int dst, int scope) {
        if ((int) fl.saddrLo == 0) {
            setSource(fl, Devinet.selectAddr(dev, dst, scope));
        }
    }

    private static void setSource(Flow fl, int saddr) {
        fl.saddrHi = 0;
        fl.saddrLo = In6Addr.mapV4(saddr);
    }

    /// The unspecified destination means this host.
    private static DstEntry toSelf(NetNamespace net, Flow fl) {
        int saddr = (int) fl.saddrLo;
        int self = saddr != 0 ? saddr : In4Addr.LOOPBACK;
        fl.daddrHi = 0;
        fl.daddrLo = In6Addr.mapV4(self);
        setSource(fl, self);
        return new Rtable(net.loopback(), Rtn.LOCAL, 0, false, RouteMetrics.NONE, null);
    }

    @HotPath
    private static @Nullable DstEntry byTable(NetNamespace net, Flow fl, int[] err) {
        int daddr = (int) fl.daddrLo;
        FibTable fib = FibTable.OF.of(net);
        FibInfo info = fl.onLink ? fib.lookupOnLink(daddr, fl.oif) : fib.lookup(daddr, fl.oif);
        if (info == null) {
            return withoutRoute(net, fl, err);
        }
        switch (info.type) {
            case Rtn.LOCAL -> {
                if ((int) fl.saddrLo == 0) {
                    setSource(fl, info.prefSrc != 0 ? info.prefSrc : daddr);
                }
            }
            case Rtn.BLACKHOLE -> err[0] = -Errno.EINVAL;
            case Rtn.UNREACHABLE -> err[0] = -Errno.EHOSTUNREACH;
            case Rtn.PROHIBIT -> err[0] = -Errno.EACCES;
            default -> {
                if ((int) fl.saddrLo == 0) {
                    int src = info.prefSrc;
                    setSource(fl, src != 0 ? src : Devinet.selectAddr(info.dev, info.gateway, 0));
                }
            }
        }
        return info.type >= Rtn.BLACKHOLE ? null : route(net, daddr, info);
    }

    /// No route, but an interface was named: the destination is taken to be on its link.
    private static @Nullable DstEntry withoutRoute(NetNamespace net, Flow fl, int[] err) {
        NetDevice dev = fl.oif == 0 ? null : net.devices.byIndex(fl.oif);
        if (dev == null) {
            err[0] = -Errno.ENETUNREACH;
            return null;
        }
        chooseSource(fl, dev, 0, Devinet.SCOPE_LINK);
        return linkRoute(net, fl, dev);
    }

    private static DstEntry linkRoute(NetNamespace net, Flow fl, NetDevice dev) {
        int daddr = (int) fl.daddrLo;
        int type = Rtn.UNICAST;
        if (In4Addr.isLimitedBroadcast(daddr)) {
            type = Rtn.BROADCAST;
        } else if (In4Addr.isMulticast(daddr)) {
            type = Rtn.MULTICAST;
        }
        PmtuException e = PmtuExceptions.OF.of(net).find(daddr);
        return new Rtable(dev, type, 0, false, RouteMetrics.NONE, e);
    }

    /// The cached route of a table entry, or a route of its own for a destination whose path MTU is
    /// known (`__mkroute_output`).
    @Kernel("__mkroute_output")
    @HotPath
    private static DstEntry route(NetNamespace net, int daddr, FibInfo info) {
        PmtuException e = PmtuExceptions.OF.of(net).find(daddr);
        if (e == null) {
            Rtable cached = info.outputCache;
            if (cached != null && cached.valid()) {
                return cached;
            }
        }
        return makeRoute(net, daddr, info, e);
    }

    private static DstEntry makeRoute(
            NetNamespace net, int daddr, FibInfo info, @Nullable PmtuException e) {
        NetDevice dev = info.type == Rtn.LOCAL ? net.loopback() : info.dev;
        int type = In4Addr.isMulticast(daddr) ? Rtn.MULTICAST : info.type;
        Rtable rt = new Rtable(dev, type, info.gateway, false, info.metrics, e);
        if (e == null && type == info.type) {
            info.outputCache = rt;
        }
        return rt;
    }

    /// The route to a destination, whatever the source; null if there is none.
    static @Nullable DstEntry lookupSimple(NetNamespace net, int daddr) {
        Flow fl = new Flow();
        fl.daddrLo = In6Addr.mapV4(daddr);
        return lookup(net, fl, new int[1]);
    }
}
