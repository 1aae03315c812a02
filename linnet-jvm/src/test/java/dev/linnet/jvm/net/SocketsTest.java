package dev.linnet.jvm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.Allocations;
import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `Socket` and `ServerSocket` on a host in real time, through the factories that need nothing installed.
@Timeout(60)
class SocketsTest {
    private Stack stack;
    private Host host;
    private JvmHost jvm;
    private ServerSocket listener;

    @BeforeEach
    void open() throws IOException {
        stack = Stack.create(1);
        host = stack.newHost("a");
        jvm = new JvmHost(host);
        listener = jvm.serverSocketFactory().createServerSocket(0, 50, loopback());
    }

    @AfterEach
    void balance() throws IOException {
        listener.close();
        assertThat(jvm.task().openFds()).isEmpty();
        jvm.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private record Pair(Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Pair pair() throws IOException {
        Socket client =
                jvm.socketFactory()
                        .createSocket(listener.getInetAddress(), listener.getLocalPort());
        return new Pair(client, listener.accept());
    }

    // ---- data
    // ---------------------------------------------------------------------------------------

    @Test
    void addressesOfBothEnds() throws IOException {
        try (Pair pair = pair()) {
            assertThat(pair.client.getPort()).isEqualTo(listener.getLocalPort());
            assertThat(pair.server.getLocalPort()).isEqualTo(listener.getLocalPort());
            assertThat(pair.server.getPort()).isEqualTo(pair.client.getLocalPort());
            assertThat(pair.server.getInetAddress()).isEqualTo(loopback());
            assertThat(pair.client.getLocalAddress()).isEqualTo(loopback());
            assertThat(pair.client.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largeWritesAreWrittenWhole(boolean virtual) throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(1).nextBytes(data);
        try (Pair pair = pair()) {
            var writer =
                    Threads.start(
                            virtual,
                            () -> {
                                OutputStream out = pair.client.getOutputStream();
                                out.write(data[0]);
                                out.write(data, 1, data.length - 1);
                                pair.client.shutdownOutput();
                                return null;
                            });
            InputStream in = pair.server.getInputStream();
            assertThat((byte) in.read()).isEqualTo(data[0]);
            byte[] rest = in.readAllBytes();
            assertThat(rest).hasSize(data.length - 1);
            for (int i = 0; i < rest.length; i++) {
                assertThat(rest[i] == data[i + 1]).isTrue();
            }
            assertThat(in.read()).isEqualTo(-1);
            writer.end();
        }
    }

    @Test
    void availableAndHalfClose() throws IOException {
        try (Pair pair = pair()) {
            pair.client.getOutputStream().write(new byte[3]);
            InputStream in = pair.server.getInputStream();
            assertThat(in.read()).isZero();
            assertThat(in.available()).isEqualTo(2);
            pair.client.shutdownOutput();
            assertThat(in.read(new byte[8])).isEqualTo(2);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
            pair.server.getOutputStream().write(7);
            assertThat(pair.client.getInputStream().read()).isEqualTo(7);
            assertThatThrownBy(() -> pair.client.getOutputStream())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Socket output is shutdown");
        }
    }

    @Test
    void shutdownOfInputEndsARead() throws Exception {
        try (Pair pair = pair()) {
            InputStream in = pair.server.getInputStream();
            var reader = Threads.start(false, in::read).asleep();
            pair.server.shutdownInput();
            assertThat(reader.end()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void urgentDataInLine() throws IOException {
        try (Pair pair = pair()) {
            pair.server.setOOBInline(true);
            assertThat(pair.server.getOOBInline()).isTrue();
            pair.client.getOutputStream().write(1);
            pair.client.sendUrgentData(2);
            pair.client.getOutputStream().write(3);
            pair.client.shutdownOutput();
            assertThat(pair.server.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void writesAfterTheWayOutIsShutAreABrokenPipe() throws IOException {
        try (Pair pair = pair()) {
            OutputStream out = pair.client.getOutputStream();
            pair.client.shutdownOutput();
            assertThatThrownBy(() -> out.write(1))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Broken pipe");
        }
    }

    @Test
    void aResetStays() throws IOException {
        try (Pair pair = pair()) {
            pair.server.setSoLinger(true, 0);
            assertThat(pair.server.getSoLinger()).isZero();
            pair.server.close();
            InputStream in = pair.client.getInputStream();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(in::read)
                        .isInstanceOf(SocketException.class)
                        .hasMessage("Connection reset");
            }
        }
    }

    // ---- times
    // --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsTimeOut(boolean virtual) throws Exception {
        try (Pair pair = pair()) {
            pair.server.setSoTimeout(20);
            assertThat(pair.server.getSoTimeout()).isEqualTo(20);
            long start = System.nanoTime();
            var reader = Threads.start(virtual, pair.server.getInputStream()::read);
            assertThatThrownBy(reader::end)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
            pair.client.getOutputStream().write(5);
            assertThat(pair.server.getInputStream().read()).isEqualTo(5);
        }
    }

    @Test
    void aReaderThatWaitsForAnotherTimesOutToo() throws Exception {
        try (Pair pair = pair()) {
            pair.server.setSoTimeout(0);
            InputStream in = pair.server.getInputStream();
            var first = Threads.start(false, in::read).asleep();
            pair.server.setSoTimeout(20);
            assertThatThrownBy(in::read)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
            pair.client.getOutputStream().write(9);
            assertThat(first.end()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acceptTimesOutAndConnectionsDoNotInheritIt(boolean virtual) throws Exception {
        listener.setSoTimeout(20);
        var acceptor = Threads.start(virtual, listener::accept);
        assertThatThrownBy(acceptor::end)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Accept timed out");
        try (Pair pair = pair()) {
            assertThat(pair.server.getSoTimeout()).isZero();
            int[] timeout = new int[1];
            for (int fd : jvm.task().openFds()) {
                jvm.task().getsockopt(fd, Sol.SOL_SOCKET, So.SO_RCVTIMEO, timeout);
                assertThat(timeout[0]).isZero();
            }
        }
    }

    /// A host on the same link that does not answer: nobody has the address.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectTimesOut(boolean virtual) throws Exception {
        assertThat(fill()).isPositive();
        Socket socket = jvm.socketFactory().createSocket();
        var connect =
                Threads.start(
                        virtual,
                        () -> {
                            socket.connect(full.getLocalSocketAddress(), 30);
                            return null;
                        });
        assertThatThrownBy(connect::end)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Connect timed out");
        assertThat(socket.isClosed()).isTrue();
        drain();
    }

    private ServerSocket full;
    private final java.util.List<Socket> filling = new java.util.ArrayList<>();

    /// A listener whose backlog is full: what connects now waits.
    private int fill() throws IOException {
        full = jvm.serverSocketFactory().createServerSocket(0, 1, loopback());
        for (int i = 0; i < 2; i++) {
            filling.add(jvm.socketFactory().createSocket(loopback(), full.getLocalPort()));
        }
        return filling.size();
    }

    private void drain() throws IOException {
        for (Socket each : filling) {
            each.close();
        }
        full.close();
    }

    // ---- closed by others, interrupted
    // --------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SuppressWarnings("try") // that they are closed is what is tried
    void closeEndsAReadAnAcceptAWriteAndAConnect(boolean virtual) throws Exception {
        fill();
        try (Pair pair = pair();
                Pair other = pair();
                Socket connecting = jvm.socketFactory().createSocket();
                ServerSocket idle = jvm.serverSocketFactory().createServerSocket(0)) {
            var read = Threads.start(virtual, pair.client.getInputStream()::read).asleep();
            var accept = Threads.start(virtual, idle::accept).asleep();
            var write = Threads.start(virtual, () -> writeForEver(other.client)).asleep();
            var connect = Threads.start(virtual, () -> connect(connecting)).asleep();
            pair.client.close();
            other.client.close();
            idle.close();
            connecting.close();
            for (var each : java.util.List.of(read, accept, write, connect)) {
                assertThatThrownBy(each::end)
                        .isInstanceOf(SocketException.class)
                        .hasMessage("Socket closed");
            }
        }
        drain();
    }

    private static Void writeForEver(Socket socket) throws IOException {
        byte[] data = new byte[65536];
        while (true) {
            socket.getOutputStream().write(data);
        }
    }

    private Void connect(Socket socket) throws IOException {
        socket.connect(full.getLocalSocketAddress());
        return null;
    }

    @Test
    void interruptsCloseUnderVirtualThreads() throws Exception {
        fill();
        try (Pair pair = pair();
                Pair other = pair();
                Socket connecting = jvm.socketFactory().createSocket();
                ServerSocket idle = jvm.serverSocketFactory().createServerSocket(0)) {
            var read = Threads.start(true, pair.client.getInputStream()::read).asleep();
            var write = Threads.start(true, () -> writeForEver(other.server)).asleep();
            var accept = Threads.start(true, idle::accept).asleep();
            var connect = Threads.start(true, () -> connect(connecting)).asleep();
            for (var each : java.util.List.of(read, accept, write, connect)) {
                each.thread().interrupt();
                assertThatThrownBy(each::end)
                        .isInstanceOf(SocketException.class)
                        .hasMessage("Closed by interrupt");
            }
            assertThat(pair.client.isClosed()).isTrue();
            assertThat(other.server.isClosed()).isTrue();
            assertThat(idle.isClosed()).isTrue();
            assertThat(connecting.isClosed()).isTrue();
        }
        drain();
    }

    @Test
    void platformThreadsKeepTheirInterrupts() throws Exception {
        try (Pair pair = pair()) {
            InputStream in = pair.client.getInputStream();
            var read =
                    Threads.start(
                                    false,
                                    () -> in.read() == 6 && Thread.currentThread().isInterrupted())
                            .asleep();
            read.thread().interrupt();
            pair.server.getOutputStream().write(6);
            assertThat(read.end()).isTrue();
        }
    }

    // ---- errors and options
    // ------------------------------------------------------------------------

    @Test
    void refusedInUseAndTwice() throws IOException {
        int port = listener.getLocalPort();
        assertThatThrownBy(() -> jvm.serverSocketFactory().createServerSocket(port))
                .isInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        Socket socket = jvm.socketFactory().createSocket();
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(loopback(), 1)))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void optionsOfBothKinds() throws IOException {
        try (Pair pair = pair()) {
            Socket s = pair.client;
            s.setTcpNoDelay(true);
            assertThat(s.getTcpNoDelay()).isTrue();
            assertThat(s.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            s.setKeepAlive(true);
            assertThat(s.getKeepAlive()).isTrue();
            s.setReceiveBufferSize(40_000);
            assertThat(s.getReceiveBufferSize()).isEqualTo(40_000);
            s.setTrafficClass(0x10);
            assertThat(s.getTrafficClass()).isEqualTo(0x10);
            assertThat(s.getSoLinger()).isEqualTo(-1);
            s.setSoLinger(true, 7);
            assertThat(s.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
            s.setSoLinger(false, 0);
            assertThat(s.getSoLinger()).isEqualTo(-1);
            assertThat(listener.getReuseAddress()).isTrue();
            assertThat(s.getReuseAddress()).isFalse();
            assertThat(s.supportedOptions()).contains(StandardSocketOptions.SO_LINGER);
            assertThatThrownBy(() -> s.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("'IP_MULTICAST_TTL' not supported");
        }
    }

    @Test
    void namesAreThoseOfTheFactorysHost() throws IOException {
        jvm.names().add("here", listener.getInetAddress());
        try (Socket client = jvm.socketFactory().createSocket("here", listener.getLocalPort());
                Socket server = listener.accept()) {
            assertThat(client.getInetAddress().getHostName()).isEqualTo("here");
            assertThat(server.isConnected()).isTrue();
        }
    }

    /// A socket that nobody has any more is closed when the garbage collector finds out.
    @Test
    void forgottenSocketsAreClosed() throws IOException {
        int before = jvm.task().openFds().length;
        forget();
        while (jvm.task().openFds().length > before) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    private void forget() throws IOException {
        Socket socket = jvm.socketFactory().createSocket();
        socket.bind(new InetSocketAddress(0));
        assertThat(socket.isBound()).isTrue();
    }

    // ---- the cost
    // -----------------------------------------------------------------------------------

    /// `Socket` itself makes an array for each single byte: 24 bytes.
    @Test
    void steadyReadsAndWritesAllocateNothing() throws IOException {
        try (Pair pair = pair()) {
            pair.server.setSoTimeout(10_000);
            OutputStream out = pair.client.getOutputStream();
            InputStream in = pair.server.getInputStream();
            byte[] data = new byte[1000];
            byte[] into = new byte[2000];
            long allocated;
            int round = 0;
            do { // until the code is compiled
                long before = Allocations.ofThisThread();
                for (int i = 0; i < 1000; i++) {
                    out.write(data, i & 7, 900);
                    in.read(into);
                    out.write(i);
                    in.read();
                }
                allocated = Allocations.ofThisThread() - before;
            } while (allocated > 2000 * 24 + 8000 && ++round < 500);
            assertThat(round).isLessThan(500);
        }
    }
}
