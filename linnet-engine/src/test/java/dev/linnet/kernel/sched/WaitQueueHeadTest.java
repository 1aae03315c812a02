package dev.linnet.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sched.Scheduler.Wake;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitQueueHeadTest {
    private static final int IN = 1;
    private static final int OUT = 4;

    private final WaitQueueHead queue = new WaitQueueHead();
    private final List<String> woken = new ArrayList<>();

    private final class Entry extends WaitQueueEntry {
        private final String name;
        private final boolean takes;

        Entry(String name, boolean takes) {
            this.name = name;
            this.takes = takes;
        }

        @Override
        protected boolean wake(int key) {
            woken.add(name + key);
            return takes;
        }
    }

    @Test
    void aWakeUpReachesAllThatAreNotExclusiveAndOneThatIs() {
        queue.addExclusive(new Entry("x1", true));
        queue.addExclusive(new Entry("x2", true));
        queue.add(new Entry("a", true));
        queue.add(new Entry("b", true));
        queue.wakeUp(IN);
        assertThat(woken).containsExactly("b1", "a1", "x11");
    }

    @Test
    void anExclusiveEntryThatDoesNotTakeItLetsTheNextOneHaveIt() {
        queue.addExclusive(new Entry("x1", false));
        queue.addExclusive(new Entry("x2", true));
        queue.addExclusive(new Entry("x3", true));
        queue.wakeUp(IN);
        assertThat(woken).containsExactly("x11", "x21");
    }

    @Test
    void wakeUpAllReachesAll() {
        queue.addExclusive(new Entry("x1", true));
        queue.addExclusive(new Entry("x2", true));
        queue.wakeUpAll(0);
        assertThat(woken).containsExactly("x10", "x20");
    }

    @Test
    void removedEntriesAreNotWoken() {
        Entry entry = new Entry("a", true);
        queue.add(entry);
        assertThat(queue.active()).isTrue();
        queue.remove(entry);
        queue.remove(entry);
        assertThat(queue.active()).isFalse();
        queue.wakeUp(IN);
        assertThat(woken).isEmpty();
    }

    @Test
    void aSleeperForOtherEventsStaysAsleep() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            ThreadWait wait = new ThreadWait(scheduler, OUT);
            queue.prepareToWait(wait);
            queue.wakeUp(IN);
            long soon = scheduler.clock().nowNs() + 1000;
            assertThat(wait.sleep(soon)).isEqualTo(Wake.TIMED_OUT);
            queue.wakeUp(OUT);
            assertThat(wait.sleep(Scheduler.FOREVER)).isEqualTo(Wake.WOKEN);
            assertThat(queue.active()).isFalse();
        }
    }

    /// One wake-up wakes one exclusive sleeper, in order of arrival: no thundering herd.
    @Test
    void eachExclusiveWakeUpWakesTheNextSleeper() {
        try (VirtualScheduler scheduler = new VirtualScheduler(3)) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int me = i;
                scheduler.start(
                        "waiter" + i,
                        () -> {
                            scheduler.sleep(1000L * (me + 1));
                            ThreadWait wait = new ThreadWait(scheduler);
                            queue.prepareToWaitExclusive(wait);
                            wait.sleep(Scheduler.FOREVER);
                            queue.finishWait(wait);
                            order.add(me);
                        });
            }
            scheduler.sleep(1_000_000);
            for (int i = 0; i < 5; i++) {
                queue.wakeUp(IN);
                scheduler.runUntilIdle();
                assertThat(order).hasSize(i + 1);
            }
            assertThat(order).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void aThreadHasOneWaitForAllItsSleeps() {
        try (VirtualScheduler scheduler = new VirtualScheduler(1)) {
            ThreadWait wait = ThreadWait.of(scheduler, OUT);
            queue.prepareToWait(wait);
            ThreadWait meanwhile = ThreadWait.of(scheduler);
            assertThat(meanwhile).as("the first one is in a queue").isNotSameAs(wait);
            queue.finishWait(wait);
            ThreadWait next = ThreadWait.of(scheduler);
            assertThat(next).isSameAs(meanwhile);
            queue.prepareToWait(next);
            queue.wakeUp(IN); // no longer limited to other events
            assertThat(next.sleep(Scheduler.FOREVER)).isEqualTo(Wake.WOKEN);
        }
        try (VirtualScheduler other = new VirtualScheduler(2)) {
            ThreadWait wait = ThreadWait.of(other);
            queue.prepareToWait(wait);
            assertThat(wait.sleep(other.clock().nowNs() + 5)).isEqualTo(Wake.TIMED_OUT);
            queue.finishWait(wait);
        }
    }

    /// The loop of the class comment on real threads: whatever the interleaving, nobody sleeps on
    /// although there is something for it.
    @Test
    void noWakeUpIsLostBetweenRealThreads() throws InterruptedException {
        try (RealScheduler scheduler = new RealScheduler()) {
            AtomicInteger items = new AtomicInteger();
            AtomicInteger taken = new AtomicInteger();
            int consumers = 4;
            int each = 5_000;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < consumers; i++) {
                Runnable consumer =
                        () -> {
                            for (int n = 0; n < each; n++) {
                                take(scheduler, items);
                                taken.incrementAndGet();
                            }
                        };
                threads.add(
                        i % 2 == 0
                                ? scheduler.start("consumer", consumer)
                                : Thread.ofPlatform().start(consumer));
            }
            for (int n = 0; n < consumers * each; n++) {
                items.incrementAndGet();
                queue.wakeUp(IN);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(taken.get()).isEqualTo(consumers * each);
            assertThat(items.get()).isZero();
            assertThat(queue.active()).isFalse();
        }
    }

    private void take(RealScheduler scheduler, AtomicInteger items) {
        ThreadWait wait = ThreadWait.of(scheduler);
        try {
            while (true) {
                queue.prepareToWaitExclusive(wait);
                int n = items.get();
                if (n > 0 && items.compareAndSet(n, n - 1)) {
                    return;
                }
                if (n == 0) {
                    wait.sleep(Scheduler.FOREVER);
                }
            }
        } finally {
            queue.finishWait(wait);
            if (items.get() > 0) {
                queue.wakeUp(IN); // a wake-up that came for us after we had one goes on
            }
        }
    }
}
