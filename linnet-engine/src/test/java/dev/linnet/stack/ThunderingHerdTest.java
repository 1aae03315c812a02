package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many threads wait for connections of one listener: each connection wakes one of them, and none for
/// nothing. Real threads; every return from sleep counts.
class ThunderingHerdTest {
    private static final int THREADS = 64;
    private static final int CONNECTIONS = 256;
    private static final long PATIENCE_NS = 60_000_000_000L;
    private static final SockAddr ADDRESS = SockAddr.parse("127.0.0.1:7000");

    private final CountingScheduler scheduler = new CountingScheduler();
    private final Stack stack = new Stack(scheduler, 1);
    private final Task task = stack.newHost("host").newTask("task");
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final int listener = listener();

    private int listener() {
        int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(fd, ADDRESS)).isZero();
        assertThat(task.listen(fd, CONNECTIONS)).isZero();
        return fd;
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        stack.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneConnectionWakesOneThreadInAccept(boolean virtual) {
        start(virtual, _ -> acceptUntilInterrupted());
        connectOneByOne();
        assertThat(scheduler.wakeUps).hasValue(CONNECTIONS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneConnectionWakesOneOfManyExclusiveEpolls(boolean virtual) {
        assertThat(task.fcntl(listener, Fcntl.F_SETFL, Fcntl.O_NONBLOCK)).isZero();
        start(virtual, _ -> waitUntilInterrupted(Epoll.EPOLLIN | Epoll.EPOLLEXCLUSIVE));
        connectOneByOne();
        assertThat(scheduler.wakeUps).hasValue(CONNECTIONS);
    }

    /// Without the flag all are woken: the test would see it if one were woken for nothing.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneConnectionWakesAllOtherEpolls(boolean virtual) {
        assertThat(task.fcntl(listener, Fcntl.F_SETFL, Fcntl.O_NONBLOCK)).isZero();
        start(virtual, _ -> waitUntilInterrupted(Epoll.EPOLLIN));
        await(() -> scheduler.asleep.get() == THREADS);
        connect();
        await(() -> scheduler.wakeUps.get() >= THREADS);
        await(() -> accepted.get() > 0 && scheduler.asleep.get() == THREADS);
        assertThat(accepted).hasValue(1);
    }

    /// Connections that come all at once are all accepted: no wake-up is lost.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noneIsForgottenInABurst(boolean virtual) throws InterruptedException {
        start(virtual, _ -> acceptUntilInterrupted());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int n = 0; n < CONNECTIONS / 4; n++) {
                                            connect();
                                        }
                                    }));
        }
        for (Thread client : clients) {
            client.join();
        }
        await(() -> accepted.get() == CONNECTIONS);
        await(() -> scheduler.asleep.get() == THREADS);
    }

    private void start(boolean virtual, IntConsumer body) {
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Runnable run =
                    () -> {
                        scheduler.count();
                        body.accept(number);
                    };
            threads.add(virtual ? Thread.ofVirtual().start(run) : Thread.ofPlatform().start(run));
        }
    }

    private void acceptUntilInterrupted() {
        int fd;
        while ((fd = task.accept(listener)) >= 0) {
            accepted.incrementAndGet();
            task.close(fd);
        }
    }

    private void waitUntilInterrupted(int events) {
        int epfd = task.epollCreate1(0);
        task.epollCtl(epfd, Epoll.EPOLL_CTL_ADD, listener, new EpollEvent(events, 0));
        EpollEvent[] out = new EpollEvent[1];
        while (task.epollWait(epfd, out, -1) >= 0) {
            int fd = task.accept(listener);
            if (fd >= 0) {
                accepted.incrementAndGet();
                task.close(fd);
            } else {
                assertThat(fd).isEqualTo(-Errno.EAGAIN);
            }
        }
    }

    /// The next connection comes when everybody sleeps again.
    private void connectOneByOne() {
        for (int i = 0; i < CONNECTIONS; i++) {
            await(() -> scheduler.asleep.get() == THREADS);
            connect();
            int n = i + 1;
            await(() -> accepted.get() == n);
        }
        await(() -> scheduler.asleep.get() == THREADS);
    }

    private void connect() {
        int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(fd, ADDRESS)).isZero();
        task.close(fd);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
            Thread.yield();
        }
    }
}
