package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// Changes of the IPv4 routing tables (`net/ipv4/fib_frontend.c`).
public final class FibFrontend {
    private FibFrontend() {}

    /// The routes that an address brings with it: to itself, to its network, to the network's
    /// broadcast address (`fib_add_ifaddr`).
    @Kernel("fib_add_ifaddr")
    static void addIfAddr(NetDevice dev, InDevice.IfAddr ifa) {
        FibTable fib = FibTable.OF.of(dev.net);
        int local = ifa.local();
        fib.add(true, local, 32, info(Rtn.LOCAL, Devinet.SCOPE_HOST, dev, local));
        int network = local & In4Addr.mask(ifa.prefixLen());
        if (ifa.secondary() || In4Addr.isZeronet(network)) {
            return;
        }
        if (ifa.broadcast() != 0) {
            fib.add(true, ifa.broadcast(), 32, info(Rtn.BROADCAST, Devinet.SCOPE_LINK, dev, local));
        }
        if (ifa.prefixLen() < 32 || !dev.isLoopback()) {
            int type = dev.isLoopback() ? Rtn.LOCAL : Rtn.UNICAST;
            int scope = dev.isLoopback() ? Devinet.SCOPE_HOST : Devinet.SCOPE_LINK;
            if (ifa.prefixLen() < 32) {
                fib.add(dev.isLoopback(), network, ifa.prefixLen(), info(type, scope, dev, local));
            }
        }
    }

    private static FibInfo info(int type, int scope, NetDevice dev, int prefSrc) {
        return new FibInfo(type, scope, dev, 0, prefSrc, 0, RouteMetrics.NONE, null);
    }

    /// The address that an answer to a received packet comes from: the one that it was sent to, or for
    /// a broadcast or group one of the device's own (`fib_compute_spec_dst`).
    @Kernel("fib_compute_spec_dst")
    public static int computeSpecDst(SkBuff skb) {
        if (skb.dst instanceof Rtable rt && rt.isLocal()) {
            return Ipv4.daddr(skb.buf, skb.networkHeader);
        }
        NetDevice dev = skb.dev;
        assert dev != null : "a received packet has a device";
        int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
        return Devinet.selectAddr(dev, saddr, Devinet.SCOPE_LINK);
    }

    /// Takes back what [#addIfAddr] added (`fib_del_ifaddr`).
    @Kernel("fib_del_ifaddr")
    static void delIfAddr(NetDevice dev, InDevice.IfAddr ifa) {
        FibTable fib = FibTable.OF.of(dev.net);
        int network = ifa.local() & In4Addr.mask(ifa.prefixLen());
        fib.remove(true, ifa.local(), 32, i -> i.dev == dev && i.type == Rtn.LOCAL);
        if (ifa.broadcast() != 0) {
            fib.remove(true, ifa.broadcast(), 32, i -> i.dev == dev && i.type == Rtn.BROADCAST);
        }
        fib.remove(
                dev.isLoopback(),
                network,
                ifa.prefixLen(),
                i -> i.dev == dev && i.gateway == 0 && i.prefSrc == ifa.local());
    }

    /// Removes every route over a device that goes down (`fib_disable_ip`).
    @Kernel("fib_disable_ip")
    static void flushDevice(NetDevice dev) {
        FibTable.OF.of(dev.net).flush(dev);
        dev.net.bumpRouteGenid();
    }

    /// Adds a route to the main table: 0, `-EINVAL` for a destination with host bits,
    /// `-ENETUNREACH` for a gateway that is not on a link, `-ENETDOWN`, `-EEXIST`.
    ///
    /// @param gateway next hop, or 0
    /// @param dev interface, or null to find it from the gateway
    @Kernel({"inet_rtm_newroute", "fib_table_insert"})
    public static int addRoute(
            NetNamespace net,
            int dst,
            int prefixLen,
            int gateway,
            @Nullable NetDevice dev,
            int prefSrc,
            int priority,
            RouteMetrics metrics) {
        if (prefixLen < 0 || prefixLen > 32 || (dst & ~In4Addr.mask(prefixLen)) != 0) {
            return -Errno.EINVAL;
        }
        FibTable fib = FibTable.OF.of(net);
        NetDevice out = dev;
        if (gateway != 0) {
            FibInfo hop = fib.lookup(gateway, dev == null ? 0 : dev.ifindex);
            if (hop == null || hop.gateway != 0) {
                return -Errno.ENETUNREACH;
            }
            if (hop.type != Rtn.UNICAST && hop.type != Rtn.LOCAL) {
                return -Errno.EINVAL; // one of our own addresses may be the next hop, as on Linux
            }
            out = hop.dev;
        }
        if (out == null) {
            return -Errno.ENODEV;
        }
        if (!out.isUp()) {
            return -Errno.ENETDOWN;
        }
        int scope = gateway != 0 ? Devinet.SCOPE_UNIVERSE : Devinet.SCOPE_LINK;
        fib.add(
                false,
                dst,
                prefixLen,
                new FibInfo(Rtn.UNICAST, scope, out, gateway, prefSrc, priority, metrics, null));
        net.bumpRouteGenid();
        return 0;
    }

    /// Removes the first route of a prefix; 0 or `-ESRCH` (`fib_table_delete`).
    @Kernel("fib_table_delete")
    public static int removeRoute(
            NetNamespace net, int dst, int prefixLen, int gateway, @Nullable NetDevice dev) {
        boolean removed =
                FibTable.OF
                        .of(net)
                        .remove(
                                false,
                                dst,
                                prefixLen,
                                i ->
                                        (gateway == 0 || i.gateway == gateway)
                                                && (dev == null || i.dev == dev));
        net.bumpRouteGenid();
        return removed ? 0 : -Errno.ESRCH;
    }
}
