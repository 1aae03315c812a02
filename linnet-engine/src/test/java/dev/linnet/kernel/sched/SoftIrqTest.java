package dev.linnet.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SoftIrqTest {
    private static final class Work extends SoftIrq.Vector {
        private final Deque<Runnable> queue = new ArrayDeque<>();

        @Override
        protected void run() {
            Runnable next;
            while ((next = queue.poll()) != null) {
                next.run();
            }
        }

        @Override
        protected boolean pending() {
            return !queue.isEmpty();
        }
    }

    private final List<String> log = new ArrayList<>();

    /// Each test needs a context of its own, so it runs on a thread of its own.
    private static void onOwnThread(Runnable body) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().unstarted(body);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void workWaitsForTheEndOfTheOutermostSection() {
        onOwnThread(
                () -> {
                    SoftIrq irq = SoftIrq.current();
                    Work rx = irq.netRx(Work::new);
                    irq.disable();
                    irq.disable();
                    rx.queue.add(() -> log.add("packet"));
                    irq.poke();
                    irq.enable();
                    assertThat(log).isEmpty();
                    assertThat(irq.inSoftirq()).isTrue();
                    irq.enable();
                    assertThat(log).containsExactly("packet");
                    assertThat(irq.inSoftirq()).isFalse();
                });
    }

    @Test
    void workThatMakesWorkDoesNotRecurse() {
        onOwnThread(
                () -> {
                    SoftIrq irq = SoftIrq.current();
                    Work rx = irq.netRx(Work::new);
                    rx.queue.add(
                            () -> {
                                rx.queue.add(() -> log.add("inner"));
                                irq.poke();
                                irq.disable();
                                irq.enable();
                                log.add("outer");
                            });
                    irq.poke();
                    assertThat(log).containsExactly("outer", "inner");
                });
    }

    @Test
    void taskletsRunAfterPacketsAndMayMakeMoreOfThem() {
        onOwnThread(
                () -> {
                    SoftIrq irq = SoftIrq.current();
                    Work rx = irq.netRx(Work::new);
                    Work tasklet = irq.tasklet(Work::new);
                    tasklet.queue.add(
                            () -> {
                                log.add("tasklet");
                                rx.queue.add(() -> log.add("second packet"));
                            });
                    rx.queue.add(() -> log.add("packet"));
                    irq.poke();
                    assertThat(log).containsExactly("packet", "tasklet", "second packet");
                });
    }

    @Test
    void afterAFailureTheContextWorksOn() {
        onOwnThread(
                () -> {
                    SoftIrq irq = SoftIrq.current();
                    Work rx = irq.netRx(Work::new);
                    rx.queue.add(
                            () -> {
                                throw new IllegalArgumentException("broken");
                            });
                    try {
                        irq.poke();
                    } catch (IllegalArgumentException e) {
                        log.add(e.getMessage());
                    }
                    rx.queue.add(() -> log.add("packet"));
                    irq.poke();
                    assertThat(log).containsExactly("broken", "packet");
                });
    }
}
