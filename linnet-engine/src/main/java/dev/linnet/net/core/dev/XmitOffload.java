package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbChecksum;
import org.jspecify.annotations.Nullable;

/// What the stack does in place of a device that cannot: segmentation, checksums, gathering
/// (`validate_xmit_skb`).
final class XmitOffload {
    private XmitOffload() {}

    /// True if the device cannot take the packet as it is (`netif_skb_features`).
    @Kernel({"netif_skb_features", "netif_needs_gso"})
    @HotPath
    static boolean needed(SkBuff skb, NetDevice dev) {
        int features = dev.features;
        return (skb.gsoSize != 0 && !takesWhole(skb, dev, features))
                || (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL
                        && (features & NetDevice.F_HW_CSUM) == 0)
                || (skb.nrFrags > 0 && (features & NetDevice.F_SG) == 0);
    }

    @Kernel("gso_features_check")
    @HotPath
    private static boolean takesWhole(SkBuff skb, NetDevice dev, int features) {
        int wanted = featureFor(skb.gsoType) | NetDevice.F_HW_CSUM | NetDevice.F_SG;
        return (features & wanted) == wanted
                && skb.len - dev.hardHeaderLen <= dev.gsoMaxSize
                && skb.gsoSegs <= dev.gsoMaxSegs;
    }

    @HotPath
    private static int featureFor(int gsoType) {
        int feature = 0;
        if ((gsoType & SkBuff.GSO_TCPV4) != 0) {
            feature |= NetDevice.F_TSO;
        }
        if ((gsoType & SkBuff.GSO_TCPV6) != 0) {
            feature |= NetDevice.F_TSO6;
        }
        if ((gsoType & SkBuff.GSO_TCP_ECN) != 0) {
            feature |= NetDevice.F_TSO_ECN;
        }
        if ((gsoType & SkBuff.GSO_UDP_L4) != 0) {
            feature |= NetDevice.F_GSO_UDP_L4;
        }
        return feature;
    }

    /// Makes the packet fit the device and queues it, in several packets where it must be cut up.
    /// Takes ownership.
    ///
    /// @return `NET_XMIT_*`; `NET_XMIT_CN` if only some of the segments were dropped
    @Kernel({"validate_xmit_skb", "validate_xmit_skb_list"})
    @HotPath
    static int segmentAndEnqueue(SkBuff skb, NetDevice dev) {
        int features = dev.features;
        if (skb.gsoSize != 0 && !takesWhole(skb, dev, features)) {
            boolean hwCsum = (features & NetDevice.F_HW_CSUM) != 0;
            SkBuff segments = GsoSegment.segment(skb, hwCsum);
            if (segments == null) {
                dev.stats.txDropped.increment();
                skb.drop(DropReason.SKB_GSO_SEG);
                return Qdisc.NET_XMIT_DROP;
            }
            skb.consume();
            return enqueueAll(segments, dev);
        }
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL && (features & NetDevice.F_HW_CSUM) == 0) {
            if (!SkbChecksum.help(skb)) {
                dev.stats.txDropped.increment();
                skb.drop(DropReason.SKB_CSUM);
                return Qdisc.NET_XMIT_DROP;
            }
        }
        return enqueue(skb, dev);
    }

    @HotPath
    private static int enqueueAll(SkBuff segments, NetDevice dev) {
        boolean sent = false;
        boolean dropped = false;
        SkBuff seg = segments;
        while (seg != null) {
            SkBuff next = unchain(seg);
            boolean taken = enqueue(seg, dev) == Qdisc.NET_XMIT_SUCCESS;
            sent |= taken;
            dropped |= !taken;
            seg = next;
        }
        if (!dropped) {
            return Qdisc.NET_XMIT_SUCCESS;
        }
        return sent ? Qdisc.NET_XMIT_CN : Qdisc.NET_XMIT_DROP;
    }

    @HotPath
    private static @Nullable SkBuff unchain(SkBuff seg) {
        SkBuff next = seg.next;
        seg.next = null;
        return next;
    }

    /// A device without gathering gets the packet in one piece.
    @HotPath
    private static int enqueue(SkBuff skb, NetDevice dev) {
        if (skb.nrFrags > 0 && (dev.features & NetDevice.F_SG) == 0 && !skb.mayPull(skb.len)) {
            dev.stats.txDropped.increment();
            skb.drop(DropReason.NOMEM);
            return Qdisc.NET_XMIT_DROP;
        }
        return dev.qdisc.enqueue(skb, dev);
    }
}
