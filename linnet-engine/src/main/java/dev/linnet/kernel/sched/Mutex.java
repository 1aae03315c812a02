package dev.linnet.kernel.sched;

import dev.linnet.kernel.Kernel;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lock whose owner may sleep (`struct mutex`): others wait for it through the scheduler, so that
/// virtual time knows that they wait. Waiting ignores interrupts and leaves them pending. Not
/// reentrant.
@Kernel("mutex")
public final class Mutex {
    /// Looks before a thread goes to sleep: most owners are gone in a microsecond.
    private static final int SPINS = 100;

    private final AtomicBoolean held = new AtomicBoolean();
    private final WaitQueueHead waiters = new WaitQueueHead();
    private final Scheduler scheduler;

    public Mutex(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// Becomes the owner, waiting for the present one.
    @Kernel("mutex_lock")
    public void lock() {
        if (!tryLock() && !spin()) {
            lockSlowly();
        }
    }

    /// Becomes the owner if there is none.
    @Kernel("mutex_trylock")
    public boolean tryLock() {
        return !held.getPlain() && held.compareAndSet(false, true);
    }

    private boolean spin() {
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
            if (!held.get() && tryLock()) {
                return true;
            }
        }
        return false;
    }

    private void lockSlowly() {
        ThreadWait wait = ThreadWait.of(scheduler);
        Signals signals = Signals.current();
        signals.setUninterruptible(true);
        try {
            waiters.prepareToWaitExclusive(wait);
            while (!tryLock()) {
                wait.sleep(Scheduler.FOREVER);
                waiters.prepareToWaitExclusive(wait);
            }
        } finally {
            waiters.finishWait(wait);
            signals.setUninterruptible(false);
        }
    }

    /// Lets go; the first who waits is woken.
    @Kernel("mutex_unlock")
    public void unlock() {
        held.set(false);
        waiters.wakeUp(0);
    }
}
