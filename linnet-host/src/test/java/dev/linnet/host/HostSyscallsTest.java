package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostSyscallsTest {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int O_NONBLOCK = 0x800;

    private final NativeMemory memory = new NativeMemory();

    @AfterEach
    void free() {
        memory.close();
    }

    @Test
    void returnsTheKernelsResult() {
        assertThat(HostSyscalls.syscall(Nr.GETPID)).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void returnsErrnosNegative() {
        long nowhere = memory.allocate("/does/not/exist");
        assertThat(HostSyscalls.syscall(Nr.CLOSE, -1)).isEqualTo(-HostErrno.EBADF);
        assertThat(HostSyscalls.syscall(Nr.OPENAT, -100, nowhere, 0, 0))
                .isEqualTo(-HostErrno.ENOENT);
        assertThat(HostSyscalls.syscall(Nr.SOCKET, AF_INET, 99, 0)).isEqualTo(-HostErrno.EINVAL);
        assertThat(HostSyscalls.syscall(-1)).isEqualTo(-HostErrno.ENOSYS);
        assertThat(HostSyscalls.syscall(Nr.SOCKET, AF_INET, SOCK_STREAM, 17))
                .as("EPROTONOSUPPORT")
                .isEqualTo(-93);
    }

    @Test
    void passesAllSixArguments() {
        // MAP_PRIVATE | MAP_ANONYMOUS with an offset that is no multiple of the page: only looked
        // at
        // in the sixth argument.
        assertThat(HostSyscalls.syscall(Nr.MMAP, 0, 4096, 3, 0x22, -1, 1))
                .isEqualTo(-HostErrno.EINVAL);
        long page = HostSyscalls.syscall(Nr.MMAP, 0, 4096, 3, 0x22, -1, 0);
        assertThat(page).isPositive();
        assertThat(HostSyscalls.syscall(Nr.MUNMAP, page, 4096)).isZero();
    }

    @Test
    void movesBytesThroughNativeMemory() {
        long fds = memory.allocate(8);
        assertThat(HostSyscalls.syscall(Nr.PIPE2, fds, O_NONBLOCK)).isZero();
        int in = memory.getInt(fds);
        int out = memory.getInt(fds + 4);
        long text = memory.allocate("through the kernel");
        long copy = memory.allocate(32);

        assertThat(HostSyscalls.syscall(Nr.READ, in, copy, 32)).isEqualTo(-HostErrno.EAGAIN);
        assertThat(HostSyscalls.syscall(Nr.WRITE, out, text, 18)).isEqualTo(18);
        assertThat(HostSyscalls.syscall(Nr.READ, in, copy, 32)).isEqualTo(18);
        assertThat(memory.get(copy, 18)).isEqualTo(memory.get(text, 18));

        HostSyscalls.close(in);
        HostSyscalls.close(out);
    }

    @Test
    void allocatesNothingPerCall() {
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < 50 && bytes > 0; round++) { // until compiled
            long before = Allocation.bytes();
            for (int i = 0; i < 20_000; i++) {
                HostSyscalls.syscall(Nr.CLOSE, -1);
            }
            bytes = (Allocation.bytes() - before) / 20_000;
        }
        assertThat(bytes).isZero();
    }

    @Test
    void tenThousandVirtualThreadsGetTheirOwnErrnosAndLeakNothing() throws Exception {
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            boolean odd = (i & 1) == 1;
            threads.add(Thread.ofVirtual().start(() -> callRepeatedly(odd, wrong)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
        assertThat(HostSyscalls.ERRNO_SLOTS.inUse()).isZero();
    }

    private static void callRepeatedly(boolean odd, AtomicInteger wrong) {
        for (int i = 0; i < 20; i++) {
            long result =
                    odd
                            ? HostSyscalls.syscall(Nr.CLOSE, -1)
                            : HostSyscalls.syscall(Nr.SOCKET, AF_INET, 99, 0);
            if (result != (odd ? -HostErrno.EBADF : -HostErrno.EINVAL)) {
                wrong.incrementAndGet();
            }
            Thread.yield();
        }
    }

    @Test
    void worksWithMoreBlockedCallsThanSlots() throws Exception {
        long fds = memory.allocate(8);
        assertThat(HostSyscalls.syscall(Nr.PIPE2, fds, 0)).isZero();
        int in = memory.getInt(fds);
        int out = memory.getInt(fds + 4);
        long bytes = memory.allocate(300);
        AtomicInteger got = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long target = bytes + i;
            readers.add(
                    Thread.ofPlatform()
                            .stackSize(256 << 10)
                            .start(
                                    () ->
                                            got.addAndGet(
                                                    (int)
                                                            HostSyscalls.syscall(
                                                                    Nr.READ, in, target, 1))));
        }
        while (HostSyscalls.ERRNO_SLOTS.inUse() < 256) {
            Thread.onSpinWait();
        }

        // Every slot is taken, by 256 of the 300 readers.
        assertThat(HostSyscalls.syscall(Nr.CLOSE, -1)).isEqualTo(-HostErrno.EBADF);
        assertThat(HostSyscalls.syscall(Nr.WRITE, out, bytes, 300)).isEqualTo(300);

        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(got).hasValue(300);
        assertThat(HostSyscalls.ERRNO_SLOTS.inUse()).isZero();
        HostSyscalls.close(in);
        HostSyscalls.close(out);
    }

    @Test
    void namesErrnos() {
        assertThat(HostErrno.name(16)).isEqualTo("EBUSY");
        assertThat(HostErrno.text(16)).isEqualTo("Device or resource busy");
        assertThat(HostErrno.name(4711)).isEqualTo("errno 4711");
        assertThat(HostErrno.text(4711)).isEmpty();
    }
}
