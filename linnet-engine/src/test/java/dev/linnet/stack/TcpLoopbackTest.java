package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// TCP from system call to system call over the loopback device, in virtual time.
@Timeout(60)
class TcpLoopbackTest {
    private static final int PORT = 8080;
    private static final int LOOPBACK = 0x7F000001;
    private static final long SECOND = 1_000_000_000L;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("a");
    private final Task server = host.newTask("server");
    private final Task client = host.newTask("client");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).as("buffers in use after everything is closed").isZero();
    }

    /// How the two ends are addressed.
    enum Family {
        IPV4(Af.AF_INET, new SockAddrIn(PORT, LOOPBACK)),
        IPV6(Af.AF_INET6, new SockAddrIn6(PORT, 0, 0, 1, 0));

        final int af;
        final SockAddr addr;

        Family(int af, SockAddr addr) {
            this.af = af;
            this.addr = addr;
        }
    }

    private int listener(Family family) {
        int fd = server.socket(family.af, SocketType.SOCK_STREAM, 0);
        assertThat(fd).isNotNegative();
        assertThat(server.bind(fd, family.addr)).isZero();
        assertThat(server.listen(fd, 16)).isZero();
        return fd;
    }

    private int connected(Family family) {
        int fd = client.socket(family.af, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, family.addr)).isZero();
        return fd;
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static String read(Task task, int fd) {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int n = task.read(fd, buffer);
        assertThat(n).isNotNegative();
        return new String(buffer.array(), 0, n, java.nio.charset.StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void bytesGoBothWaysAndBothEndsClose(Family family) {
        int listener = listener(family);
        int c = connected(family);
        int s = server.accept(listener);
        assertThat(s).isNotNegative();
        assertThat(client.write(c, text("hello"))).isEqualTo(5);
        assertThat(read(server, s)).isEqualTo("hello");
        assertThat(server.write(s, text("world!"))).isEqualTo(6);
        assertThat(read(client, c)).isEqualTo("world!");
        assertThat(client.close(c)).isZero();
        assertThat(read(server, s)).isEmpty();
        assertThat(server.close(s)).isZero();
        assertThat(server.close(listener)).isZero();
        stack.sleep(120 * SECOND);
        assertThat(host.sockets()).isEmpty();
    }

    @Test
    void nobodyListens() {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, Family.IPV4.addr)).isEqualTo(-Errno.ECONNREFUSED);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamOfManyMegabytesArrivesAsItWasSent(Family family) {
        int size = 20_000_000;
        int listener = listener(family);
        List<Integer> received = new ArrayList<>();
        stack.start(
                "receiver",
                () -> {
                    int s = server.accept(listener);
                    received.add(compare(server, s, size));
                    server.close(s);
                });
        int c = connected(family);
        Random random = new Random(5);
        byte[] chunk = new byte[100_000];
        for (int sent = 0; sent < size; ) {
            random.nextBytes(chunk);
            ByteBuffer buffer = ByteBuffer.wrap(chunk);
            while (buffer.hasRemaining()) {
                int n = client.write(c, buffer);
                assertThat(n).isPositive();
                buffer.position(buffer.position() + n);
                sent += n;
            }
        }
        assertThat(client.shutdown(c, Shut.SHUT_WR)).isZero();
        assertThat(read(client, c)).isEmpty();
        assertThat(received).containsExactly(size);
        client.close(c);
        server.close(listener);
        stack.sleep(120 * SECOND);
    }

    /// Reads to the end and compares with what the same seed gives; returns the number of bytes.
    private static int compare(Task task, int fd, int size) {
        Random random = new Random(5);
        byte[] expected = new byte[100_000];
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        int total = 0;
        int left = 0;
        while (true) {
            buffer.clear();
            int n = task.read(fd, buffer);
            assertThat(n).isNotNegative();
            if (n == 0) {
                return total;
            }
            for (int i = 0; i < n; i++) {
                if (left == 0) {
                    random.nextBytes(expected);
                    left = expected.length;
                }
                if (buffer.get(i) != expected[expected.length - left]) {
                    throw new AssertionError("byte " + (total + i) + " differs");
                }
                left--;
            }
            total += n;
            assertThat(total).isLessThanOrEqualTo(size);
        }
    }

    @Test
    void aWriterWaitsForAReaderThatIsSlow() {
        int listener = listener(Family.IPV4);
        int c = connected(Family.IPV4);
        int s = server.accept(listener);
        int size = 12_000_000;
        List<Integer> written = new ArrayList<>();
        stack.start(
                "writer",
                () -> {
                    ByteBuffer all = ByteBuffer.allocate(size);
                    written.add(client.write(c, all));
                    client.close(c);
                });
        stack.sleep(300 * SECOND); // the window is closed and probed meanwhile
        assertThat(written).isEmpty();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        int total = 0;
        for (int n; (n = server.read(s, buffer)) > 0; ) {
            total += n;
        }
        assertThat(total).isEqualTo(size);
        assertThat(written).containsExactly(size);
        server.close(s);
        server.close(listener);
        stack.sleep(120 * SECOND);
    }

    @Test
    void aPeerThatIsGoneIsGivenUp() {
        int listener = listener(Family.IPV4);
        int c = connected(Family.IPV4);
        int s = server.accept(listener);
        host.setUp("lo", false);
        assertThat(client.write(c, text("lost"))).isEqualTo(4);
        long before = stack.nowNs();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(client.read(c, buffer)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat((stack.nowNs() - before) / SECOND).isBetween(800L, 1100L);
        host.setUp("lo", true);
        server.close(s);
        server.close(listener);
        client.close(c);
        stack.sleep(1000 * SECOND);
    }
}
