package dev.linnet.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.time.KTimer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real threads: only what must hold however slow the machine is.
@Timeout(60)
class RealSchedulerTest {
    @Test
    void timersRunAtTheirTimeOrLater() throws InterruptedException {
        try (RealScheduler scheduler = new RealScheduler()) {
            CountDownLatch ran = new CountDownLatch(2);
            long[] at = new long[2];
            KTimer far =
                    scheduler
                            .timers()
                            .timer(
                                    o -> {
                                        at[0] = scheduler.clock().jiffies();
                                        ran.countDown();
                                    },
                                    this);
            HrTimer near =
                    scheduler
                            .timers()
                            .hrTimer(
                                    o -> {
                                        at[1] = scheduler.clock().nowNs();
                                        ran.countDown();
                                    },
                                    this);
            long jiffies = scheduler.clock().jiffies() + 30;
            long ns = scheduler.clock().nowNs() + 2_000_000;
            far.mod(jiffies);
            near.start(ns);
            ran.await();
            assertThat(at[0]).isGreaterThanOrEqualTo(jiffies);
            assertThat(at[1]).isGreaterThanOrEqualTo(ns);
        }
    }

    /// Each armed timer runs exactly once, also when arming races with the thread that runs them.
    @Test
    void noTimerIsForgotten() throws InterruptedException {
        try (RealScheduler scheduler = new RealScheduler()) {
            int count = 2_000;
            CountDownLatch ran = new CountDownLatch(count);
            AtomicInteger runs = new AtomicInteger();
            for (int i = 0; i < count; i++) {
                KTimer timer =
                        scheduler
                                .timers()
                                .timer(
                                        o -> {
                                            runs.incrementAndGet();
                                            ran.countDown();
                                        },
                                        this);
                timer.mod(
                        scheduler.clock().jiffies()
                                + 100_000
                                + i); // too far to run before it is moved
                timer.mod(scheduler.clock().jiffies() + 1 + i % 7);
            }
            ran.await();
            assertThat(runs.get()).isEqualTo(count);
        }
    }

    @Test
    void aSleepEndsByWakeUpTimeoutOrInterrupt() {
        try (RealScheduler scheduler = new RealScheduler()) {
            Waiter waiter = scheduler.newWaiter();
            long past = scheduler.clock().nowNs() - 1;
            assertThat(scheduler.park(waiter, past)).isEqualTo(Wake.TIMED_OUT);
            Thread.ofPlatform().start(() -> scheduler.unpark(waiter));
            assertThat(scheduler.park(waiter, Scheduler.FOREVER)).isEqualTo(Wake.WOKEN);
            waiter.rearm();
            Thread.currentThread().interrupt();
            assertThat(scheduler.park(waiter, Scheduler.FOREVER)).isEqualTo(Wake.INTERRUPTED);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /// Wake-ups that are put off in a soft-interrupt section, more than there is room for at first,
    /// and while a lock is let go, all come when it ends.
    @Test
    void noWakeUpThatWasPutOffIsForgotten() throws InterruptedException {
        try (RealScheduler scheduler = new RealScheduler()) {
            int count = 20;
            Waiter[] waiters = new Waiter[count];
            Thread[] threads = new Thread[count];
            CountDownLatch ready = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                int at = i;
                threads[i] =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            waiters[at] = scheduler.newWaiter();
                                            ready.countDown();
                                            scheduler.park(waiters[at], Scheduler.FOREVER);
                                        });
            }
            ready.await();
            for (Thread thread : threads) {
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            SoftIrq irq = SoftIrq.current();
            irq.disable();
            for (int i = 0; i < count / 2; i++) {
                scheduler.unpark(waiters[i]);
            }
            irq.enable();
            irq.holdWakes();
            for (int i = count / 2; i < count; i++) {
                scheduler.unpark(waiters[i]);
            }
            irq.letWakes();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
