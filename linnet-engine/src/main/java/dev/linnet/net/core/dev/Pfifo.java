package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import org.jspecify.annotations.Nullable;

/// First in, first out, with a limit in packets (`pfifo`) or bytes (`bfifo`); drops at the tail.
public final class Pfifo extends DrainedQdisc {
    private final long limit;
    private final boolean inBytes;
    private final SkBuffHead queue = new SkBuffHead();
    private long bytes;

    private Pfifo(long limit, boolean inBytes) {
        this.limit = limit;
        this.inBytes = inBytes;
    }

    /// @param limit packets that may wait; with 0 every packet is dropped
    public Pfifo(int limit) {
        this(limit, false);
    }

    /// The queue with a limit of bytes.
    public static Pfifo ofBytes(long limit) {
        return new Pfifo(limit, true);
    }

    @Override
    @Kernel({"pfifo_enqueue", "bfifo_enqueue"})
    @Nullable DropReason offer(SkBuff skb, NetDevice dev) {
        if (inBytes ? bytes + skb.len > limit : queue.qlen() >= limit) {
            return DropReason.QDISC_OVERLIMIT;
        }
        queue.queueTail(skb);
        bytes += skb.len;
        return null;
    }

    @Override
    @Nullable SkBuff poll(NetDevice dev) {
        SkBuff skb = queue.dequeue();
        bytes -= skb == null ? 0 : skb.len;
        return skb;
    }

    @Override
    void purge() {
        queue.purge(DropReason.QDISC_DROP);
        bytes = 0;
    }

    @Override
    int waiting() {
        return queue.qlen();
    }
}
