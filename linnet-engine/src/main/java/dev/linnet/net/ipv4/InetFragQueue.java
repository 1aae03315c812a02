package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.SkbOps;
import org.jspecify.annotations.Nullable;

/// The fragments of one datagram, of either family (`struct inet_frag_queue`).
///
/// Fragments are kept in order of their place, [SkBuff#ipDefragOffset], without their headers. One
/// that repeats what is here is dropped; one that repeats only in part, or contradicts the length,
/// condemns the datagram (RFC 5722). Guarded by its monitor unless it says otherwise.
///
/// @param <K> as in [InetFrags]
public abstract class InetFragQueue<K> {
    /// Verdicts of [#insert].
    public static final int OK = 0;

    /// All of it was here already.
    public static final int DUP = 1;

    /// Some of it was here already.
    public static final int OVERLAP = 2;

    /// What an empty queue costs in memory.
    private static final int QUEUE_BYTES = 200;

    private static final int HEADROOM = 128;

    private static final KTimer.Function EXPIRE = owner -> ((InetFragQueue<?>) owner).expire();

    protected final K key;
    private final InetFrags<K> frags;
    private final KTimer timer;
    private final SkBuffHead fragments = new SkBuffHead();

    /// Length of the datagram's data as far as it is known, and how much of it is here.
    private int len;

    private int meat;
    private boolean firstIn;
    private boolean lastIn;
    private boolean dead;

    /// The device that the latest fragment came over.
    private volatile int ifindex;

    /// Largest fragment so far, header included; largest of those with DF.
    protected int maxSize;

    protected int maxDfSize;

    /// The ECN bits seen, a set of `1 << bits`.
    protected int ecn;

    protected InetFragQueue(InetFrags<K> frags, K key) {
        this.frags = frags;
        this.key = key;
        this.timer = frags.net.timers.timer(EXPIRE, this);
    }

    final synchronized void start() {
        charge(QUEUE_BYTES);
        if (!dead) {
            timer.mod(frags.net.clock.jiffies() + frags.timeout());
        }
    }

    /// Tells of a datagram whose fragments did not come in time; without the monitor.
    ///
    /// @param first the first fragment, its data behind the header, or null if it is not here; stays
    ///     the caller's
    protected abstract void expired(@Nullable SkBuff first);

    private void charge(int bytes) {
        frags.charge(bytes);
    }

    final int ifindex() {
        return ifindex;
    }

    /// True once the datagram is whole or was given up: the queue takes no more.
    protected final boolean isDead() {
        return dead;
    }

    /// The fragment that comes first of those that are here, or null.
    protected final @Nullable SkBuff first() {
        return fragments.peek();
    }

    /// True while it has no fragment.
    protected final boolean isEmpty() {
        return fragments.isEmpty();
    }

    /// Bytes of data that the whole datagram will have, as far as known.
    protected final int length() {
        return len;
    }

    /// True if all of the datagram is here.
    protected final boolean isComplete() {
        return firstIn && lastIn && meat == len;
    }

    // ---- taking in
    // ---------------------------------------------------------------------------------

    /// Notes what a fragment's place says of the length; false if that contradicts the others.
    ///
    /// @param end where its data ends in the datagram
    /// @param isLast no more fragments follow
    protected final boolean noteEnd(int end, boolean isLast) {
        if (isLast) {
            if (end < len || (lastIn && end != len)) {
                return false;
            }
            lastIn = true;
            len = end;
        } else if (end > len) {
            if (lastIn) {
                return false;
            }
            len = end;
        }
        return true;
    }

    /// Puts a fragment at its place and takes it over, or says why not and leaves it to the caller
    /// (`inet_frag_queue_insert`).
    @Kernel("inet_frag_queue_insert")
    protected final int insert(SkBuff skb, int offset) {
        int end = offset + skb.len;
        SkBuff before = fragments.peekTail();
        while (before != null && before.ipDefragOffset > offset) {
            before = before.prev;
        }
        SkBuff after = before == null ? fragments.peek() : before.next;
        if (before != null && endOf(before) > offset) {
            return runEnd(before) >= end ? DUP : OVERLAP;
        }
        if (after != null && after.ipDefragOffset < end) {
            return OVERLAP;
        }
        skb.ipDefragOffset = offset;
        if (before == null) {
            fragments.queueHead(skb);
        } else {
            fragments.queueAfter(before, skb);
        }
        meat += skb.len;
        firstIn |= offset == 0;
        ifindex = skb.skbIif;
        charge(skb.truesize);
        return OK;
    }

    private static int endOf(SkBuff skb) {
        return skb.ipDefragOffset + skb.len;
    }

    /// Where the data ends that follows a fragment without a gap.
    private static int runEnd(SkBuff from) {
        int end = endOf(from);
        for (SkBuff skb = from.next; skb != null && skb.ipDefragOffset == end; skb = skb.next) {
            end = endOf(skb);
        }
        return end;
    }

    /// Begins anew with the time that a datagram has: its fragments were from another one
    /// (`ip_frag_reinit`).
    @Kernel("ip_frag_reinit")
    protected final void restart(DropReason reason) {
        drop(reason);
        len = 0;
        meat = 0;
        firstIn = false;
        lastIn = false;
        ecn = 0;
        maxSize = 0;
        maxDfSize = 0;
        timer.mod(frags.net.clock.jiffies() + frags.timeout());
    }

    private void drop(DropReason reason) {
        SkBuff skb;
        while ((skb = fragments.dequeue()) != null) {
            charge(-skb.truesize);
            skb.drop(reason);
        }
    }

    // ---- putting together
    // --------------------------------------------------------------------------

    /// Takes the whole datagram out: the first fragment with the data of all, `headerBytes` of headers
    /// in front. The queue is dead then (`inet_frag_reasm_finish`).
    @Kernel({"inet_frag_reasm_prepare", "inet_frag_reasm_finish"})
    protected final SkBuff assemble(int headerBytes) {
        kill();
        boolean verified = allVerified();
        int count = fragments.qlen();
        SkBuff whole = fragments.dequeue();
        assert whole != null : "a complete datagram has fragments";
        charge(-whole.truesize);
        whole.push(headerBytes);
        whole.cowHead(SoftIrq.current().stripe, 0);
        if (count > SkbOps.MAX_FRAGS) {
            whole = inOnePage(whole, headerBytes);
        }
        SkBuff skb;
        while ((skb = fragments.dequeue()) != null) {
            charge(-skb.truesize);
            append(whole, skb, count > SkbOps.MAX_FRAGS);
        }
        charge(-QUEUE_BYTES);
        whole.ipDefragOffset = 0;
        if (!verified) {
            whole.ipSummed = SkBuff.CHECKSUM_NONE;
        }
        return whole;
    }

    private boolean allVerified() {
        for (SkBuff skb = fragments.peek(); skb != null; skb = skb.next) {
            if (skb.ipSummed != SkBuff.CHECKSUM_UNNECESSARY) {
                return false;
            }
        }
        return true;
    }

    /// So many fragments are better copied than kept.
    private SkBuff inOnePage(SkBuff first, int headerBytes) {
        int stripe = SoftIrq.current().stripe;
        first.mayPull(first.len);
        SkBuff whole =
                SkbOps.copyHeaders(
                        first, stripe, HEADROOM, first.len, len + headerBytes - first.len);
        first.consume();
        return whole;
    }

    private static void append(SkBuff whole, SkBuff skb, boolean copy) {
        if (copy) {
            int n = skb.len;
            int at = whole.put(n);
            SkbOps.copyBits(skb, 0, whole.buf, at, n);
        } else {
            SkbOps.coalesce(whole, skb, Integer.MAX_VALUE);
        }
        skb.consume();
    }

    // ---- the end
    // -----------------------------------------------------------------------------------

    /// The queue takes no more and is not found any more (`inet_frag_kill`).
    @Kernel("inet_frag_kill")
    private void kill() {
        dead = true;
        timer.shutdown();
        frags.remove(this);
    }

    /// Gives the datagram up (`inet_frag_kill`, `inet_frag_destroy`).
    @Kernel("inet_frag_destroy")
    protected final void discard(DropReason reason) {
        if (!dead) {
            kill();
            drop(reason);
            charge(-QUEUE_BYTES);
        }
    }

    synchronized void purge() {
        discard(DropReason.QUEUE_PURGE);
    }

    @Kernel({"ip_expire", "ip6frag_expire_frag_queue"})
    private void expire() {
        SkBuff first = null;
        synchronized (this) {
            if (dead) {
                return;
            }
            if (firstIn) {
                first = fragments.dequeue();
                assert first != null : "the first fragment is there";
                charge(-first.truesize);
            }
            discard(DropReason.FRAG_REASM_TIMEOUT);
        }
        expired(first);
        if (first != null) {
            first.drop(DropReason.FRAG_REASM_TIMEOUT);
        }
    }
}
