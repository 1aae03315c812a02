package dev.linnet.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sched.Scheduler.Wake;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final long HOUR_NS = 3_600_000_000_000L;

    /// What a sleep of another thread, which `meanwhile` is done to, ends with.
    private static Wake sleepOfAnother(
            Scheduler scheduler, boolean block, java.util.function.Consumer<Signals> meanwhile) {
        CompletableFuture<Signals> signals = new CompletableFuture<>();
        AtomicReference<Wake> wake = new AtomicReference<>();
        AtomicReference<Boolean> status = new AtomicReference<>();
        Thread thread =
                scheduler.start(
                        "sleeper",
                        () -> {
                            Signals mine = Signals.current();
                            mine.blockInterrupts(block);
                            Waiter waiter = scheduler.newWaiter();
                            signals.complete(mine);
                            wake.set(scheduler.park(waiter, scheduler.clock().nowNs() + HOUR_NS));
                            status.set(Thread.interrupted());
                        });
        if (scheduler instanceof VirtualScheduler virtual) {
            virtual.yieldNow();
        }
        meanwhile.accept(signals.join());
        if (scheduler instanceof VirtualScheduler virtual) {
            virtual.runUntilIdle();
        } else {
            joinQuietly(thread);
        }
        assertThat(status.get()).isEqualTo(block);
        return wake.get();
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSignalEndsASleep() {
        try (Scheduler real = new RealScheduler();
                Scheduler virtual = new VirtualScheduler(7)) {
            assertThat(sleepOfAnother(real, false, real::signal)).isEqualTo(Wake.INTERRUPTED);
            assertThat(sleepOfAnother(virtual, false, virtual::signal)).isEqualTo(Wake.INTERRUPTED);
        }
    }

    @Test
    void aBlockedInterruptDoesNotAndIsKept() {
        try (Scheduler real = new RealScheduler();
                Scheduler virtual = new VirtualScheduler(7)) {
            assertThat(
                            sleepOfAnother(
                                    real,
                                    true,
                                    signals -> {
                                        signals.thread().interrupt();
                                        real.signal(signals);
                                    }))
                    .isEqualTo(Wake.INTERRUPTED);
            assertThat(
                            sleepOfAnother(
                                    virtual,
                                    true,
                                    signals -> {
                                        signals.thread().interrupt();
                                        virtual.signal(signals);
                                    }))
                    .isEqualTo(Wake.INTERRUPTED);
        }
    }

    @Test
    void aSignalThatComesFirstEndsTheNextSleepUnlessItIsCleared() {
        try (Scheduler virtual = new VirtualScheduler(7)) {
            Signals mine = Signals.current();
            virtual.signal(mine);
            assertThat(virtual.park(virtual.newWaiter(), HOUR_NS)).isEqualTo(Wake.INTERRUPTED);
            mine.clear();
            assertThat(virtual.park(virtual.newWaiter(), HOUR_NS)).isEqualTo(Wake.TIMED_OUT);
        }
    }

    @Test
    void anInterruptAloneLeavesASleepThatBlocksItAlone() {
        try (Scheduler virtual = new VirtualScheduler(7)) {
            Signals mine = Signals.current();
            mine.blockInterrupts(true);
            try {
                Thread.currentThread().interrupt();
                assertThat(virtual.park(virtual.newWaiter(), HOUR_NS)).isEqualTo(Wake.TIMED_OUT);
                assertThat(Thread.interrupted()).isTrue();
            } finally {
                mine.blockInterrupts(false);
            }
        }
        try (Scheduler real = new RealScheduler()) {
            Signals mine = Signals.current();
            mine.blockInterrupts(true);
            try {
                Thread.currentThread().interrupt();
                long soon = real.clock().nowNs() + 1_000_000;
                assertThat(real.park(real.newWaiter(), soon)).isEqualTo(Wake.TIMED_OUT);
                assertThat(Thread.interrupted()).isTrue();
            } finally {
                mine.blockInterrupts(false);
            }
        }
    }
}
