package dev.linnet.sim;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one direction of a path does to packets: they wait for their turn, take their time, get lost, come twice.
///
/// Its monitor guards its queue; packets are given on without it, in soft-interrupt context, by the sender's thread or
/// a timer. Thread-safe.
public final class Impairment {
    private record InFlight(long atNs, long order, SkBuff skb) implements Comparable<InFlight> {
        @Override
        public int compareTo(InFlight other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final NetNamespace net;
    private final SplittableRandom random;
    private final Consumer<SkBuff> end;
    private final HrTimer timer;
    private final PriorityQueue<InFlight> inFlight = new PriorityQueue<>();
    private LinkConfig config;
    private long orders;

    /// When the sender's side of the wire is free again.
    private long busyUntilNs;

    private long sent;
    private long lost;
    private boolean cut;

    /// @param net whose clock it goes by
    /// @param seed decides which packets are lost, duplicated …
    /// @param end takes ownership of what comes through
    public Impairment(NetNamespace net, LinkConfig config, long seed, Consumer<SkBuff> end) {
        this.net = net;
        this.config = config;
        this.random = new SplittableRandom(seed);
        this.end = end;
        this.timer = net.timers.hrTimer(Impairment::expire, this);
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long lost() {
        return lost;
    }

    synchronized int waiting() {
        return inFlight.size();
    }

    synchronized void cut(boolean isCut) {
        cut = isCut;
    }

    synchronized void configure(LinkConfig newConfig) {
        config = newConfig;
    }

    /// Sends a packet on its way. Takes ownership.
    public void send(SkBuff skb) {
        if (config.perfect() && !cut) {
            synchronized (this) {
                sent++;
            }
            end.accept(skb);
            return;
        }
        SkBuff copy = null;
        boolean drop;
        synchronized (this) {
            sent++;
            drop = cut || random.nextDouble() < config.loss();
            if (!drop && config.duplicate() > 0 && random.nextDouble() < config.duplicate()) {
                copy = skb.clone(SoftIrq.current().stripe);
            }
            drop = drop || !enqueue(skb);
            if (drop) {
                lost++;
            }
            if (copy != null && !enqueue(copy)) {
                lost++;
            } else {
                copy = null;
            }
        }
        if (drop) {
            skb.drop(DropReason.QDISC_DROP);
        }
        if (copy != null) {
            copy.drop(DropReason.QDISC_DROP);
        }
    }

    /// Puts a packet on the wire; false if the queue in front of it is full.
    private boolean enqueue(SkBuff skb) {
        long now = net.clock.nowNs();
        long leaves = now;
        if (config.rateBps() > 0) {
            long busyNs = Math.max(0, busyUntilNs - now);
            long waiting = busyNs * config.rateBps() / 8_000_000_000L;
            if (waiting > (long) config.limit() * config.mtu()) {
                return false;
            }
            busyUntilNs = Math.max(busyUntilNs, now) + skb.len * 8_000_000_000L / config.rateBps();
            leaves = busyUntilNs;
        }
        if (config.corrupt() > 0 && random.nextDouble() < config.corrupt()) {
            corrupt(skb);
        }
        boolean overtakes = config.reorder() > 0 && random.nextDouble() < config.reorder();
        long delay = overtakes ? 0 : config.delayNs() + jitter();
        inFlight.add(new InFlight(leaves + delay, orders++, skb));
        InFlight first = inFlight.peek();
        if (first != null && first.skb == skb) {
            timer.start(first.atNs);
        }
        return true;
    }

    private long jitter() {
        if (config.jitterNs() == 0) {
            return 0;
        }
        long j = random.nextLong(-config.jitterNs(), config.jitterNs() + 1);
        return Math.max(j, -config.delayNs());
    }

    /// Turns one bit, in a copy of the bytes: others may share them.
    private void corrupt(SkBuff skb) {
        int stripe = SoftIrq.current().stripe;
        if (skb.mayPull(skb.len)) {
            SkbOps.unshareHead(skb, stripe);
            int bit = random.nextInt(skb.len * 8);
            skb.buf[skb.data + bit / 8] ^= (byte) (1 << bit % 8);
            skb.ipSummed = SkBuff.CHECKSUM_NONE;
        }
    }

    private static void expire(Object owner) {
        Impairment path = (Impairment) owner;
        SkBuff skb;
        while ((skb = path.takeDue()) != null) {
            path.end.accept(skb);
        }
    }

    private synchronized @Nullable SkBuff takeDue() {
        InFlight first = inFlight.peek();
        if (first == null) {
            return null;
        }
        if (first.atNs > net.clock.nowNs()) {
            timer.start(first.atNs);
            return null;
        }
        inFlight.remove();
        return first.skb;
    }

    /// Drops what is on the way.
    void stop() {
        while (true) {
            SkBuff skb;
            synchronized (this) {
                InFlight first = inFlight.poll();
                if (first == null) {
                    timer.cancel();
                    return;
                }
                skb = first.skb;
            }
            skb.drop(DropReason.DEV_READY);
        }
    }
}
