package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// Routes for packets that come in (`ip_route_input_noref`): is it for us, and may it be.
public final class RouteInput {
    private RouteInput() {}

    /// Sets the packet's route, or says why it must die. Martian sources (our own address, loopback
    /// from outside, multicast) are refused.
    @Kernel("ip_route_input_rcu")
    @HotPath
    static @Nullable DropReason route(SkBuff skb, NetDevice dev) {
        NetNamespace net = dev.net;
        int daddr = Ipv4.daddr(skb.buf, skb.networkHeader);
        int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
        if (In4Addr.isMulticast(daddr)) {
            return multicast(skb, dev, saddr, daddr);
        }
        if (In4Addr.isMulticast(saddr) || In4Addr.isLimitedBroadcast(saddr)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (In4Addr.isLimitedBroadcast(daddr) || (daddr == 0 && saddr == 0)) {
            DropReason bad = validateSource(skb, dev, saddr);
            skb.dst = bad == null ? toEverybody(dev, Rtn.BROADCAST) : null;
            return bad;
        }
        boolean own = knowsItIsLocal(skb, dev);
        DropReason martian = martian(own, dev, saddr, daddr);
        if (martian != null) {
            return martian;
        }
        FibInfo info = FibTable.OF.of(net).lookup(daddr, 0);
        if (info == null) {
            return DropReason.IP_INNOROUTES;
        }
        DropReason bad = validateSource(skb, dev, saddr);
        return bad != null ? bad : accept(skb, dev, info, own);
    }

    /// True for a packet of this host that knows that it is for this host. What a socket that is bound
    /// to `lo` sent there for another interface's address does not.
    private static boolean knowsItIsLocal(SkBuff skb, NetDevice dev) {
        return dev.isLoopback() && !(skb.dst instanceof Rtable out && out.type == Rtn.UNICAST);
    }

    private static Rtable toEverybody(NetDevice dev, int type) {
        return new Rtable(dev, type, 0, true, RouteMetrics.NONE, null);
    }

    private static @Nullable DropReason martian(boolean own, NetDevice dev, int saddr, int daddr) {
        if (In4Addr.isZeronet(saddr) && saddr != 0) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (In4Addr.isZeronet(daddr)) {
            return DropReason.IP_INVALID_DEST;
        }
        boolean loopback = In4Addr.isLoopback(daddr) || In4Addr.isLoopback(saddr);
        return loopback && !own && !routeLocalnet(dev) ? DropReason.IP_LOCALNET : null;
    }

    static boolean routeLocalnet(NetDevice dev) {
        InDevice in = InDevice.of(dev);
        return in != null && in.conf.on(ConfSysctls.ROUTE_LOCALNET);
    }

    /// One of our own addresses cannot come from outside unless `accept_local` says so; `rp_filter` asks
    /// more of the others.
    @Kernel("fib_validate_source")
    private static @Nullable DropReason validateSource(SkBuff skb, NetDevice dev, int saddr) {
        InDevice in = InDevice.of(dev);
        if (fromSelf(skb, dev) || saddr == 0 || in == null) {
            return null;
        }
        FibTable fib = FibTable.OF.of(dev.net);
        int rpFilter = in.conf.effective(ConfSysctls.RP_FILTER);
        if (rpFilter != 0) {
            return reversePath(fib, in, saddr, rpFilter);
        }
        if (in.conf.on(ConfSysctls.ACCEPT_LOCAL)) {
            return null;
        }
        FibInfo source = fib.lookupLocal(saddr);
        return source != null && source.type == Rtn.LOCAL ? DropReason.IP_LOCAL_SOURCE : null;
    }

    private static boolean fromSelf(SkBuff skb, NetDevice dev) {
        return dev.isLoopback() || skb.pktType == SkBuff.PACKET_LOOPBACK;
    }

    /// The route to the source must lead over the device that the packet came in on (RFC 3704): the
    /// best one if strict, which is 1; any if loose.
    @Kernel("__fib_validate_source")
    private static @Nullable DropReason reversePath(
            FibTable fib, InDevice in, int saddr, int rpFilter) {
        FibInfo back = fib.lookup(saddr, 0);
        if (back == null) {
            return DropReason.IP_RPFILTER;
        }
        if (back.type == Rtn.LOCAL) {
            if (!in.conf.on(ConfSysctls.ACCEPT_LOCAL)) {
                return DropReason.IP_LOCAL_SOURCE;
            }
        } else if (back.type != Rtn.UNICAST) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (back.dev == in.dev) {
            return null;
        }
        return in.addresses().isEmpty() || rpFilter == 1 ? DropReason.IP_RPFILTER : null;
    }

    @HotPath
    private static @Nullable DropReason accept(
            SkBuff skb, NetDevice dev, FibInfo info, boolean own) {
        if (info.type == Rtn.LOCAL) {
            skb.dst = cached(info, dev.net.loopback());
            if (own && info.dev != null) {
                // From this host: to sockets it came by the interface that the address belongs to
                // (`rt_iif`).
                skb.skbIif = info.dev.ifindex;
            }
            return null;
        }
        if (info.type == Rtn.BROADCAST) {
            skb.dst = cached(info, dev);
            return null;
        }
        InDevice in = InDevice.of(dev);
        if (in == null || in.conf.get(ConfSysctls.FORWARDING) == 0) {
            return DropReason.IP_INADDRERRORS;
        }
        if (info.type != Rtn.UNICAST) {
            return DropReason.IP_INNOROUTES;
        }
        skb.dst = cached(info, info.dev);
        return null;
    }

    private static Rtable cached(FibInfo info, NetDevice dev) {
        Rtable rt = info.inputCache;
        if (rt == null || !rt.valid()) {
            rt = new Rtable(dev, info.type, info.gateway, true, info.metrics, null);
            info.inputCache = rt;
        }
        return rt;
    }

    @Kernel("ip_route_input_mc")
    private static @Nullable DropReason multicast(SkBuff skb, NetDevice dev, int saddr, int daddr) {
        InDevice in = InDevice.of(dev);
        boolean igmp = Ipv4.protocol(skb.buf, skb.networkHeader) == IpProto.IGMP;
        if (in == null || !(igmp ? in.igmp.isMember(daddr) : in.igmp.accepts(daddr, saddr))) {
            return DropReason.IP_INVALID_DEST;
        }
        if (In4Addr.isMulticast(saddr) || In4Addr.isLimitedBroadcast(saddr)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (In4Addr.isLoopback(saddr) && !fromSelf(skb, dev)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        DropReason bad = validateSource(skb, dev, saddr);
        skb.dst = bad == null ? toEverybody(dev, Rtn.MULTICAST) : null;
        return bad;
    }
}
