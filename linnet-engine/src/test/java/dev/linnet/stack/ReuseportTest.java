package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.hook.ReuseportProgram;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sockets that share a port: who gets what, by the flow's hash and by programs.
class ReuseportTest {
    private static final int LOOPBACK = 0x7f000001;
    private static final int MEMBERS = 4;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int member(int type) {
        int fd = task.socket(Af.AF_INET, type | SocketType.SOCK_NONBLOCK, 0);
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, So.SO_REUSEPORT, 1)).isZero();
        return fd;
    }

    private void bind(int fd) {
        assertThat(task.bind(fd, new SockAddrIn(80, LOOPBACK))).isZero();
    }

    private List<Integer> group(int type) {
        List<Integer> fds = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            int fd = member(type);
            bind(fd);
            if (type == SocketType.SOCK_STREAM) {
                assertThat(task.listen(fd, 50)).isZero();
            }
            fds.add(fd);
        }
        return fds;
    }

    private int connectOne() {
        int client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(client, new SockAddrIn(80, LOOPBACK))).isZero();
        return client;
    }

    /// How many connections each listener got.
    private int[] accepted(List<Integer> listeners) {
        return listeners.stream()
                .mapToInt(
                        fd -> {
                            int n = 0;
                            while (task.accept(fd) >= 0) {
                                n++;
                            }
                            return n;
                        })
                .toArray();
    }

    private int[] received(List<Integer> fds) {
        return fds.stream()
                .mapToInt(
                        fd -> {
                            int n = 0;
                            while (task.recv(fd, ByteBuffer.allocate(9), Msg.MSG_DONTWAIT) >= 0) {
                                n++;
                            }
                            return n;
                        })
                .toArray();
    }

    private void send(int client, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        assertThat(task.sendto(client, ByteBuffer.wrap(bytes), 0, new SockAddrIn(80, LOOPBACK)))
                .isEqualTo(bytes.length);
    }

    @Test
    void theHashSpreadsFlows() {
        List<Integer> listeners = group(SocketType.SOCK_STREAM);
        List<Integer> servers = group(SocketType.SOCK_DGRAM);
        for (int i = 0; i < 100; i++) {
            connectOne();
            send(task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0), 1);
        }
        assertSpread(accepted(listeners));
        assertSpread(received(servers));
    }

    private static void assertSpread(int[] counts) {
        assertThat(IntStream.of(counts).sum()).isEqualTo(100);
        assertThat(IntStream.of(counts).min().orElse(0)).isGreaterThan(5);
    }

    @Test
    void oneFlowStaysWithOneSocket() {
        List<Integer> servers = group(SocketType.SOCK_DGRAM);
        int client = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        for (int i = 0; i < 20; i++) {
            send(client, i);
        }
        assertThat(received(servers)).containsExactlyInAnyOrder(0, 0, 0, 20);
    }

    @Test
    void aProgramChoosesTheListener() {
        List<Integer> listeners = group(SocketType.SOCK_STREAM);
        List<ReuseportProgram.Context> seen = new ArrayList<>();
        assertThat(
                        task.attachReuseport(
                                listeners.get(3),
                                context -> {
                                    seen.add(context);
                                    return 2;
                                }))
                .isZero();
        for (int i = 0; i < 7; i++) {
            connectOne();
        }
        assertThat(accepted(listeners)).containsExactly(0, 0, 7, 0);
        ReuseportProgram.Context first = seen.getFirst();
        assertThat(first.to()).isEqualTo(new SockAddrIn(80, LOOPBACK));
        assertThat(first.members()).isEqualTo(MEMBERS);
        assertThat(first.protocol()).isEqualTo(6);
        assertThat(first.packet().isReadOnly()).isTrue();
    }

    @Test
    void aProgramChoosesByThePayload() {
        List<Integer> servers = group(SocketType.SOCK_DGRAM);
        task.attachReuseport(servers.getFirst(), context -> context.packet().get(8));
        int client = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        for (int first : new int[] {3, 3, 3, 1, 0, 0}) {
            send(client, first);
        }
        assertThat(received(servers)).containsExactly(2, 1, 0, 3);
        for (int i = 0; i < 10; i++) {
            send(client, 100);
        }
        assertThat(received(servers))
                .as("no member: the hash")
                .containsExactlyInAnyOrder(0, 0, 0, 10);
    }

    /// `ldb [0]; ret a`: the first byte of the payload.
    @Test
    void aClassicProgramSeesThePayload() {
        List<Integer> servers = new ArrayList<>();
        int early = member(SocketType.SOCK_DGRAM);
        ByteBuffer program = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        program.putShort((short) 0x30).putShort((short) 0).putInt(0);
        program.putShort((short) 0x16).putShort((short) 0).putInt(0);
        assertThat(
                        task.setsockopt(
                                early,
                                Sol.SOL_SOCKET,
                                So.SO_ATTACH_REUSEPORT_CBPF,
                                program.array()))
                .as("before it is bound")
                .isZero();
        bind(early);
        servers.add(early);
        for (int i = 1; i < MEMBERS; i++) {
            int fd = member(SocketType.SOCK_DGRAM);
            bind(fd);
            servers.add(fd);
        }
        int client = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        for (int first : new int[] {3, 2, 2, 0}) {
            send(client, first, 99);
        }
        assertThat(received(servers)).containsExactly(1, 0, 2, 1);

        task.close(early);
        servers.removeFirst();
        for (int i = 0; i < 5; i++) {
            send(client, 0, 99);
        }
        assertThat(received(servers)).as("the last took its place").containsExactly(0, 0, 5);
    }

    @Test
    void whatIsRefused() {
        int plain = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        int detach = So.SO_DETACH_REUSEPORT_BPF;
        assertThat(task.attachReuseport(plain, context -> 0)).isEqualTo(-Errno.EINVAL);
        assertThat(task.setsockopt(plain, Sol.SOL_SOCKET, detach, 0)).isEqualTo(-Errno.EINVAL);
        int fd = member(SocketType.SOCK_STREAM);
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, detach, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(task.attachReuseport(fd, context -> 0)).isZero();
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, detach, 0)).isZero();
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, detach, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(task.attachReuseport(99, context -> 0)).isEqualTo(-Errno.EBADF);
        int udp = task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(udp, new SockAddrIn6(90, 0, 1))).isZero();
        task.setsockopt(udp, Sol.SOL_SOCKET, So.SO_REUSEPORT, 1);
        assertThat(task.attachReuseport(udp, context -> 0))
                .as("bound without it")
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aConnectedMemberGetsItsPeerAlone() {
        List<Integer> servers = group(SocketType.SOCK_DGRAM);
        int peer = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(peer, new SockAddrIn(1234, LOOPBACK))).isZero();
        assertThat(task.connect(servers.get(1), new SockAddrIn(1234, LOOPBACK))).isZero();
        for (int i = 0; i < 5; i++) {
            send(peer, i);
        }
        assertThat(received(servers)).containsExactly(0, 5, 0, 0);
        for (int i = 0; i < 40; i++) {
            send(task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0), 1);
        }
        int[] others = received(servers);
        assertThat(others[1]).isZero();
        assertThat(IntStream.of(others).sum()).isEqualTo(40);
    }

    /// With `tcp_migrate_req` what nobody accepted goes to those who still listen, without it the peer
    /// gets a reset.
    @Test
    void connectionsOfAClosedListenerMove() {
        assertThat(host.setSysctl("net.ipv4.tcp_migrate_req", "1")).isZero();
        List<Integer> listeners = group(SocketType.SOCK_STREAM);
        IntStream.range(0, 20).forEach(i -> connectOne());
        for (int fd : listeners.subList(0, MEMBERS - 1)) {
            assertThat(task.close(fd)).isZero();
        }
        assertThat(accepted(listeners.subList(MEMBERS - 1, MEMBERS))).containsExactly(20);
        assertThat(host.counters().get("TcpExtTCPMigrateReqSuccess")).isPositive();
        connectOne();
        assertThat(task.close(listeners.getLast())).isZero();
        assertThat(host.counters().get("TcpExtTCPMigrateReqFailure")).isEqualTo(1);
    }

    @Test
    void withoutMigrationTheyAreReset() {
        List<Integer> listeners = group(SocketType.SOCK_STREAM);
        List<Integer> clients = IntStream.range(0, 20).mapToObj(i -> connectOne()).toList();
        for (int fd : listeners) {
            assertThat(task.close(fd)).isZero();
        }
        for (int fd : clients) {
            assertThat(task.read(fd, ByteBuffer.allocate(10))).isEqualTo(-Errno.ECONNRESET);
        }
        assertThat(host.counters().get("TcpExtTCPMigrateReqSuccess")).isZero();
    }

    /// A request whose listener closes is answered on behalf of another one.
    @Test
    void requestsOfAClosedListenerMove() {
        Host peer = stack.newHost("peer");
        EtherCable cable = new EtherCable(host, peer, "eth0", 1500);
        host.addAddress("eth0", "10.0.0.1/24");
        peer.addAddress("eth0", "10.0.0.2/24");
        assertThat(host.setSysctl("net.ipv4.tcp_migrate_req", "1")).isZero();
        SockAddrIn server = new SockAddrIn(80, 0x0a000001);
        int first = member(SocketType.SOCK_STREAM);
        assertThat(task.bind(first, server)).isZero();
        assertThat(task.listen(first, 5)).isZero();
        cable.passes = frame -> frame.length < 54 || (frame[47] & 0x3f) != 0x10; // no bare ACK
        Task client = peer.newTask("client");
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, server)).isZero();
        int second = member(SocketType.SOCK_STREAM);
        assertThat(task.bind(second, server)).isZero();
        assertThat(task.listen(second, 5)).isZero();
        assertThat(task.close(first)).isZero();
        stack.sleep(500_000_000L);
        assertThat(task.accept(second)).isEqualTo(-Errno.EAGAIN);
        cable.passes = frame -> true;
        stack.sleep(1_000_000_000L); // the SYN-ACK comes again
        assertThat(task.accept(second)).isNotNegative();
        assertThat(host.counters().get("TcpExtTCPMigrateReqSuccess")).isEqualTo(1);
    }
}
