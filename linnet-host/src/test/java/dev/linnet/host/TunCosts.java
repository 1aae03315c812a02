package dev.linnet.host;

import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// Prints what one system call, one TUN write and one TUN read cost on this machine, in a namespace
/// of its own. A program, not a test: `java ... dev.linnet.host.TunCosts`.
final class TunCosts {
    private static final int HOST = 0x0a090001;
    private static final int FAR = 0x0a090002;
    private static final int ROUNDS = 7;

    private TunCosts() {}

    public static void main(String[] args) throws Exception {
        HostCapability tun = HostCapabilities.tun();
        if (!tun.available()) {
            System.out.println("cannot measure: " + tun.reason());
            return;
        }
        try (HostNamespace namespace = HostNamespace.create();
                TunDevice device = namespace.call(() -> TunDevice.open(TunConfig.tun("costs0")))) {
            device.link().setTxQueueLength(1_000);
            device.link().up();
            device.link().addAddress(Cidr.parse("10.9.0.1/24"));
            namespace.call(
                    () -> {
                        measure(device.queue(0));
                        return null;
                    });
            stream(namespace, device.queue(0));
        }
    }

    /// A connection of the host to the far side, which sends 8 GB as fast as the host takes it.
    private static void stream(HostNamespace namespace, TunQueue queue) throws Exception {
        long bytes = 8_000_000_000L;
        Future<Long> client =
                namespace.fork(
                        () -> {
                            byte[] buffer = new byte[1 << 20];
                            long received = 0;
                            try (Socket socket = new Socket("10.9.0.2", 80)) {
                                InputStream in = socket.getInputStream();
                                while (received < bytes) {
                                    received += in.read(buffer);
                                }
                            }
                            return received;
                        });
        HandTcp peer = new HandTcp(queue);
        peer.accept();
        long start = System.nanoTime();
        peer.stream(bytes);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-36s %8.2f GB/s%n", "stream to the host's TCP", client.get() / seconds / 1e9);
    }

    private static void measure(TunQueue queue) throws HostException {
        repeat("system call (getuid)", 1_000_000, () -> HostSyscalls.syscall(Nr.GETUID));
        byte[] small = tcp(1460);
        repeat("write 1500 B, one array", 200_000, () -> queue.write(small, 0, small.length));
        byte[] head = tcp(64_000);
        byte[] headers = Arrays.copyOf(head, Packets.L4 + 20);
        byte[] page1 = new byte[32_000];
        byte[] page2 = new byte[32_000];
        byte[][] parts = {headers, page1, page2};
        int[] offs = new int[3];
        int[] lens = {headers.length, 32_000, 32_000};
        repeat("write 64 KB TSO, one array", 100_000, () -> queue.write(head, 0, head.length));
        repeat(
                "write 64 KB TSO, header + 2 pages",
                100_000,
                () -> queue.write(parts, offs, lens, 3));
        reads(queue, "read 1500 B", 1472, 0);
        reads(queue, "read 63 KB USO", 45 * 1400, 1400);
    }

    private static void repeat(String what, int times, LongSupplier call) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                if (call.getAsLong() < 0) {
                    throw new IllegalStateException(what + ": " + call.getAsLong());
                }
            }
            best = Math.min(best, (double) (System.nanoTime() - start) / times);
        }
        print(what, best);
    }

    /// Lets the host's UDP fill the queue, then times the reads that empty it.
    private static void reads(TunQueue queue, String what, int bytes, int segment)
            throws HostException {
        try (NativeMemory memory = new NativeMemory()) {
            int socket = HostException.check("socket", HostSyscalls.syscall(Nr.SOCKET, 2, 2, 0));
            long value = memory.allocate(4);
            memory.putInt(value, segment);
            HostSyscalls.syscall(Nr.SETSOCKOPT, socket, 17, 103, value, 4); // UDP_SEGMENT
            memory.putInt(value, 1 << 26);
            HostSyscalls.syscall(Nr.SETSOCKOPT, socket, 1, 32, value, 4); // SO_SNDBUFFORCE
            long address = memory.allocate(16);
            memory.putShort(address, 2);
            memory.putShortBe(address + 2, 9);
            memory.putIntBe(address + 4, FAR);
            long data = memory.allocate(bytes);
            byte[][] buffers = new byte[16][TunQueue.PACKET_BYTES_MAX];
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 2_000; round++) {
                for (int i = 0; i < 200; i++) {
                    HostSyscalls.syscall(Nr.SENDTO, socket, data, bytes, 0, address, 16);
                }
                best = Math.min(best, drain(queue, buffers));
            }
            print(what, best);
            HostSyscalls.close(socket);
        }
    }

    private static double drain(TunQueue queue, byte[][] buffers) {
        int packets = 0;
        long start = System.nanoTime();
        while (queue.read(buffers[packets & 15], 0, TunQueue.PACKET_BYTES_MAX) > 0) {
            packets++;
        }
        return (double) (System.nanoTime() - start) / packets;
    }

    private static void print(String what, double ns) {
        System.out.printf("%-36s %8.0f ns%n", what, ns);
    }

    /// A segment of no connection, from the far side to the host's closed port, with RST, so that it
    /// is dropped after the host has parsed it.
    private static byte[] tcp(int payload) {
        byte[] b = new byte[Packets.L4 + 20 + payload];
        boolean isLong = payload > 1460;
        VnetHeader.put(
                b,
                0,
                VnetHeader.F_NEEDS_CSUM,
                isLong ? VnetHeader.GSO_TCPV4 : VnetHeader.GSO_NONE,
                Packets.IP_BYTES + 20,
                isLong ? 1460 : 0,
                Packets.IP_BYTES,
                16);
        Packets.putIpv4(b, Packets.TCP, FAR, HOST, 20 + payload);
        Packets.putShort(b, Packets.L4, 4000);
        Packets.putShort(b, Packets.L4 + 2, 5000);
        b[Packets.L4 + 12] = 0x50;
        b[Packets.L4 + 13] = 4;
        int sum = Packets.pseudoSum(Packets.TCP, FAR, HOST, 20 + payload);
        Packets.putShort(b, Packets.L4 + 16, sum);
        return b;
    }
}
