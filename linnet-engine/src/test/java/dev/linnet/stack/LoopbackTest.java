package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    private static SockAddr address(int family) {
        return family == Af.AF_INET
                ? new SockAddrIn(8080, 0x7f000001)
                : new SockAddrIn6(8080, 0, 1);
    }

    private static void read(Task task, int fd, byte[] into) {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining()) {
            int n = task.read(fd, buffer.slice());
            assertThat(n).as(n < 0 ? Errno.name(-n) : "read").isPositive();
            buffer.position(buffer.position() + n);
        }
    }

    private static void write(Task task, int fd, byte[] from) {
        ByteBuffer buffer = ByteBuffer.wrap(from);
        while (buffer.hasRemaining()) {
            int n = task.write(fd, buffer.slice());
            assertThat(n).as(n < 0 ? Errno.name(-n) : "write").isPositive();
            buffer.position(buffer.position() + n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Af.AF_INET, Af.AF_INET6})
    void aMegabyteGoesThereAndBack(int family) {
        try (Stack stack = Stack.virtual(1)) {
            Host host = stack.newHost("one");
            Task server = host.newTask("server");
            Task client = host.newTask("client");
            byte[] data = new byte[1 << 20];
            new SplittableRandom(42).nextBytes(data);

            int listener = server.socket(family, SocketType.SOCK_STREAM, 0);
            assertThat(server.bind(listener, address(family))).isZero();
            assertThat(server.listen(listener, 5)).isZero();
            stack.start(
                    "server",
                    () -> {
                        int fd = server.accept(listener);
                        byte[] got = new byte[data.length];
                        read(server, fd, got);
                        write(server, fd, got);
                        server.close(fd);
                    });

            int fd = client.socket(family, SocketType.SOCK_STREAM, 0);
            assertThat(client.connect(fd, address(family))).isZero();
            write(client, fd, data);
            byte[] back = new byte[data.length];
            read(client, fd, back);
            assertThat(back).isEqualTo(data);
            assertThat(client.read(fd, ByteBuffer.allocate(1))).isZero();
            client.close(fd);
            server.close(listener);
            stack.sleep(200_000_000_000L);
            assertThat(host.sockets()).isEmpty();
            assertThat(stack.buffersInUse()).isZero();
        }
    }
}
