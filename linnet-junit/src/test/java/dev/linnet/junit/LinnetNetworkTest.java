package dev.linnet.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import dev.linnet.sim.Switch;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks of tests that pass, as a user would write them.
@Timeout(60)
@LinnetNetwork
class LinnetNetworkTest {
    private static final int PORT = 80;

    /// Binds and listens on the port that every test here uses.
    private static int listen(Task server) {
        int fd = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(server.bind(fd, SockAddr.parse("0.0.0.0:" + PORT))).isZero();
        assertThat(server.listen(fd, 16)).isZero();
        return fd;
    }

    private static int connect(Task client, SockAddr to) {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, to)).isZero();
        return fd;
    }

    @Test
    void withoutAWordThereAreTwoHostsAndALink(TestNetwork network, Host client, Host server) {
        assertThat(network.hostNames()).containsExactly("client", "server");
        assertThat(client.interfaces()).containsExactly("lo", "eth0");
        assertThat(server.name()).isEqualTo("server");
        assertThat(network.address("server").getHostAddress()).isEqualTo("10.0.0.2");
        assertThat(network.address("client", PORT)).isEqualTo(SockAddr.parse("10.0.0.1:80"));
        assertThat(network.stack().isVirtual()).isFalse();
    }

    @RepeatedTest(3)
    void everyTestHasThePortForItself(TestNetwork network, Task client, Task server) {
        int listener = listen(server);
        int fd = connect(client, network.address("server", PORT));
        int accepted = server.accept(listener);
        client.write(fd, ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer answer = ByteBuffer.allocate(8);
        assertThat(server.read(accepted, answer)).isEqualTo(1);
        assertThat(answer.get(0)).isEqualTo((byte) 42);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 70_000})
    void argumentsStandBesideParts(int size, @On("server") Task a, @On("server") Task b) {
        int[] fds = new int[2];
        assertThat(a.socketpair(Af.AF_UNIX, SocketType.SOCK_STREAM, 0, fds)).isZero();
        assertThat(a.write(fds[0], ByteBuffer.allocate(size))).isEqualTo(size);
        assertThat(a).isNotSameAs(b);
        assertThat(a.host()).isSameAs(b.host());
        assertThat(b.openFds()).isEmpty();
    }

    @Test
    @LinnetNetwork(time = LinnetNetwork.Time.VIRTUAL, link = "delay=20ms", seed = 7)
    void inVirtualTime(TestNetwork network, Stack stack, Task client, Task server) {
        int listener = listen(server);
        long start = stack.nowNs();
        int fd = connect(client, network.address("server", PORT));
        assertThat(stack.nowNs() - start).isEqualTo(80_000_000); // ARP, then SYN and its answer
        assertThat(stack.seed()).isEqualTo(7);
        stack.start("server", () -> server.write(server.accept(listener), ByteBuffer.allocate(9)));
        assertThat(client.read(fd, ByteBuffer.allocate(100))).isEqualTo(9);
        assertThat(stack.sleep(3_600_000_000_000L)).isTrue();
    }

    @Test
    @LinnetNetwork(
            hosts = {
                @LinnetHost(
                        name = "a",
                        address = {"192.168.7.1/24", "fd00::1/64"}),
                @LinnetHost(
                        name = "b",
                        address = {"192.168.7.2/24", "fd00::2/64"})
            },
            sysctls = "net.ipv4.tcp_sack=0",
            time = LinnetNetwork.Time.VIRTUAL)
    void bothFamiliesAndSettings(Stack stack, Host a, Task b, @On("a") Task client, Link link) {
        int listener = b.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        assertThat(b.bind(listener, SockAddr.parse("[fd00::2]:80"))).isZero(); // no waiting for DAD
        b.listen(listener, 1);
        int fd = client.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, SockAddr.parse("[fd00::2]:80"))).isZero();
        assertThat(a.sysctl("net.ipv4.tcp_sack")).isEqualTo("0");
        assertThat(link.ab().sent()).isPositive();
        link.ab().cut(true);
        assertThat(client.write(fd, ByteBuffer.allocate(1))).isEqualTo(1);
        stack.sleep(1_000_000_000);
        assertThat(a.counters().get("TcpRetransSegs")).isPositive();
    }

    @Test
    @LinnetNetwork(
            hosts = {@LinnetHost(name = "a"), @LinnetHost(name = "b"), @LinnetHost(name = "c")},
            link = "delay=10ms",
            time = LinnetNetwork.Time.VIRTUAL)
    void threeHostsOnASwitch(TestNetwork network, Stack stack, Task a, Task b, Task c, Switch lan) {
        int listener = listen(c);
        long start = stack.nowNs();
        connect(a, network.address("c", PORT));
        assertThat(stack.nowNs() - start).isEqualTo(40_000_000);
        connect(b, network.address("c", PORT));
        SockAddr[] from = new SockAddr[1];
        c.accept4(listener, from, 0);
        assertThat(from[0].toString()).startsWith("10.0.0.1:");
        assertThat(lan.devices()).hasSize(3);
        // What a sends to c, b does not see.
        assertThat(b.host().counters().get("IpInReceives")).isEqualTo(1);
    }

    @Test
    @LinnetNetwork(
            hosts = {
                @LinnetHost(name = "left", routes = "default via 10.0.0.2"),
                @LinnetHost(name = "router", sysctls = "net.ipv4.ip_forward=1"),
                @LinnetHost(name = "right", routes = "10.0.0.0/24 via 10.0.1.2")
            },
            links = {
                @LinnetLink(between = {"left", "router"}),
                @LinnetLink(
                        between = {"router", "right"},
                        config = "delay=5ms")
            })
    void aRouterBetweenTwoNetworks(
            TestNetwork network, Task left, Task right, @On({"right", "router"}) Link slow) {
        assertThat(network.address("right").getHostAddress()).isEqualTo("10.0.1.3");
        int listener = listen(right);
        connect(left, network.address("right", PORT));
        assertThat(right.accept(listener)).isPositive();
        assertThat(slow.ab().sent()).isPositive();
        assertThat(network.host("router").counters().get("IpForwDatagrams")).isPositive();
    }

    @Test
    @LinnetNetwork(hosts = @LinnetHost(name = "alone"))
    void oneHostNeedsNoLink(Host host, JvmHost jvm, Task task) throws Exception {
        assertThat(host.interfaces()).containsExactly("lo");
        assertThat(jvm.host()).isSameAs(host);
        assertThat(jvm.names().localHost().isLoopbackAddress()).isTrue();
        assertThat(jvm.call(() -> InetAddress.getByName("alone")).isLoopbackAddress()).isTrue();
        assertThat(
                        task.connect(
                                task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0),
                                SockAddr.parse("127.0.0.1:80")))
                .isEqualTo(-Errno.ECONNREFUSED);
    }

    /// Nobody waits for them, and nothing is left over: the checks at the end of the test see to that.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadsThatAreStillInCallsDoNotMatter(
            boolean reading, TestNetwork network, Stack stack, Task client, Task server) {
        leaveThreads(reading, network, stack, client, server);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @LinnetNetwork(time = LinnetNetwork.Time.VIRTUAL)
    void norDoTheyInVirtualTime(
            boolean reading, TestNetwork network, Stack stack, Task client, Task server) {
        leaveThreads(reading, network, stack, client, server);
    }

    private static void leaveThreads(
            boolean reading, TestNetwork network, Stack stack, Task client, Task server) {
        int listener = listen(server);
        int fd = connect(client, network.address("server", PORT));
        int accepted = server.accept(listener);
        stack.start("acceptor", () -> server.accept(listener));
        if (reading) {
            stack.start("reader", () -> server.read(accepted, ByteBuffer.allocate(10)));
        } else { // more than fits into both ends
            stack.start("writer", () -> client.write(fd, ByteBuffer.allocate(64 << 20)));
        }
        stack.sleep(50_000_000);
    }

    // ---- the JDK's classes
    // ---------------------------------------------------------------------------

    @Test
    void socketsOfFactories(JvmHost client, JvmHost server) throws Exception {
        try (ServerSocket listener = server.serverSocketFactory().createServerSocket(PORT)) {
            server.start(
                    "echo",
                    () -> {
                        try (Socket socket = listener.accept()) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
            InetAddress address = client.call(() -> InetAddress.getByName("server"));
            try (Socket socket = client.socketFactory().createSocket(address, PORT)) {
                socket.getOutputStream().write("hello".getBytes());
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
        }
    }

    @Test
    @LinnetNetwork(on = "server")
    void aTestOnAHost(JvmHost server) throws Exception {
        assertThat(JvmHost.current()).isSameAs(server);
        assertThat(InetAddress.getByName("client").getHostAddress()).isEqualTo("10.0.0.1");
    }

    @Test
    @LinnetNetwork(mustClose = true)
    void channelsOfProviders(JvmHost client, JvmHost server, TestNetwork network) throws Exception {
        try (ServerSocketChannel listener = server.selectorProvider().openServerSocketChannel();
                SocketChannel channel = client.selectorProvider().openSocketChannel()) {
            listener.bind(new InetSocketAddress(PORT));
            assertThat(channel.connect(new InetSocketAddress(network.address("server"), PORT)))
                    .isTrue();
            try (SocketChannel accepted = listener.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(channel.getLocalAddress());
            }
        }
    }

    @Test
    @LinnetNetwork(time = LinnetNetwork.Time.VIRTUAL, link = "delay=1s")
    void blockingSocketsInVirtualTime(JvmHost client, JvmHost server, Stack stack)
            throws Exception {
        ServerSocket listener = server.serverSocketFactory().createServerSocket(PORT);
        InetAddress address = client.call(() -> InetAddress.getByName("server"));
        long start = stack.nowNs();
        Socket socket = client.socketFactory().createSocket(address, PORT);
        assertThat(stack.nowNs() - start).isEqualTo(4_000_000_000L);
        socket.setSoTimeout(3_600_000);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(java.net.SocketTimeoutException.class);
        assertThat(stack.nowNs() - start).isEqualTo(3604_000_000_000L);
        socket.close();
        listener.close();
    }

    // ---- classes
    // ------------------------------------------------------------------------------------

    @Nested
    class InANestedClass {
        private final Host made;
        private Task before;

        InANestedClass(@On("client") Host made) {
            this.made = made;
        }

        @BeforeEach
        void open(@On("client") Task task) {
            before = task;
        }

        @Test
        void theClasssNetworkIsThere(Host client) {
            assertThat(before.host()).isSameAs(client).isSameAs(made);
        }
    }

    @Nested
    @LinnetNetwork(scope = LinnetNetwork.Scope.CLASS)
    class OneForAll {
        private static Host first;

        @Test
        void one(Host server) {
            check(server);
        }

        @Test
        void other(Host server) {
            check(server);
        }

        @Nested
        class AndForThoseWithin {
            @Test
            void another(Host server) {
                check(server);
            }
        }

        private static void check(Host server) {
            first = first == null ? server : first;
            assertThat(server).isSameAs(first);
        }
    }
}
