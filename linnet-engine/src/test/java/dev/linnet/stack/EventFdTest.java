package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.ItimerSpec;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Counters and timers as descriptors, with the results that Linux 6.18 gave to the same calls.
@Timeout(60)
class EventFdTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;

    private final Stack stack = Stack.virtual(1);
    private final Task task = stack.newHost("a").newTask("task");

    @AfterEach
    void nothingIsLeft() {
        task.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int write(int fd, long value) {
        byte[] raw = new byte[8];
        Abi.putLong(raw, 0, value);
        return task.write(fd, ByteBuffer.wrap(raw));
    }

    /// The number read, or the `-errno`.
    private long read(int fd) {
        ByteBuffer raw = ByteBuffer.allocate(8);
        int n = task.read(fd, raw);
        return n < 0 ? n : Abi.getLong(raw.array(), 0);
    }

    private int mask(int fd) {
        PollFd[] fds = {new PollFd(fd, 0x7fff)};
        task.poll(fds, 0);
        return fds[0].revents;
    }

    @Test
    void countsUpAndGivesAll() {
        int fd = task.eventfd(0, Fcntl.EFD_NONBLOCK);
        assertThat(task.fcntl(fd, Fcntl.F_GETFL, 0)).isEqualTo(0x802);
        assertThat(read(fd)).isEqualTo(-Errno.EAGAIN);
        assertThat(mask(fd)).isEqualTo(PollEvents.POLLOUT);
        write(fd, 5);
        write(fd, 7);
        assertThat(mask(fd)).isEqualTo(PollEvents.POLLIN | PollEvents.POLLOUT);
        assertThat(read(fd)).isEqualTo(12);
        assertThat(task.read(fd, ByteBuffer.allocate(7))).isEqualTo(-Errno.EINVAL);
        assertThat(task.write(fd, ByteBuffer.allocate(7))).isEqualTo(-Errno.EINVAL);
        assertThat(task.write(fd, ByteBuffer.allocate(16))).isEqualTo(-Errno.EINVAL);
        assertThat(task.eventfd(0, 2)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void isFullBelowItsLargestNumber() {
        int fd = task.eventfd(0, Fcntl.EFD_NONBLOCK);
        assertThat(write(fd, -1)).isEqualTo(-Errno.EINVAL);
        assertThat(write(fd, -3)).isEqualTo(8);
        assertThat(mask(fd)).isEqualTo(PollEvents.POLLIN | PollEvents.POLLOUT);
        assertThat(write(fd, 1)).isEqualTo(8);
        assertThat(mask(fd)).isEqualTo(PollEvents.POLLIN);
        assertThat(write(fd, 1)).isEqualTo(-Errno.EAGAIN);
        assertThat(write(fd, 0)).isEqualTo(8);
        assertThat(read(fd)).isEqualTo(-2);
    }

    @Test
    void aSemaphoreGivesOne() {
        int fd = task.eventfd(2, Fcntl.EFD_SEMAPHORE | Fcntl.EFD_NONBLOCK);
        assertThat(read(fd)).isEqualTo(1);
        assertThat(read(fd)).isEqualTo(1);
        assertThat(read(fd)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void readersAndWritersWait() {
        int fd = task.eventfd(0, 0);
        List<Long> got = new ArrayList<>();
        stack.start("reader", () -> got.add(read(fd)));
        stack.sleep(MS);
        assertThat(got).isEmpty();
        write(fd, 3);
        stack.sleep(MS);
        assertThat(got).containsExactly(3L);
        write(fd, -2);
        stack.start("writer", () -> got.add((long) write(fd, 9)));
        stack.sleep(MS);
        assertThat(got).hasSize(1);
        read(fd);
        stack.sleep(MS);
        assertThat(got).containsExactly(3L, 8L);
        assertThat(read(fd)).isEqualTo(9);
    }

    // ---- timers

    private ItimerSpec arm(int fd, int flags, long valueNs, long intervalNs) {
        ItimerSpec[] old = new ItimerSpec[1];
        assertThat(task.timerfdSettime(fd, flags, new ItimerSpec(intervalNs, valueNs), old))
                .isZero();
        return old[0];
    }

    private ItimerSpec left(int fd) {
        ItimerSpec[] now = new ItimerSpec[1];
        assertThat(task.timerfdGettime(fd, now)).isZero();
        return now[0];
    }

    @Test
    void clocksAndFlags() {
        for (int clock = -1; clock < 12; clock++) {
            boolean known = clock == 0 || clock == 1 || clock >= 7 && clock <= 9;
            int fd = task.timerfdCreate(clock, 0);
            assertThat(known ? fd >= 0 : fd == -Errno.EINVAL).as("clock %d", clock).isTrue();
        }
        assertThat(task.timerfdCreate(1, 1)).isEqualTo(-Errno.EINVAL);
        int fd = task.timerfdCreate(1, 0);
        ItimerSpec[] old = new ItimerSpec[1];
        ItimerSpec second = new ItimerSpec(0, SECOND);
        assertThat(task.timerfdSettime(fd, 4, second, old)).isEqualTo(-Errno.EINVAL);
        assertThat(task.timerfdSettime(99, 0, second, old)).isEqualTo(-Errno.EBADF);
        assertThat(task.timerfdSettime(99, 8, second, old)).isEqualTo(-Errno.EINVAL);
        int event = task.eventfd(0, 0);
        assertThat(task.timerfdSettime(event, 0, second, old)).isEqualTo(-Errno.EINVAL);
        assertThat(task.write(fd, ByteBuffer.allocate(8))).isEqualTo(-Errno.EINVAL);
        task.setuid(1000);
        assertThat(task.timerfdCreate(9, 0)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void aPeriodicTimerCountsWhatNobodyRead() {
        int fd = task.timerfdCreate(1, ItimerSpec.TFD_NONBLOCK);
        assertThat(read(fd)).isEqualTo(-Errno.EAGAIN);
        assertThat(arm(fd, 0, 20 * MS, 10 * MS)).isEqualTo(new ItimerSpec(0, 0));
        stack.sleep(15 * MS);
        assertThat(left(fd)).isEqualTo(new ItimerSpec(10 * MS, 5 * MS));
        assertThat(mask(fd)).isZero();
        stack.sleep(40 * MS);
        assertThat(mask(fd)).isEqualTo(PollEvents.POLLIN);
        assertThat(left(fd)).isEqualTo(new ItimerSpec(10 * MS, 5 * MS));
        assertThat(read(fd)).isEqualTo(4);
        assertThat(read(fd)).isEqualTo(-Errno.EAGAIN);
        stack.sleep(10 * MS);
        assertThat(read(fd)).isEqualTo(1);
        assertThat(arm(fd, 0, 0, 5).intervalNs()).isEqualTo(10 * MS);
        assertThat(left(fd)).isEqualTo(new ItimerSpec(5, 0));
        stack.sleep(SECOND);
        assertThat(read(fd)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void timesThatHavePassedExpireAtOnce() {
        int fd = task.timerfdCreate(0, ItimerSpec.TFD_NONBLOCK);
        arm(fd, ItimerSpec.TFD_TIMER_ABSTIME, 1, 0);
        assertThat(read(fd)).isEqualTo(1);
        assertThat(left(fd)).isEqualTo(new ItimerSpec(0, 0));
        long now = stack.realNs();
        arm(fd, ItimerSpec.TFD_TIMER_ABSTIME, now - 3 * SECOND, SECOND);
        assertThat(read(fd)).isEqualTo(4);
        arm(fd, ItimerSpec.TFD_TIMER_ABSTIME, now + SECOND, 0);
        assertThat(left(fd).valueNs()).isEqualTo(SECOND);
    }

    @Test
    void readersWaitForTheTimer() {
        int fd = task.timerfdCreate(1, 0);
        arm(fd, 0, 3600 * SECOND, 0);
        long before = stack.nowNs();
        assertThat(read(fd)).isEqualTo(1);
        assertThat(stack.nowNs() - before).isEqualTo(3600 * SECOND);
    }

    @Test
    void ticksCanBeSet() {
        int fd = task.timerfdCreate(1, ItimerSpec.TFD_NONBLOCK);
        byte[] raw = new byte[8];
        assertThat(task.ioctl(fd, Ioctl.TFD_IOC_SET_TICKS, raw)).isEqualTo(-Errno.EINVAL);
        raw[0] = 7;
        assertThat(task.ioctl(fd, Ioctl.TFD_IOC_SET_TICKS, raw)).isZero();
        assertThat(read(fd)).isEqualTo(7);
    }
}
