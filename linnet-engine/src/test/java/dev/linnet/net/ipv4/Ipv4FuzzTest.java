package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ipv4;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever comes in, nothing breaks and every packet finds its end. The packets that Linux's answers
/// were recorded for are the seeds; each is cut at every length, has every byte of its headers changed,
/// and is torn into bits at random.
class Ipv4FuzzTest {
    private static final int HEADERS = 84;

    private final Ipv4Lab lab = new Ipv4Lab(1);
    private final List<Ipv4Lab.Tun> tuns = new ArrayList<>();
    private NetNamespace net;

    @BeforeEach
    void setUp() {
        net = lab.host("router");
        // One device gathers and takes fragments, the other wants everything done for it.
        tuns.add(new Ipv4Lab.Tun(net, "tun0", "10.0.0.1/24", 1500, NetDevice.F_SG));
        tuns.add(new Ipv4Lab.Tun(net, "tun1", "10.1.0.1/24", 600, 0));
        lab.sysctl(net, "net.ipv4.ip_forward", "1");
        lab.sysctl(net, "net.ipv4.conf.all.accept_source_route", "1");
        lab.sysctl(net, "net.ipv4.icmp_ratelimit", "0");
        lab.sysctl(net, "net.ipv4.icmp_msgs_per_sec", "1000000");
        lab.sysctl(net, "net.ipv4.icmp_msgs_burst", "1000000");
        lab.sysctl(net, "net.ipv4.icmp_echo_ignore_broadcasts", "0");
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(40_000);
        lab.close();
    }

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Ipv4FuzzTest.class.getResourceAsStream("packets-6.18.tsv"),
                                StandardCharsets.UTF_8))) {
            in.lines()
                    .filter(l -> !l.startsWith("#"))
                    .flatMap(l -> Arrays.stream(l.split("\t")[2].split(",")))
                    .map(HexFormat.of()::parseHex)
                    .forEach(seeds::add);
        }
        assertThat(seeds).hasSizeGreaterThan(150);
        return seeds;
    }

    private void inject(byte[] packet) {
        try {
            tuns.get(0).inject(packet);
        } catch (RuntimeException | AssertionError e) {
            fail(HexFormat.of().formatHex(packet), e);
        }
        tuns.forEach(Ipv4Lab.Tun::take);
    }

    private static byte[] checked(byte[] packet) {
        int ihl = Ipv4.headerBytes(packet, 0);
        if (ihl >= Ipv4.HEADER_BYTES && ihl <= packet.length) {
            Ipv4.sendCheck(packet, 0);
        }
        return packet;
    }

    @Test
    void cutAtEveryLength() throws IOException {
        for (byte[] seed : seeds()) {
            for (int n = 1; n <= Math.min(seed.length, 120); n++) {
                byte[] cut = Arrays.copyOf(seed, n);
                inject(cut);
                byte[] consistent = cut.clone();
                if (n >= Ipv4.HEADER_BYTES) {
                    Ipv4.totLen(consistent, 0, n);
                    inject(checked(consistent));
                }
            }
        }
    }

    @Test
    void everyByteOfTheHeadersChanged() throws IOException {
        int[] values = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 64, 127, 128, 131, 137, 254, 255};
        for (byte[] seed : seeds()) {
            for (int at = 0; at < Math.min(seed.length, HEADERS); at++) {
                for (int value : values) {
                    byte[] changed = seed.clone();
                    changed[at] = (byte) value;
                    inject(checked(changed));
                }
            }
        }
        for (IpMib reached :
                List.of(
                        IpMib.OUTFORWDATAGRAMS,
                        IpMib.REASMOKS,
                        IpMib.REASM_OVERLAPS,
                        IpMib.FRAGCREATES,
                        IpMib.INDELIVERS,
                        IpMib.INHDRERRORS)) {
            assertThat(net.mib.get(reached)).as(reached.text()).isGreaterThan(100);
        }
        assertThat(net.mib.get(IcmpMib.OUTMSGS)).isGreaterThan(10_000);
    }

    @Test
    void randomChanges() throws IOException {
        Random random = new Random(42);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < 60_000; i++) {
            byte[] p = seeds.get(random.nextInt(seeds.size())).clone();
            int changes = 1 + random.nextInt(6);
            for (int c = 0; c < changes; c++) {
                p[random.nextInt(Math.min(p.length, HEADERS))] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                p = Arrays.copyOf(p, 1 + random.nextInt(p.length));
            }
            if (p.length >= Ipv4.HEADER_BYTES && random.nextInt(8) != 0) {
                p[0] = (byte) (0x40 | 5 + random.nextInt(11));
                Ipv4.totLen(p, 0, p.length - random.nextInt(3));
            }
            inject(p.length >= Ipv4.HEADER_BYTES ? checked(p) : p);
            if (i % 1000 == 0) {
                lab.sleep(500);
            }
        }
    }

    /// A driver that hands in packets with offloads half done, and wrongly.
    @Test
    void packetsWithLyingOffloads() throws IOException {
        Random random = new Random(43);
        List<byte[]> seeds = seeds();
        int[] types = {
            SkBuff.GSO_TCPV4, SkBuff.GSO_TCPV6, SkBuff.GSO_UDP_L4, SkBuff.GSO_TCPV4 | 4, 0
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            SkBuff skb = SkBuff.alloc(lab.pool, 0, 64 + seed.length);
            skb.reserve(random.nextInt(64));
            System.arraycopy(seed, 0, skb.buf, skb.put(seed.length), seed.length);
            skb.dev = tuns.get(0).dev;
            skb.protocol = PacketTypes.ETH_P_IP;
            skb.ipSummed = random.nextInt(4);
            skb.csumStart = skb.data + random.nextInt(seed.length + 20);
            skb.csumOffset = random.nextInt(40);
            skb.gsoType = types[random.nextInt(types.length)];
            skb.gsoSize = skb.gsoType == 0 ? 0 : 64 + random.nextInt(1500);
            if (random.nextBoolean()) {
                Ipv4.daddr(skb.buf, skb.data, 0x0A010005);
            }
            try {
                SoftnetData.netifRx(skb);
            } catch (RuntimeException | AssertionError e) {
                fail("packet " + i + ": " + HexFormat.of().formatHex(seed), e);
            }
            tuns.forEach(Ipv4Lab.Tun::take);
        }
    }
}
