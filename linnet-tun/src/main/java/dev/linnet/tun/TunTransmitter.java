package dev.linnet.tun;

import dev.linnet.host.TunDevice;
import dev.linnet.host.TunQueue;
import dev.linnet.host.VnetHeader;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.skb.SegmentHeader;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbZerocopy;

/// Sends packets to a TUN device: the virtio header and the packet's headers from the linear part,
/// the payload from its pages, in one system call on the sender's thread.
final class TunTransmitter extends NetDeviceOps {
    private static final int MAX_PARTS = 66;

    /// Where a packet's parts are, for one call of one thread.
    private static final class Parts {
        final byte[][] arrays = new byte[MAX_PARTS][];
        final int[] offsets = new int[MAX_PARTS];
        final int[] lengths = new int[MAX_PARTS];
    }

    private static final ThreadLocal<Parts> PARTS = ThreadLocal.withInitial(Parts::new);

    private final TunQueue[] queues;
    private final boolean vnetHeader;

    TunTransmitter(TunDevice device) {
        this.queues = device.queues().toArray(new TunQueue[0]);
        this.vnetHeader = device.hasVnetHeader();
    }

    @Override
    @HotPath
    public int startXmit(SkBuff skb, NetDevice dev) {
        SoftIrq irq = SoftIrq.current();
        if (vnetHeader) {
            skb.cowHead(irq.stripe, VnetHeader.SIZE);
            putVnetHeader(skb);
        }
        int result = write(skb, queues[queues.length == 1 ? 0 : flow(skb) % queues.length]);
        if (result < 0) {
            dev.stats.txErrors.increment();
            skb.drop(DropReason.FULL_RING);
        } else {
            SkbZerocopy.dataCopied(skb); // the machine has it
            skb.consume();
        }
        return NETDEV_TX_OK;
    }

    /// Packets of one connection keep their order: they go through one queue.
    private static int flow(SkBuff skb) {
        return skb.hash & Integer.MAX_VALUE;
    }

    @HotPath
    private static int write(SkBuff skb, TunQueue queue) {
        int headlen = skb.headlen();
        switch (skb.nrFrags) {
            case 0 -> {
                return queue.write(skb.buf, skb.data, headlen);
            }
            case 1 -> {
                return queue.write(
                        skb.buf,
                        skb.data,
                        headlen,
                        skb.fragPage[0].data,
                        skb.fragOff[0],
                        skb.fragLen[0]);
            }
            default -> {
                return writeParts(skb, queue, headlen);
            }
        }
    }

    @HotPath
    private static int writeParts(SkBuff skb, TunQueue queue, int headlen) {
        Parts parts = PARTS.get();
        parts.arrays[0] = skb.buf;
        parts.offsets[0] = skb.data;
        parts.lengths[0] = headlen;
        for (int i = 0; i < skb.nrFrags; i++) {
            parts.arrays[i + 1] = skb.fragPage[i].data;
            parts.offsets[i + 1] = skb.fragOff[i];
            parts.lengths[i + 1] = skb.fragLen[i];
        }
        return queue.write(parts.arrays, parts.offsets, parts.lengths, skb.nrFrags + 1);
    }

    /// What the machine is to complete: checksum and segmentation (`virtio_net_hdr_from_skb`).
    @HotPath
    private static void putVnetHeader(SkBuff skb) {
        int packet = skb.data;
        int at = skb.push(VnetHeader.SIZE);
        if (skb.ipSummed != SkBuff.CHECKSUM_PARTIAL) {
            VnetHeader.putPlain(skb.buf, at);
        } else if (skb.gsoSize == 0) {
            VnetHeader.putChecksum(skb.buf, at, skb.csumStart - packet, skb.csumOffset);
        } else {
            VnetHeader.put(
                    skb.buf,
                    at,
                    VnetHeader.F_NEEDS_CSUM,
                    gsoType(skb),
                    skb.transportHeader - packet + SegmentHeader.transportBytes(skb),
                    skb.gsoSize,
                    skb.csumStart - packet,
                    skb.csumOffset);
        }
    }

    @HotPath
    private static int gsoType(SkBuff skb) {
        int ecn = (skb.gsoType & SkBuff.GSO_TCP_ECN) != 0 ? VnetHeader.GSO_ECN : 0;
        if ((skb.gsoType & SkBuff.GSO_TCPV4) != 0) {
            return VnetHeader.GSO_TCPV4 | ecn;
        }
        return (skb.gsoType & SkBuff.GSO_TCPV6) != 0
                ? VnetHeader.GSO_TCPV6 | ecn
                : VnetHeader.GSO_UDP_L4;
    }
}
