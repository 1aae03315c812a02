package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// 100,000 open files in one process, 10,000 of them watched: what an event costs does not depend on how
/// many are watched.
class ManyDescriptorsTest {
    private static final int OPEN = 100_000;
    private static final int WATCHED = 10_000;
    private static final int FEW = 10;
    private static final int EVENTS = 20_000;
    private static final int ROUNDS = 5;

    private final Stack stack = Stack.create(1);
    private final Task task = stack.newHost("host").newTask("task");
    private final int[] writers = new int[WATCHED];
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private final EpollEvent[] out = new EpollEvent[8];

    @AfterEach
    void close() {
        stack.close();
    }

    @Test
    void anEventCostsTheSameHoweverManyAreWatched() {
        int few = task.epollCreate1(0);
        int many = task.epollCreate1(0);
        int[] pipe = new int[2];
        for (int i = 0; i < WATCHED; i++) {
            assertThat(task.pipe2(pipe, 0)).isZero();
            writers[i] = pipe[1];
            EpollEvent event = new EpollEvent(Epoll.EPOLLIN, (long) pipe[0] << 32 | i);
            assertThat(task.epollCtl(many, Epoll.EPOLL_CTL_ADD, pipe[0], event)).isZero();
            if (i < FEW) {
                assertThat(task.epollCtl(few, Epoll.EPOLL_CTL_ADD, pipe[0], event)).isZero();
            }
        }
        int last = pipe[1];
        while (last < OPEN - 1) {
            last = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        }
        assertThat(task.openFds()).hasSize(OPEN);

        long leastFew = Long.MAX_VALUE;
        long leastMany = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            leastFew = Math.min(leastFew, events(few, FEW, round));
            leastMany = Math.min(leastMany, events(many, FEW, round));
        }
        events(many, WATCHED, ROUNDS);
        // A cost that grew with the number would be a thousand times.
        assertThat((double) leastMany / leastFew).isLessThan(4);

        int freed = writers[WATCHED / 2];
        task.close(freed);
        assertThat(task.dup(few)).as("the lowest free").isEqualTo(freed);
    }

    /// Nanoseconds of so many events, each of one random file among the first `busy`.
    private long events(int epfd, int busy, int seed) {
        Random random = new Random(seed);
        long start = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            int index = random.nextInt(busy);
            task.write(writers[index], one.clear());
            assertEvents(task.epollWait(epfd, out, 0), 1);
            long data = out[0].data();
            assertEvents((int) data, index);
            assertEvents(task.read((int) (data >>> 32), one.clear()), 1);
        }
        long took = System.nanoTime() - start;
        assertThat(task.epollWait(epfd, out, 0)).isZero();
        return took;
    }

    private static void assertEvents(int actual, int expected) {
        if (actual != expected) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }
}
