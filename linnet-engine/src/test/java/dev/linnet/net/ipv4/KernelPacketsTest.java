package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv4Options;
import dev.linnet.wire.OptionList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// ICMP, fragments, options and forwarding against what Linux was recorded to do with the same packets:
/// every byte but the time and the identification.
class KernelPacketsTest {
    private Ipv4Lab lab;
    private NetNamespace net;
    private Map<String, Ipv4Lab.Tun> tuns;

    private record Case(String name, String dev, List<byte[]> in, List<String> out) {}

    @BeforeEach
    void setUp() {
        lab = new Ipv4Lab(1);
        net = lab.host("router");
        int features = NetDevice.F_SG;
        tuns =
                Map.of(
                        "tun0", new Ipv4Lab.Tun(net, "tun0", "10.0.0.1/24", 1500, features),
                        "tun1", new Ipv4Lab.Tun(net, "tun1", "10.1.0.1/24", 600, features));
        lab.sysctl(net, "net.ipv4.ip_forward", "1");
        lab.sysctl(net, "net.ipv4.icmp_ratelimit", "0");
        lab.sysctl(net, "net.ipv4.icmp_msgs_per_sec", "100000");
        lab.sysctl(net, "net.ipv4.icmp_msgs_burst", "100000");
        route(net, "10.2.0.0", "10.1.0.9");
        route(net, "10.3.0.0", "10.0.0.77");
    }

    private static void route(NetNamespace net, String dst, String gateway) {
        int err =
                FibFrontend.addRoute(
                        net,
                        In4Addr.parse(dst),
                        24,
                        In4Addr.parse(gateway),
                        null,
                        0,
                        0,
                        RouteMetrics.NONE);
        assertThat(err).isZero();
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(40_000); // the fragments of unfinished datagrams
        lab.close();
    }

    @Test
    void answersAsLinuxDoes() throws IOException {
        assertThat(replay("packets-6.18.tsv")).isGreaterThan(140);
    }

    @Test
    void followsSourceRoutesAsLinuxDoes() throws IOException {
        for (String dev : List.of("all", "tun0", "tun1")) {
            lab.sysctl(net, "net.ipv4.conf." + dev + ".accept_source_route", "1");
        }
        assertThat(replay("source-routes-6.18.tsv")).isGreaterThan(20);
    }

    private int replay(String recorded) throws IOException {
        List<Executable> checks = new ArrayList<>();
        for (Case c : read(recorded)) {
            List<String> got = run(c);
            checks.add(() -> assertThat(got).as(c.name).isEqualTo(c.out));
        }
        assertAll(checks);
        return checks.size();
    }

    private List<String> run(Case c) {
        c.in.forEach(p -> tuns.get(c.dev).inject(p));
        List<String> out = new ArrayList<>();
        for (String name : List.of("tun0", "tun1")) {
            for (byte[] p : tuns.get(name).take()) {
                assertThat(Checksum.of(p, 0, Ipv4.headerBytes(p, 0)))
                        .as("IP checksum: " + c.name)
                        .isZero();
                out.add(name + ":" + normal(p));
            }
        }
        return out;
    }

    private static List<Case> read(String recorded) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                KernelPacketsTest.class.getResourceAsStream(recorded),
                                StandardCharsets.UTF_8))) {
            in.lines().filter(l -> !l.startsWith("#")).forEach(l -> cases.add(parse(l)));
        }
        return cases;
    }

    private static Case parse(String line) {
        String[] f = line.split("\t", -1);
        List<byte[]> in = new ArrayList<>();
        for (String hex : f[2].split(",")) {
            in.add(HexFormat.of().parseHex(hex));
        }
        List<String> out = new ArrayList<>();
        for (String packet : f[3].isEmpty() ? new String[0] : f[3].split(" ")) {
            String[] parts = packet.split(":");
            out.add(parts[0] + ":" + normal(HexFormat.of().parseHex(parts[1])));
        }
        return new Case(f[0], f[1], in, out);
    }

    /// A packet without what no two runs have in common.
    private static String normal(byte[] packet) {
        byte[] p = packet.clone();
        int ihl = Ipv4.headerBytes(p, 0);
        boolean first = (Ipv4.fragOff(p, 0) & Ipv4.OFFSET_MASK) == 0;
        boolean icmp = Ipv4.protocol(p, 0) == IpProto.ICMP && first;
        boolean ours = Ipv4.protocol(p, 0) == IpProto.ICMP && (Ipv4.saddr(p, 0) & 0xFFFF) == 1;
        if (ours && Ipv4.id(p, 0) != 0) {
            Ipv4.id(p, 0, 1);
        }
        withoutTimes(p, 0, ihl);
        if (icmp) {
            normalIcmp(p, ihl);
        }
        return HexFormat.of().formatHex(p);
    }

    private static void normalIcmp(byte[] p, int at) {
        int type = Icmp.type(p, at);
        if (type == Icmp.TIMESTAMP_REPLY) {
            Bytes.u32(p, at + 12, 0);
            Bytes.u32(p, at + 16, 0);
            Icmp.checksum(p, at, 0);
        }
        if (Icmp.isError(type) && p.length >= at + 28) {
            int quoted = at + Icmp.HEADER_BYTES;
            boolean changed = withoutTimes(p, quoted, Ipv4.headerBytes(p, quoted));
            if (changed) {
                Icmp.checksum(p, at, 0);
            }
        }
    }

    /// Clears the times of timestamp options, and the checksum that covers them.
    private static boolean withoutTimes(byte[] p, int header, int ihl) {
        int end = Math.min(header + ihl, p.length);
        boolean changed = false;
        int start = header + Ipv4.HEADER_BYTES;
        for (int o = OptionList.first(p, start, end); o >= 0; o = OptionList.next(p, o, end)) {
            int bytes = OptionList.bytes(p, o);
            if (OptionList.kind(p, o) != Ipv4Options.TIMESTAMP || bytes < 8) {
                continue;
            }
            changed = true;
            boolean only = Ipv4Options.timestampFlag(p, o) == Ipv4Options.TS_TSONLY;
            for (int i = only ? 4 : 8; i + 4 <= bytes; i += only ? 4 : 8) {
                Bytes.u32(p, o + i, 0);
            }
        }
        if (changed || header == 0) {
            Ipv4.check(p, header, 0);
        }
        return changed;
    }
}
