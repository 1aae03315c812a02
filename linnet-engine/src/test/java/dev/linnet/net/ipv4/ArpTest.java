package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.ipv4.Ipv4Lab.Ether;
import dev.linnet.wire.Arp;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.MacAddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ARP and the life of a neighbour entry: RFC 826, RFC 4861 section 7.3, Linux's timers.
class ArpTest {
    private static final int PROTO = 253;
    private static final int A = In4Addr.of(10, 0, 0, 1);
    private static final int B = In4Addr.of(10, 0, 0, 2);
    private static final long MAC_A = 0x0200_0000_0001L;
    private static final long MAC_B = 0x0200_0000_0002L;

    private final Ipv4Lab lab = new Ipv4Lab(1);
    private NetNamespace a;
    private NetNamespace b;
    private Ether ethA;
    private Ether ethB;
    private final List<byte[]> delivered = new ArrayList<>();
    private final List<Integer> errors = new ArrayList<>();

    private final NetProtocol protocol =
            new NetProtocol() {
                @Override
                public void rcv(SkBuff skb) {
                    delivered.add(Ipv4Lab.bytes(skb));
                    skb.consume();
                }

                @Override
                public void err(SkBuff skb, NetDevice dev, int type, int code, int info) {
                    errors.add(type << 8 | code);
                }
            };

    @BeforeEach
    void setUp() {
        a = lab.host("a");
        b = lab.host("b");
        ethA = new Ipv4Lab.Ether(a, "eth0", "10.0.0.1/24", 1);
        ethB = new Ipv4Lab.Ether(b, "eth0", "10.0.0.2/24", 2);
        ethA.plugInto(ethB);
        NetProtocols.add(a, PROTO, protocol, null);
        NetProtocols.add(b, PROTO, protocol, null);
        lab.sleep(100);
        ethA.take();
        ethB.take();
    }

    @AfterEach
    void nothingIsLeft() {
        lab.close();
    }

    /// Sends a datagram of an experimental protocol.
    private void send(NetNamespace from, int to, int length) {
        SkBuff skb = SkBuff.alloc(lab.pool, 0, 128 + length);
        skb.reserve(128);
        skb.put(length);
        var dst = RouteOutput.lookupSimple(from, to);
        assertThat(dst).isNotNull();
        int saddr = from == a ? A : B;
        skb.transportHeader = skb.data;
        skb.networkHeader = skb.push(Ipv4.HEADER_BYTES);
        skb.protocol = Ethernet.P_IP;
        skb.dst = dst;
        Ipv4.put(skb.buf, skb.networkHeader, 0, skb.len, 7, 0, 64, PROTO, saddr, to);
        IpOutput.localOut(from, skb);
    }

    private Neighbour neighbour(NetNamespace net, NetDevice dev, int addr) {
        NeighTable table = NeighTables.OF.of(net).arp();
        assertThat(table).isNotNull();
        return table.lookup(dev, 0, In6Addr.mapV4(addr));
    }

    private static byte[] arp(int op, long dest, long sha, int sip, long tha, int tip) {
        byte[] frame = new byte[Ethernet.HEADER_BYTES + Arp.HEADER_BYTES];
        Ethernet.put(frame, 0, dest, sha, Ethernet.P_ARP);
        Arp.put(frame, Ethernet.HEADER_BYTES, op, sha, sip, tha, tip);
        return frame;
    }

    // ---- resolution
    // ----------------------------------------------------------------------------------

    @Test
    void theFirstPacketWaitsForTheAnswer() {
        send(a, B, 10);
        List<byte[]> sent = ethA.take();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0)).isEqualTo(arp(Arp.OP_REQUEST, MacAddr.BROADCAST, MAC_A, A, 0, B));
        assertThat(ethB.take()).containsExactly(arp(Arp.OP_REPLY, MAC_A, MAC_B, B, MAC_A, A));
        byte[] data = sent.get(1);
        assertThat(Ethernet.dest(data, 0)).isEqualTo(MAC_B);
        assertThat(Ethernet.source(data, 0)).isEqualTo(MAC_A);
        assertThat(Ethernet.proto(data, 0)).isEqualTo(Ethernet.P_IP);
        assertThat(delivered).hasSize(1);
        assertThat(neighbour(a, ethA.dev, B).nudState()).isEqualTo(Nud.REACHABLE);
        assertThat(neighbour(b, ethB.dev, A).nudState()).isEqualTo(Nud.STALE);
    }

    @Test
    void groupsAndBroadcastsNeedNoAnswer() {
        send(a, In4Addr.parse("10.0.0.255"), 10);
        assertThat(Ethernet.dest(ethA.take().get(0), 0)).isEqualTo(MacAddr.BROADCAST);
    }

    @Test
    void aSilentNeighbourIsAskedThreeTimesASecondApartAndThenGivenUp() {
        int gone = In4Addr.of(10, 0, 0, 99);
        send(a, gone, 10);
        assertThat(ethA.take()).hasSize(1);
        for (int i = 0; i < 2; i++) {
            lab.sleep(980);
            assertThat(ethA.take()).isEmpty();
            lab.sleep(20);
            assertThat(ethA.take())
                    .containsExactly(arp(Arp.OP_REQUEST, MacAddr.BROADCAST, MAC_A, A, 0, gone));
        }
        assertThat(errors).isEmpty();
        lab.sleep(1000);
        assertThat(errors).containsExactly(Icmp.DEST_UNREACH << 8 | Icmp.HOST_UNREACH);
        assertThat(neighbour(a, ethA.dev, gone).nudState()).isEqualTo(Nud.FAILED);
        lab.sleep(10_000);
        assertThat(ethA.take()).as("questions after the end").isEmpty();
        send(a, gone, 10);
        assertThat(ethA.take()).as("a new packet asks anew").hasSize(1);
    }

    @Test
    void onlySoMuchWaits() {
        lab.sysctl(a, "net.ipv4.neigh.eth0.unres_qlen_bytes", "10000");
        ethA.passes = frame -> false;
        for (int i = 0; i < 30; i++) {
            send(a, B, 100);
        }
        long dropped = lab.pool.drops.count(DropReason.NEIGH_QUEUEFULL);
        assertThat(dropped).isBetween(15L, 25L);
        ethA.passes = frame -> true;
        lab.sleep(1001);
        assertThat(delivered).hasSize(30 - (int) dropped);
    }

    @Test
    void anEntryGrowsStaleIsUsedAndVerified() {
        send(a, B, 10);
        Neighbour n = neighbour(a, ethA.dev, B);
        lab.sleep(45_010); // at most one and a half of 30 s
        assertThat(n.nudState()).isEqualTo(Nud.STALE);
        ethA.take();
        send(a, B, 10);
        assertThat(n.nudState()).isEqualTo(Nud.DELAY);
        assertThat(ethA.take()).as("the packet goes out at once").hasSize(1);
        lab.sleep(5_020);
        List<byte[]> sent = ethA.take();
        assertThat(sent).containsExactly(arp(Arp.OP_REQUEST, MAC_B, MAC_A, A, 0, B));
        assertThat(n.nudState()).isEqualTo(Nud.REACHABLE);
    }

    @Test
    void aSignFromAboveSparesTheQuestion() {
        send(a, B, 10);
        Neighbour n = neighbour(a, ethA.dev, B);
        lab.sleep(45_010);
        send(a, B, 10);
        ethA.take();
        n.confirm();
        lab.sleep(5_020);
        assertThat(ethA.take()).isEmpty();
        assertThat(n.nudState()).isEqualTo(Nud.REACHABLE);
    }

    @Test
    void aNeighbourThatVanishesIsProbedThreeTimesThenForgotten() {
        send(a, B, 10);
        Neighbour n = neighbour(a, ethA.dev, B);
        lab.sleep(45_010);
        ethA.passes = frame -> false;
        send(a, B, 10);
        ethA.take();
        lab.sleep(5_020);
        assertThat(n.nudState()).isEqualTo(Nud.PROBE);
        lab.sleep(3_000);
        assertThat(ethA.take()).hasSize(3).allMatch(f -> Ethernet.dest(f, 0) == MAC_B);
        assertThat(n.nudState()).isEqualTo(Nud.FAILED);
    }

    // ---- questions of others
    // --------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "0, 10.0.0.2, 10.0.0.1, true",
        "0, 10.0.0.2, 127.0.0.1, false",
        "0, 10.0.0.2, 10.0.0.3, false",
        "0, 10.0.0.2, 10.9.0.1, true",
        "0, 0.0.0.0, 10.0.0.1, true",
        "0, 10.0.0.1, 10.0.0.1, false",
        "0, 224.0.0.1, 10.0.0.1, false",
        "0, 10.0.0.2, 224.0.0.1, false",
        "1, 10.0.0.2, 10.0.0.1, true",
        "1, 10.0.0.2, 10.9.0.1, false",
        "1, 0.0.0.0, 10.9.0.1, false",
        "2, 10.0.0.2, 10.0.0.1, true",
        "2, 99.0.0.2, 10.0.0.1, false",
        "3, 10.0.0.2, 10.9.0.1, true",
        "8, 10.0.0.2, 10.0.0.1, false",
    })
    void whoIsAnswered(int ignore, String sip, String tip, boolean answered) {
        new Ipv4Lab.Ether(a, "eth1", "10.9.0.1/24", 9);
        lab.sysctl(a, "net.ipv4.conf.all.arp_ignore", Integer.toString(ignore));
        ethB.plugInto(new Ipv4Lab.Ether(lab.host("c"), "x", "", 7)); // answers go nowhere
        int from = In4Addr.parse(sip);
        int about = In4Addr.parse(tip);
        ethA.inject(arp(Arp.OP_REQUEST, MacAddr.BROADCAST, MAC_B, from, 0, about));
        List<byte[]> sent = ethA.take();
        if (answered) {
            assertThat(sent).containsExactly(arp(Arp.OP_REPLY, MAC_B, MAC_A, about, MAC_B, from));
        } else {
            assertThat(sent).isEmpty();
        }
    }

    @Test
    void announcementsAreLearntOnlyAboutKnownNeighbours() {
        ethA.inject(arp(Arp.OP_REQUEST, MacAddr.BROADCAST, MAC_B, B, 0, B));
        assertThat(neighbour(a, ethA.dev, B)).isNull();
        send(a, B, 10);
        long other = 0x0200_0000_0077L;
        ethA.inject(arp(Arp.OP_REQUEST, MacAddr.BROADCAST, other, B, 0, B));
        Neighbour n = neighbour(a, ethA.dev, B);
        assertThat(n.lladdr()).isEqualTo(other);
        assertThat(n.nudState()).isEqualTo(Nud.STALE);
    }

    @Test
    void anAddressThatHasJustBeenLearntIsNotTakenAwayByAReply() {
        send(a, B, 10);
        long other = 0x0200_0000_0077L;
        ethA.inject(arp(Arp.OP_REPLY, MAC_A, other, B, MAC_A, A));
        assertThat(neighbour(a, ethA.dev, B).lladdr()).as("locktime 1 s").isEqualTo(MAC_B);
        lab.sleep(1001);
        ethA.inject(arp(Arp.OP_REPLY, MAC_A, other, B, MAC_A, A));
        assertThat(neighbour(a, ethA.dev, B).lladdr()).isEqualTo(other);
    }

    @Test
    void aPermanentEntryStays() {
        NeighTable table = NeighTables.OF.of(a).arp();
        Neighbour n = table.lookupOrCreate(ethA.dev, 0, In6Addr.mapV4(B));
        n.update(0x42, Nud.PERMANENT, Neighbour.UPDATE_ADMIN | Neighbour.UPDATE_OVERRIDE);
        ethA.inject(arp(Arp.OP_REPLY, MAC_A, MAC_B, B, MAC_A, A));
        assertThat(n.lladdr()).isEqualTo(0x42);
        send(a, B, 10);
        assertThat(Ethernet.dest(ethA.take().get(0), 0)).isEqualTo(0x42);
        lab.sleep(100_000);
        assertThat(n.nudState()).isEqualTo(Nud.PERMANENT);
    }

    @Test
    void proxyAnswersForHostsBehindTheRouter() {
        Ether eth1 = new Ipv4Lab.Ether(a, "eth1", "10.9.0.1/24", 9);
        int behind = In4Addr.parse("10.9.0.5");
        byte[] question = arp(Arp.OP_REQUEST, MacAddr.BROADCAST, MAC_B, B, 0, behind);
        ethB.plugInto(new Ipv4Lab.Ether(lab.host("c"), "x", "", 7));
        ethA.inject(question);
        assertThat(ethA.take()).isEmpty();
        lab.sysctl(a, "net.ipv4.ip_forward", "1");
        lab.sysctl(a, "net.ipv4.conf.eth0.proxy_arp", "1");
        ethA.inject(question);
        assertThat(ethA.take()).containsExactly(arp(Arp.OP_REPLY, MAC_B, MAC_A, behind, MAC_B, B));
        assertThat(eth1.take()).isEmpty();
    }

    // ---- the table
    // ---------------------------------------------------------------------------------

    @Test
    void theTableIsBounded() {
        lab.sysctl(a, "net.ipv4.neigh.default.gc_thresh1", "4");
        lab.sysctl(a, "net.ipv4.neigh.default.gc_thresh2", "8");
        lab.sysctl(a, "net.ipv4.neigh.default.gc_thresh3", "16");
        for (int i = 10; i < 40; i++) {
            send(a, In4Addr.of(10, 0, 0, i), 10);
        }
        assertThat(count()).isEqualTo(16);
        assertThat(lab.pool.drops.count(DropReason.NEIGH_CREATEFAIL)).isEqualTo(14);
        lab.sleep(4_000);
        send(a, In4Addr.of(10, 0, 0, 77), 10);
        assertThat(count()).as("those that failed made room").isEqualTo(1);
        lab.sleep(100_000);
    }

    @Test
    void whatIsNotUsedIsForgotten() {
        lab.sysctl(a, "net.ipv4.neigh.default.gc_thresh1", "1");
        send(a, B, 10);
        lab.sleep(200_000);
        assertThat(count()).isZero();
    }

    private int count() {
        int[] n = new int[1];
        NeighTables.OF.of(a).arp().forEach(x -> n[0]++);
        return n[0];
    }

    @Test
    void aDeviceThatGoesDownTakesItsNeighboursAndTheirPacketsWithIt() {
        ethA.passes = frame -> false;
        send(a, B, 10);
        a.devices.down(ethA.dev);
        assertThat(neighbour(a, ethA.dev, B)).isNull();
        assertThat(lab.pool.drops.count(DropReason.NEIGH_DEAD)).isEqualTo(1);
    }

    @Test
    void aFragmentedPacketWaitsInOrder() {
        send(a, B, 4000);
        assertThat(delivered).hasSize(1);
        assertThat(delivered.get(0)).hasSize(4000);
    }
}
