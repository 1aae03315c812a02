package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.MacAddr;

/// The Ethernet header of packets that are sent and received (`net/ethernet/eth.c`).
public final class EtherHeader {
    private EtherHeader() {}

    /// The device's own hardware address.
    @HotPath
    public static long address(NetDevice dev) {
        return Bytes.u48(dev.devAddr, 0);
    }

    /// Prepends the header; `data` is then at it (`eth_header`).
    @Kernel("eth_header")
    @HotPath
    public static void push(SkBuff skb, NetDevice dev, long dest) {
        skb.cowHead(SoftIrq.current().stripe, Ethernet.HEADER_BYTES);
        int at = skb.push(Ethernet.HEADER_BYTES);
        skb.macHeader = at;
        Ethernet.put(skb.buf, at, dest, address(dev), skb.protocol);
    }

    /// Takes the header of a received frame off: sets `macHeader`, `protocol`, `dev` and `pktType`. The
    /// frame has at least the 14 bytes of a header, all linear (`eth_type_trans`).
    @Kernel("eth_type_trans")
    @HotPath
    public static void typeTrans(SkBuff skb, NetDevice dev) {
        skb.dev = dev;
        int at = skb.data;
        skb.macHeader = at;
        skb.pull(Ethernet.HEADER_BYTES);
        skb.networkHeader = skb.data;
        skb.protocol = Ethernet.proto(skb.buf, at);
        skb.pktType = packetType(Ethernet.dest(skb.buf, at), dev);
    }

    @HotPath
    private static int packetType(long dest, NetDevice dev) {
        if (dest == address(dev)) {
            return SkBuff.PACKET_HOST;
        }
        if (MacAddr.isBroadcast(dest)) {
            return SkBuff.PACKET_BROADCAST;
        }
        return MacAddr.isMulticast(dest) ? SkBuff.PACKET_MULTICAST : SkBuff.PACKET_OTHERHOST;
    }
}
