package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// A queue that behaves like a bad path (`netem`): packets are lost at random and come out later than
/// they went in. With jitter they may overtake each other.
public final class Netem extends DrainedQdisc {
    private static final int MILLION = 1_000_000;

    private final NetDevice dev;
    private final int limit;
    private final long delayNs;
    private final long jitterNs;
    private final int lossPpm;
    private final HrTimer watchdog;
    private final PriorityQueue<Delayed> queue = new PriorityQueue<>();
    private long order;

    private record Delayed(SkBuff skb, long atNs, long order) implements Comparable<Delayed> {
        @Override
        public int compareTo(Delayed other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// @param limit packets that may be on the way
    /// @param delayNs how long each is on the way
    /// @param jitterNs how much more or less that may be, evenly distributed
    /// @param lossPpm of a million packets so many are lost
    public Netem(NetDevice dev, int limit, long delayNs, long jitterNs, int lossPpm) {
        this.dev = dev;
        this.limit = limit;
        this.delayNs = delayNs;
        this.jitterNs = Math.min(jitterNs, delayNs);
        this.lossPpm = lossPpm;
        this.watchdog = dev.net.timers.hrTimer(owner -> ((Netem) owner).onTime(), this);
    }

    private void onTime() {
        run(dev);
    }

    @Override
    @Kernel("netem_enqueue")
    @Nullable DropReason offer(SkBuff skb, NetDevice device) {
        if (queue.size() >= limit) {
            return DropReason.QDISC_OVERLIMIT;
        }
        if (lossPpm > 0 && dev.net.random.below(MILLION) < lossPpm) {
            // Lost on the way: the sender is not told.
            dev.stats.txDropped.increment();
            skb.drop(DropReason.QDISC_DROP);
            return null;
        }
        long delay = delayNs;
        if (jitterNs > 0) {
            delay += Math.floorMod(dev.net.random.nextLong(), 2 * jitterNs) - jitterNs;
        }
        queue.add(new Delayed(skb, dev.net.clock.nowNs() + delay, order++));
        return null;
    }

    @Override
    @Kernel("netem_dequeue")
    @Nullable SkBuff poll(NetDevice device) {
        Delayed first = queue.peek();
        if (first == null) {
            return null;
        }
        if (first.atNs > dev.net.clock.nowNs()) {
            watchdog.start(first.atNs);
            return null;
        }
        queue.remove();
        return first.skb;
    }

    @Override
    void purge() {
        watchdog.cancel();
        queue.forEach(delayed -> delayed.skb.drop(DropReason.QDISC_DROP));
        queue.clear();
    }

    @Override
    int waiting() {
        return queue.size();
    }
}
