package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.MacAddr;
import org.jspecify.annotations.Nullable;

/// From the network layer to a neighbour: finds its link-layer address where the link has such
/// (`neigh_output`). Takes ownership; `NET_XMIT_*` or `-errno`.
public final class NeighOutput {
    private NeighOutput() {}

    /// Sends an IPv4 packet.
    ///
    /// @param nexthop the neighbour, or the group or broadcast address
    /// @param type kind of the route, one of [Rtn]
    @Kernel("ip_neigh_for_gw")
    @HotPath
    public static int xmit4(SkBuff skb, NetDevice dev, int nexthop, int type) {
        if (dev.hardHeaderLen == 0) {
            return DevQueueXmit.xmit(skb, dev);
        }
        if (type == Rtn.MULTICAST) {
            return direct(skb, dev, MacAddr.ofMulticast(nexthop));
        }
        if (type == Rtn.BROADCAST) {
            return direct(skb, dev, MacAddr.BROADCAST);
        }
        return resolve(skb, dev, NeighTables.OF.of(dev.net).arp(), 0, In6Addr.mapV4(nexthop));
    }

    /// Sends an IPv6 packet; a multicast next hop needs no resolution.
    @Kernel("ip_neigh_gw6")
    @HotPath
    public static int xmit6(SkBuff skb, NetDevice dev, long hi, long lo) {
        if (dev.hardHeaderLen == 0) {
            return DevQueueXmit.xmit(skb, dev);
        }
        if (In6Addr.isMulticast(hi)) {
            return direct(skb, dev, MacAddr.ofMulticastV6(lo));
        }
        return resolve(skb, dev, NeighTables.OF.of(dev.net).nd(), hi, lo);
    }

    @HotPath
    private static int resolve(
            SkBuff skb, NetDevice dev, @Nullable NeighTable table, long hi, long lo) {
        if ((dev.flags & NetDevice.IFF_NOARP) != 0) {
            return direct(skb, dev, EtherHeader.address(dev));
        }
        Neighbour neigh = table == null ? null : table.lookupOrCreate(dev, hi, lo);
        if (neigh == null) {
            skb.drop(DropReason.NEIGH_CREATEFAIL);
            return -Errno.ENOBUFS;
        }
        Sock sk = skb.sk;
        if (sk != null && sk.takeDstConfirm()) {
            neigh.confirm();
        }
        return neigh.output(skb);
    }

    /// Sends to a link-layer address that needs no resolution.
    @Kernel("neigh_direct_output")
    @HotPath
    static int direct(SkBuff skb, NetDevice dev, long lladdr) {
        EtherHeader.push(skb, dev, lladdr);
        return DevQueueXmit.xmit(skb, dev);
    }
}
