package dev.linnet.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.time.KTimer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class VirtualSchedulerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void anHourOfSleepPassesAtOnce() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            long before = scheduler.clock().nowNs();
            assertThat(scheduler.sleep(3600 * SECOND)).isTrue();
            assertThat(scheduler.clock().nowNs() - before).isEqualTo(3600 * SECOND);
        }
    }

    @Test
    void sleepersWakeInTheOrderOfTheirDeadlines() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            long start = scheduler.clock().nowNs();
            List<String> log = new ArrayList<>();
            for (int i = 5; i >= 1; i--) {
                int seconds = i;
                scheduler.start(
                        "s" + i,
                        () -> {
                            scheduler.sleep(seconds * SECOND);
                            long now = (scheduler.clock().nowNs() - start) / SECOND;
                            log.add(seconds + "@" + now);
                        });
            }
            scheduler.sleep(10 * SECOND);
            assertThat(log).containsExactly("1@1", "2@2", "3@3", "4@4", "5@5");
        }
    }

    @Test
    void timersRunWhileEverybodySleeps() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            List<Long> ran = new ArrayList<>();
            long start = scheduler.clock().jiffies();
            KTimer timer =
                    scheduler
                            .timers()
                            .timer(o -> ran.add(scheduler.clock().jiffies() - start), this);
            timer.mod(start + 250);
            scheduler.sleep(SECOND);
            assertThat(ran).containsExactly(250L);
        }
    }

    @Test
    void aTimerMayWakeAThread() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            Waiter waiter = scheduler.newWaiter();
            long start = scheduler.clock().jiffies();
            scheduler.timers().timer(o -> scheduler.unpark(waiter), this).mod(start + 7);
            assertThat(scheduler.park(waiter, Scheduler.FOREVER)).isEqualTo(Wake.WOKEN);
            assertThat(scheduler.clock().jiffies()).isEqualTo(start + 7);
        }
    }

    @Test
    void aWakeUpBeforeTheSleepIsNotLost() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            Waiter waiter = scheduler.newWaiter();
            scheduler.unpark(waiter);
            assertThat(scheduler.park(waiter, Scheduler.FOREVER)).isEqualTo(Wake.WOKEN);
            waiter.rearm();
            long now = scheduler.clock().nowNs();
            assertThat(scheduler.park(waiter, now + SECOND)).isEqualTo(Wake.TIMED_OUT);
        }
    }

    /// A thread that was woken and goes on by a yield must not be woken again while it runs: it would
    /// stand among the runnable ones when it ends.
    @Test
    void aSecondWakeUpOfARunningThreadDoesNothing() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            Waiter[] waiter = new Waiter[1];
            scheduler.start(
                    "woken",
                    () -> {
                        waiter[0] = scheduler.newWaiter();
                        scheduler.park(waiter[0], Scheduler.FOREVER);
                        scheduler.unpark(waiter[0]);
                    });
            scheduler.yieldNow();
            scheduler.unpark(waiter[0]);
            scheduler.yieldNow();
            long before = scheduler.clock().nowNs();
            assertThat(scheduler.sleep(SECOND)).isTrue();
            assertThat(scheduler.clock().nowNs() - before).isEqualTo(SECOND);
        }
    }

    @Test
    void anInterruptEndsASleep() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            List<String> log = new ArrayList<>();
            Thread sleeper =
                    scheduler.start(
                            "sleeper",
                            () -> {
                                boolean slept = scheduler.sleep(100 * SECOND);
                                log.add(slept + " " + Thread.currentThread().isInterrupted());
                            });
            scheduler.sleep(SECOND);
            long before = scheduler.clock().nowNs();
            scheduler.interrupt(sleeper);
            scheduler.runUntilIdle();
            assertThat(log).containsExactly("false true");
            assertThat(scheduler.clock().nowNs()).isEqualTo(before);
        }
    }

    @Test
    void oneThreadAtATime() {
        try (VirtualScheduler scheduler = new VirtualScheduler(7)) {
            int[] inside = {0};
            for (int i = 0; i < 10; i++) {
                scheduler.start(
                        "t" + i,
                        () -> {
                            for (int round = 0; round < 100; round++) {
                                assertThat(inside[0]++).isZero();
                                inside[0]--;
                                scheduler.yieldNow();
                            }
                        });
            }
            scheduler.sleep(SECOND);
            assertThat(inside[0]).isZero();
        }
    }

    @Test
    void oneSeedOneOrder() {
        List<String> first = order(42);
        assertThat(order(42)).isEqualTo(first);
        assertThat(List.of(order(1), order(2), order(3), order(4))).anyMatch(o -> !o.equals(first));
    }

    private static List<String> order(long seed) {
        try (VirtualScheduler scheduler = new VirtualScheduler(seed)) {
            List<String> log = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "t" + i;
                scheduler.start(
                        name,
                        () -> {
                            for (int round = 0; round < 5; round++) {
                                log.add(name);
                                scheduler.yieldNow();
                            }
                        });
            }
            scheduler.sleep(SECOND);
            return log;
        }
    }

    @Test
    void standstillEndsEveryThreadThatWaits() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            List<String> log = new ArrayList<>();
            Thread stuck =
                    scheduler.start(
                            "stuck",
                            () -> {
                                try {
                                    scheduler.park(scheduler.newWaiter(), Scheduler.FOREVER);
                                } catch (IllegalStateException e) {
                                    log.add(e.getMessage());
                                }
                            });
            assertThatThrownBy(() -> scheduler.park(scheduler.newWaiter(), Scheduler.FOREVER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stands still")
                    .hasMessageContaining("stuck");
            join(stuck);
            assertThat(log).hasSize(1).first().asString().contains("stuck");
        }
    }

    @Test
    void timersThatWakeNobodyDoNotKeepAStuckProgramAlive() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            KTimer[] hourly = new KTimer[1];
            long hour = 3_600_000;
            hourly[0] =
                    scheduler
                            .timers()
                            .timer(owner -> hourly[0].mod(scheduler.clock().jiffies() + hour), "x");
            hourly[0].mod(hour);
            long twoYears = 2 * 365 * 86_400 * SECOND;
            scheduler.sleep(twoYears); // who waits for a time gets it
            assertThatThrownBy(() -> scheduler.park(scheduler.newWaiter(), Scheduler.FOREVER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("for a year only timers have run");
            hourly[0].del();
        }
    }

    @Test
    void theLastThreadsEndIsSeenAsStandstillByTheOthers() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            scheduler.start("short", () -> {});
            assertThatThrownBy(() -> scheduler.park(scheduler.newWaiter(), Scheduler.FOREVER))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aStrangerMayNotWait() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            List<Throwable> thrown = new ArrayList<>();
            Thread stranger =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            scheduler.sleep(1);
                                        } catch (IllegalStateException e) {
                                            thrown.add(e);
                                        }
                                    });
            join(stranger);
            assertThat(thrown).hasSize(1);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
