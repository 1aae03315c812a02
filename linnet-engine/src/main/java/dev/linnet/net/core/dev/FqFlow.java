package dev.linnet.net.core.dev;

import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import org.jspecify.annotations.Nullable;

/// One flow of an [Fq]: the packets of a sock in the order of their departure. Guarded by the queue's
/// lock.
final class FqFlow implements Comparable<FqFlow> {
    final SkBuffHead queue = new SkBuffHead();

    /// Bytes that may go before the others have their turn.
    int credit;

    /// Nothing of the flow goes before, ns.
    long timeNextPacketNs;

    /// Since when it has no packets, jiffies; its place in the lists meanwhile is none.
    long idleSince;

    boolean listed;

    FqFlow(int credit) {
        this.credit = credit;
    }

    /// When a packet is to leave: TCP says it of its segments; others as soon as they may.
    static long departureNs(SkBuff skb) {
        return skb.sk == null ? 0 : skb.tstampNs;
    }

    /// Puts a packet behind all that leave before or with it.
    void add(SkBuff skb) {
        long at = departureNs(skb);
        SkBuff behind = queue.peekTail();
        while (at != 0 && behind != null && departureNs(behind) > at) {
            behind = before(behind);
        }
        if (behind == null && !queue.isEmpty()) {
            queue.queueHead(skb);
        } else if (behind == null || behind == queue.peekTail()) {
            queue.queueTail(skb);
        } else {
            queue.queueAfter(behind, skb);
        }
    }

    private @Nullable SkBuff before(SkBuff skb) {
        return skb == queue.peek() ? null : skb.prev;
    }

    @Override
    public int compareTo(FqFlow other) {
        return Long.compare(timeNextPacketNs, other.timeNextPacketNs);
    }
}
