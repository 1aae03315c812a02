package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UseCountTest {
    private final AtomicInteger freed = new AtomicInteger();
    private final UseCount uses = new UseCount(freed::incrementAndGet);

    @Test
    void freesAtOnceWhenNobodyUsesIt() {
        assertThat(uses.isOpen()).isTrue();
        assertThat(uses.close()).isTrue();
        assertThat(uses.isOpen()).isFalse();
        assertThat(freed).hasValue(1);
    }

    @Test
    void theLastUserFrees() {
        assertThat(uses.enter()).isTrue();
        assertThat(uses.enter()).isTrue();
        uses.close();
        assertThat(freed).hasValue(0);
        uses.exit();
        assertThat(freed).hasValue(0);
        uses.exit();
        assertThat(freed).hasValue(1);
    }

    @Test
    void nobodyEntersAfterClose() {
        uses.close();
        assertThat(uses.enter()).isFalse();
        assertThat(uses.close()).isFalse();
        assertThat(freed).hasValue(1);
    }

    @Test
    void freesExactlyOnceWithNobodyInsideUnderContention() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            assertThat(raceOnce()).as("round %d", round).isTrue();
        }
    }

    /// Three threads enter and leave until closed by a fourth; true when it was freed once and
    /// never under a user.
    private static boolean raceOnce() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger frees = new AtomicInteger();
        AtomicBoolean freedUnderUser = new AtomicBoolean();
        UseCount uses =
                new UseCount(
                        () -> {
                            frees.incrementAndGet();
                            freedUnderUser.set(inside.get() != 0);
                        });
        CountDownLatch started = new CountDownLatch(3);
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            users.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        started.countDown();
                                        useUntilClosed(uses, inside, freedUnderUser, frees);
                                    }));
        }
        started.await();
        uses.close();
        for (Thread user : users) {
            user.join();
        }
        return frees.get() == 1 && !freedUnderUser.get();
    }

    private static void useUntilClosed(
            UseCount uses, AtomicInteger inside, AtomicBoolean violated, AtomicInteger frees) {
        while (uses.enter()) {
            inside.incrementAndGet();
            if (frees.get() != 0) {
                violated.set(true);
            }
            Thread.yield();
            inside.decrementAndGet();
            uses.exit();
        }
    }
}
