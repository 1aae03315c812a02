package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two hosts on one wire: neighbour discovery, echo, fragments; and a router between two wires: path
/// MTU, redirects.
class NdiscTest {
    private Ipv6Lab lab;
    private NetNamespace a;
    private NetNamespace b;
    private Ipv6Lab.Ether ea;
    private Ipv6Lab.Ether eb;
    private List<String> heard;

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(3);
        a = lab.host("a");
        b = lab.host("b");
        for (NetNamespace net : List.of(a, b)) {
            Ipv6Lab.sysctl(net, "net.ipv6.conf.default.router_solicitations", "0");
        }
        ea = new Ipv6Lab.Ether(a, "eth0", 1);
        eb = new Ipv6Lab.Ether(b, "eth0", 2);
        ea.plugInto(eb);
        Ipv6Lab.address(ea.dev, "fd00::1/64");
        Ipv6Lab.address(eb.dev, "fd00::2/64");
        lab.sleep(5000);
        heard = Ipv6Lab.listen(a);
        ea.take();
        eb.take();
    }

    @AfterEach
    void nothingIsLeft() {
        lab.sleep(70_000);
        lab.close();
    }

    private static Neighbour neigh(NetDevice dev, String addr) {
        In6Addr n = In6Addr.parse(addr);
        return NeighTables.OF.of(dev.net).nd().lookup(dev, n.hi(), n.lo());
    }

    @Test
    void aFirstPacketWaitsForTheNeighboursAddress() {
        assertThat(Ipv6Lab.ping(a, "fd00::2", 10, 0)).isZero();
        assertThat(heard).containsExactly("reply fd00::2 10");
        assertThat(Frames.tell(ea.take()))
                .containsExactly("fd00::1 > ff02::1:ff00:2 ns fd00::2", "fd00::1 > fd00::2 echo");
        assertThat(Frames.tell(eb.take()))
                .containsExactly("fd00::2 > fd00::1 na fd00::2", "fd00::2 > fd00::1 reply");
        assertThat(neigh(ea.dev, "fd00::2").nudState()).isEqualTo(Nud.REACHABLE);
        assertThat(neigh(ea.dev, "fd00::2").lladdr()).isEqualTo(eb.dev.mac());
        assertThat(neigh(eb.dev, "fd00::1").nudState() & Nud.VALID).isNotZero();
        assertThat(neigh(eb.dev, "fd00::1").lladdr()).isEqualTo(ea.dev.mac());
    }

    @Test
    void aStaleNeighbourIsAskedByUnicast() {
        assertThat(Ipv6Lab.ping(a, "fd00::2", 10, 0)).isZero();
        lab.sleep(60_000);
        assertThat(neigh(ea.dev, "fd00::2").nudState()).isEqualTo(Nud.STALE);
        ea.take();
        eb.passes = frame -> Frames.tell(frame).contains(" na ");
        assertThat(Ipv6Lab.ping(a, "fd00::2", 10, 0)).isZero();
        lab.sleep(5500);
        assertThat(Frames.tell(ea.take()))
                .startsWith("fd00::1 > fd00::2 echo", "fe80::ff:fe00:1 > fd00::2 ns fd00::2");
        assertThat(neigh(ea.dev, "fd00::2").nudState()).isEqualTo(Nud.REACHABLE);
    }

    @Test
    void nobodyAnswers() {
        assertThat(Ipv6Lab.ping(a, "fd00::9", 10, 0)).isZero();
        lab.sleep(4000);
        String question = "fd00::1 > ff02::1:ff00:9 ns fd00::9";
        assertThat(Frames.tell(ea.take())).containsExactly(question, question, question);
        assertThat(heard).containsExactly("error 1/3 0");
    }

    @Test
    void linkLocalAddressesNeedAnInterface() {
        assertThat(Ipv6Lab.ping(a, "fe80::ff:fe00:2", 10, ea.dev.ifindex)).isZero();
        assertThat(heard).containsExactly("reply fe80::ff:fe00:2 10");
        heard.clear();
        assertThat(Ipv6Lab.ping(a, "fe80::ff:fe00:1", 10, ea.dev.ifindex)).isZero();
        assertThat(heard).containsExactly("reply fe80::ff:fe00:1 10");
        assertThat(Ipv6Lab.ping(a, "fe80::ff:fe00:2", 10, 99)).isEqualTo(-Errno.ENETUNREACH);
    }

    @Test
    void allNodesAnswer() {
        assertThat(Ipv6Lab.ping(a, "ff02::1", 10, ea.dev.ifindex)).isZero();
        assertThat(heard)
                .containsExactlyInAnyOrder("reply fe80::ff:fe00:1 10", "reply fe80::ff:fe00:2 10");
    }

    @Test
    void ownAddressesAreReachedOverLoopback() {
        assertThat(Ipv6Lab.ping(a, "fd00::1", 1000, 0)).isZero();
        assertThat(Ipv6Lab.ping(a, "::1", 1000, 0)).isZero();
        assertThat(heard).containsExactly("reply fd00::1 1000", "reply ::1 1000");
        assertThat(ea.take()).isEmpty();
    }

    @Test
    void withoutARoute() {
        assertThat(Ipv6Lab.ping(a, "2001:db8::1", 10, 0)).isEqualTo(-Errno.ENETUNREACH);
    }

    @Test
    void largeDatagramsGoInFragmentsBothWays() {
        for (int bytes : new int[] {1452, 1453, 4000, 65_487, 65_527 - 8}) {
            heard.clear();
            assertThat(Ipv6Lab.ping(a, "fd00::2", bytes, 0)).as("" + bytes).isZero();
            assertThat(heard).as("" + bytes).containsExactly("reply fd00::2 " + bytes);
        }
        assertThat(Ipv6Lab.ping(a, "fd00::2", 65_528, 0)).isEqualTo(-Errno.EMSGSIZE);
        assertThat(ea.take()).allMatch(frame -> frame.length <= 1514);
    }

    @Test
    void fragmentsInAnyOrderAndLost() {
        eb.passes = frame -> true;
        assertThat(Ipv6Lab.ping(a, "fd00::2", 10, 0)).isZero();
        heard.clear();
        ea.passes = frame -> frame.length < 1000; // the larger fragments are lost
        assertThat(Ipv6Lab.ping(a, "fd00::2", 2000, 0)).isZero();
        assertThat(heard).isEmpty();
        lab.sleep(61_000);
        assertThat(heard).isEmpty(); // without the first fragment nobody is told
        ea.passes = frame -> frame.length > 1000;
        assertThat(Ipv6Lab.ping(a, "fd00::2", 2000, 0)).isZero();
        eb.take();
        ea.passes = frame -> true;
        lab.sleep(61_000);
        assertThat(Frames.tell(eb.take())).anyMatch(f -> f.endsWith("icmp6 3/1"));
        assertThat(heard).containsExactly("error 3/1 0");
    }

    // ---- a router
    // --------------------------------------------------------------------------------

    private NetNamespace router;
    private Ipv6Lab.Ether r0;
    private Ipv6Lab.Ether far;

    /// a - router - c over a wire of a smaller MTU.
    private void addRouter(int mtu) {
        router = lab.host("router");
        Ipv6Lab.sysctl(router, "net.ipv6.conf.all.forwarding", "1");
        r0 = new Ipv6Lab.Ether(router, "eth0", 3);
        Ipv6Lab.Ether r1 = new Ipv6Lab.Ether(router, "eth1", 4, mtu);
        NetNamespace c = lab.host("c");
        far = new Ipv6Lab.Ether(c, "eth0", 5);
        r0.plugInto(ea);
        r0.plugInto(eb);
        far.plugInto(r1);
        Ipv6Lab.address(r0.dev, "fd00::3/64");
        Ipv6Lab.address(r1.dev, "fd00:1::3/64");
        Ipv6Lab.address(far.dev, "fd00:1::5/64");
        Ipv6Lab.route(c, "::/0", "fd00:1::3", null);
        Ipv6Lab.route(a, "::/0", "fe80::ff:fe00:3", ea.dev);
        lab.sleep(5000);
        ea.take();
    }

    private int pmtu(String to) {
        In6Addr dst = In6Addr.parse(to);
        Flow fl = new Flow();
        fl.daddrHi = dst.hi();
        fl.daddrLo = dst.lo();
        return Ip6Route.output(a, fl, new int[1]).mtu();
    }

    @Test
    void thePathMtuIsLearntAndForgotten() {
        addRouter(1300);
        assertThat(Ipv6Lab.ping(a, "fd00:1::5", 1400, 0)).isZero();
        assertThat(heard).containsExactly("error 2/0 1300");
        assertThat(pmtu("fd00:1::5")).isEqualTo(1300);
        assertThat(pmtu("fd00:1::6")).isEqualTo(1500);
        heard.clear();
        ea.take();
        assertThat(Ipv6Lab.ping(a, "fd00:1::5", 1400, 0)).isZero();
        assertThat(heard).containsExactly("reply fd00:1::5 1400");
        assertThat(ea.take()).hasSizeGreaterThan(1).allMatch(f -> f.length <= 1314);
        lab.sleep(601_000);
        assertThat(pmtu("fd00:1::5")).isEqualTo(1500);
    }

    @Test
    void aPathMtuBelow1280IsNotBelieved() {
        addRouter(1300);
        In6Addr dst = In6Addr.parse("fd00:1::5");
        Ip6Pmtu.update(a, dst.hi(), dst.lo(), 0, 1279);
        assertThat(pmtu("fd00:1::5")).isEqualTo(1500);
        Ip6Pmtu.update(a, dst.hi(), dst.lo(), 0, 1280);
        assertThat(pmtu("fd00:1::5")).isEqualTo(1280);
        Ip6Pmtu.update(a, dst.hi(), dst.lo(), 0, 1400);
        assertThat(pmtu("fd00:1::5")).as("does not grow").isEqualTo(1280);
        Ip6Pmtu.flush(a);
        assertThat(pmtu("fd00:1::5")).isEqualTo(1500);
    }

    @Test
    void theHopLimitEndsOnTheWay() {
        addRouter(1500);
        Ipv6Lab.sysctl(a, "net.ipv6.conf.eth0.hop_limit", "1");
        a.bumpRouteGenid();
        assertThat(Ipv6Lab.ping(a, "fd00:1::5", 10, 0)).isZero();
        assertThat(heard).containsExactly("error 3/0 0");
    }

    @Test
    void aRouterShowsTheShorterWay() {
        addRouter(1500);
        Ipv6Lab.sysctl(b, "net.ipv6.conf.all.forwarding", "0");
        // a sends to b's network over the router although b is next door
        Ipv6Lab.address(eb.dev, "fd00:2::2/64");
        Ipv6Lab.route(router, "fd00:2::/64", "fe80::ff:fe00:2", r0.dev);
        Ipv6Lab.route(b, "::/0", "fd00::3", null);
        assertThat(Ipv6Lab.ping(a, "fd00:2::2", 10, 0)).isZero();
        assertThat(heard).containsExactly("reply fd00:2::2 10");
        assertThat(Frames.tell(r0.take())).anyMatch(f -> f.endsWith("icmp6 137/0"));
        ea.take();
        r0.take();
        assertThat(Ipv6Lab.ping(a, "fd00:2::2", 10, 0)).isZero();
        byte[] sent = echo(ea.take());
        assertThat(Ethernet.dest(sent, 0)).isEqualTo(eb.dev.mac());
        assertThat(Frames.tell(r0.take())).noneMatch(f -> f.endsWith("echo"));
    }

    @Test
    void redirectsCanBeIgnored() {
        addRouter(1500);
        Ipv6Lab.sysctl(a, "net.ipv6.conf.eth0.accept_redirects", "0");
        Ipv6Lab.address(eb.dev, "fd00:2::2/64");
        Ipv6Lab.route(router, "fd00:2::/64", "fe80::ff:fe00:2", r0.dev);
        Ipv6Lab.route(b, "::/0", "fd00::3", null);
        assertThat(Ipv6Lab.ping(a, "fd00:2::2", 10, 0)).isZero();
        ea.take();
        assertThat(Ipv6Lab.ping(a, "fd00:2::2", 10, 0)).isZero();
        byte[] sent = echo(ea.take());
        assertThat(Ethernet.dest(sent, 0)).isEqualTo(r0.dev.mac());
    }

    private static byte[] echo(List<byte[]> frames) {
        return frames.stream().filter(f -> Frames.tell(f).endsWith("echo")).findFirst().get();
    }

    // ---- what must not be believed
    // ------------------------------------------------------------------

    @Test
    void messagesFromBeyondTheLinkAreDropped() {
        byte[] na = new byte[32];
        na[0] = (byte) 136;
        na[4] = 0x20;
        In6Addr target = In6Addr.parse("fd00::2");
        Bytes.u64(na, 8, target.hi());
        Bytes.u64(na, 16, target.lo());
        na[24] = 2;
        na[25] = 1;
        na[31] = 9;
        assertThat(Ipv6Lab.ping(a, "fd00::2", 10, 0)).isZero();
        long known = neigh(ea.dev, "fd00::2").lladdr();
        ea.inject(Frames.icmp("02:00:00:00:00:09", "fd00::2", "fd00::1", 254, na));
        assertThat(neigh(ea.dev, "fd00::2").lladdr()).isEqualTo(known);
        ea.inject(Frames.icmp("02:00:00:00:00:09", "fd00::2", "fd00::1", 255, na));
        assertThat(neigh(ea.dev, "fd00::2").lladdr()).isEqualTo(9);
    }

    @Test
    void echoRepliesAreOfTheirRequestsSizeAndClass() {
        assertThat(Ipv6Lab.ping(a, "fd00::2", 33, 0)).isZero();
        byte[] reply = Frames.packet(eb.take().getLast());
        assertThat(reply).hasSize(40 + 8 + 33);
        assertThat(Ipv6.hopLimit(reply, 0)).isEqualTo(64);
        assertThat(Ipv6.flowLabel(reply, 0)).as("automatic flow label").isNotZero();
    }
}
