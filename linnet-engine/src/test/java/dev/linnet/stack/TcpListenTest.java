package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Tcp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Listening and accepting: the two queues and their limits, what happens when they are full, who is
/// woken, and what a connection has from its listener.
@Timeout(60)
class TcpListenTest {
    private static final int PORT = 8080;
    private static final int LOOPBACK = 0x7F000001;
    private static final int LOCAL = 0xC0000201; // 192.0.2.1
    private static final long SECOND = 1_000_000_000L;
    private static final SockAddrIn SERVER = new SockAddrIn(PORT, LOOPBACK);

    private final Stack stack = Stack.virtual(7);
    private final Host host = stack.newHost("a");
    private final Task server = host.newTask("server");
    private final Task client = host.newTask("client");

    @AfterEach
    void nothingIsLeft() {
        host.close();
        stack.sleep(200 * SECOND);
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int listener(int backlog) {
        int fd = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(server.bind(fd, new SockAddrIn(PORT, 0))).isZero();
        assertThat(server.listen(fd, backlog)).isZero();
        return fd;
    }

    private int connecting() {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        client.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(client.connect(fd, SERVER)).isIn(0, -Errno.EINPROGRESS);
        return fd;
    }

    private boolean connected(int fd) {
        return client.getpeername(fd, new SockAddr[1]) == 0;
    }

    private long counter(String name) {
        return host.counters().getOrDefault(name, 0L);
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Task task, int fd) {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int n = task.read(fd, buffer);
        assertThat(n).isNotNegative();
        return new String(buffer.array(), 0, n, StandardCharsets.US_ASCII);
    }

    // ---- the accept queue
    // ------------------------------------------------------------------------

    /// As the kernel of this machine does it: backlog + 1 connections wait, further SYNs are dropped.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theAcceptQueueTakesOneMoreThanTheBacklog(int backlog) {
        listener(backlog);
        List<Integer> fds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            fds.add(connecting());
        }
        assertThat(fds.stream().filter(this::connected)).hasSize(backlog + 1);
        assertThat(counter("TcpExtListenOverflows")).isEqualTo(5 - backlog);
        assertThat(counter("TcpExtListenDrops")).isEqualTo(5 - backlog);
    }

    @Test
    void whoWasDroppedConnectsWhenThereIsRoomAgain() {
        int listener = listener(0);
        int first = connecting();
        int second = connecting();
        assertThat(connected(first)).isTrue();
        assertThat(connected(second)).isFalse();
        assertThat(server.accept(listener)).isNotNegative();
        stack.sleep(2 * SECOND); // the SYN is sent again
        assertThat(connected(second)).isTrue();
        assertThat(server.accept(listener)).isNotNegative();
    }

    @Test
    void connectionsAreAcceptedInTheOrderInWhichTheyWereMade() {
        int listener = listener(10);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int fd = connecting();
            SockAddr[] name = new SockAddr[1];
            client.getsockname(fd, name);
            ports.add(((SockAddrIn) name[0]).port());
        }
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            SockAddr[] peer = new SockAddr[1];
            assertThat(server.accept4(listener, peer, 0)).isNotNegative();
            accepted.add(((SockAddrIn) peer[0]).port());
        }
        assertThat(accepted).isEqualTo(ports);
    }

    @Test
    void oneConnectionWakesOneAcceptor() {
        int listener = listener(10);
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stack.start("acceptor " + i, () -> accepted.add(server.accept(listener)));
        }
        stack.sleep(SECOND);
        assertThat(accepted).isEmpty();
        for (int i = 1; i <= 5; i++) {
            connecting();
            stack.sleep(SECOND);
            assertThat(accepted).hasSize(i).allMatch(fd -> fd >= 0);
        }
    }

    @Test
    void acceptHasAnEndWhenTheListenerIsShutDown() {
        int listener = listener(1);
        List<Integer> results = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            stack.start("acceptor " + i, () -> results.add(server.accept(listener)));
        }
        stack.sleep(SECOND);
        assertThat(server.shutdown(listener, Shut.SHUT_RD)).isZero();
        stack.sleep(SECOND);
        assertThat(results).containsExactly(-Errno.EINVAL, -Errno.EINVAL);
    }

    @Test
    void acceptWaitsNoLongerThanSoRcvtimeo() {
        int listener = listener(1);
        byte[] twoSeconds = new byte[16];
        Abi.putLong(twoSeconds, 0, 2);
        server.setsockopt(listener, Sol.SOL_SOCKET, So.SO_RCVTIMEO, twoSeconds);
        long before = stack.nowNs();
        assertThat(server.accept(listener)).isEqualTo(-Errno.EAGAIN);
        assertThat(stack.nowNs() - before).isEqualTo(2 * SECOND);
    }

    @Test
    void theListenerClosesAndWhoWaitedIsReset() {
        int listener = listener(5);
        int fd = connecting();
        assertThat(connected(fd)).isTrue();
        assertThat(server.close(listener)).isZero();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(client.read(fd, buffer)).isEqualTo(-Errno.ECONNRESET);
        assertThat(state(client, fd)).isEqualTo(TcpState.TCP_CLOSE.value());
    }

    private static int state(Task task, int fd) {
        return info(task, fd).state;
    }

    private static TcpInfo info(Task task, int fd) {
        byte[] raw = new byte[TcpInfo.SIZE];
        int n = task.getsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_INFO, raw);
        return TcpInfo.decode(raw, 0, n);
    }

    // ---- the SYN queue
    // -----------------------------------------------------------------------------

    private PacketPort port() {
        PacketPort port = new PacketPort(host, "test0");
        host.addAddress("test0", "192.0.2.1/24");
        host.addRoute("0.0.0.0/0", null, "test0");
        stack.sleep(SECOND);
        port.sent.clear();
        return port;
    }

    private static byte[] segment(int saddr, int sport, int seq, int ack, int flags) {
        byte[] b = new byte[40];
        Ipv4.put(b, 0, 0, 40, 1, 0, 64, 6, saddr, LOCAL);
        Ipv4.sendCheck(b, 0);
        Tcp.put(b, 20, sport, PORT, seq, ack, 20, flags, 1000);
        Tcp.check(b, 20, Checksum.transportV4(b, 20, 20, saddr, LOCAL, 6));
        return b;
    }

    private static byte[] last(PacketPort port) {
        return port.sent.get(port.sent.size() - 1);
    }

    @Test
    void aFullSynQueueMeansCookies() {
        int listener = listener(2);
        PacketPort port = port();
        for (int i = 0; i < 10; i++) {
            port.receive4(segment(0xC6336401 + i, 1000, 5, 0, Tcp.SYN));
        }
        assertThat(port.sent).hasSize(10);
        assertThat(counter("TcpExtTCPReqQFullDoCookies")).isEqualTo(7);
        assertThat(counter("TcpExtSyncookiesSent")).isEqualTo(7);
        int cookie = Tcp.seq(last(port), 20);
        port.receive4(segment(0xC6336401 + 9, 1000, 6, cookie + 1, Tcp.ACK));
        assertThat(counter("TcpExtSyncookiesRecv")).isOne();
        SockAddr[] peer = new SockAddr[1];
        assertThat(server.accept4(listener, peer, 0)).isNotNegative();
        assertThat(peer[0]).isEqualTo(new SockAddrIn(1000, 0xC6336401 + 9));
        // What nobody sent is no cookie.
        port.sent.clear();
        port.receive4(segment(0xC6336401 + 8, 1000, 6, cookie + 1, Tcp.ACK));
        assertThat(counter("TcpExtSyncookiesFailed")).isOne();
        assertThat(Tcp.flags(last(port), 20)).isEqualTo(Tcp.RST);
    }

    @Test
    void withoutCookiesAFullSynQueueMeansSilence() {
        host.setSysctl("net.ipv4.tcp_syncookies", "0");
        listener(2);
        PacketPort port = port();
        for (int i = 0; i < 10; i++) {
            port.receive4(segment(0xC6336401 + i, 1000, 5, 0, Tcp.SYN));
        }
        assertThat(port.sent).hasSize(3);
        assertThat(counter("TcpExtTCPReqQFullDrop")).isEqualTo(7);
        stack.sleep(200 * SECOND);
        assertThat(host.sockets()).hasSize(1); // the requests have died
        port.sent.clear();
        port.receive4(segment(0xC6336401, 1000, 5, 0, Tcp.SYN));
        assertThat(port.sent).hasSize(1);
    }

    @Test
    void requestsAreSeenAsSynRecvAndRepeatTheirSynAck() {
        listener(5);
        PacketPort port = port();
        port.receive4(segment(0xC6336401, 1000, 5, 0, Tcp.SYN));
        assertThat(host.sockets()).anyMatch(s -> s.state() == TcpState.TCP_NEW_SYN_RECV);
        stack.sleep(70 * SECOND);
        port.sent.removeIf(b -> b[0] >>> 4 != 4); // router solicitations
        assertThat(port.sent).as("SYN-ACKs after 0, 1, 3, 7, 15 and 31 s").hasSize(6);
        assertThat(host.sockets()).noneMatch(s -> s.state() == TcpState.TCP_NEW_SYN_RECV);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void aFullAcceptQueueIgnoresTheLastAckUnlessToldToReset(String abortOnOverflow) {
        host.setSysctl("net.ipv4.tcp_abort_on_overflow", abortOnOverflow);
        int listener = listener(1);
        PacketPort port = port();
        int[] isn = new int[3];
        isn[0] = synAck(port, 0xC6336401);
        port.receive4(segment(0xC6336401, 1000, 6, isn[0] + 1, Tcp.ACK));
        isn[1] = synAck(port, 0xC6336402);
        isn[2] = synAck(port, 0xC6336403);
        port.receive4(segment(0xC6336402, 1000, 6, isn[1] + 1, Tcp.ACK));
        port.sent.clear();
        port.receive4(segment(0xC6336403, 1000, 6, isn[2] + 1, Tcp.ACK));
        assertThat(counter("TcpExtListenOverflows")).isOne();
        if (abortOnOverflow.equals("1")) {
            assertThat(Tcp.flags(last(port), 20) & Tcp.RST).isNotZero();
            return;
        }
        assertThat(port.sent).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(server.accept(listener)).isNotNegative();
        }
        port.receive4(segment(0xC6336403, 1000, 6, isn[2] + 1, Tcp.ACK));
        assertThat(server.accept(listener)).isNotNegative();
    }

    private static int synAck(PacketPort port, int saddr) {
        port.receive4(segment(saddr, 1000, 5, 0, Tcp.SYN));
        assertThat(Tcp.flags(last(port), 20)).isEqualTo(Tcp.SYN | Tcp.ACK);
        return Tcp.seq(last(port), 20);
    }

    @Test
    void synsToABroadcastAddressAreNotAnswered() {
        listener(5);
        PacketPort port = port();
        byte[] syn = segment(0xC6336401, 1000, 5, 0, Tcp.SYN);
        Ipv4.daddr(syn, 0, 0xFFFFFFFF);
        Ipv4.sendCheck(syn, 0);
        Tcp.check(syn, 20, 0);
        Tcp.check(syn, 20, Checksum.transportV4(syn, 20, 20, 0xC6336401, 0xFFFFFFFF, 6));
        port.receive4(syn);
        assertThat(port.sent).isEmpty();
    }

    // ---- what a connection has from its listener
    // ---------------------------------------------------

    @Test
    void optionsAreInherited() {
        int listener = listener(5);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_NODELAY, 1);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_KEEPIDLE, 77);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_USER_TIMEOUT, 1234);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_LINGER2, 11);
        server.setsockopt(listener, Sol.SOL_SOCKET, So.SO_KEEPALIVE, 1);
        server.setsockopt(listener, Sol.SOL_SOCKET, So.SO_RCVBUF, 50_000);
        connecting();
        int fd = server.accept(listener);
        assertThat(option(fd, Sol.SOL_TCP, TcpOpt.TCP_NODELAY)).isOne();
        assertThat(option(fd, Sol.SOL_TCP, TcpOpt.TCP_KEEPIDLE)).isEqualTo(77);
        assertThat(option(fd, Sol.SOL_TCP, TcpOpt.TCP_USER_TIMEOUT)).isEqualTo(1234);
        assertThat(option(fd, Sol.SOL_TCP, TcpOpt.TCP_LINGER2)).isEqualTo(11);
        assertThat(option(fd, Sol.SOL_SOCKET, So.SO_KEEPALIVE)).isOne();
        assertThat(option(fd, Sol.SOL_SOCKET, So.SO_RCVBUF)).isEqualTo(100_000);
    }

    private int option(int fd, int level, int name) {
        int[] value = new int[1];
        assertThat(server.getsockopt(fd, level, name, value)).isNotNegative();
        return value[0];
    }

    @Test
    void theSynIsKeptForWhoAsksOnce() {
        int listener = listener(5);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_SAVE_SYN, 1);
        connecting();
        int fd = server.accept(listener);
        byte[] syn = new byte[100];
        int n = server.getsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_SAVED_SYN, syn);
        assertThat(n).isEqualTo(60);
        assertThat(Ipv4.daddr(syn, 0)).isEqualTo(LOOPBACK);
        assertThat(Tcp.flags(syn, 20)).isEqualTo(Tcp.SYN);
        assertThat(Tcp.dest(syn, 20)).isEqualTo(PORT);
        assertThat(server.getsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_SAVED_SYN, syn)).isZero();
    }

    @Test
    void reuseportListenersShareTheConnections() {
        int[] listeners = new int[4];
        for (int i = 0; i < listeners.length; i++) {
            listeners[i] = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.setsockopt(listeners[i], Sol.SOL_SOCKET, So.SO_REUSEPORT, 1);
            assertThat(server.bind(listeners[i], new SockAddrIn(PORT, 0))).isZero();
            assertThat(server.listen(listeners[i], 100)).isZero();
            server.fcntl(listeners[i], Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        }
        for (int i = 0; i < 80; i++) {
            connecting();
        }
        int[] counts = new int[4];
        for (int i = 0; i < 4; i++) {
            while (server.accept(listeners[i]) >= 0) {
                counts[i]++;
            }
        }
        assertThat(Arrays.stream(counts).sum()).isEqualTo(80);
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(5);
    }

    // ---- signatures and Fast Open
    // --------------------------------------------------------------------

    private static byte[] md5sig(String key) {
        byte[] raw = new byte[216];
        new SockAddrIn(0, LOOPBACK).encode(raw, 0);
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        Abi.putShort(raw, 130, bytes.length);
        System.arraycopy(bytes, 0, raw, 136, bytes.length);
        return raw;
    }

    private int signedConnect(String key) {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        if (!key.isEmpty()) {
            assertThat(client.setsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_MD5SIG, md5sig(key))).isZero();
        }
        client.setsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_SYNCNT, 2);
        return client.connect(fd, SERVER) == 0 ? fd : -1;
    }

    @Test
    void onlyWhoHasTheKeyConnects() {
        int listener = listener(5);
        assertThat(server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_MD5SIG, md5sig("secret")))
                .isZero();
        assertThat(signedConnect("")).isNegative();
        assertThat(counter("TcpExtTCPMD5NotFound")).isPositive();
        assertThat(signedConnect("guess")).isNegative();
        assertThat(counter("TcpExtTCPMD5Failure")).isPositive();
        int fd = signedConnect("secret");
        assertThat(fd).isNotNegative();
        int accepted = server.accept(listener);
        assertThat(client.write(fd, text("hello"))).isEqualTo(5);
        assertThat(read(server, accepted)).isEqualTo("hello");
        assertThat(server.write(accepted, text("world"))).isEqualTo(5);
        assertThat(read(client, fd)).isEqualTo("world");
        assertThat(server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_MD5SIG, md5sig("")))
                .isZero();
        assertThat(server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_MD5SIG, md5sig("")))
                .isEqualTo(-Errno.ENOENT);
    }

    @Test
    void theSecondFastOpenCarriesItsDataInTheSyn() {
        host.setSysctl("net.ipv4.tcp_fastopen", "3");
        int listener = listener(5);
        server.setsockopt(listener, Sol.SOL_TCP, TcpOpt.TCP_FASTOPEN, 5);
        for (int i = 0; i < 2; i++) {
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            assertThat(client.sendto(fd, text("early"), Msg.MSG_FASTOPEN, SERVER)).isEqualTo(5);
            int accepted = server.accept(listener);
            assertThat(read(server, accepted)).isEqualTo("early");
            assertThat(counter("TcpExtTCPFastOpenCookieReqd")).isOne();
            assertThat(counter("TcpExtTCPFastOpenActive")).isEqualTo(i);
            assertThat(counter("TcpExtTCPFastOpenPassive")).isEqualTo(i);
            boolean inSyn = (info(client, fd).options & TcpOpt.TCPI_OPT_SYN_DATA) != 0;
            assertThat(inSyn).isEqualTo(i == 1);
        }
    }

    // ---- TIME-WAIT
    // -------------------------------------------------------------------------------------

    @Test
    void aConnectionMayFollowOnOneInTimeWaitAfterASecond() {
        host.setSysctl("net.ipv4.ip_local_port_range", "5000 5000");
        int listener = listener(5);
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, SERVER)).isZero();
        int accepted = server.accept(listener);
        client.close(fd);
        server.close(accepted);
        assertThat(host.sockets()).anyMatch(s -> s.state() == TcpState.TCP_TIME_WAIT);
        int next = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(next, SERVER)).isEqualTo(-Errno.EADDRNOTAVAIL);
        stack.sleep(SECOND);
        assertThat(client.connect(next, SERVER)).isZero();
        assertThat(server.accept(listener)).isNotNegative();
    }

    @Test
    void timeWaitLastsAMinuteAndIsLimitedInNumber() {
        host.setSysctl("net.ipv4.tcp_max_tw_buckets", "3");
        int listener = listener(5);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            assertThat(client.connect(fd, SERVER)).isZero();
            SockAddr[] name = new SockAddr[1];
            client.getsockname(fd, name);
            ports.add(((SockAddrIn) name[0]).port());
            int accepted = server.accept(listener);
            client.close(fd);
            server.close(accepted);
        }
        assertThat(ports).hasSize(5);
        assertThat(counter("TcpExtTCPTimeWaitOverflow")).isEqualTo(2);
        assertThat(host.sockets()).filteredOn(s -> s.state() == TcpState.TCP_TIME_WAIT).hasSize(3);
        stack.sleep(59 * SECOND);
        assertThat(host.sockets()).hasSize(4);
        stack.sleep(2 * SECOND);
        assertThat(host.sockets()).hasSize(1);
    }
}
