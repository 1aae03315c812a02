package dev.linnet.stack;

import dev.linnet.kernel.sched.RealScheduler;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Waiter;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.Timers;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Real threads, and how often those that take part come back from sleep, for whatever reason.
final class CountingScheduler extends Scheduler {
    private final RealScheduler real = new RealScheduler();
    private final Set<Thread> counted = ConcurrentHashMap.newKeySet();

    /// Threads that take part and sleep.
    final AtomicInteger asleep = new AtomicInteger();

    /// Times that one of them came back.
    final AtomicInteger wakeUps = new AtomicInteger();

    /// From now on the calling thread takes part.
    void count() {
        counted.add(Thread.currentThread());
    }

    @Override
    public Wake park(Waiter waiter, long deadlineNs) {
        boolean mine = counted.contains(Thread.currentThread());
        if (mine) {
            asleep.incrementAndGet();
        }
        Wake wake = real.park(waiter, deadlineNs);
        if (mine) {
            asleep.decrementAndGet();
            wakeUps.incrementAndGet();
        }
        return wake;
    }

    @Override
    public void unpark(Waiter waiter) {
        real.unpark(waiter);
    }

    @Override
    public void wakeSleeper(Thread thread) {
        real.wakeSleeper(thread);
    }

    @Override
    public Clock clock() {
        return real.clock();
    }

    @Override
    public Timers timers() {
        return real.timers();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public Waiter newWaiter() {
        return real.newWaiter();
    }

    @Override
    public void close() {
        real.close();
    }
}
