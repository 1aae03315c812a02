package dev.linnet.kernel.sched;

import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.Timers;
import dev.linnet.kernel.time.VirtualClock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Virtual time: one thread runs at a time, and the clock moves only when every thread waits.
///
/// The thread that made the scheduler holds the baton first; others join through [#start]. The baton
/// changes hands only where a thread waits (in a blocking call, [#sleep], [#yieldNow()]) or ends.
/// Who gets it is drawn from the seed. When nobody can run, the clock jumps to the next timer or
/// deadline. Work takes no virtual time, so a run depends on nothing but the program and the seed.
///
/// A thread that the scheduler does not know gets an `IllegalStateException` when it tries to wait.
public final class VirtualScheduler extends Scheduler {
    /// A thread of this scheduler.
    static final class Strand {
        final String name;
        final long order;
        @Nullable Thread thread;
        @Nullable Waiter waiter;
        boolean runnable;
        volatile boolean hasBaton;

        Strand(String name, long order) {
            this.name = name;
            this.order = order;
        }
    }

    private record Sleeper(long deadlineNs, long order, Strand strand, Waiter waiter)
            implements Comparable<Sleeper> {
        @Override
        public int compareTo(Sleeper other) {
            int byTime = Long.compare(deadlineNs, other.deadlineNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// For how long timers may run by themselves while every thread waits without a deadline. Some
    /// do for ever, like router solicitations, and wake nobody.
    private static final long PATIENCE_NS = 365 * 86_400 * 1_000_000_000L;

    private final VirtualClock clock = new VirtualClock();
    private final Timers timers = new Timers(clock, () -> {});
    private final SplittableRandom random;
    private final Object lock = new Object();

    // All below is guarded by `lock`.
    private final Map<Thread, Strand> strands = new IdentityHashMap<>();
    private final List<Strand> runnable = new ArrayList<>();
    private final PriorityQueue<Sleeper> sleepers = new PriorityQueue<>();
    private long orders;
    private boolean closed;

    /// Why nobody will ever run again, told to every thread that waits.
    private volatile @Nullable String standstill;

    /// @param seed decides which of several runnable threads goes on
    public VirtualScheduler(long seed) {
        this.random = new SplittableRandom(seed);
        Strand first = new Strand(Thread.currentThread().getName(), orders++);
        first.thread = Thread.currentThread();
        first.hasBaton = true;
        strands.put(Thread.currentThread(), first);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public Thread start(String name, Runnable body) {
        Strand strand;
        synchronized (lock) {
            strand = new Strand(name, orders++);
        }
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> runStrand(strand, body));
        synchronized (lock) {
            strand.thread = thread;
            strands.put(thread, strand);
            makeRunnable(strand);
        }
        thread.start();
        return thread;
    }

    private void runStrand(Strand strand, Runnable body) {
        awaitBaton(strand);
        try {
            body.run();
        } finally {
            Strand next;
            synchronized (lock) {
                strands.remove(strand.thread);
                next = pickNext();
            }
            if (next != null) {
                handBaton(next);
            }
        }
    }

    @Override
    public Waiter newWaiter() {
        Waiter waiter = new Waiter();
        waiter.strand = self();
        return waiter;
    }

    private Strand self() {
        synchronized (lock) {
            Strand strand = strands.get(Thread.currentThread());
            if (strand == null) {
                throw new IllegalStateException(
                        "thread "
                                + Thread.currentThread().getName()
                                + " does not belong to this virtual-time scheduler: start it with"
                                + " start(name, body)");
            }
            return strand;
        }
    }

    @Override
    public Wake park(Waiter waiter, long deadlineNs) {
        Strand me = self();
        while (!waiter.woken()) {
            String why = standstill;
            if (why != null) { // nobody would ever wake it
                throw new IllegalStateException(why);
            }
            if (waiter.signals.pending()) {
                return Wake.INTERRUPTED;
            }
            if (deadlineNs <= clock.nowNs()) {
                return Wake.TIMED_OUT;
            }
            synchronized (lock) {
                me.waiter = waiter;
                if (deadlineNs != FOREVER) {
                    sleepers.add(new Sleeper(deadlineNs, orders++, me, waiter));
                }
            }
            pass(me, pickNext());
        }
        return Wake.WOKEN;
    }

    /// Lets every other thread that can run go first; the clock does not move.
    public void yieldNow() {
        Strand me = self();
        Strand next;
        synchronized (lock) {
            if (runnable.isEmpty()) {
                return;
            }
            next = takeRunnable();
            makeRunnable(me);
        }
        pass(me, next);
    }

    /// Runs the others, without moving the clock, until none of them can go on.
    public void runUntilIdle() {
        while (true) {
            synchronized (lock) {
                if (runnable.isEmpty()) {
                    return;
                }
            }
            yieldNow();
        }
    }

    /// Interrupts a thread of this scheduler, as a signal would: a sleep of it ends.
    public void interrupt(Thread thread) {
        thread.interrupt();
        wakeSleeper(thread);
    }

    @Override
    public void wakeSleeper(Thread thread) {
        synchronized (lock) {
            Strand strand = strands.get(thread);
            if (strand != null && strand.waiter != null) {
                makeRunnable(strand);
            }
        }
    }

    private void pass(Strand me, @Nullable Strand next) {
        if (next == me) {
            return;
        }
        me.hasBaton = false;
        if (next != null) {
            handBaton(next);
        }
        awaitBaton(me);
    }

    private static void handBaton(Strand next) {
        next.hasBaton = true;
        LockSupport.unpark(next.thread);
    }

    private void awaitBaton(Strand strand) {
        boolean interrupted = false;
        while (!strand.hasBaton) {
            LockSupport.park(strand);
            interrupted |= Thread.interrupted(); // else park would not park
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        String why = standstill;
        if (why != null) {
            throw new IllegalStateException(why);
        }
    }

    /// Chooses who runs next, moving time on as long as nobody can. The caller holds the baton and
    /// runs the timers itself, as the idle task of a CPU would. Null after [#close()].
    private @Nullable Strand pickNext() {
        long givingUpNs = clock.nowNs() + PATIENCE_NS;
        while (true) {
            long wakeNs;
            synchronized (lock) {
                wakeExpired();
                if (!runnable.isEmpty()) {
                    return takeRunnable();
                }
                if (closed || standstill != null || strands.isEmpty()) {
                    return null;
                }
                wakeNs = sleepers.isEmpty() ? FOREVER : sleepers.peek().deadlineNs;
            }
            boolean awaited = wakeNs != FOREVER;
            wakeNs = Math.min(wakeNs, timers.nextExpiryNs());
            if (wakeNs == FOREVER) {
                throw standstill("every thread waits and no timer is armed");
            }
            if (!awaited && wakeNs > givingUpNs) {
                throw standstill("every thread waits, and for a year only timers have run");
            }
            clock.advanceTo(wakeNs);
            SoftIrq.current().runTimers(timers);
        }
    }

    /// One of those who can run, drawn at random. It waits no more: a deadline of its last wait that is
    /// still noted is void.
    private Strand takeRunnable() {
        Strand next = runnable.remove(random.nextInt(runnable.size()));
        next.runnable = false;
        next.waiter = null;
        return next;
    }

    private void wakeExpired() {
        while (!sleepers.isEmpty()) {
            Sleeper first = sleepers.peek();
            boolean stale = first.strand.waiter != first.waiter;
            if (!stale && first.deadlineNs > clock.nowNs()) {
                return;
            }
            sleepers.remove();
            if (!stale) {
                makeRunnable(first.strand);
            }
        }
    }

    /// Ends every thread that waits with the same exception, so that a program that is stuck fails
    /// instead of hanging.
    private IllegalStateException standstill(String why) {
        StringBuilder text = new StringBuilder("virtual time stands still, " + why + ":");
        synchronized (lock) {
            strands.values().stream()
                    .map(strand -> strand.name)
                    .sorted()
                    .forEach(name -> text.append(' ').append(name));
            standstill = text.toString();
            strands.values().forEach(VirtualScheduler::handBaton);
        }
        return new IllegalStateException(text.toString());
    }

    private void makeRunnable(Strand strand) {
        if (!strand.runnable) {
            strand.runnable = true;
            runnable.add(strand);
        }
    }

    @Override
    public void unpark(Waiter waiter) {
        waiter.wake();
        Strand strand = waiter.strand;
        if (strand == null) {
            throw new IllegalStateException("the waiter was made for another scheduler");
        }
        synchronized (lock) {
            if (strand.waiter == waiter) {
                makeRunnable(strand);
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }
}
