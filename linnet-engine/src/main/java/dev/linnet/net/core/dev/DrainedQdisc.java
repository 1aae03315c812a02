package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// A queue that really holds packets. Which packet is taken and which goes next is decided by the
/// kinds; this drains them to the driver: one thread at a time, without the queue's lock while the
/// driver has the packet.
public abstract class DrainedQdisc extends Qdisc {
    private boolean running;
    private boolean stopped;

    /// What the driver had no room for; it goes first (`gso_skb`).
    private @Nullable SkBuff refused;

    /// Takes a packet into the queue, or says why not; then the caller still owns it and the sender is
    /// told. The lock is held.
    abstract @Nullable DropReason offer(SkBuff skb, NetDevice dev);

    /// The packet that goes next, or null if none may go now. The lock is held.
    abstract @Nullable SkBuff poll(NetDevice dev);

    /// Drops all packets. The lock is held.
    abstract void purge();

    /// Packets that wait. The lock is held.
    abstract int waiting();

    @Override
    public final int enqueue(SkBuff skb, NetDevice dev) {
        DropReason reason;
        synchronized (this) {
            reason = offer(skb, dev);
        }
        if (reason != null) {
            dev.stats.txDropped.increment();
            skb.drop(reason);
            return NET_XMIT_DROP;
        }
        run(dev);
        return NET_XMIT_SUCCESS;
    }

    /// Gives the driver what may go now.
    @Kernel("__qdisc_run")
    final void run(NetDevice dev) {
        SkBuff skb;
        while ((skb = next(dev)) != null) {
            boolean taken = DevQueueXmit.hardStartXmit(skb, dev) == NetDeviceOps.NETDEV_TX_OK;
            done(taken ? null : skb);
        }
    }

    private synchronized @Nullable SkBuff next(NetDevice dev) {
        if (running || stopped) {
            return null;
        }
        SkBuff skb = refused != null ? refused : poll(dev);
        refused = null;
        running = skb != null;
        return skb;
    }

    private synchronized void done(@Nullable SkBuff back) {
        refused = back;
        running = false;
        stopped = back != null;
    }

    @Override
    public final void wake(NetDevice dev) {
        synchronized (this) {
            stopped = false;
        }
        run(dev);
    }

    @Override
    public final synchronized void reset() {
        if (refused != null) {
            refused.drop(DropReason.QDISC_DROP);
            refused = null;
        }
        purge();
    }

    @Override
    public final synchronized int qlen() {
        return waiting() + (refused == null ? 0 : 1);
    }
}
