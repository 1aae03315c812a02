package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The packet memory of one stack: pages, and the [SkBuff]s themselves, reused.
///
/// Free packets are kept in stacks of which each thread uses one ([SoftIrq#stripe]); a stack whose
/// top is being changed by somebody else is passed over rather than waited for.
public final class SkBuffPool extends PagePool {
    private static final int STRIPES = 8;
    private static final int SPACING = 16;
    private static final int KEEP = 1024;

    /// Marks a stack that somebody is at.
    private final SkBuff busy = new SkBuff(this);

    /// What packets died of.
    public final DropCounters drops = new DropCounters();

    private final AtomicReferenceArray<@Nullable SkBuff> tops =
            new AtomicReferenceArray<>(STRIPES * SPACING);

    /// Packets taken from a stack less packets returned to it, beside its top, changed while that
    /// is [#busy]; only the sum means something.
    private final long[] out = new long[STRIPES * SPACING];

    /// Packets made less packets left to the garbage collector.
    private final LongAdder made = new LongAdder();

    /// An empty packet, all fields at their defaults.
    @HotPath
    public SkBuff allocSkb(int stripe) {
        SkBuff skb = pop(stripe);
        if (skb == null) {
            skb = newSkb();
        }
        skb.inUse = true;
        return skb;
    }

    private SkBuff newSkb() {
        made.increment();
        return new SkBuff(this);
    }

    @HotPath
    private @Nullable SkBuff pop(int stripe) {
        for (int i = 0; i < STRIPES; i++) {
            int at = ((stripe + i) & (STRIPES - 1)) * SPACING;
            SkBuff top = tops.get(at);
            if (top != null && top != busy && tops.compareAndSet(at, top, busy)) {
                out[at]++;
                tops.set(at, top.next);
                top.next = null;
                return top;
            }
        }
        return null;
    }

    @HotPath
    void release(SkBuff skb) {
        int home = SoftIrq.current().stripe;
        for (int i = 0; i < STRIPES; i++) {
            int at = ((home + i) & (STRIPES - 1)) * SPACING;
            SkBuff top = tops.get(at);
            int depth = top == null ? 0 : top.poolDepth;
            if (top != busy && depth < KEEP && tops.compareAndSet(at, top, busy)) {
                skb.next = top;
                skb.poolDepth = depth + 1;
                out[at]--;
                tops.set(at, skb);
                return;
            }
        }
        made.decrement();
    }

    /// Packets and pages that are out of the pool: zero when every packet has found its end.
    @Override
    public long outstanding() {
        return outstandingSkbs() + super.outstanding();
    }

    /// Packets that are out of the pool; exact while no thread is at it.
    public long outstandingSkbs() {
        VarHandle.fullFence(); // what others have counted is visible
        long sum = made.sum();
        for (int at = 0; at < out.length; at += SPACING) {
            sum += out[at];
        }
        return sum;
    }
}
