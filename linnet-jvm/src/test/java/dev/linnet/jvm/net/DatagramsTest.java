package dev.linnet.jvm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `DatagramSocket` on a host in real time, through the implementation that a factory gives.
@Timeout(60)
class DatagramsTest {
    private Stack stack;
    private JvmHost jvm;
    private DatagramSocket server;

    /// `DatagramSocket` over an implementation, as the JDK makes it where a factory is set.
    private static final class Over extends DatagramSocket {
        Over(DatagramSocketImpl impl) {
            super(impl);
        }
    }

    private DatagramSocket socket() throws SocketException {
        DatagramSocket made = new Over(jvm.datagramSocketImplFactory().createDatagramSocketImpl());
        made.bind(new InetSocketAddress(0));
        return made;
    }

    @BeforeEach
    void open() throws IOException {
        stack = Stack.create(1);
        jvm = new JvmHost(stack.newHost("a"));
        server = socket();
    }

    @AfterEach
    void balance() {
        server.close();
        assertThat(server.isClosed()).isTrue();
        assertThat(jvm.task().openFds()).isEmpty();
        jvm.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private InetSocketAddress at(DatagramSocket socket) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), socket.getLocalPort());
    }

    private static DatagramPacket packet(int size) {
        return new DatagramPacket(new byte[size], size);
    }

    private static void send(DatagramSocket from, InetSocketAddress to, int... bytes)
            throws IOException {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        from.send(new DatagramPacket(raw, raw.length, to));
    }

    @Test
    void aPacketHoldsAsMuchAsBeforeTheNextTime() throws IOException {
        try (DatagramSocket client = socket()) {
            DatagramPacket p = packet(4);
            send(client, at(server), 1);
            send(client, at(server), 1, 2, 3);
            send(client, at(server), 1, 2, 3, 4, 5);
            for (int length : new int[] {1, 3, 4}) {
                server.receive(p);
                assertThat(p.getLength()).isEqualTo(length);
                assertThat(p.getSocketAddress()).isEqualTo(at(client));
                assertThat(p.getData()[length - 1]).isEqualTo((byte) length);
            }
            p.setLength(2);
            send(client, at(server), 1, 2, 3);
            server.receive(p);
            assertThat(p.getLength()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receivingTimesOut(boolean virtual) throws Exception {
        server.setSoTimeout(20);
        assertThat(server.getSoTimeout()).isEqualTo(20);
        var receiver = Threads.start(virtual, () -> receive(server));
        assertThatThrownBy(receiver::end)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Receive timed out");
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket p = packet(100);
        socket.receive(p);
        return p;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsAReceive(boolean virtual) throws Exception {
        DatagramSocket idle = socket();
        var receiver = Threads.start(virtual, () -> receive(idle)).asleep();
        idle.close();
        assertThatThrownBy(receiver::end)
                .isInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
    }

    @Test
    void interruptsOfVirtualThreadsClose() throws Exception {
        DatagramSocket idle = socket();
        var receiver = Threads.start(true, () -> receive(idle)).asleep();
        receiver.thread().interrupt();
        assertThatThrownBy(receiver::end)
                .isInstanceOf(SocketException.class)
                .hasMessage("Closed by interrupt");
        idle.close();
    }

    @Test
    void platformThreadsKeepTheirInterrupts() throws Exception {
        var receiver =
                Threads.start(
                                false,
                                () ->
                                        receive(server).getLength() == 2
                                                && Thread.currentThread().isInterrupted())
                        .asleep();
        receiver.thread().interrupt();
        try (DatagramSocket client = socket()) {
            send(client, at(server), 1, 2);
        }
        assertThat(receiver.end()).isTrue();
    }

    @Test
    void connectedAndNobodyThere() throws IOException {
        DatagramSocket gone = socket();
        InetSocketAddress nobody = at(gone);
        gone.close();
        try (DatagramSocket client = socket()) {
            client.connect(nobody);
            assertThat(client.isConnected()).isTrue();
            client.send(packet(1));
            client.setSoTimeout(10_000);
            assertThatThrownBy(() -> client.receive(packet(1)))
                    .isInstanceOf(PortUnreachableException.class);
            client.disconnect();
            assertThat(client.isConnected()).isFalse();
            send(client, at(server), 7);
            assertThat(receive(server).getData()[0]).isEqualTo((byte) 7);
        }
    }

    @Test
    void tooLong() {
        assertThatThrownBy(
                        () -> server.send(new DatagramPacket(new byte[70_000], 70_000, at(server))))
                .isInstanceOf(IOException.class)
                .hasMessage("Message too long");
    }

    @Test
    void options() throws IOException {
        server.setBroadcast(true);
        assertThat(server.getBroadcast()).isTrue();
        server.setReceiveBufferSize(30_000);
        assertThat(server.getReceiveBufferSize()).isEqualTo(30_000);
        server.setTrafficClass(8);
        assertThat(server.getTrafficClass()).isEqualTo(8);
        assertThat(server.getReuseAddress()).isFalse();
        server.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 9);
        assertThat(server.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(9);
        assertThat(server.supportedOptions()).contains(StandardSocketOptions.SO_BROADCAST);
    }
}
