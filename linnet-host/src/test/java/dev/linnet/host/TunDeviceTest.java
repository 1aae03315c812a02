package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresTun
@Timeout(60)
class TunDeviceTest {
    private static final int ECHO_REQUEST = 8;

    private HostNamespace namespace;

    @BeforeEach
    void createNamespace() throws HostException {
        namespace = HostNamespace.create();
    }

    @AfterEach
    void closeNamespace() {
        namespace.close();
    }

    private TunDevice open(TunConfig config) throws Exception {
        return namespace.call(() -> TunDevice.open(config));
    }

    private TunDevice openUp(TunConfig config) throws Exception {
        TunDevice device = open(config);
        device.link().up();
        device.link().addAddress(Cidr.parse("10.9.0.1/24"));
        return device;
    }

    @Test
    void isMadeWithTheNameAskedFor() throws Exception {
        try (TunDevice device = open(TunConfig.tun("linnet7"))) {
            assertThat(device.name()).isEqualTo("linnet7");
            assertThat(device.kind()).isEqualTo(TunConfig.Kind.TUN);
            assertThat(device.hasVnetHeader()).isTrue();
            assertThat(device.queues()).hasSize(1);
            assertThat(device.offloads()).as("all that Linux 6.18 has").isEqualTo(0x6f);
            assertThat(device.link().isUp()).isFalse();
        }
    }

    @Test
    void theKernelChoosesOrNumbersAName() throws Exception {
        try (TunDevice chosen = open(TunConfig.tun(""));
                TunDevice first = open(TunConfig.tun("linnet%d"));
                TunDevice second = open(TunConfig.tap("linnet%d"))) {
            assertThat(chosen.name()).isEqualTo("tun0");
            assertThat(first.name()).isEqualTo("linnet0");
            assertThat(second.name()).isEqualTo("linnet1");
        }
    }

    @Test
    void disappearsWhenClosed() throws Exception {
        TunDevice device = open(TunConfig.tun("t0"));
        device.close();
        device.close();
        assertThatThrownBy(() -> namespace.call(() -> HostInterface.open("t0")))
                .isInstanceOf(HostException.class);
        assertThat(device.queue(0).isOpen()).isFalse();
        assertThat(device.queue(0).read(new byte[100], 0, 100)).isEqualTo(-HostErrno.EBADF);
        assertThat(device.queue(0).write(new byte[100], 0, 100)).isEqualTo(-HostErrno.EBADF);
        assertThat(device.queue(0).awaitReadable(-1)).isFalse();
        device.queue(0).wakeUp();
    }

    @Test
    void theHostPingsIt() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0"))) {
            Future<Boolean> reachable =
                    namespace.fork(() -> InetAddress.ofLiteral("10.9.0.2").isReachable(5_000));
            answerEchoes(device.queue(0), reachable);
            assertThat(reachable.get()).isTrue();
            assertThat(namespace.call(HostProc::snmp)).containsEntry("Icmp.InEchoReps", 1L);
        }
    }

    @Test
    void theHostPingsItWithoutVnetHeaders() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0").withoutVnetHeader())) {
            assertThat(device.offloads()).isZero();
            Future<Boolean> reachable =
                    namespace.fork(() -> InetAddress.ofLiteral("10.9.0.2").isReachable(5_000));
            byte[] b = new byte[2000];
            while (!reachable.isDone()) {
                int length = device.queue(0).read(b, Packets.VNET, b.length - Packets.VNET);
                if (length > 0 && turnIntoEchoReply(b)) {
                    assertThat(device.queue(0).write(b, Packets.VNET, length)).isEqualTo(length);
                }
                device.queue(0).awaitReadable(100_000_000);
            }
            assertThat(reachable.get()).isTrue();
        }
    }

    @Test
    void nobodyAnswersNobody() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0"))) {
            assertThat(device.queue(0).isOpen()).isTrue();
            boolean reachable =
                    namespace.call(() -> InetAddress.ofLiteral("10.9.0.2").isReachable(50));
            assertThat(reachable).isFalse();
        }
    }

    private static void answerEchoes(TunQueue queue, Future<?> until) {
        byte[] b = new byte[TunQueue.PACKET_BYTES_MAX];
        while (!until.isDone()) {
            int length = queue.read(b, 0, b.length);
            if (length > 0 && turnIntoEchoReply(b)) {
                VnetHeader.putPlain(b, 0);
                assertThat(queue.write(b, 0, length)).isEqualTo(length);
            }
            queue.awaitReadable(100_000_000);
        }
    }

    /// Swaps the addresses of an echo request and makes a reply of it.
    private static boolean turnIntoEchoReply(byte[] b) {
        if (!Packets.isIpv4(b, Packets.ICMP) || b[Packets.L4] != ECHO_REQUEST) {
            return false;
        }
        int src = Packets.getInt(b, Packets.IP + 12);
        Packets.putInt(b, Packets.IP + 12, Packets.getInt(b, Packets.IP + 16));
        Packets.putInt(b, Packets.IP + 16, src);
        b[Packets.L4] = 0;
        Packets.putShort(b, Packets.L4 + 2, 0);
        int bytes = Packets.ipv4Bytes(b) - Packets.IP_BYTES;
        Packets.putShort(b, Packets.L4 + 2, ~Packets.sum(b, Packets.L4, bytes, 0));
        return true;
    }

    @Test
    void anEmptyQueueSaysEagain() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            TunQueue queue = device.queue(0);
            assertThat(queue.read(new byte[100], 0, 100)).isEqualTo(-HostErrno.EAGAIN);
            assertThat(queue.awaitReadable(0)).isFalse();
            assertThat(queue.awaitReadable(1_000_000)).isFalse();
        }
    }

    @Test
    void refusesNonsenseAsTheKernelDoes() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            TunQueue queue = device.queue(0);
            byte[] udp = new byte[Packets.L4 + 8];
            Packets.putIpv4(udp, Packets.UDP, 0x0a090002, 0x0a090001, 8);
            assertThat(queue.write(udp, 0, udp.length)).as("down").isEqualTo(-HostErrno.EIO);
            device.link().up();
            assertThat(queue.write(udp, 0, udp.length)).isEqualTo(udp.length);
            assertThat(queue.write(new byte[60], 0, 60))
                    .as("neither IPv4 nor IPv6")
                    .isEqualTo(-HostErrno.EINVAL);
            assertThat(queue.write(new byte[5], 0, 5)).as("short").isEqualTo(-HostErrno.EINVAL);
            byte[] big = new byte[TunQueue.PACKET_BYTES_MAX];
            assertThat(queue.write(big, 0, big.length, big, 0, 1)).isEqualTo(-HostErrno.EMSGSIZE);
            byte[][] parts = {big, big};
            int[] lens = {big.length, 1};
            assertThat(queue.write(parts, new int[2], lens, 2)).isEqualTo(-HostErrno.EMSGSIZE);
        }
    }

    @Test
    void refusesRangesOutsideTheArrays() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            TunQueue queue = device.queue(0);
            byte[] b = new byte[10];
            assertThatThrownBy(() -> queue.write(b, 5, 6))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.write(b, 0, 1, b, 0, 11))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.write(new byte[][] {b}, new int[] {-1}, new int[1], 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.read(b, 10, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aWaitingReaderIsWokenAndStopped() throws Exception {
        TunDevice device = open(TunConfig.tun("t0"));
        TunQueue queue = device.queue(0);
        AtomicInteger wakeUps = new AtomicInteger();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (queue.isOpen()) {
                                        assertThat(queue.awaitReadable(-1)).isFalse();
                                        wakeUps.incrementAndGet();
                                    }
                                });
        for (int i = 1; i <= 3; i++) {
            queue.wakeUp();
            while (wakeUps.get() < i) {
                Thread.onSpinWait();
            }
        }
        device.close();
        reader.join(10_000);
        assertThat(reader.isAlive()).isFalse();
        assertThat(wakeUps.get()).isBetween(3, 4);
    }

    @Test
    void aWakeUpBeforeTheWaitIsNotLost() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            device.queue(0).wakeUp();
            device.queue(0).wakeUp();
            assertThat(device.queue(0).awaitReadable(-1)).isFalse();
            assertThat(device.queue(0).awaitReadable(0)).isFalse();
        }
    }

    @Test
    void aReaderLearnsThatTheDeviceIsGone() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            int index = device.link().index();
            Future<Long> deletion = namespace.fork(() -> deleteLink(index));
            int result = -HostErrno.EAGAIN; // as long as the kernel is still taking it down
            while (result == -HostErrno.EAGAIN) {
                assertThat(device.queue(0).awaitReadable(20_000_000_000L)).isTrue();
                result = device.queue(0).read(new byte[9], 0, 9);
            }
            assertThat(result).isEqualTo(-HostErrno.EBADFD);
            assertThat(device.queue(0).write(new byte[9], 0, 9)).isEqualTo(-HostErrno.EBADFD);
            assertThat(deletion.get()).isZero();
        }
    }

    /// `ip link del`: sends RTM_DELLINK over a route netlink socket and reads the errno of its
    /// answer.
    private static long deleteLink(int index) {
        try (NativeMemory memory = new NativeMemory()) {
            int socket = (int) HostSyscalls.syscall(Nr.SOCKET, 16, 3, 0);
            long message = memory.allocate(32); // struct nlmsghdr, struct ifinfomsg
            memory.putInt(message, 32);
            memory.putShort(message + 4, 17); // RTM_DELLINK
            memory.putShort(message + 6, 5); // NLM_F_REQUEST | NLM_F_ACK
            memory.putInt(message + 20, index);
            long answer = memory.allocate(512); // struct nlmsghdr, int error
            assertThat(HostSyscalls.syscall(Nr.SENDTO, socket, message, 32, 0, 0, 0)).isEqualTo(32);
            assertThat(HostSyscalls.syscall(Nr.RECVFROM, socket, answer, 512, 0, 0, 0))
                    .isGreaterThan(20);
            HostSyscalls.close(socket);
            return memory.getInt(answer + 16);
        }
    }

    @Test
    void severalQueuesCarryPackets() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0").withQueues(3))) {
            assertThat(device.queues()).hasSize(3);
            List<Thread> readers = new ArrayList<>();
            Callable<Boolean> ping = () -> InetAddress.ofLiteral("10.9.0.2").isReachable(5_000);
            Future<Boolean> reachable = namespace.fork(ping);
            for (TunQueue queue : device.queues()) {
                readers.add(Thread.ofPlatform().start(() -> answerEchoes(queue, reachable)));
            }
            assertThat(reachable.get()).isTrue();
            for (Thread reader : readers) {
                reader.join();
            }
        }
    }

    @Test
    void manyThreadsMayWriteAtOnce() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0"))) {
            byte[] packet = new byte[Packets.L4 + 8 + 100];
            Packets.putIpv4(packet, Packets.UDP, 0x0a090002, 0x0a090001, 108);
            Packets.putShort(packet, Packets.L4 + 2, 9);
            Packets.putShort(packet, Packets.L4 + 4, 108);
            long before = namespace.call(HostProc::snmp).get("Udp.NoPorts");
            List<Thread> writers = new ArrayList<>();
            AtomicInteger failed = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                writers.add(
                        Thread.ofPlatform()
                                .start(() -> writeTimes(device.queue(0), packet, 500, failed)));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(failed).hasValue(0);
            assertThat(namespace.call(HostProc::snmp))
                    .containsEntry("Udp.NoPorts", before + 10_000);
        }
    }

    private static void writeTimes(TunQueue queue, byte[] packet, int times, AtomicInteger failed) {
        for (int i = 0; i < times; i++) {
            if (queue.write(packet, 0, packet.length) != packet.length) {
                failed.incrementAndGet();
            }
        }
    }

    @Test
    void readsAndWritesAllocateNothing() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0"))) {
            TunQueue queue = device.queue(0);
            byte[] packet = new byte[Packets.L4 + 8];
            Packets.putIpv4(packet, Packets.UDP, 0x0a090002, 0x0a090003, 8); // routed away, dropped
            byte[] in = new byte[2000];
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < 50 && bytes > 0; round++) { // until compiled
                long before = Allocation.bytes();
                for (int i = 0; i < 20_000; i++) {
                    assertThatIs(queue.write(packet, 0, packet.length), packet.length);
                    queue.read(in, 0, in.length); // nothing but a router solicitation or two
                }
                bytes = (Allocation.bytes() - before) / 20_000;
            }
            assertThat(bytes).isZero();
        }
    }

    /// Without the allocation of a fluent assertion.
    private static void assertThatIs(int actual, int expected) {
        if (actual != expected) {
            throw new AssertionError(actual + ", not " + expected);
        }
    }

    @Test
    void leavesNoDescriptorBehind() throws Exception {
        open(TunConfig.tun("t0").withQueues(2)).close();
        Map<String, Integer> before = OpenFiles.count();
        assertThat(before).doesNotContainKey("/dev/net/tun");
        for (int i = 0; i < 20; i++) {
            TunDevice device = open(TunConfig.tun("t0").withQueues(2));
            assertThat(OpenFiles.count()).containsEntry("/dev/net/tun", 2);
            device.close();
            assertThatThrownBy(() -> open(TunConfig.tun("lo"))).isInstanceOf(HostException.class);
        }
        assertThat(OpenFiles.count()).isEqualTo(before);
    }

    @Test
    void aBusyNameIsExplained() throws Exception {
        try (TunDevice device = open(TunConfig.tun("t0"))) {
            assertThatThrownBy(() -> open(TunConfig.tun(device.name())))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("'t0'")
                    .hasMessageContaining("EBUSY")
                    .hasMessageContaining("another program holds");
        }
    }

    @Test
    void aNameOfAnotherKindOfInterfaceIsExplained() {
        assertThatThrownBy(() -> open(TunConfig.tun("lo")))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("'lo' exists and is not such a device");
    }

    @Test
    void aMissingDriverIsExplained() {
        assertThatThrownBy(() -> TunDevice.open(TunConfig.tun("t0"), "/dev/net/absent"))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("ENOENT")
                .hasMessageContaining("load the module 'tun'");
    }

    @Test
    void missingRightsAreExplained() {
        assertThatThrownBy(
                        () ->
                                Privileges.callWithoutAdmin(
                                        () -> TunDevice.open(TunConfig.tun("t0"))))
                .cause()
                .isInstanceOf(HostException.class)
                .hasMessageContaining("EPERM")
                .hasMessageContaining("needs CAP_NET_ADMIN: run as root");
        assertThatThrownBy(() -> Privileges.callAsNobody(() -> TunDevice.open(TunConfig.tun("t0"))))
                .cause()
                .isInstanceOf(HostException.class)
                .hasMessageContaining("needs CAP_NET_ADMIN: run as root");
    }

    @Test
    void gathersAnyNumberOfParts() throws Exception {
        try (TunDevice device = openUp(TunConfig.tun("t0"))) {
            Future<Boolean> reachable =
                    namespace.fork(() -> InetAddress.ofLiteral("10.9.0.2").isReachable(5_000));
            byte[] b = new byte[2000];
            while (!reachable.isDone()) {
                int length = device.queue(0).read(b, 0, b.length);
                if (length > 0 && turnIntoEchoReply(b)) {
                    VnetHeader.putPlain(b, 0);
                    byte[] tail = Arrays.copyOfRange(b, Packets.L4 + 2, length);
                    byte[][] parts = {b, b, new byte[0], tail, null};
                    int[] offs = {0, 7, 0, 0, 0};
                    int[] lens = {7, Packets.L4 + 2 - 7, 0, tail.length, 99};
                    assertThat(device.queue(0).write(parts, offs, lens, 4)).isEqualTo(length);
                }
                device.queue(0).awaitReadable(100_000_000);
            }
            assertThat(reachable.get()).isTrue();
        }
    }
}
