package dev.linnet.kernel.sched;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;

/// A thread in a wait queue (`DEFINE_WAIT`): a wake-up takes it out of the queue and wakes the
/// thread, so that a second wake-up goes to the next waiter (`autoremove_wake_function`).
///
/// Made and used by the thread that waits; [#of] gives it the one that it has already.
public final class ThreadWait extends WaitQueueEntry {
    private final Scheduler scheduler;
    private final Waiter waiter;
    private int keyMask;

    /// A wait for anything that happens on the queue.
    public ThreadWait(Scheduler scheduler) {
        this(scheduler, 0);
    }

    /// A wait that wake-ups for other events leave asleep.
    ///
    /// @param keyMask the `POLL*` events of interest; 0 means all
    public ThreadWait(Scheduler scheduler, int keyMask) {
        this.scheduler = scheduler;
        this.waiter = scheduler.newWaiter();
        this.keyMask = keyMask;
    }

    /// The calling thread's wait for anything that happens on a queue: made once, and used again by
    /// each of the thread's sleeps.
    public static ThreadWait of(Scheduler scheduler) {
        return of(scheduler, 0);
    }

    /// The calling thread's wait for some events (`POLL*`; 0 means all). The wait before has ended
    /// with [WaitQueueHead#finishWait]; while it has not, another one is made.
    public static ThreadWait of(Scheduler scheduler, int keyMask) {
        SoftIrq self = SoftIrq.current();
        ThreadWait wait = self.wait;
        if (wait == null || wait.scheduler != scheduler || wait.head != null) {
            wait = new ThreadWait(scheduler, keyMask);
            self.wait = wait;
        }
        wait.keyMask = keyMask;
        return wait;
    }

    void rearm() {
        waiter.rearm();
    }

    /// Sleeps until woken, interrupted, or `deadlineNs` of the stack's clock.
    @Kernel("schedule_timeout")
    public Wake sleep(long deadlineNs) {
        return scheduler.park(waiter, deadlineNs);
    }

    @Override
    protected boolean wake(int key) {
        if (key != 0 && keyMask != 0 && (key & keyMask) == 0) {
            return false;
        }
        WaitQueueHead queue = head;
        if (queue != null) {
            queue.autoremove(this);
        }
        scheduler.unpark(waiter);
        return true;
    }
}
