package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.In4Addr;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The options of level `SOL_IP` on sockets of four kinds, thousands of calls, against what Linux
/// answered to the same calls.
class KernelSockoptsTest {
    private static final String RECORDED = "sockopts-6.18.tsv";

    /// Structured options share one socket of each kind, see [#RECORDED].
    private static final List<Integer> STRUCTURED =
            List.of(IpOpt.IP_OPTIONS, IpOpt.IP_MULTICAST_IF);

    private Ipv4Lab lab;
    private NetNamespace net;
    private InetSock sk;
    private String kindNow = "";
    private int optionNow = -1;

    @BeforeEach
    void setUp() {
        lab = new Ipv4Lab(1);
        net = lab.host("host");
        var eth = new Ipv4Lab.Ether(net, "d0", "10.0.0.1/24", 1);
        assertThat(eth.dev.ifindex).isEqualTo(2);
        int err =
                FibFrontend.addRoute(
                        net, In4Addr.parse("224.0.0.0"), 4, 0, eth.dev, 0, 0, RouteMetrics.NONE);
        assertThat(err).isZero();
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
                    case "raw" -> TestSock.datagram(net, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMP);
                    default -> TestSock.datagram(net, SocketType.SOCK_RAW, IpProto.IPPROTO_RAW);
                };
        if (made.type == SocketType.SOCK_RAW) {
            made.num = made.protocol;
            made.hdrincl = made.protocol == IpProto.IPPROTO_RAW;
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
                                KernelSockoptsTest.class.getResourceAsStream(RECORDED),
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
        assertThat(calls).isGreaterThan(9000);
        assertThat(wrong).isEmpty();
    }

    private String replay(String[] f) {
        if (f[1].equals("close")) {
            IpMulticast.dropSocket(sk);
            kindNow = "";
            return "0";
        }
        int option = Integer.parseInt(f[2]);
        boolean structured =
                STRUCTURED.contains(option)
                        || (option >= IpOpt.IP_ADD_MEMBERSHIP && option <= IpOpt.MCAST_MSFILTER);
        int group = structured ? 0 : option;
        if (!f[0].equals(kindNow) || group != optionNow) {
            kindNow = f[0];
            optionNow = group;
            sk = open(kindNow);
        }
        if (f[1].equals("set")) {
            int err = IpSockglue.setsockopt(sk, option, HexFormat.of().parseHex(f[3]));
            return err == 0 ? "0" : "-" + Errno.name(-err);
        }
        byte[] value = new byte[Integer.parseInt(f[3])];
        int n = IpSockglue.getsockopt(sk, option, value);
        if (n < 0) {
            return "-" + Errno.name(-n);
        }
        return n == 0 ? "empty" : HexFormat.of().formatHex(Arrays.copyOf(value, n));
    }
}
