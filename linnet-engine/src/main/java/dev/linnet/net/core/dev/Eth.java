package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.MacAddr;

/// Ethernet framing (`net/ethernet/eth.c`).
public final class Eth {
    private Eth() {}

    /// Prepares a received frame for [SoftnetData#netifRx]: `data` moves from the Ethernet header to
    /// the network header, the EtherType and for whom it is are noted (`eth_type_trans`).
    ///
    /// @return false if the frame is shorter than its header
    @Kernel("eth_type_trans")
    @HotPath
    public static boolean typeTrans(SkBuff skb, NetDevice dev) {
        if (!skb.mayPull(Ethernet.HEADER_BYTES)) {
            return false;
        }
        skb.dev = dev;
        skb.macHeader = skb.data;
        long dest = Ethernet.dest(skb.buf, skb.data);
        skb.protocol = Ethernet.proto(skb.buf, skb.data);
        skb.pull(Ethernet.HEADER_BYTES);
        skb.networkHeader = skb.data;
        if (MacAddr.isBroadcast(dest)) {
            skb.pktType = SkBuff.PACKET_BROADCAST;
        } else if (MacAddr.isMulticast(dest)) {
            skb.pktType = SkBuff.PACKET_MULTICAST;
        } else {
            skb.pktType = dest == dev.mac() ? SkBuff.PACKET_HOST : SkBuff.PACKET_OTHERHOST;
        }
        return true;
    }
}
