package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.udp.UdpProto;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import dev.linnet.wire.Ndisc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// ICMPv6, extension headers, fragments and forwarding against what Linux was recorded to do with the
/// same packets: every byte but the identification of fragments.
class Kernel6PacketsTest {
    private Ipv6Lab lab;
    private NetNamespace net;
    private Map<String, Ipv6Lab.Tun> tuns;

    private record Case(String name, String dev, List<byte[]> in, List<String> out) {}

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(1);
        net = lab.host("router");
        UdpProto.init(net);
        for (String setting :
                List.of(
                        "net.ipv6.conf.default.addr_gen_mode=1",
                        "net.ipv6.conf.all.forwarding=1",
                        "net.ipv6.icmp.ratelimit=0",
                        "net.ipv6.auto_flowlabels=0",
                        "net.ipv4.icmp_msgs_per_sec=100000",
                        "net.ipv4.icmp_msgs_burst=100000")) {
            String[] parts = setting.split("=");
            Ipv6Lab.sysctl(net, parts[0], parts[1]);
        }
        Ipv6Lab.Tun tun0 = new Ipv6Lab.Tun(net, "tun0", 1500);
        Ipv6Lab.Tun tun1 = new Ipv6Lab.Tun(net, "tun1", 1280);
        tuns = Map.of("tun0", tun0, "tun1", tun1);
        Ipv6Lab.address(tun0.dev, "fd00::1/64");
        Ipv6Lab.address(tun0.dev, "fe80::1/64");
        Ipv6Lab.address(tun1.dev, "fd00:1::1/64");
        Ipv6Lab.address(tun1.dev, "fe80::11/64");
        Ipv6Lab.route(net, "fd00:2::/64", "fd00:1::9", null);
        Ipv6Lab.route(net, "fd00:3::/64", "fd00::77", null);
        Ipv6Lab.route(net, "fd00:4::/64", "fe80::77", tun0.dev);
        lab.sleep(4000);
        tun0.take();
        tun1.take();
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(70_000); // the fragments of unfinished packets
        lab.close();
    }

    @Test
    void answersAsLinuxDoes() throws IOException {
        List<Executable> checks = new ArrayList<>();
        for (Case c : read("packets-6.18.tsv")) {
            List<String> got = run(c);
            checks.add(() -> assertThat(got).as(c.name).isEqualTo(c.out));
        }
        assertThat(checks).hasSizeGreaterThan(200);
        assertAll(checks);
    }

    private List<String> run(Case c) {
        c.in.forEach(p -> tuns.get(c.dev).inject(p));
        List<String> out = new ArrayList<>();
        for (String name : List.of("tun0", "tun1")) {
            for (byte[] p : tuns.get(name).take()) {
                if (!isUnasked(p)) {
                    out.add(name + ":" + normal(p));
                }
            }
        }
        return out;
    }

    /// Reports of groups and questions for routers come when they want.
    private static boolean isUnasked(byte[] p) {
        int next = Ipv6.nexthdr(p, 0);
        boolean report = next == Ipv6Ext.HOP_BY_HOP && Ipv6.daddrLo(p, 0) == 0x16;
        return report
                || (next == IpProto.ICMPV6
                        && Icmpv6.type(p, Ipv6.HEADER_BYTES) == Ndisc.ROUTER_SOLICITATION);
    }

    private static List<Case> read(String recorded) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Kernel6PacketsTest.class.getResourceAsStream(recorded)),
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

    /// A packet without the identification that its sender drew.
    private static String normal(byte[] packet) {
        byte[] p = packet.clone();
        boolean ours = Ipv6.saddrLo(p, 0) == 1;
        if (ours && Ipv6.nexthdr(p, 0) == Ipv6Ext.FRAGMENT) {
            Bytes.u32(p, Ipv6.HEADER_BYTES + 4, 0);
        }
        return HexFormat.of().formatHex(p);
    }
}
