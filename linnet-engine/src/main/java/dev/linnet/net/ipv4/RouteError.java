package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.RouteSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;

/// Received packets that no route leads on (`ip_error`).
final class RouteError {
    private RouteError() {}

    /// Counts the packet and, if this host is a router, tells its sender. The packet stays the
    /// caller's.
    ///
    /// @param why `IP_INNOROUTES` or `IP_INADDRERRORS`
    /// @return what the packet dies of: for a host that is no router it came to the wrong address
    @Kernel("ip_error")
    static DropReason report(SkBuff skb, NetDevice dev, DropReason why) {
        NetNamespace net = dev.net;
        InDevice in = InDevice.of(dev);
        if (in == null || in.conf.get(ConfSysctls.FORWARDING) == 0) {
            net.mib.inc(IpMib.INADDRERRORS);
            return DropReason.IP_INADDRERRORS;
        }
        int code = Icmp.HOST_UNREACH;
        if (why == DropReason.IP_INNOROUTES) {
            net.mib.inc(IpMib.INNOROUTES);
            code = Icmp.NET_UNREACH;
        }
        int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
        InetPeers.Peer peer = InetPeers.OF.of(net).get(0, In6Addr.mapV4(saddr));
        int cost = net.sysctl.get(RouteSysctls.ERROR_COST);
        int burst = net.sysctl.get(RouteSysctls.ERROR_BURST);
        if (peer.errorAllow(net.clock.jiffies(), cost, burst)) {
            Icmp4.send(skb, Icmp.DEST_UNREACH, code, 0);
        }
        return why;
    }
}
