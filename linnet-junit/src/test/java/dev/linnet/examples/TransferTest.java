package dev.linnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.junit.LinnetNetwork;
import dev.linnet.junit.LinnetNetwork.Time;
import dev.linnet.junit.TestNetwork;
import dev.linnet.sim.Link;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// The typed calls in virtual time: losses, and an outage of a minute, take a moment.
@LinnetNetwork(link = "delay=20ms,loss=1%", time = Time.VIRTUAL)
class TransferTest {
    private static final int SIZE = 1 << 20;
    private static final long MILLISECOND = 1_000_000;

    @Test
    void everythingArrives(TestNetwork network, Stack stack, Link link, Task client, Task server) {
        int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        server.bind(listener, network.address("server", 80));
        server.listen(listener, 16);
        stack.start("sender", () -> send(client, network.address("server", 80)));
        stack.start("outage", () -> cut(stack, link));

        int fd = server.accept(listener);
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        int total = 0;
        int n;
        while ((n = server.read(fd, buffer)) > 0) {
            total += n;
        }
        assertThat(total).isEqualTo(SIZE);
        assertThat(stack.nowNs()).isGreaterThan(60_000 * MILLISECOND);
    }

    private static void send(Task client, SockAddr to) {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, to)).isZero();
        assertThat(client.write(fd, ByteBuffer.allocate(SIZE))).isEqualTo(SIZE);
        client.close(fd);
    }

    private static void cut(Stack stack, Link link) {
        stack.sleep(200 * MILLISECOND);
        link.ab().cut(true);
        stack.sleep(60_000 * MILLISECOND);
        link.ab().cut(false);
    }
}
