package dev.linnet.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketFdTest {
    private static final int ROUNDS = 2000;

    private static SocketFd[] pipe(Task task) {
        int[] fds = new int[2];
        assertThat(task.pipe2(fds, 0)).isZero();
        return new SocketFd[] {new SocketFd(task, fds[0]), new SocketFd(task, fds[1])};
    }

    /// A reader that is about to wait, waits, or does not yet: it always comes back, and the descriptor is free.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsEveryRead(boolean virtual) throws Exception {
        try (Stack stack = Stack.create(7);
                var readers =
                        virtual
                                ? Executors.newVirtualThreadPerTaskExecutor()
                                : Executors.newCachedThreadPool()) {
            Task task = stack.newHost("host").newTask("task");
            for (int i = 0; i < ROUNDS; i++) {
                SocketFd[] pipe = pipe(task);
                CountDownLatch started = new CountDownLatch(1);
                Future<Integer> read =
                        readers.submit(
                                () -> {
                                    started.countDown();
                                    ByteBuffer one = ByteBuffer.allocate(1);
                                    return pipe[0].call(
                                            SocketFd.READ,
                                            true,
                                            () -> task.read(pipe[0].fd(), one));
                                });
                if (i % 2 == 0) {
                    started.await();
                }
                assertThat(pipe[0].close()).isTrue();
                assertThat(pipe[0].close()).isFalse();
                assertThat(read.get()).isEqualTo(-Errno.EBADF);
                pipe[1].close();
            }
            assertThat(task.openFds()).isEmpty();
        }
    }

    @Test
    void theNumberIsNotFreeBeforeTheLastCallHasEnded() {
        try (Stack stack = Stack.virtual(7)) {
            Task task = stack.newHost("host").newTask("task");
            SocketFd[] pipe = pipe(task);
            assertThat(pipe[0].begin(SocketFd.ANY)).isTrue();
            pipe[0].close();
            assertThat(pipe[0].begin(SocketFd.ANY)).isFalse();
            assertThat(task.openFds()).contains(pipe[0].fd());
            pipe[0].end(SocketFd.ANY);
            assertThat(task.openFds()).containsExactly(pipe[1].fd());
            pipe[1].close();
        }
    }

    @Test
    void aSignalThatWasMeantForAnEarlierCallEndsNothing() {
        try (Stack stack = Stack.virtual(7)) {
            Task task = stack.newHost("host").newTask("task");
            SocketFd[] pipe = pipe(task);
            task.struct().net.scheduler.signal(dev.linnet.kernel.sched.Signals.current());
            stack.start("writer", () -> task.write(pipe[1].fd(), ByteBuffer.allocate(3)));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            int n = pipe[0].call(SocketFd.READ, true, () -> task.read(pipe[0].fd(), buffer));
            assertThat(n).isEqualTo(3);
        }
    }

    @Test
    void anInterruptCountsOnlyWhereItMay() throws Exception {
        try (Stack stack = Stack.create(7)) {
            Task task = stack.newHost("host").newTask("task");
            SocketFd[] pipe = pipe(task);
            ByteBuffer buffer = ByteBuffer.allocate(10);
            Thread.currentThread().interrupt();
            int n = pipe[0].call(SocketFd.READ, true, () -> task.read(pipe[0].fd(), buffer));
            assertThat(n).isEqualTo(-Errno.EINTR);
            List<Integer> got = new ArrayList<>();
            Thread reader =
                    new Thread(
                            () -> {
                                Thread.currentThread().interrupt();
                                got.add(
                                        pipe[0].call(
                                                SocketFd.READ,
                                                false,
                                                () -> task.read(pipe[0].fd(), buffer)));
                                got.add(Thread.interrupted() ? 1 : 0);
                            });
            reader.start();
            assertThat(Thread.interrupted()).isTrue();
            task.write(pipe[1].fd(), ByteBuffer.allocate(3));
            reader.join();
            assertThat(got).containsExactly(3, 1);
        }
    }
}
