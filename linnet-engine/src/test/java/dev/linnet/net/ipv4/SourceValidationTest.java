package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which sources `rp_filter` and `accept_local` let in. The host has 10.0.0.2/24 and 10.0.2.2/24 on two
/// devices and no other route; packets come in on the first. The answers are those of Linux 6.18, seen
/// with packets over a veth pair.
class SourceValidationTest {
    private enum Verdict {
        PASS,
        DROP,
        /// Dropped and counted as `IPReversePathFilter`.
        FILTERED
    }

    private final Ipv4Lab lab = new Ipv4Lab(1);
    private final NetNamespace net = lab.host("host");
    private final Ipv4Lab.Tun near = new Ipv4Lab.Tun(net, "near", "10.0.0.2/24", 1500, 0);
    private int delivered;

    private final NetProtocol udp =
            new NetProtocol() {
                @Override
                public void rcv(SkBuff skb) {
                    delivered++;
                    skb.consume();
                }

                @Override
                public void err(SkBuff skb, NetDevice dev, int type, int code, int info) {}
            };

    SourceValidationTest() {
        new Ipv4Lab.Tun(net, "far", "10.0.2.2/24", 1500, 0);
        NetProtocols.add(net, IpProto.IPPROTO_UDP, udp, null);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Verdict send(String saddr, String daddr) {
        delivered = 0;
        long filtered = net.mib.get(TcpExt.IPRPFILTER);
        byte[] p = new byte[28];
        int from = In4Addr.parse(saddr);
        Ipv4.put(p, 0, 0, p.length, 7, 0, 64, IpProto.IPPROTO_UDP, from, In4Addr.parse(daddr));
        Ipv4.sendCheck(p, 0);
        near.inject(p);
        if (net.mib.get(TcpExt.IPRPFILTER) > filtered) {
            assertThat(delivered).isZero();
            return Verdict.FILTERED;
        }
        return delivered == 1 ? Verdict.PASS : Verdict.DROP;
    }

    @ParameterizedTest(name = "rp_filter {0} accept_local {1}: {2} is {3}, to everybody {4}")
    @CsvSource({
        // from a neighbour
        "0, 0, 10.0.0.1, PASS, PASS",
        "1, 0, 10.0.0.1, PASS, PASS",
        "2, 0, 10.0.0.1, PASS, PASS",
        // our own address, of this device and of the other
        "0, 0, 10.0.0.2, DROP, DROP",
        "0, 1, 10.0.0.2, PASS, PASS",
        "1, 0, 10.0.0.2, DROP, DROP",
        "1, 1, 10.0.0.2, PASS, PASS",
        "2, 1, 10.0.0.2, PASS, PASS",
        "0, 0, 10.0.2.2, DROP, DROP",
        "0, 1, 10.0.2.2, PASS, PASS",
        "1, 0, 10.0.2.2, DROP, DROP",
        "1, 1, 10.0.2.2, FILTERED, FILTERED",
        "2, 0, 10.0.2.2, DROP, DROP",
        "2, 1, 10.0.2.2, PASS, PASS",
        // a neighbour on the other device
        "0, 0, 10.0.2.9, PASS, PASS",
        "1, 0, 10.0.2.9, FILTERED, FILTERED",
        "2, 0, 10.0.2.9, PASS, PASS",
        // no way back
        "0, 0, 9.9.9.9, PASS, PASS",
        "1, 0, 9.9.9.9, FILTERED, FILTERED",
        "2, 0, 9.9.9.9, FILTERED, FILTERED",
        "2, 1, 9.9.9.9, FILTERED, FILTERED",
        // a broadcast address
        "0, 0, 10.0.0.255, PASS, PASS",
        "1, 0, 10.0.0.255, DROP, DROP",
        "2, 1, 10.0.0.255, DROP, DROP",
        // loopback is not taken from outside, but for the limited broadcast
        "0, 0, 127.0.0.1, DROP, DROP",
        "0, 1, 127.0.0.1, DROP, PASS",
        "1, 1, 127.0.0.1, DROP, FILTERED",
        "2, 1, 127.0.0.1, DROP, PASS",
    })
    void sourcesAreTakenAsLinuxTakesThem(
            int rpFilter, int acceptLocal, String saddr, Verdict toUs, Verdict toEverybody) {
        lab.sysctl(net, "net.ipv4.conf.near.rp_filter", "" + rpFilter);
        lab.sysctl(net, "net.ipv4.conf.all.accept_local", "" + acceptLocal);
        assertThat(send(saddr, "10.0.0.2")).isEqualTo(toUs);
        assertThat(send(saddr, "255.255.255.255")).isEqualTo(toEverybody);
        boolean loopback = saddr.startsWith("127.");
        assertThat(send(saddr, "224.0.0.1")).isEqualTo(loopback ? Verdict.DROP : toEverybody);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "1, 1"})
    void theStricterOfDeviceAndAllCounts(int own, int all) {
        lab.sysctl(net, "net.ipv4.conf.near.rp_filter", "" + own);
        lab.sysctl(net, "net.ipv4.conf.all.rp_filter", "" + all);
        assertThat(send("10.0.2.9", "10.0.0.2")).isEqualTo(Verdict.FILTERED);
        lab.sysctl(net, "net.ipv4.conf.all.rp_filter", "2");
        assertThat(send("10.0.2.9", "10.0.0.2")).isEqualTo(Verdict.PASS);
    }
}
