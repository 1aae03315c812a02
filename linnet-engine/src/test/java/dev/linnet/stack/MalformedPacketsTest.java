package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever arrives, nothing throws, every packet finds its end, and what is dropped is dropped for
/// a named reason.
class MalformedPacketsTest {
    private static final int LOCAL = 0xc0000201;
    private static final int REMOTE = 0xc0000202;
    private static final long HI = 0x20010db800000000L;
    private static final long SEED = 20261120;

    private Stack stack;
    private Host host;
    private PacketPort port;

    record Sample(String name, boolean v6, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void start() {
        stack = Stack.virtual(SEED);
        host = stack.newHost("host");
        port = new PacketPort(host, "test0");
        host.addAddress("test0", "192.0.2.1/24");
        host.addAddress("test0", "2001:db8::1/64");
        stack.sleep(5_000_000_000L); // duplicate address detection
        Task task = host.newTask("task");
        int tcp = task.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(tcp, new SockAddrIn6(80, 0, 0))).isZero();
        assertThat(task.listen(tcp, 16)).isZero();
        int udp = task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(udp, new SockAddrIn6(53, 0, 0))).isZero();
    }

    @AfterEach
    void nothingIsLeft() {
        stack.sleep(300_000_000_000L);
        host.close();
        stack.sleep(300_000_000_000L);
        assertThat(stack.buffersInUse()).isZero();
        assertThat(stack.drops()).doesNotContainKey("NOT_SPECIFIED");
        stack.close();
    }

    static List<Sample> samples() {
        return List.of(
                new Sample("tcp syn", false, ipv4(6, tcp(Tcp.SYN, 12), 0)),
                new Sample("tcp ack with data", false, ipv4(6, tcp(Tcp.ACK, 40), 0)),
                new Sample("tcp reset", false, ipv4(6, tcp(Tcp.RST, 0), 0)),
                new Sample("udp", false, ipv4(17, udp(64), 0)),
                new Sample("echo request", false, ipv4(1, icmp(), 0)),
                new Sample("fragment", false, ipv4(17, udp(64), Ipv4.MF)),
                new Sample("unknown protocol", false, ipv4(200, new byte[40], 0)),
                new Sample("tcp syn over ipv6", true, ipv6(6, tcp(Tcp.SYN, 12))),
                new Sample("udp over ipv6", true, ipv6(17, udp(64))),
                new Sample("hop-by-hop", true, ipv6(0, extension(17))),
                new Sample("fragment over ipv6", true, ipv6(44, extension(17))),
                new Sample("routing header", true, ipv6(43, extension(6))),
                new Sample("icmpv6", true, ipv6(58, icmp())));
    }

    private static byte[] ipv4(int protocol, byte[] payload, int fragOff) {
        byte[] b = new byte[20 + payload.length];
        System.arraycopy(payload, 0, b, 20, payload.length);
        Ipv4.put(b, 0, 0, b.length, 7, fragOff, 64, protocol, REMOTE, LOCAL);
        fix4(b);
        return b;
    }

    /// Makes the checksums right, so that what is wrong is looked at and not only the sum.
    private static void fix4(byte[] b) {
        int ihl = Ipv4.headerBytes(b, 0);
        if (b.length < 20 || ihl < 20 || ihl > b.length) {
            return;
        }
        Ipv4.sendCheck(b, 0);
        int at =
                switch (Ipv4.protocol(b, 0)) {
                    case 6 -> 16;
                    case 17 -> 6;
                    case 1 -> 2;
                    default -> -1;
                };
        int len = b.length - ihl;
        if (at < 0 || len < at + 2) {
            return;
        }
        b[ihl + at] = 0;
        b[ihl + at + 1] = 0;
        int protocol = Ipv4.protocol(b, 0);
        int sum =
                protocol == 1
                        ? Checksum.of(b, ihl, len)
                        : Checksum.transportV4(
                                b, ihl, len, Ipv4.saddr(b, 0), Ipv4.daddr(b, 0), protocol);
        b[ihl + at] = (byte) (sum >>> 8);
        b[ihl + at + 1] = (byte) sum;
    }

    private static byte[] ipv6(int nexthdr, byte[] payload) {
        byte[] b = new byte[40 + payload.length];
        System.arraycopy(payload, 0, b, 40, payload.length);
        Ipv6.put(b, 0, 0, 0, payload.length, nexthdr, 64, HI, 2, HI, 1);
        int at = nexthdr == 6 ? 16 : nexthdr == 17 ? 6 : nexthdr == 58 ? 2 : -1;
        if (at >= 0) {
            b[40 + at] = 0;
            b[40 + at + 1] = 0;
            int sum = Checksum.transportV6(b, 40, payload.length, HI, 2, HI, 1, nexthdr);
            b[40 + at] = (byte) (sum >>> 8);
            b[40 + at + 1] = (byte) sum;
        }
        return b;
    }

    private static byte[] tcp(int flags, int extra) {
        boolean syn = flags == Tcp.SYN;
        byte[] b = new byte[20 + extra];
        Tcp.put(b, 0, 40000, 80, 1000, 1, syn ? 20 + extra : 20, flags, 65535);
        if (syn) {
            byte[] options = {2, 4, 5, (byte) 0xb4, 4, 2, 1, 3, 3, 7, 0, 0};
            System.arraycopy(options, 0, b, 20, options.length);
        }
        return b;
    }

    private static byte[] udp(int payload) {
        byte[] b = new byte[8 + payload];
        Udp.put(b, 0, 40000, 53, b.length);
        return b;
    }

    private static byte[] icmp() {
        byte[] b = new byte[64];
        Icmp.put(b, 0, Icmp.ECHO, 0, 0x12340001);
        return b;
    }

    private static byte[] extension(int next) {
        byte[] b = new byte[8 + 72];
        b[0] = (byte) next;
        b[2] = 1;
        b[3] = 4;
        Udp.put(b, 8, 40000, 53, 72);
        return b;
    }

    private void receive(Sample sample, byte[] bytes) {
        port.receive(bytes, sample.v6 ? 0x86DD : 0x0800);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void truncatedAtEveryLength(Sample sample) {
        for (int len = 0; len < sample.bytes.length; len++) {
            receive(sample, Arrays.copyOf(sample.bytes, len));
        }
        assertThat(stack.drops()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFieldWithEveryValue(Sample sample) {
        SplittableRandom random = new SplittableRandom(SEED);
        int headers = Math.min(sample.bytes.length, sample.v6 ? 100 : 80);
        for (int i = 0; i < headers; i++) {
            for (int value = 0; value < 256; value += 1 + random.nextInt(3)) {
                byte[] bytes = sample.bytes.clone();
                bytes[i] = (byte) value;
                receive(sample, bytes);
                if (!sample.v6) {
                    fix4(bytes);
                    receive(sample, bytes);
                }
            }
        }
        stack.sleep(1_000_000_000L);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void randomDamage(Sample sample) {
        SplittableRandom random = new SplittableRandom(SEED ^ sample.name.hashCode());
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = sample.bytes.clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            bytes = Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 20));
            if (!sample.v6) {
                fix4(bytes);
            }
            receive(sample, bytes);
        }
    }

    @Test
    void noise() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
            }
            port.receive(bytes, random.nextBoolean() ? 0x0800 : 0x86DD);
        }
    }
}
