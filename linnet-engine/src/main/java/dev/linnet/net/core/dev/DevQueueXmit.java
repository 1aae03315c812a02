package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.SkbTstampTx;
import dev.linnet.uapi.Errno;

/// The way out: from the network layer to the driver (`net/core/dev.c`).
public final class DevQueueXmit {
    private DevQueueXmit() {}

    /// Sends a packet whose `data` is at the header that the device expects. Takes ownership.
    /// Segments and checksums it as far as the device does not do so itself.
    ///
    /// @return `NET_XMIT_*`, or `-ENETDOWN`
    @Kernel({"__dev_queue_xmit", "dev_queue_xmit"})
    @HotPath
    public static int xmit(SkBuff skb, NetDevice dev) {
        if (!dev.isUp()) {
            skb.drop(DropReason.DEV_READY);
            return -Errno.ENETDOWN;
        }
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            skb.dev = dev;
            SkbTstampTx.sched(skb);
            return XmitOffload.needed(skb, dev)
                    ? XmitOffload.segmentAndEnqueue(skb, dev)
                    : dev.qdisc.enqueue(skb, dev);
        } finally {
            irq.enable();
        }
    }

    /// Gives a packet to the driver (`dev_hard_start_xmit`).
    @Kernel("dev_hard_start_xmit")
    @HotPath
    static int hardStartXmit(SkBuff skb, NetDevice dev) {
        int len = skb.len;
        dev.tap(skb, true);
        SkbTstampTx.sent(skb);
        int rc = dev.ops.startXmit(skb, dev);
        if (rc == NetDeviceOps.NETDEV_TX_OK) {
            dev.stats.txPackets.increment();
            dev.stats.txBytes.add(len);
        }
        return rc;
    }
}
