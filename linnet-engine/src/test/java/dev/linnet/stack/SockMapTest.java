package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.hook.SkMsgProgram;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two connections through a proxy that is not there: what the client writes goes straight to the
/// server's socket, past TCP.
class SockMapTest {
    private static final int CLIENT = 0;
    private static final int SERVER = 1;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");
    private final SockMap map = host.newSockMap(4);
    private final List<String> seen = new ArrayList<>();
    private int client;
    private int server;

    @BeforeEach
    void connect() {
        int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        task.bind(listener, new SockAddrIn(80, 0x7f000001));
        task.listen(listener, 5);
        client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(client, new SockAddrIn(80, 0x7f000001))).isZero();
        server = task.accept(listener);
        assertThat(map.update(CLIENT, task, client)).isZero();
        assertThat(map.update(SERVER, task, server)).isZero();
    }

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private void redirectTo(int key) {
        map.attach(
                msg -> {
                    seen.add(StandardCharsets.UTF_8.decode(msg.data()).toString());
                    return key;
                });
    }

    private int write(int fd, String text) {
        return task.write(fd, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String read(int fd, int max, int flags) {
        ByteBuffer buffer = ByteBuffer.allocate(max);
        int n = task.recv(fd, buffer, flags | Msg.MSG_DONTWAIT);
        return n < 0
                ? "-" + Errno.name(-n)
                : new String(buffer.array(), 0, n, StandardCharsets.UTF_8);
    }

    private long segments() {
        return host.counters().get("TcpOutSegs");
    }

    private int ready(int fd) {
        PollFd[] fds = {new PollFd(fd, PollEvents.POLLIN)};
        task.poll(fds, 0);
        return fds[0].revents;
    }

    @Test
    void aRedirectedMessagePassesTcpBy() {
        redirectTo(SERVER);
        long before = segments();
        assertThat(ready(server)).isZero();
        assertThat(write(client, "hello")).isEqualTo(5);
        assertThat(seen).containsExactly("hello");
        assertThat(ready(server)).isEqualTo(PollEvents.POLLIN);
        assertThat(read(server, 100, Msg.MSG_PEEK)).isEqualTo("hello");
        assertThat(read(server, 2, 0)).isEqualTo("he");
        assertThat(read(server, 100, 0)).isEqualTo("llo");
        assertThat(read(server, 100, 0)).isEqualTo("-EAGAIN");
        assertThat(segments()).as("TCP sent nothing").isEqualTo(before);
    }

    @Test
    void aPassedMessageGoesThroughTcp() {
        redirectTo(SkMsgProgram.PASS);
        long before = segments();
        assertThat(write(client, "hello")).isEqualTo(5);
        assertThat(read(server, 100, 0)).isEqualTo("hello");
        assertThat(segments()).isGreaterThan(before);
    }

    @Test
    void aMessageToNobodyIsRefused() {
        redirectTo(SkMsgProgram.DROP);
        assertThat(write(client, "hello")).isEqualTo(-Errno.EACCES);
        redirectTo(3);
        assertThat(write(client, "hello")).isEqualTo(-Errno.EACCES);
        redirectTo(99);
        assertThat(write(client, "hello")).isEqualTo(-Errno.EACCES);
        assertThat(read(server, 100, 0)).isEqualTo("-EAGAIN");
    }

    @Test
    void aLongMessageComesWhole() {
        redirectTo(SERVER);
        byte[] much = new byte[100_000];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >> 3);
        }
        assertThat(task.write(client, ByteBuffer.wrap(much))).isEqualTo(much.length);
        ByteBuffer got = ByteBuffer.allocate(much.length + 1);
        while (got.position() < much.length) {
            int n = task.read(server, got);
            assertThat(n).isPositive();
            got.position(got.position() + n);
        }
        assertThat(got.array()).startsWith(much);
    }

    /// The receiver's buffer is the limit: a sender that must not wait is told so, one that may waits.
    @Test
    void aSlowReaderHoldsTheSenderBack() {
        redirectTo(SERVER);
        task.setsockopt(server, Sol.SOL_SOCKET, So.SO_RCVBUF, 60_000);
        ByteBuffer much = ByteBuffer.allocate(10_000);
        long sent = 0;
        int n;
        while ((n = task.send(client, much, Msg.MSG_DONTWAIT)) > 0) {
            sent += n;
        }
        assertThat(n).isEqualTo(-Errno.EAGAIN);
        assertThat(sent).isBetween(100_000L, 150_000L);

        boolean[] done = new boolean[1];
        stack.start(
                "writer",
                () -> {
                    task.write(client, much);
                    done[0] = true;
                });
        stack.sleep(1_000_000);
        assertThat(done[0]).isFalse();
        task.read(server, ByteBuffer.allocate(50_000));
        stack.sleep(1_000_000);
        assertThat(done[0]).as("less than half was read").isFalse();
        task.read(server, ByteBuffer.allocate(50_000));
        stack.sleep(1_000_000);
        assertThat(done[0]).isTrue();
    }

    @Test
    void aBlockedReaderIsWoken() {
        redirectTo(SERVER);
        String[] got = new String[1];
        stack.start(
                "reader",
                () -> {
                    ByteBuffer buffer = ByteBuffer.allocate(9);
                    int n = task.read(server, buffer);
                    got[0] = new String(buffer.array(), 0, n, StandardCharsets.UTF_8);
                });
        stack.sleep(1_000_000);
        write(client, "now");
        stack.sleep(1_000_000);
        assertThat(got[0]).isEqualTo("now");
    }

    @Test
    void theEndOfTheStreamComesAfterWhatWasRedirected() {
        redirectTo(SERVER);
        write(client, "last");
        assertThat(task.shutdown(client, Shut.SHUT_WR)).isZero();
        assertThat(write(client, "more")).isEqualTo(-Errno.EPIPE);
        assertThat(read(server, 100, 0)).isEqualTo("last");
        assertThat(read(server, 100, 0)).isEmpty();
    }

    @Test
    void whoIsClosedLeavesTheMap() {
        redirectTo(SERVER);
        write(client, "lost");
        task.close(server);
        assertThat(map.delete(SERVER)).isEqualTo(-Errno.EINVAL);
        assertThat(map.delete(CLIENT)).isZero();
        assertThat(write(client, "through TCP")).as("answered by a reset").isEqualTo(11);
        assertThat(write(client, "more")).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void whatCannotBeInAMap() {
        int fresh = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        int udp = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        int[] pipe = new int[2];
        task.pipe2(pipe, 0);
        assertThat(map.update(2, task, fresh)).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(map.update(2, task, udp)).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(map.update(2, task, pipe[0])).isEqualTo(-Errno.ENOTSOCK);
        assertThat(map.update(2, task, 99)).isEqualTo(-Errno.EBADF);
        assertThat(map.update(4, task, client)).isEqualTo(-Errno.E2BIG);
        assertThat(map.delete(2)).isEqualTo(-Errno.EINVAL);
    }
}
