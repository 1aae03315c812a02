package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A steady transfer over loopback allocates nothing per segment: system calls, TCP, IP, the device
/// and the acknowledgements all run on the one thread that is measured. Neither does one between
/// sockets of AF_UNIX.
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 5_000;

    private final Stack stack = Stack.create(1);
    private final Task task = stack.newHost("host").newTask("task");
    private int a;
    private int b;

    @BeforeEach
    void connect() {
        int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(listener, new SockAddrIn(80, 0x7f000001))).isZero();
        assertThat(task.listen(listener, 1)).isZero();
        a = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(a, new SockAddrIn(80, 0x7f000001))).isZero();
        b = task.accept(listener);
        task.setsockopt(a, Sol.SOL_TCP, TcpOpt.TCP_NODELAY, 1);
        task.setsockopt(b, Sol.SOL_TCP, TcpOpt.TCP_NODELAY, 1);
    }

    @AfterEach
    void close() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private static long allocated() throws ReflectiveOperationException {
        Object threads =
                Class.forName("java.lang.management.ManagementFactory")
                        .getMethod("getThreadMXBean")
                        .invoke(null);
        return (long)
                Class.forName("com.sun.management.ThreadMXBean")
                        .getMethod("getCurrentThreadAllocatedBytes")
                        .invoke(threads);
    }

    private void transfer(ByteBuffer out, ByteBuffer in) {
        int sent = task.send(a, out, Msg.MSG_DONTWAIT);
        assert sent > 0 : sent;
        int left = sent;
        while (left > 0) {
            int n = task.recv(b, in, Msg.MSG_DONTWAIT);
            assert n > 0 : n;
            left -= n;
        }
    }

    private double bytesPerRound(int size) throws ReflectiveOperationException {
        ByteBuffer out = ByteBuffer.allocateDirect(size);
        ByteBuffer in = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < WARM_UP; i++) {
            transfer(out, in);
        }
        allocated();
        long before = allocated();
        for (int i = 0; i < ROUNDS; i++) {
            transfer(out, in);
        }
        return (allocated() - before) / (double) ROUNDS;
    }

    @Test
    void largeWritesAllocateNothing() throws ReflectiveOperationException {
        assertThat(bytesPerRound(64 * 1024)).isLessThan(1.0);
    }

    @Test
    void smallWritesAllocateNothing() throws ReflectiveOperationException {
        assertThat(bytesPerRound(1)).isLessThan(1.0);
    }

    private void pair(int type) {
        int[] fds = new int[2];
        assertThat(task.socketpair(Af.AF_UNIX, type, 0, fds)).isZero();
        a = fds[0];
        b = fds[1];
    }

    @Test
    void localStreamsAllocateNothing() throws ReflectiveOperationException {
        pair(SocketType.SOCK_STREAM);
        assertThat(bytesPerRound(1)).isLessThan(1.0);
        assertThat(bytesPerRound(64 * 1024)).isLessThan(1.0);
    }

    @Test
    void localDatagramsAllocateNothing() throws ReflectiveOperationException {
        pair(SocketType.SOCK_DGRAM);
        assertThat(bytesPerRound(1000)).isLessThan(1.0);
        assertThat(bytesPerRound(64 * 1024)).isLessThan(1.0);
    }
}
