package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.udp.UdpProto;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets of every kind, cut and garbled: nothing is thrown, and every packet finds its end.
class Ipv6FuzzTest {
    private Ipv6Lab lab;
    private NetNamespace net;
    private Ipv6Lab.Tun tun;
    private Ipv6Lab.Ether eth;
    private List<byte[]> corpus;

    @BeforeEach
    void setUp() throws IOException {
        lab = new Ipv6Lab(1);
        net = lab.host("router");
        UdpProto.init(net);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.all.forwarding", "1");
        Ipv6Lab.sysctl(net, "net.ipv6.icmp.ratelimit", "0");
        tun = new Ipv6Lab.Tun(net, "tun0", 1500);
        eth = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.accept_ra", "2");
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.accept_ra_rt_info_max_plen", "128");
        Ipv6Lab.address(tun.dev, "fd00::1/64");
        Ipv6Lab.address(eth.dev, "fd00:1::1/64");
        Ipv6Lab.address(eth.dev, "fe80::1/64");
        lab.sleep(3000);
        corpus = new ArrayList<>(recorded());
        corpus.addAll(discovery());
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(70_000);
        lab.close();
    }

    private static List<byte[]> recorded() throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Ipv6FuzzTest.class.getResourceAsStream("packets-6.18.tsv")),
                                StandardCharsets.UTF_8))) {
            in.lines()
                    .filter(l -> !l.startsWith("#"))
                    .flatMap(l -> Arrays.stream(l.split("\t", -1)[2].split(",")))
                    .filter(hex -> hex.length() < 800)
                    .forEach(hex -> packets.add(HexFormat.of().parseHex(hex)));
        }
        return packets;
    }

    /// One of each message that neighbour discovery and multicast listeners have, and errors.
    private static List<byte[]> discovery() {
        List<byte[]> packets = new ArrayList<>();
        for (int type : new int[] {1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143}) {
            byte[] message = new byte[120];
            message[0] = (byte) type;
            message[8] = (byte) 0xfe;
            message[9] = (byte) 0x80;
            message[23] = 1;
            int[] options = {1, 1, 2, 1, 3, 4, 5, 1, 14, 1, 24, 3};
            int at = type == 134 ? 16 : type == 137 ? 40 : type == 133 ? 8 : 24;
            for (int i = 0; i < options.length; i += 2) {
                int bytes = options[i + 1] * 8;
                if (at + bytes <= message.length) {
                    message[at] = (byte) options[i];
                    message[at + 1] = (byte) options[i + 1];
                    at += bytes;
                }
            }
            byte[] frame =
                    Frames.icmp(
                            "02:00:00:00:00:09",
                            "fe80::9",
                            type == 135 ? "fe80::1" : "ff02::1",
                            255,
                            Arrays.copyOf(message, Math.min(at, message.length)));
            packets.add(Frames.packet(frame));
        }
        return packets;
    }

    /// Gives a packet to either device; the ICMPv6 checksum is made right where there is one.
    private void inject(byte[] packet, boolean overEthernet, boolean fix) {
        byte[] p = packet.clone();
        if (fix && p.length >= 48 && Ipv6.nexthdr(p, 0) == IpProto.ICMPV6) {
            int len = Math.min(p.length - 40, Ipv6.payloadLen(p, 0));
            if (len >= Icmpv6.HEADER_BYTES) {
                Icmpv6.sendCheck(
                        p,
                        40,
                        len,
                        Ipv6.saddrHi(p, 0),
                        Ipv6.saddrLo(p, 0),
                        Ipv6.daddrHi(p, 0),
                        Ipv6.daddrLo(p, 0));
            }
        }
        if (overEthernet) {
            byte[] frame = new byte[14 + p.length];
            boolean group = p.length > 24 && (p[24] & 0xff) == 0xff;
            byte[] head = HexFormat.of().parseHex("02000000000102000000000986dd");
            if (group) {
                head[0] = 0x33;
                head[1] = 0x33;
            }
            System.arraycopy(head, 0, frame, 0, 14);
            System.arraycopy(p, 0, frame, 14, p.length);
            eth.inject(frame);
        } else {
            tun.inject(p);
        }
    }

    @Test
    void cutAtEveryLength() {
        for (byte[] packet : corpus) {
            for (int n = 0; n <= packet.length; n++) {
                byte[] cut = Arrays.copyOf(packet, n);
                inject(cut, false, false);
                if (n >= 40) {
                    Ipv6.payloadLen(cut, 0, n - 40);
                    inject(cut, (n & 1) == 0, true);
                }
            }
        }
        assertThat(tun.take()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyByteGarbled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (byte[] packet : corpus) {
            for (int i = 0; i < packet.length; i++) {
                byte[] p = packet.clone();
                p[i] = (byte) random.nextInt();
                inject(p, random.nextBoolean(), random.nextBoolean());
            }
            lab.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void manyBytesGarbled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 40; round++) {
            for (byte[] packet : corpus) {
                byte[] p = packet.clone();
                int changes = 1 + random.nextInt(6);
                for (int c = 0; c < changes; c++) {
                    p[random.nextInt(p.length)] = (byte) random.nextInt();
                }
                p[0] = (byte) 0x60;
                inject(p, random.nextBoolean(), true);
            }
            lab.sleep(random.nextInt(2000));
        }
    }

    @Test
    void chainsOfHeaders() {
        SplittableRandom random = new SplittableRandom(6);
        int[] headers = {0, 43, 44, 51, 59, 60, 17, 58, 6};
        for (int round = 0; round < 20_000; round++) {
            byte[] p = new byte[40 + random.nextInt(20) * 8];
            random.nextBytes(p);
            Ipv6.put(
                    p,
                    0,
                    0,
                    0,
                    p.length - 40,
                    headers[random.nextInt(headers.length)],
                    64,
                    In6Addr.parse("fd00::2").hi(),
                    2,
                    In6Addr.parse("fd00::1").hi(),
                    1);
            for (int at = 40; at < p.length; at += 8) {
                p[at] = (byte) headers[random.nextInt(headers.length)];
                p[at + 1] = (byte) (random.nextInt(4) == 0 ? random.nextInt(4) : 0);
                if (random.nextBoolean()) {
                    p[at + 2] = 1;
                    p[at + 3] = 4;
                    Arrays.fill(p, at + 4, at + 8, (byte) 0);
                }
            }
            inject(p, random.nextBoolean(), true);
        }
        assertThat(tun.take()).isNotEmpty();
    }
}
