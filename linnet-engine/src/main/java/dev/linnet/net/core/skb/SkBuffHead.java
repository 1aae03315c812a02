package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import org.jspecify.annotations.Nullable;

/// A queue of packets (`struct sk_buff_head`), without a lock of its own: its owner says which lock
/// guards it. [#qlen()] may be read without it as a hint.
public final class SkBuffHead {
    private @Nullable SkBuff first;
    private @Nullable SkBuff last;
    private volatile int qlen;

    /// First packet, or null (`skb_peek`).
    @HotPath
    public @Nullable SkBuff peek() {
        return first;
    }

    /// Last packet, or null (`skb_peek_tail`).
    @HotPath
    public @Nullable SkBuff peekTail() {
        return last;
    }

    public boolean isEmpty() {
        return first == null;
    }

    public int qlen() {
        return qlen;
    }

    @Kernel("__skb_queue_tail")
    @HotPath
    public void queueTail(SkBuff skb) {
        insert(skb, last, null);
    }

    @Kernel("__skb_queue_head")
    @HotPath
    public void queueHead(SkBuff skb) {
        insert(skb, null, first);
    }

    @Kernel("__skb_queue_after")
    public void queueAfter(SkBuff at, SkBuff skb) {
        insert(skb, at, at.next);
    }

    @Kernel("__skb_queue_before")
    public void queueBefore(SkBuff at, SkBuff skb) {
        insert(skb, at.prev, at);
    }

    /// Takes the first packet out, or null (`__skb_dequeue`).
    @Kernel("__skb_dequeue")
    @HotPath
    public @Nullable SkBuff dequeue() {
        SkBuff skb = first;
        if (skb != null) {
            unlink(skb);
        }
        return skb;
    }

    /// Takes a packet of this queue out (`__skb_unlink`).
    @Kernel("__skb_unlink")
    @HotPath
    public void unlink(SkBuff skb) {
        assert skb.list == this;
        int count = qlen;
        SkBuff n = skb.next;
        SkBuff p = skb.prev;
        if (p == null) {
            first = n;
        } else {
            p.next = n;
        }
        if (n == null) {
            last = p;
        } else {
            n.prev = p;
        }
        skb.next = null;
        skb.prev = null;
        skb.list = null;
        qlen = count - 1;
    }

    /// Ends all packets of the queue.
    @Kernel("__skb_queue_purge")
    public void purge(DropReason reason) {
        SkBuff skb;
        while ((skb = dequeue()) != null) {
            skb.drop(reason);
        }
    }

    private void insert(SkBuff skb, @Nullable SkBuff p, @Nullable SkBuff n) {
        assert skb.list == null : "packet is in a queue already";
        int count = qlen;
        skb.list = this;
        skb.prev = p;
        skb.next = n;
        if (p == null) {
            first = skb;
        } else {
            p.next = skb;
        }
        if (n == null) {
            last = skb;
        } else {
            n.prev = skb;
        }
        qlen = count + 1;
    }
}
