package dev.linnet.net.unix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpState;
import dev.linnet.uapi.UserMsgHdr;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many threads at once, in real time.
@Timeout(60)
class UnixConcurrencyTest {
    private final Stack stack = Stack.create(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private void start(Runnable body) {
        threads.add(stack.start("worker", body));
    }

    private void joinAll() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private int listener(int type, int backlog) {
        int listener = task.socket(Af.AF_UNIX, type, 0);
        assertThat(task.bind(listener, SockAddrUn.abstractName("l"))).isZero();
        assertThat(task.listen(listener, backlog)).isZero();
        return listener;
    }

    @Test
    void eachOf64AcceptorsGetsOneConnection() throws InterruptedException {
        int listener = listener(SocketType.SOCK_STREAM, 128);
        AtomicInteger accepted = new AtomicInteger();
        for (int i = 0; i < 64; i++) {
            start(
                    () -> {
                        if (task.accept(listener) >= 0) {
                            accepted.incrementAndGet();
                        }
                    });
        }
        for (int i = 0; i < 64; i++) {
            int c = task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0);
            assertThat(task.connect(c, SockAddrUn.abstractName("l"))).isZero();
        }
        joinAll();
        assertThat(accepted).hasValue(64);
    }

    @Test
    void connectionsWaitForASmallBacklog() throws InterruptedException {
        int listener = listener(SocketType.SOCK_SEQPACKET, 0);
        AtomicInteger connected = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            start(
                    () -> {
                        int c = task.socket(Af.AF_UNIX, SocketType.SOCK_SEQPACKET, 0);
                        if (task.connect(c, SockAddrUn.abstractName("l")) == 0) {
                            connected.incrementAndGet();
                        }
                        task.close(c);
                    });
        }
        for (int i = 0; i < 50; i++) {
            assertThat(task.close(task.accept(listener))).isZero();
        }
        joinAll();
        assertThat(connected).hasValue(50);
    }

    @Test
    void streamsInBothDirectionsKeepTheirBytes() throws InterruptedException {
        int[] fds = new int[2];
        assertThat(task.socketpair(Af.AF_UNIX, SocketType.SOCK_STREAM, 0, fds)).isZero();
        AtomicLong wrong = new AtomicLong();
        int total = 8 << 20;
        for (int side = 0; side < 2; side++) {
            int out = fds[side];
            int in = fds[1 - side];
            start(() -> write(out, total, wrong));
            start(() -> read(in, total, wrong));
        }
        joinAll();
        assertThat(wrong).hasValue(0);
    }

    private void write(int fd, int total, AtomicLong wrong) {
        int done = 0;
        while (done < total) {
            ByteBuffer data = ByteBuffer.allocate(Math.min(1 + done * 7 % 70_000, total - done));
            for (int i = 0; i < data.limit(); i++) {
                data.put(i, (byte) (done + i >>> 3));
            }
            int n = task.send(fd, data, 0);
            if (n <= 0) {
                wrong.incrementAndGet();
                return;
            }
            done += n;
        }
    }

    private void read(int fd, int total, AtomicLong wrong) {
        ByteBuffer data = ByteBuffer.allocate(50_000);
        int done = 0;
        while (done < total) {
            int n = task.recv(fd, data, 0);
            if (n <= 0) {
                wrong.incrementAndGet();
                return;
            }
            for (int i = 0; i < n; i++) {
                if (data.get(i) != (byte) (done + i >>> 3)) {
                    wrong.incrementAndGet();
                }
            }
            done += n;
        }
    }

    @Test
    void datagramsOfManySendersAllArrive() throws InterruptedException {
        int receiver = task.socket(Af.AF_UNIX, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(receiver, SockAddrUn.abstractName("r"))).isZero();
        int senders = 16;
        int each = 500;
        for (int s = 0; s < senders; s++) {
            start(
                    () -> {
                        int fd = task.socket(Af.AF_UNIX, SocketType.SOCK_DGRAM, 0);
                        for (int i = 0; i < each; i++) {
                            task.sendto(
                                    fd,
                                    ByteBuffer.allocate(1 + i),
                                    0,
                                    SockAddrUn.abstractName("r"));
                        }
                        task.close(fd);
                    });
        }
        long bytes = 0;
        ByteBuffer in = ByteBuffer.allocate(1000);
        for (int i = 0; i < senders * each; i++) {
            bytes += task.recv(receiver, in, 0);
        }
        joinAll();
        assertThat(bytes).isEqualTo((long) senders * each * (each + 1) / 2);
    }

    @Test
    void socketsComeAndGoWhileOthersUseThem() throws InterruptedException {
        AtomicLong traffic = new AtomicLong();
        for (int t = 0; t < 4; t++) {
            start(
                    () -> {
                        for (int i = 0; i < 2000; i++) {
                            int fd = task.socket(Af.AF_UNIX, SocketType.SOCK_DGRAM, 0);
                            task.bind(fd, SockAddrUn.abstractName("n" + i % 3));
                            task.connect(fd, SockAddrUn.abstractName("n" + (i + 1) % 3));
                            int n = task.send(fd, ByteBuffer.allocate(10), 0x40);
                            traffic.addAndGet(Math.max(n, 0));
                            task.recv(fd, ByteBuffer.allocate(20), 0x40);
                            task.close(fd);
                        }
                    });
        }
        joinAll();
        assertThat(UnixTable.OF.of(host.net()).sockets()).isEmpty();
    }

    /// Threads pass descriptors to and fro, look, receive, reconnect and close, all on the same few
    /// descriptors; in the end nothing is left.
    @Test
    void descriptorsInFlightInManyThreads() throws InterruptedException {
        for (int t = 0; t < 6; t++) {
            Random random = new Random(t);
            start(
                    () -> {
                        for (int i = 0; i < 5000; i++) {
                            randomStep(random);
                        }
                    });
        }
        joinAll();
        for (int fd : task.openFds()) {
            task.close(fd);
        }
        task.close(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        assertThat(UnixTable.OF.of(host.net()).sockets()).isEmpty();
    }

    private void randomStep(Random random) {
        int fd = random.nextInt(24);
        SockAddrUn name = SockAddrUn.abstractName("n" + random.nextInt(3));
        switch (random.nextInt(9)) {
            case 0 -> {
                if (fd < 12) {
                    int type = SocketType.SOCK_STREAM + random.nextInt(2);
                    task.socketpair(Af.AF_UNIX, type, 0, new int[2]);
                }
            }
            case 1 -> task.close(fd);
            case 2 -> task.bind(fd, name);
            case 3 -> task.connect(fd, name);
            case 4, 5 -> {
                UserMsgHdr msg = new UserMsgHdr();
                msg.iov = new ByteBuffer[] {ByteBuffer.allocate(1 + random.nextInt(100))};
                byte[] control = new byte[CmsgHdr.space(8)];
                CmsgHdr.put(control, 0, Sol.SOL_SOCKET, So.SCM_RIGHTS, 8);
                Abi.putInt(control, CmsgHdr.SIZE, random.nextInt(24));
                Abi.putInt(control, CmsgHdr.SIZE + 4, fd);
                msg.control = control;
                msg.controlLen = control.length;
                task.sendmsg(fd, msg, Msg.MSG_DONTWAIT);
            }
            case 6 -> task.send(fd, ByteBuffer.allocate(50), Msg.MSG_DONTWAIT | Msg.MSG_OOB);
            default -> {
                UserMsgHdr msg = new UserMsgHdr();
                msg.iov = new ByteBuffer[] {ByteBuffer.allocate(64)};
                msg.control = new byte[64];
                int peek = random.nextBoolean() ? Msg.MSG_PEEK : 0;
                task.recvmsg(fd, msg, Msg.MSG_DONTWAIT | peek);
            }
        }
    }

    @Test
    void theHostListsItsSockets() {
        int listener = listener(SocketType.SOCK_STREAM, 7);
        int c = task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(c, SockAddrUn.abstractName("l"))).isZero();
        assertThat(task.send(c, ByteBuffer.allocate(3), 0)).isEqualTo(3);
        List<SocketInfo> list =
                host.sockets().stream().filter(s -> s.netid().equals("u_str")).toList();
        assertThat(list).hasSize(3);
        assertThat(list.get(0))
                .returns(TcpState.TCP_LISTEN, SocketInfo::state)
                .returns(1L, SocketInfo::recvQ)
                .returns(7L, SocketInfo::sendQ);
        assertThat(list.get(1).peer()).isEqualTo(SockAddrUn.abstractName("l"));
        assertThat(list.get(2)).returns(3L, SocketInfo::recvQ);
        StringBuilder shown = new StringBuilder();
        UnixProc.show(host.net(), shown);
        assertThat(shown.toString().lines())
                .hasSize(4)
                .anyMatch(
                        line ->
                                line.matches(
                                        "\\w{16}: 00000002 00000000 00010000 0001 01 +\\d+ @l"))
                .anyMatch(line -> line.matches("\\w{16}: 00000003 00000000 00000000 0001 03 +\\d+"))
                .anyMatch(
                        line -> line.matches("\\w{16}: 00000003 00000000 00000000 0001 02 +0 @l"));
        assertThat(task.close(listener)).isZero();
    }
}
