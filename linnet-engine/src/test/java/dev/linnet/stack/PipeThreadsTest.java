package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many threads of real time at the ends of two pipes, with a splice between them: no byte is lost, and
/// nobody sleeps for ever.
@Timeout(60)
class PipeThreadsTest {
    private static final int WRITERS = 4;
    private static final int READERS = 4;
    private static final int WRITES = 2000;

    @ParameterizedTest
    @ValueSource(ints = {100, 4096, 20_000})
    void platformThreads(int size) throws InterruptedException {
        run(Thread.ofPlatform().factory(), size);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 4096, 20_000})
    void virtualThreads(int size) throws InterruptedException {
        run(Thread.ofVirtual().factory(), size);
    }

    private static void run(ThreadFactory threads, int size) throws InterruptedException {
        try (Stack stack = Stack.create()) {
            Task task = stack.newHost("a").newTask("task");
            int[] first = new int[2];
            int[] second = new int[2];
            task.pipe2(first, 0);
            task.pipe2(second, 0);
            AtomicLong read = new AtomicLong();
            List<Thread> writers = new ArrayList<>();
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.newThread(() -> write(task, first[1], size)));
            }
            others.add(threads.newThread(() -> move(task, first[0], second[1])));
            for (int i = 0; i < READERS; i++) {
                others.add(threads.newThread(() -> read(task, second[0], read)));
            }
            writers.forEach(Thread::start);
            others.forEach(Thread::start);
            for (Thread writer : writers) {
                writer.join();
            }
            task.close(first[1]);
            for (Thread other : others) {
                other.join();
            }
            assertThat(read.get()).isEqualTo((long) WRITERS * WRITES * size);
            task.close();
            assertThat(stack.buffersInUse()).isZero();
        }
    }

    private static void write(Task task, int fd, int size) {
        ByteBuffer data = ByteBuffer.allocate(size);
        for (int i = 0; i < WRITES; i++) {
            task.write(fd, data);
        }
    }

    private static void move(Task task, int from, int to) {
        while (task.splice(from, null, to, null, 1 << 20, 0) > 0) {
            Thread.onSpinWait();
        }
        task.close(to);
    }

    private static void read(Task task, int fd, AtomicLong sum) {
        ByteBuffer data = ByteBuffer.allocate(7777);
        int n;
        while ((n = task.read(fd, data)) > 0) {
            sum.addAndGet(n);
        }
    }
}
