package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;

/// No queue (`noqueue`): the packet goes to the driver on the caller's thread, and what it does not
/// take is lost.
public final class NoQueue extends Qdisc {
    @Override
    @HotPath
    public int enqueue(SkBuff skb, NetDevice dev) {
        if (DevQueueXmit.hardStartXmit(skb, dev) == NetDeviceOps.NETDEV_TX_OK) {
            return NET_XMIT_SUCCESS;
        }
        dev.stats.txDropped.increment();
        skb.drop(DropReason.FULL_RING);
        return NET_XMIT_DROP;
    }

    @Override
    public void wake(NetDevice dev) {}

    @Override
    public void reset() {}

    @Override
    public int qlen() {
        return 0;
    }
}
