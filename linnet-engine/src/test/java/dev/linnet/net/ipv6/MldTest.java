package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Groups of sockets, and what is told of them on the link.
class MldTest {
    private static final In6Addr GROUP = In6Addr.parse("ff05::1234");
    private static final In6Addr S1 = In6Addr.parse("2001:db8::1");
    private static final In6Addr S2 = In6Addr.parse("2001:db8::2");
    private static final String TO = "fe80::ff:fe00:1 > ff02::16 mld2";
    private static final String OWN = "ff02::1:ff00:1";

    private Ipv6Lab lab;
    private NetNamespace net;
    private Ipv6Lab.Ether eth;
    private InetSock sk;

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(11);
        net = lab.host("host");
        Ipv6Lab.sysctl(net, "net.ipv6.conf.default.router_solicitations", "0");
        eth = new Ipv6Lab.Ether(net, "eth0", 1);
        lab.sleep(6000);
        eth.take();
        sk = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
    }

    @AfterEach
    void nothingIsLeft() {
        Ip6Multicast.dropSocket(sk);
        lab.close();
    }

    private int join(McFilter filter) {
        return Ip6Multicast.join(sk, eth.dev.ifindex, GROUP.hi(), GROUP.lo(), filter);
    }

    private int drop() {
        return Ip6Multicast.drop(sk, eth.dev.ifindex, GROUP.hi(), GROUP.lo());
    }

    private int source(In6Addr source, boolean add, boolean exclude) {
        return Ip6Multicast.source(
                sk, eth.dev.ifindex, GROUP.hi(), GROUP.lo(), source, add, exclude);
    }

    private Set<String> told() {
        lab.sleep(3000);
        return new HashSet<>(Frames.tell(eth.take()));
    }

    @Test
    void joiningAndLeavingIsToldTwice() {
        assertThat(join(McFilter.ALL)).isZero();
        assertThat(join(McFilter.ALL)).isEqualTo(-Errno.EADDRINUSE);
        lab.sleep(3000);
        assertThat(Frames.tell(eth.take()))
                .containsExactly(TO + " 4:ff05::1234", TO + " 4:ff05::1234");
        assertThat(Inet6Dev.of(eth.dev).mld.isMember(GROUP.hi(), GROUP.lo())).isTrue();
        assertThat(drop()).isZero();
        assertThat(drop()).isEqualTo(-Errno.EADDRNOTAVAIL);
        lab.sleep(3000);
        assertThat(Frames.tell(eth.take()))
                .containsExactly(TO + " 3:ff05::1234", TO + " 3:ff05::1234");
        assertThat(Inet6Dev.of(eth.dev).mld.isMember(GROUP.hi(), GROUP.lo())).isFalse();
    }

    @Test
    void sourcesAreToldAsTheyComeAndGo() {
        assertThat(join(McFilter.NONE)).isZero();
        assertThat(source(S1, true, false)).isZero();
        assertThat(told()).containsExactly(TO + " 5:ff05::1234,2001:db8::1");
        assertThat(source(S2, true, false)).isZero();
        assertThat(told()).containsExactly(TO + " 5:ff05::1234,2001:db8::2");
        assertThat(source(S1, false, false)).isZero();
        assertThat(told()).containsExactly(TO + " 6:ff05::1234,2001:db8::1");
        assertThat(source(S2, false, false)).isZero(); // the last one: the group is left
        assertThat(told()).containsExactly(TO + " 6:ff05::1234,2001:db8::2");
        assertThat(drop()).isEqualTo(-Errno.EADDRNOTAVAIL);
    }

    @Test
    void blockedSourcesAndModes() {
        assertThat(join(McFilter.ALL)).isZero();
        assertThat(source(S1, true, true)).isZero();
        assertThat(told()).contains(TO + " 4:ff05::1234 6:ff05::1234,2001:db8::1");
        assertThat(source(S2, true, false)).isEqualTo(-Errno.EINVAL);
        McFilter only = new McFilter(false, Set.of(S1));
        int err = Ip6Multicast.filter(sk, eth.dev.ifindex, GROUP.hi(), GROUP.lo(), only);
        assertThat(err).isZero();
        assertThat(told()).containsExactly(TO + " 3:ff05::1234,2001:db8::1");
        MldDev mld = Inet6Dev.of(eth.dev).mld;
        assertThat(mld.wants(GROUP.hi(), GROUP.lo(), S1.hi(), S1.lo())).isTrue();
        assertThat(mld.wants(GROUP.hi(), GROUP.lo(), S2.hi(), S2.lo())).isFalse();
    }

    @Test
    void theFiltersOfSeveralSocketsAreMerged() {
        InetSock other = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
        assertThat(join(new McFilter(true, Set.of(S1, S2)))).isZero();
        told();
        int err =
                Ip6Multicast.join(
                        other,
                        eth.dev.ifindex,
                        GROUP.hi(),
                        GROUP.lo(),
                        new McFilter(false, Set.of(S1)));
        assertThat(err).isZero();
        assertThat(told()).containsExactly(TO + " 5:ff05::1234,2001:db8::1");
        Ip6Multicast.dropSocket(other);
        assertThat(told()).containsExactly(TO + " 6:ff05::1234,2001:db8::1");
    }

    @Test
    void whatASocketHears() {
        long hi = GROUP.hi();
        long lo = GROUP.lo();
        int index = eth.dev.ifindex;
        assertThat(Ip6Multicast.allows(sk, hi, lo, S1.hi(), S1.lo(), index)).isTrue();
        sk.mcAll6 = false;
        assertThat(Ip6Multicast.allows(sk, hi, lo, S1.hi(), S1.lo(), index)).isFalse();
        assertThat(join(new McFilter(true, Set.of(S2)))).isZero();
        assertThat(Ip6Multicast.allows(sk, hi, lo, S1.hi(), S1.lo(), index)).isTrue();
        assertThat(Ip6Multicast.allows(sk, hi, lo, S2.hi(), S2.lo(), index)).isFalse();
    }

    // ---- queries
    // ---------------------------------------------------------------------------------

    private static byte[] query(int bytes, int maxDelay, In6Addr group) {
        byte[] q = new byte[bytes];
        Icmpv6.put(q, 0, Icmpv6.MGM_QUERY, 0, maxDelay << 16);
        Bytes.u64(q, 8, group.hi());
        Bytes.u64(q, 16, group.lo());
        if (bytes > 24) {
            Bytes.u8(q, 24, 2);
        }
        return q;
    }

    private void hear(byte[] message) {
        String to = "ff02::1";
        eth.inject(Frames.icmp("02:00:00:00:00:77", "fe80::77", to, 1, message));
    }

    @Test
    void aGeneralQueryIsAnsweredWithAllGroups() {
        assertThat(join(McFilter.ALL)).isZero();
        told();
        hear(query(28, 1000, In6Addr.ANY));
        assertThat(told()).containsExactly(TO + " 2:" + OWN + " 2:ff05::1234");
    }

    @Test
    void aQueryForAGroupIsAnsweredWithIt() {
        assertThat(join(new McFilter(false, Set.of(S1)))).isZero();
        told();
        hear(query(28, 1000, GROUP));
        assertThat(told()).containsExactly(TO + " 1:ff05::1234,2001:db8::1");
        hear(query(28, 1000, In6Addr.parse("ff05::9999")));
        assertThat(told()).isEmpty();
    }

    @Test
    void aQuerierOfVersion1GetsReportsOfVersion1() {
        assertThat(join(McFilter.ALL)).isZero();
        told();
        hear(query(24, 1000, In6Addr.ANY));
        lab.sleep(3000);
        assertThat(Frames.tell(eth.take()))
                .containsExactlyInAnyOrder(
                        "fe80::ff:fe00:1 > ff05::1234 icmp6 131/0",
                        "fe80::ff:fe00:1 > " + OWN + " icmp6 131/0");
        assertThat(drop()).isZero();
        assertThat(told()).containsExactly("fe80::ff:fe00:1 > ff02::2 icmp6 132/0");
        lab.sleep(400_000);
        assertThat(join(McFilter.ALL)).isZero();
        assertThat(told()).containsExactly(TO + " 4:ff05::1234");
    }

    @Test
    void anothersReportOfVersion1IsEnough() {
        assertThat(join(McFilter.ALL)).isZero();
        told();
        hear(query(24, 1000, GROUP));
        byte[] report = query(24, 0, GROUP);
        Icmpv6.type(report, 0, Icmpv6.MGM_REPORT);
        eth.inject(Frames.icmp("02:00:00:00:00:78", "fe80::78", "ff05::1234", 1, report));
        assertThat(told()).isEmpty();
    }

    @Test
    void queriesThatAreNone() {
        assertThat(join(McFilter.ALL)).isZero();
        told();
        byte[] good = query(28, 1000, In6Addr.ANY);
        eth.inject(Frames.icmp("02:00:00:00:00:77", "2001:db8::77", "ff02::1", 1, good));
        hear(Arrays.copyOf(good, 27));
        hear(Arrays.copyOf(good, 20));
        hear(query(28, 1000, In6Addr.parse("fd00::1")));
        assertThat(told()).isEmpty();
    }

    @Test
    void manyGroupsNeedSeveralReports() {
        for (int i = 0; i < 100; i++) {
            assertThat(
                            Ip6Multicast.join(
                                    sk, eth.dev.ifindex, GROUP.hi(), 0x1_0000 + i, McFilter.ALL))
                    .isZero();
        }
        lab.sleep(100);
        List<byte[]> frames = eth.take();
        assertThat(frames).hasSize(2).allMatch(f -> f.length <= 1514);
        assertThat(Frames.tell(frames).toString().split(" 4:", -1)).hasSize(101);
    }

    @Test
    void groupsStayWhenTheInterfaceGoesDownAndUp() {
        assertThat(join(McFilter.ALL)).isZero();
        told();
        net.devices.down(eth.dev);
        net.devices.up(eth.dev);
        assertThat(told().toString()).contains("4:ff05::1234").contains("4:" + OWN);
    }
}
