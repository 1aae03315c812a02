package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import org.jspecify.annotations.Nullable;

/// First in, first out, with a limit in packets (`pfifo`); drops at the tail.
///
/// One thread at a time drains it to the driver, without holding the queue's lock while it does.
public final class Pfifo extends Qdisc {
    private final int limit;
    private final SkBuffHead queue = new SkBuffHead();
    private boolean running;
    private boolean stopped;

    /// @param limit packets that may wait; with 0 every packet is dropped
    public Pfifo(int limit) {
        this.limit = limit;
    }

    @Override
    @Kernel("pfifo_enqueue")
    public int enqueue(SkBuff skb, NetDevice dev) {
        boolean full;
        synchronized (this) {
            full = queue.qlen() >= limit;
            if (!full) {
                queue.queueTail(skb);
            }
        }
        if (full) {
            dev.stats.txDropped.increment();
            skb.drop(DropReason.QDISC_OVERLIMIT);
            return NET_XMIT_DROP;
        }
        run(dev);
        return NET_XMIT_SUCCESS;
    }

    @Kernel("__qdisc_run")
    private void run(NetDevice dev) {
        SkBuff skb;
        while ((skb = next()) != null) {
            if (DevQueueXmit.hardStartXmit(skb, dev) != NetDeviceOps.NETDEV_TX_OK) {
                requeue(skb);
                return;
            }
            done();
        }
    }

    private synchronized @Nullable SkBuff next() {
        if (running || stopped) {
            return null;
        }
        SkBuff skb = queue.dequeue();
        running = skb != null;
        return skb;
    }

    private synchronized void done() {
        running = false;
    }

    private synchronized void requeue(SkBuff skb) {
        queue.queueHead(skb);
        running = false;
        stopped = true;
    }

    @Override
    public void wake(NetDevice dev) {
        synchronized (this) {
            stopped = false;
        }
        run(dev);
    }

    @Override
    public synchronized void reset() {
        queue.purge(DropReason.QDISC_DROP);
    }

    @Override
    public int qlen() {
        return queue.qlen();
    }
}
