package dev.linnet.kernel.sched;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.Timers;

/// Threads and the passing of time, the second seam of the engine.
///
/// Two kinds exist: [RealScheduler] (the JVM's threads, platform or virtual, and the machine's
/// clock) and [VirtualScheduler] (one thread at a time, time jumps when all of them wait).
public abstract class Scheduler implements AutoCloseable {
    /// What ended a sleep.
    public enum Wake {
        WOKEN,
        TIMED_OUT,
        INTERRUPTED
    }

    /// A deadline that never comes.
    public static final long FOREVER = Long.MAX_VALUE;

    public abstract Clock clock();

    public abstract Timers timers();

    /// Starts a thread that may use the stack.
    public abstract Thread start(String name, Runnable body);

    /// Sleeps until `waiter` is woken, the thread has a signal, or the clock reaches `deadlineNs`.
    /// Returns at once when it was woken already. The interrupt status is left set.
    public abstract Wake park(Waiter waiter, long deadlineNs);

    /// Wakes a waiter; safe from any context, never blocks.
    public abstract void unpark(Waiter waiter);

    /// Sends a signal to a thread: the call that it waits in, or else the next one that would wait, ends with `EINTR`.
    /// Safe from any context, never blocks.
    @Kernel("send_sig")
    public final void signal(Signals to) {
        to.send();
        wakeSleeper(to.thread());
    }

    /// Makes a sleeping thread look at its signals.
    public abstract void wakeSleeper(Thread thread);

    /// A new waiter for the calling thread.
    public abstract Waiter newWaiter();

    /// Sleeps for a span of this stack's time; false if interrupted.
    public final boolean sleep(long ns) {
        return park(newWaiter(), clock().nowNs() + ns) != Wake.INTERRUPTED;
    }

    /// Stops the timers; threads that were started keep running until their bodies return.
    @Override
    public abstract void close();
}
