package dev.linnet.kernel.sched;

import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.SystemClock;
import dev.linnet.kernel.time.Timers;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Real threads on the machine's clock, and one thread that runs the timers.
///
/// A sleeper first spins for a moment: waking a parked platform thread costs tens of microseconds,
/// more than most answers on a local network take. The spin is bounded, adapts to whether it paid
/// lately, and is left out for virtual threads, whose parking costs less than it.
public final class RealScheduler extends Scheduler {
    private static final long SPIN_MAX_NS = 25_000;
    private static final long SPIN_MIN_NS = 300;

    /// Of so many sleeps less one, the first few spin for the whole time.
    private static final int PROBE_MASK = 1023;

    private static final int PROBES = 8;

    /// The timer thread looks at the wheel at least this often while timers are being armed, so arming one that is
    /// farther away wakes nobody; while none is armed it looks less and less often.
    private static final long TICK_NS = 4_000_000;

    private static final long IDLE_TICK_NS = 128_000_000;

    private final SystemClock clock = new SystemClock();
    private final Timers timers = new Timers(clock, this::timerArmed);
    private final Thread timerThread;
    private volatile boolean closed;
    private volatile long timerWakeNs = FOREVER;

    /// Whether a timer was armed since the timer thread looked; racy on purpose, a miss costs one wake-up.
    private volatile boolean armed;

    /// Success average of recent spins, 0 to 1024; racy on purpose.
    private int spinScore = 1024;

    /// Sleeps of platform threads so far; racy on purpose.
    private int sleeps;

    public RealScheduler() {
        timerThread =
                Thread.ofPlatform().name("linnet-timers").daemon(true).unstarted(this::runTimers);
        timerThread.start();
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
        return Thread.ofVirtual().name(name).start(body);
    }

    @Override
    public Waiter newWaiter() {
        return new Waiter();
    }

    @Override
    public Wake park(Waiter waiter, long deadlineNs) {
        if (waiter.woken() || spin(waiter) || !waiter.willPark()) {
            return Wake.WOKEN;
        }
        boolean interrupted = false;
        try {
            while (!waiter.woken()) {
                interrupted |= waiter.signals.holdInterrupt();
                Wake end = parkOnce(waiter, deadlineNs);
                if (end != null) {
                    return end;
                }
            }
            return Wake.WOKEN;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Parks until something happens: why the sleep is over, or null if it may not be.
    private @Nullable Wake parkOnce(Waiter waiter, long deadlineNs) {
        if (waiter.signals.pending()) {
            return waiter.giveUp() ? Wake.INTERRUPTED : Wake.WOKEN;
        }
        if (deadlineNs == FOREVER) {
            LockSupport.park(waiter);
            return null;
        }
        long left = deadlineNs - clock.nowNs();
        if (left <= 0) {
            return waiter.giveUp() ? Wake.TIMED_OUT : Wake.WOKEN;
        }
        LockSupport.parkNanos(waiter, left);
        return null;
    }

    private boolean spin(Waiter waiter) {
        if (Thread.currentThread().isVirtual()) {
            return false;
        }
        long budget = spinBudget();
        if (budget < SPIN_MIN_NS) {
            return false;
        }
        long end = clock.nowNs() + budget;
        do {
            for (int i = 0; i < 64; i++) {
                if (waiter.woken()) {
                    spinScore += (1024 - spinScore) >> 3;
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (clock.nowNs() < end);
        spinScore -= spinScore >> 3;
        return false;
    }

    /// The square of the success average: where one spin in five pays, the other four would cost
    /// more than it saves. The average cannot rise from nothing by itself, because the answer of a
    /// peer that has gone to sleep takes longer than a short spin; so now and then a few sleeps in
    /// a row, of both sides, spin for the whole time.
    private long spinBudget() {
        if ((++sleeps & PROBE_MASK) < PROBES) {
            return SPIN_MAX_NS;
        }
        long score = spinScore;
        return SPIN_MAX_NS * score * score >> 20;
    }

    @Override
    public void unpark(Waiter waiter) {
        if (waiter.wake() && !SoftIrq.current().deferWake(waiter.thread)) {
            LockSupport.unpark(waiter.thread);
        }
    }

    @Override
    public void wakeSleeper(Thread thread) {
        LockSupport.unpark(thread);
    }

    private void timerArmed() {
        if (!armed) {
            armed = true;
        }
        long next = timers.nextExpiryNs();
        if (next < timerWakeNs) {
            LockSupport.unpark(timerThread);
        }
    }

    private void runTimers() {
        long tick = TICK_NS;
        while (!closed) {
            tick = armed ? TICK_NS : Math.min(2 * tick, IDLE_TICK_NS);
            armed = false;
            SoftIrq.current().runTimers(timers);
            long next = timers.nextExpiryNs();
            timerWakeNs = next == FOREVER ? FOREVER : Math.min(next, clock.nowNs() + tick);
            if (timers.nextExpiryNs() < next) {
                continue; // armed between the two looks
            }
            waitForTimer(timerWakeNs);
        }
    }

    private void waitForTimer(long wakeNs) {
        if (wakeNs == FOREVER) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, wakeNs - clock.nowNs());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(timerThread);
        boolean interrupted = false;
        while (timerThread.isAlive() && Thread.currentThread() != timerThread) {
            try {
                timerThread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
