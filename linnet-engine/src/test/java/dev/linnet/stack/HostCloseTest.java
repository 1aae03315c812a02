package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// What is on its way when a host is closed does not outlive it: no buffer stays counted, and no
/// timer of a connection.
class HostCloseTest {
    private static final int PORT = 8080;
    private static final int B = 0x0A000002;
    private static final long SECOND = 1_000_000_000L;

    private final Stack stack = Stack.virtual(11);
    private final Host a = stack.newHost("a");
    private final Host b = stack.newHost("b");
    private final EtherCable cable = new EtherCable(a, b, "eth0", 1500);
    private final Task client = a.newTask("client");
    private final Task server = b.newTask("server");

    private void addresses() {
        a.addAddress("eth0", "10.0.0.1/24");
        b.addAddress("eth0", "10.0.0.2/24");
        stack.sleep(5 * SECOND); // neighbours, routers
    }

    private int listener() {
        int fd = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(server.bind(fd, new SockAddrIn(PORT, B))).isZero();
        assertThat(server.listen(fd, 8)).isZero();
        return fd;
    }

    private int connected() {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, new SockAddrIn(PORT, B))).isZero();
        return fd;
    }

    private void closeAll() {
        a.close();
        b.close();
        assertThat(stack.buffersInUse()).isZero();
        assertThat(a.sockets()).isEmpty();
        assertThat(b.sockets()).isEmpty();
        stack.close();
    }

    @Test
    void dataThatNobodyAcknowledged() {
        addresses();
        listener();
        int fd = connected();
        cable.passes = frame -> false;
        client.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(client.write(fd, ByteBuffer.allocate(100_000))).isPositive();
        assertThat(client.close(fd)).isZero();
        assertThat(stack.buffersInUse()).isPositive();
        closeAll();
    }

    @Test
    void dataThatNobodyRead() {
        addresses();
        int listening = listener();
        int fd = connected();
        int accepted = server.accept(listening);
        assertThat(accepted).isPositive();
        assertThat(client.write(fd, ByteBuffer.allocate(50_000))).isPositive();
        assertThat(server.write(accepted, ByteBuffer.allocate(50_000))).isPositive();
        cable.passes = frame -> false;
        assertThat(client.write(fd, ByteBuffer.allocate(10_000))).isPositive();
        closeAll();
    }

    @Test
    void orphansAndTheirRemains() {
        addresses();
        int listening = listener();
        int first = connected();
        assertThat(server.accept(listening)).isPositive();
        assertThat(client.close(first)).isZero();
        int second = connected();
        cable.passes = frame -> false;
        assertThat(client.write(second, ByteBuffer.allocate(5000))).isEqualTo(5000);
        assertThat(client.close(second)).isZero();
        stack.sleep(SECOND);
        assertThat(stack.buffersInUse()).isPositive();
        closeAll();
    }

    @Test
    void connectionsThatBegin() {
        addresses();
        listener();
        cable.passes = frame -> frame.length > 60; // the SYN passes, not what answers it
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        client.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(client.connect(fd, new SockAddrIn(PORT, B))).isEqualTo(-Errno.EINPROGRESS);
        stack.sleep(SECOND / 10);
        closeAll();
    }

    @Test
    void packetsThatWaitForANeighbour() {
        addresses();
        cable.passes = frame -> false;
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(client.sendto(fd, ByteBuffer.allocate(5000), 0, new SockAddrIn(9, 0x0A000063)))
                .isEqualTo(5000);
        closeAll();
    }

    @Test
    void halfADatagram() {
        addresses();
        int fd = server.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(server.bind(fd, new SockAddrIn(9, B))).isZero();
        int[] seen = {0};
        cable.passes = frame -> frame.length < 1000 || seen[0]++ == 0;
        int from = client.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(client.sendto(from, ByteBuffer.allocate(5000), 0, new SockAddrIn(9, B)))
                .isEqualTo(5000);
        closeAll();
    }

    /// Router solicitations go on for ever and wake nobody: a program that is stuck fails all the same.
    @Test
    void anInterfaceDoesNotKeepAStuckProgramAlive() {
        addresses();
        int fd = listener();
        assertThatThrownBy(() -> server.accept(fd))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("virtual time stands still");
    }
}
