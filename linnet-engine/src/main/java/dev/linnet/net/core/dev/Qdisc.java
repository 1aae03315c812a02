package dev.linnet.net.core.dev;

import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;

/// The queue in front of a device (`struct Qdisc`). Safe from any thread.
public abstract class Qdisc {
    /// Accepted.
    public static final int NET_XMIT_SUCCESS = 0;

    /// Dropped here.
    public static final int NET_XMIT_DROP = 1;

    /// Accepted, but congestion was signalled.
    public static final int NET_XMIT_CN = 2;

    /// Takes ownership of a packet: sends it now, queues it, or drops it.
    public abstract int enqueue(SkBuff skb, NetDevice dev);

    /// The device has room again: send what waits.
    public abstract void wake(NetDevice dev);

    /// Drops everything that waits.
    public abstract void reset();

    /// Gives a packet to the driver; what it has no room for is lost. For queues in Linnet's other modules.
    protected static void transmit(SkBuff skb, NetDevice dev) {
        if (DevQueueXmit.hardStartXmit(skb, dev) != NetDeviceOps.NETDEV_TX_OK) {
            dev.stats.txDropped.increment();
            skb.drop(DropReason.FULL_RING);
        }
    }

    /// Packets that wait.
    public abstract int qlen();
}
