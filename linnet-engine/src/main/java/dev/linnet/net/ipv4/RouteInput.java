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
            skb.dst = toEverybody(dev, Rtn.BROADCAST);
            return null;
        }
        DropReason martian = martian(dev, saddr, daddr);
        if (martian != null) {
            return martian;
        }
        FibInfo info = FibTable.OF.of(net).lookup(daddr, 0);
        if (info == null) {
            return DropReason.IP_INNOROUTES;
        }
        DropReason bad = validateSource(net, dev, saddr);
        return bad != null ? bad : accept(skb, dev, info);
    }

    private static Rtable toEverybody(NetDevice dev, int type) {
        return new Rtable(dev, type, 0, true, RouteMetrics.NONE, null);
    }

    private static @Nullable DropReason martian(NetDevice dev, int saddr, int daddr) {
        if (In4Addr.isZeronet(saddr) && saddr != 0) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (In4Addr.isZeronet(daddr)) {
            return DropReason.IP_INVALID_DEST;
        }
        if (!dev.isLoopback()) {
            if (In4Addr.isLoopback(daddr) || In4Addr.isLoopback(saddr)) {
                return DropReason.IP_LOCALNET;
            }
        }
        return null;
    }

    /// One of our own addresses cannot come from outside (`fib_validate_source`).
    @Kernel("fib_validate_source")
    private static @Nullable DropReason validateSource(NetNamespace net, NetDevice dev, int saddr) {
        if (dev.isLoopback() || saddr == 0) {
            return null;
        }
        FibInfo source = FibTable.OF.of(net).lookupLocal(saddr);
        return source != null && source.type == Rtn.LOCAL ? DropReason.IP_LOCAL_SOURCE : null;
    }

    @HotPath
    private static @Nullable DropReason accept(SkBuff skb, NetDevice dev, FibInfo info) {
        if (info.type == Rtn.LOCAL) {
            skb.dst = cached(info, dev.net.loopback());
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
        skb.dst = toEverybody(dev, Rtn.MULTICAST);
        return null;
    }
}
