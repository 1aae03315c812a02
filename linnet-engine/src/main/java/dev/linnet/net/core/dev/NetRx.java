package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbZerocopy;

/// The way in: from a device to the network-layer protocol (`net/core/dev.c`).
public final class NetRx {
    private NetRx() {}

    /// Receives one packet in soft-interrupt context; `data` is at the link-layer header for Ethernet
    /// devices whose driver set `macHeader` there and pulled it, else at the network header.
    @Kernel({"__netif_receive_skb_core", "__netif_receive_skb", "netif_receive_skb"})
    @HotPath
    public static void receive(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null : "a packet comes from a device";
        assert dev != null;
        if (!dev.isUp()) {
            skb.drop(DropReason.DEV_READY);
            return;
        }
        dev.stats.rxPackets.increment();
        dev.stats.rxBytes.add(skb.len);
        SkbZerocopy.orphanFragsRx(skb);
        dev.tap(skb, false);
        skb.networkHeader = skb.data;
        skb.skbIif = dev.ifindex;
        PacketType type = PacketTypes.OF.of(dev.net).find(skb.protocol);
        if (type == null) {
            skb.drop(DropReason.UNHANDLED_PROTO);
            return;
        }
        type.rcv(skb, dev);
    }
}
