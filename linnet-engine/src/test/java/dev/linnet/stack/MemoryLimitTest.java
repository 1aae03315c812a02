package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.sock.ProtoMemory;
import dev.linnet.net.tcp.TcpNet;
import dev.linnet.net.udp.UdpMemory;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `net.ipv4.tcp_mem` and `udp_mem`: the pages that all sockets of a host may have. What is expected was seen on
/// Linux 6.18, which counts in steps of 256 pages for each processor where this counts exactly.
class MemoryLimitTest {
    private static final SockAddrIn SERVER = new SockAddrIn(8080, 0x7F000001);
    private static final long SECOND = 1_000_000_000L;

    private final Stack stack = Stack.virtual(3);
    private final Host host = stack.newHost("a");
    private final Task client = host.newTask("client");
    private final Task server = host.newTask("server");
    private int sender;
    private int receiver;

    private void connect() {
        int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(server.bind(listener, SERVER)).isZero();
        assertThat(server.listen(listener, 8)).isZero();
        sender = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(sender, SERVER)).isZero();
        receiver = server.accept(listener);
        assertThat(receiver).isPositive();
        client.fcntl(sender, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        server.fcntl(receiver, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
    }

    private void limits(String pages) {
        assertThat(host.setSysctl("net.ipv4.tcp_mem", pages)).isZero();
    }

    private ProtoMemory memory() {
        return TcpNet.OF.of(host.net()).memory;
    }

    private long counter(String name) {
        return host.counters().getOrDefault(name, 0L);
    }

    /// Writes until nothing more is taken.
    private long fill() {
        ByteBuffer piece = ByteBuffer.allocate(4096);
        long sum = 0;
        int n;
        while ((n = client.write(sender, piece.rewind())) > 0) {
            sum += n;
        }
        assertThat(n).isEqualTo(-Errno.EAGAIN);
        return sum;
    }

    /// Reads until nothing has come for a minute: lost segments are sent again in that time.
    private long drain() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        long sum = 0;
        for (int empty = 0; empty < 120; stack.sleep(SECOND / 2)) {
            int n = server.read(receiver, buffer.clear());
            empty = n > 0 ? 0 : empty + 1;
            sum += Math.max(0, n);
        }
        return sum;
    }

    @AfterEach
    void everythingIsGivenBack() {
        host.close();
        assertThat(memory().allocated()).isZero();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    @Test
    void whatTheQueuesHoldIsCounted() {
        connect();
        assertThat(memory().allocated()).isZero();
        long sent = fill();
        assertThat(memory().allocated()).isGreaterThan(sent / 4096);
        assertThat(drain()).isEqualTo(sent);
        stack.sleep(SECOND);
        assertThat(memory().allocated()).isZero();
        assertThat(counter("TcpExtTCPMemoryPressures")).isZero();
    }

    @Test
    void aboveTheLimitTheSendBufferShrinks() {
        connect();
        limits("5 10 100");
        long few = fill();
        assertThat(few).isBetween(20L * 4096, 130L * 4096);
        assertThat(memory().underPressure()).isTrue();
        assertThat(counter("TcpExtTCPMemoryPressures")).isEqualTo(1);
        assertThat(drain()).isEqualTo(few);
        stack.sleep(SECOND);
        assertThat(memory().underPressure()).isFalse();
        assertThat(counter("TcpExtTCPMemoryPressuresChrono")).isPositive();
        long more = fill();
        assertThat(more).isPositive();
        assertThat(drain()).isEqualTo(more);
    }

    @Test
    void whileMemoryIsShortDataStillArrives() {
        connect();
        limits("0 0 100000");
        long sent = fill();
        assertThat(memory().underPressure()).isTrue();
        assertThat(drain()).isEqualTo(sent);
        assertThat(fill()).isPositive();
        assertThat(drain()).isPositive();
    }

    @Test
    void anOrphanIsResetWhenNothingIsLeft() {
        connect();
        assertThat(fill()).isPositive();
        limits("0 0 1");
        assertThat(client.close(sender)).isZero();
        assertThat(counter("TcpExtTCPAbortOnMemory")).isEqualTo(1);
        stack.sleep(SECOND);
        assertThat(drain()).isNotNegative();
        assertThat(server.read(receiver, ByteBuffer.allocate(10))).isNotPositive();
    }

    @Test
    void datagramsAreDroppedAboveTheLimitOfUdp() {
        int from = client.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        int to = server.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(server.bind(to, SERVER)).isZero();
        server.fcntl(to, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(host.setSysctl("net.ipv4.udp_mem", "2 3 8")).isZero();
        for (int i = 0; i < 50; i++) {
            assertThat(client.sendto(from, ByteBuffer.allocate(1000), 0, SERVER)).isEqualTo(1000);
        }
        long dropped = counter("UdpMemErrors");
        assertThat(dropped).isBetween(20L, 49L);
        assertThat(counter("UdpInErrors")).isEqualTo(dropped);
        assertThat(UdpMemory.OF.of(host.net()).allocated()).isBetween(2L, 8L);
        int received = 0;
        while (server.read(to, ByteBuffer.allocate(2000)) == 1000) {
            received++;
        }
        assertThat(received).isEqualTo((int) (50 - dropped));
        assertThat(UdpMemory.OF.of(host.net()).allocated()).isZero();
    }
}
