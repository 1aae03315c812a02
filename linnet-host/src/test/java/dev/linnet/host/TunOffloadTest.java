package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Packets longer than the MTU, both ways, with the host's own TCP and UDP at the other end.
@RequiresTun
@Timeout(60)
class TunOffloadTest {
    private static final InetAddress FAR = InetAddress.ofLiteral("10.9.0.2");
    private static final int FAR_INT = 0x0a090002;
    private static final int HOST_INT = 0x0a090001;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int MSG_DONTWAIT = 0x40;

    private HostNamespace namespace;
    private TunDevice device;

    @BeforeEach
    void open() throws Exception {
        namespace = HostNamespace.create();
        device = namespace.call(() -> TunDevice.open(TunConfig.tun("t0")));
        device.link().setTxQueueLength(5_000);
        device.link().up();
        device.link().addAddress(Cidr.parse("10.9.0.1/24"));
    }

    @AfterEach
    void close() {
        device.close();
        namespace.close();
    }

    @Test
    void theHostsTcpSendsSegmentsLongerThanTheMtu() throws Exception {
        byte[] sent = bytes(2_000_000);
        Future<Void> client =
                namespace.fork(
                        () -> {
                            try (Socket socket = new Socket(FAR, 80)) {
                                OutputStream out = socket.getOutputStream();
                                out.write(sent);
                            }
                            return null;
                        });
        HandTcp peer = new HandTcp(device.queue(0));
        peer.accept();
        byte[] received = peer.receiveAll();
        client.get();

        assertThat(received).isEqualTo(sent);
        assertThat(peer.longestBytes).isGreaterThan(20_000);
        assertThat(peer.gsoTypes & 1 << VnetHeader.GSO_TCPV4).isNotZero();
    }

    @Test
    void theHostsTcpTakesA64KbSegment() throws Exception {
        byte[] sent = bytes(65_000);
        Future<byte[]> client =
                namespace.fork(
                        () -> {
                            try (Socket socket = new Socket()) {
                                socket.setReceiveBufferSize(1 << 20);
                                socket.connect(new InetSocketAddress(FAR, 80));
                                return socket.getInputStream().readNBytes(sent.length);
                            }
                        });
        HandTcp peer = new HandTcp(device.queue(0));
        peer.accept();
        int written = peer.sendLong(sent);

        assertThat(written).isEqualTo(Packets.L4 + 20 + sent.length);
        assertThat(client.get()).isEqualTo(sent);
    }

    @Test
    void theHostsUdpSendsManyDatagramsInOnePacket() throws Exception {
        byte[] sent = bytes(42 * 1400);
        try (NativeMemory memory = new NativeMemory()) {
            int socket = namespace.call(() -> udpSocket(memory, 1400));
            long address = memory.allocate(16);
            putSockaddrIn(memory, address, FAR_INT, 9);
            long data = memory.allocate(sent);
            assertThat(HostSyscalls.syscall(Nr.SENDTO, socket, data, sent.length, 0, address, 16))
                    .isEqualTo(sent.length);
            HostSyscalls.close(socket);
        }
        byte[] in = new byte[TunQueue.PACKET_BYTES_MAX];
        int length = readUdp(in);

        assertThat(length).isEqualTo(Packets.L4 + 8 + sent.length);
        assertThat(VnetHeader.gsoType(in, 0)).isEqualTo(VnetHeader.GSO_UDP_L4);
        assertThat(VnetHeader.gsoSize(in, 0)).isEqualTo(1400);
        assertThat(VnetHeader.flags(in, 0)).isEqualTo(VnetHeader.F_NEEDS_CSUM);
        assertThat(VnetHeader.csumStart(in, 0)).isEqualTo(Packets.IP_BYTES);
        assertThat(VnetHeader.csumOffset(in, 0)).isEqualTo(6);
        assertThat(in).containsSubsequence(sent);
    }

    @Test
    void theHostsUdpTakesManyDatagramsInOnePacket() throws Exception {
        byte[] sent = bytes(30 * 1000);
        try (NativeMemory memory = new NativeMemory()) {
            int socket = namespace.call(() -> udpSocket(memory, 0));
            long address = memory.allocate(16);
            putSockaddrIn(memory, address, HOST_INT, 5353);
            assertThat(HostSyscalls.syscall(Nr.BIND, socket, address, 16)).isZero();

            byte[] head = udpHeaders(sent.length, 1000);
            assertThat(device.queue(0).write(head, 0, head.length, sent, 0, sent.length))
                    .isEqualTo(head.length + sent.length);

            long buffer = memory.allocate(2000);
            for (int i = 0; i < 30; i++) {
                assertThat(HostSyscalls.syscall(Nr.RECVFROM, socket, buffer, 2000, MSG_DONTWAIT))
                        .as("datagram %d", i)
                        .isEqualTo(1000);
                assertThat(memory.get(buffer, 1000))
                        .isEqualTo(Arrays.copyOfRange(sent, i * 1000, i * 1000 + 1000));
            }
            assertThat(HostSyscalls.syscall(Nr.RECVFROM, socket, buffer, 2000, MSG_DONTWAIT))
                    .isEqualTo(-HostErrno.EAGAIN);
            HostSyscalls.close(socket);
        }
    }

    private static byte[] udpHeaders(int payload, int gsoSize) {
        byte[] b = new byte[Packets.L4 + 8];
        int l4 = 8 + payload;
        VnetHeader.put(
                b,
                0,
                VnetHeader.F_NEEDS_CSUM,
                VnetHeader.GSO_UDP_L4,
                Packets.IP_BYTES + 8,
                gsoSize,
                Packets.IP_BYTES,
                6);
        Packets.putIpv4(b, Packets.UDP, FAR_INT, HOST_INT, l4);
        Packets.putShort(b, Packets.L4, 4000);
        Packets.putShort(b, Packets.L4 + 2, 5353);
        Packets.putShort(b, Packets.L4 + 4, l4);
        int sum = Packets.pseudoSum(Packets.UDP, FAR_INT, HOST_INT, l4);
        Packets.putShort(b, Packets.L4 + 6, sum);
        return b;
    }

    private int readUdp(byte[] in) {
        while (device.queue(0).awaitReadable(5_000_000_000L)) {
            int length = device.queue(0).read(in, 0, in.length);
            if (Packets.isIpv4(in, Packets.UDP)) {
                return length;
            }
        }
        throw new AssertionError("no datagram came");
    }

    /// @param segment the size of the datagrams that one send is cut into, or 0
    private static int udpSocket(NativeMemory memory, int segment) throws HostException {
        int socket =
                HostException.check(
                        "socket", HostSyscalls.syscall(Nr.SOCKET, AF_INET, SOCK_DGRAM, 0));
        long value = memory.allocate(4);
        memory.putInt(value, segment);
        HostException.check(
                "UDP_SEGMENT",
                HostSyscalls.syscall(Nr.SETSOCKOPT, socket, SOL_UDP, UDP_SEGMENT, value, 4));
        return socket;
    }

    private static void putSockaddrIn(NativeMemory memory, long address, int inet, int port) {
        memory.putShort(address, AF_INET);
        memory.putShortBe(address + 2, port);
        memory.putIntBe(address + 4, inet);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
