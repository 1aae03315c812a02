package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The options of level `SOL_IPV6` on sockets of four kinds, thousands of calls, against what Linux
/// answered to the same calls.
class Kernel6SockoptsTest {
    private static final String RECORDED = "sockopts-6.18.tsv";

    private Ipv6Lab lab;
    private NetNamespace net;
    private InetSock sk;

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(1);
        net = lab.host("host");
        var eth = new Ipv6Lab.Ether(net, "d0", 1);
        assertThat(eth.dev.ifindex).isEqualTo(2);
        new Ipv6Lab.Ether(net, "d1", 2);
        net.devices.down(eth.dev); // groups are routed over d1, as they were in the recording
        net.devices.up(eth.dev);
        Ipv6Lab.address(eth.dev, "fd00::1/64");
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(20_000);
        lab.close();
    }

    private InetSock open(String kind) {
        InetSock made =
                switch (kind) {
                    case "udp" ->
                            TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
                    case "tcp" -> TestSock.stream(net);
                    case "raw" ->
                            TestSock.datagram(net, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMPV6);
                    default -> TestSock.datagram(net, SocketType.SOCK_RAW, IpProto.IPPROTO_RAW);
                };
        if (made.type == SocketType.SOCK_RAW) {
            made.num = made.protocol;
        }
        return made;
    }

    @Test
    void answersAsLinuxDoes() throws IOException {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Kernel6SockoptsTest.class.getResourceAsStream(RECORDED)),
                                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    calls++;
                    String got = replay(line.split("\t", -1));
                    if (!line.endsWith("\t" + got)) {
                        wrong.add(line + " but was " + got);
                    }
                }
            }
        }
        assertThat(calls).isGreaterThan(13_000);
        assertThat(wrong).isEmpty();
    }

    private String replay(String[] f) {
        switch (f[1]) {
            case "open" -> sk = open(f[0]);
            case "close" -> Ip6Multicast.dropSocket(sk);
            case "set" -> {
                byte[] value = HexFormat.of().parseHex(f[3]);
                return answer(Ipv6Sockglue.setsockopt(sk, Integer.parseInt(f[2]), value));
            }
            default -> {
                return get(Integer.parseInt(f[2]), f[3]);
            }
        }
        return "0";
    }

    /// A length, or the buffer with what the user wrote into it.
    private String get(int option, String argument) {
        byte[] value =
                argument.length() < 5
                        ? new byte[Integer.parseInt(argument)]
                        : HexFormat.of().parseHex(argument);
        int n = Ipv6Sockglue.getsockopt(sk, option, value);
        if (n < 0) {
            return answer(n);
        }
        return n == 0 ? "empty" : HexFormat.of().formatHex(Arrays.copyOf(value, n));
    }

    private static String answer(int result) {
        return result == 0 ? "0" : "-" + Errno.name(-result);
    }
}
