package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.MacAddr;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Group membership: the reports that Linux 6.18 was seen to send for the same calls, and the answers
/// to routers of every version.
class IgmpTest {
    private static final int GROUP = In4Addr.parse("239.1.2.3");
    private static final int HOST = In4Addr.parse("10.0.0.1");
    private static final int SOURCE = In4Addr.parse("10.0.0.9");
    private static final int SOURCE_2 = In4Addr.parse("10.0.0.8");

    /// From the IP header on; recorded.
    private static final String TO_EXCLUDE =
            "46c00028000040000102f9f80a000001e0000016940400002200e8f90000000104000000ef010203";

    private static final String TO_INCLUDE =
            "46c00028000040000102f9f80a000001e0000016940400002200e9f90000000103000000ef010203";

    private static final String BLOCK =
            "46c0002c000040000102f9f40a000001e0000016940400002200dcef0000000106000001ef010203"
                    + "0a000009";

    private static final String ALLOW =
            "46c0002c000040000102f9f40a000001e0000016940400002200ddef0000000105000001ef010203"
                    + "0a000009";

    private final Ipv4Lab lab = new Ipv4Lab(3);
    private NetNamespace net;
    private Ipv4Lab.Ether eth;
    private InetSock sk;

    @BeforeEach
    void setUp() {
        net = lab.host("host");
        eth = new Ipv4Lab.Ether(net, "eth0", "10.0.0.1/24", 1);
        sk = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
        lab.sleep(5000);
        eth.take();
    }

    @AfterEach
    void nothingIsLeft() {
        IpMulticast.dropSocket(sk);
        lab.sleep(5000);
        lab.close();
    }

    private void set(int option, int... words) {
        byte[] value = new byte[words.length * 4];
        for (int i = 0; i < words.length; i++) {
            Bytes.u32(value, i * 4, words[i]);
        }
        assertThat(IpSockglue.setsockopt(sk, option, value)).isZero();
    }

    /// The IGMP messages sent since the last call, without the link header, which is checked.
    private List<String> reports() {
        return eth.take().stream()
                .map(
                        frame -> {
                            int dest = Ipv4.daddr(frame, 14);
                            assertThat(Ethernet.dest(frame, 0))
                                    .isEqualTo(MacAddr.ofMulticast(dest));
                            return HexFormat.of().formatHex(frame, 14, frame.length);
                        })
                .toList();
    }

    private void toldTwice(String report) {
        lab.sleep(10);
        assertThat(reports()).containsExactly(report);
        lab.sleep(1010);
        assertThat(reports()).containsExactly(report);
        lab.sleep(20_000);
        assertThat(reports()).isEmpty();
    }

    @Test
    void whatRoutersAreTold() {
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        toldTwice(TO_EXCLUDE);
        set(IpOpt.IP_BLOCK_SOURCE, GROUP, HOST, SOURCE);
        toldTwice(BLOCK);
        set(IpOpt.IP_DROP_MEMBERSHIP, GROUP, HOST);
        toldTwice(TO_INCLUDE);
        set(IpOpt.IP_ADD_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        toldTwice(ALLOW);
        set(IpOpt.IP_DROP_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        toldTwice(BLOCK);
    }

    @Test
    void aSecondMemberChangesNothing() {
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        lab.sleep(3000);
        reports();
        InetSock other = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
        byte[] mreq = new byte[8];
        Bytes.u32(mreq, 0, GROUP);
        Bytes.u32(mreq, 4, HOST);
        assertThat(IpSockglue.setsockopt(other, IpOpt.IP_ADD_MEMBERSHIP, mreq)).isZero();
        IpMulticast.dropSocket(other);
        lab.sleep(3000);
        assertThat(reports()).isEmpty();
    }

    @Test
    void membershipSurvivesTheLink() {
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        lab.sleep(3000);
        reports();
        net.devices.down(eth.dev);
        net.devices.up(eth.dev);
        toldTwice(TO_EXCLUDE);
    }

    // ---- queries
    // -------------------------------------------------------------------------------------

    private void query(byte[] message, int dest) {
        byte[] frame = new byte[14 + 24 + message.length];
        Ethernet.put(frame, 0, MacAddr.ofMulticast(dest), 0x0200_0000_0099L, Ethernet.P_IP);
        int from = In4Addr.parse("10.0.0.254");
        Ipv4.put(frame, 14, 0xC0, 24 + message.length, 1, 0, 1, IpProto.IPPROTO_IGMP, from, dest);
        Ipv4.headerBytes(frame, 14, 24);
        Bytes.u32(frame, 34, 0x9404_0000);
        Ipv4.sendCheck(frame, 14);
        Bytes.u16(message, 2, Checksum.of(message, 0, message.length));
        System.arraycopy(message, 0, frame, 38, message.length);
        eth.inject(frame);
    }

    private static byte[] message(int bytes, int code, int group) {
        byte[] m = new byte[bytes];
        m[0] = 0x11;
        m[1] = (byte) code;
        Bytes.u32(m, 4, group);
        return m;
    }

    private void join() {
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        lab.sleep(3000);
        reports();
    }

    @Test
    void aGeneralQueryIsAnsweredInTime() {
        join();
        query(message(12, 10, 0), In4Addr.ALL_HOSTS);
        assertThat(reports()).isEmpty();
        lab.sleep(1010);
        assertThat(reports())
                .containsExactly(
                        "46c00028000040000102f9f80a000001e0000016940400002200eaf90000000102000000ef010203");
    }

    @Test
    void aQueryForAnotherGroupIsNotAnswered() {
        join();
        query(message(12, 10, GROUP + 1), GROUP);
        lab.sleep(2000);
        assertThat(reports()).isEmpty();
    }

    @Test
    void aQueryForSourcesIsAnsweredWithThoseThatAreHeard() {
        set(IpOpt.IP_ADD_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        lab.sleep(3000);
        reports();
        byte[] m = message(20, 10, GROUP);
        Bytes.u16(m, 10, 2);
        Bytes.u32(m, 12, SOURCE);
        Bytes.u32(m, 16, SOURCE_2);
        query(m, GROUP);
        lab.sleep(1010);
        List<String> sent = reports();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)).endsWith("0000000101000001ef0102030a000009");
    }

    private static final String V2_REPORT =
            "46c00020000040000102e9120a000001ef010203940400001600f8faef010203";

    private static final String V2_LEAVE =
            "46c00020000040000102fa140a000001e0000002940400001700f7faef010203";

    private static final String V1_REPORT =
            "46c00020000040000102e9120a000001ef010203940400001200fcfaef010203";

    private void saidWithin(int ms, String... reports) {
        lab.sleep(ms);
        assertThat(reports()).containsExactly(reports);
    }

    @Test
    void version2AsRecorded() {
        lab.sysctl(net, "net.ipv4.conf.eth0.force_igmp_version", "2");
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        saidWithin(10, V2_REPORT);
        saidWithin(10_010, V2_REPORT);
        set(IpOpt.IP_BLOCK_SOURCE, GROUP, HOST, SOURCE);
        saidWithin(1000);
        set(IpOpt.IP_DROP_MEMBERSHIP, GROUP, HOST);
        saidWithin(12_000, V2_LEAVE);
        set(IpOpt.IP_ADD_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        saidWithin(12_000, V2_REPORT, V2_REPORT);
        set(IpOpt.IP_DROP_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        saidWithin(12_000, V2_LEAVE);
    }

    @Test
    void version1AsRecorded() {
        lab.sysctl(net, "net.ipv4.conf.eth0.force_igmp_version", "1");
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        saidWithin(12_000, V1_REPORT, V1_REPORT);
        set(IpOpt.IP_DROP_MEMBERSHIP, GROUP, HOST);
        saidWithin(12_000);
    }

    @Test
    void aRouterOfVersion2HearsVersion2() {
        join();
        query(message(8, 10, 0), In4Addr.ALL_HOSTS);
        saidWithin(1010, V2_REPORT);
        set(IpOpt.IP_DROP_MEMBERSHIP, GROUP, HOST);
        saidWithin(10, V2_LEAVE);
    }

    @Test
    void anotherHostsReportSavesOurs() {
        join();
        query(message(8, 10, GROUP), GROUP);
        byte[] report = message(8, 0, GROUP);
        report[0] = 0x16;
        query(report, GROUP);
        lab.sleep(2000);
        assertThat(reports()).isEmpty();
    }

    @Test
    void aRouterOfVersion1HearsVersion1() {
        join();
        query(message(8, 0, 0), In4Addr.ALL_HOSTS);
        lab.sleep(10_010);
        List<String> sent = reports();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)).contains("1200");
    }

    // ---- who hears what
    // --------------------------------------------------------------------------------

    @Test
    void filtersOfASocket() {
        int index = eth.dev.ifindex;
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE, index)).as("IP_MULTICAST_ALL").isTrue();
        byte[] off = new byte[4];
        assertThat(IpSockglue.setsockopt(sk, IpOpt.IP_MULTICAST_ALL, off)).isZero();
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE, index)).isFalse();
        set(IpOpt.IP_ADD_MEMBERSHIP, GROUP, HOST);
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE, index)).isTrue();
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE, index + 1)).isFalse();
        set(IpOpt.IP_BLOCK_SOURCE, GROUP, HOST, SOURCE);
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE, index)).isFalse();
        assertThat(IpMulticast.allows(sk, GROUP, SOURCE_2, index)).isTrue();
        assertThat(IpMulticast.allows(sk, HOST, SOURCE, index)).as("no group").isTrue();
    }

    @Test
    void theDeviceTakesWhatAnySocketWants() {
        InDevice in = InDevice.of(eth.dev);
        assertThat(in).isNotNull();
        assertThat(in.igmp.accepts(In4Addr.ALL_HOSTS, SOURCE)).isTrue();
        assertThat(in.igmp.accepts(GROUP, SOURCE)).isFalse();
        set(IpOpt.IP_ADD_SOURCE_MEMBERSHIP, GROUP, HOST, SOURCE);
        assertThat(in.igmp.accepts(GROUP, SOURCE)).isTrue();
        assertThat(in.igmp.accepts(GROUP, SOURCE_2)).isFalse();
        InetSock all = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
        byte[] mreqn = new byte[12];
        Bytes.u32(mreqn, 0, GROUP);
        Abi.putInt(mreqn, 8, eth.dev.ifindex);
        assertThat(IpSockglue.setsockopt(all, IpOpt.IP_ADD_MEMBERSHIP, mreqn)).isZero();
        assertThat(in.igmp.accepts(GROUP, SOURCE_2)).isTrue();
        IpMulticast.dropSocket(all);
        assertThat(in.igmp.accepts(GROUP, SOURCE_2)).isFalse();
    }
}
