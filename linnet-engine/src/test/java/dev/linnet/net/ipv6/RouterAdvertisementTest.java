package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ndisc;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a host learns from router advertisements.
class RouterAdvertisementTest {
    private static final String MAC = "02:00:00:00:00:99";
    private static final String ROUTER = "fe80::99";
    private static final String SLAAC = "2001:db8::ff:fe00:1";

    private Ipv6Lab lab;
    private NetNamespace net;
    private Ipv6Lab.Ether eth;

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(5);
        net = lab.host("host");
        eth = new Ipv6Lab.Ether(net, "eth0", 1);
        lab.sleep(3000);
        eth.take();
    }

    @AfterEach
    void nothingIsLeft() {
        lab.close();
    }

    /// An advertisement in the making.
    private static final class Ra {
        private final byte[] buf = new byte[512];
        private int end = 16;

        Ra(int hopLimit, int flags, int lifetime, int reachableMs, int retransMs) {
            Icmpv6.put(buf, 0, Ndisc.ROUTER_ADVERTISEMENT, 0, 0);
            Ndisc.routerHopLimit(buf, 0, hopLimit);
            Ndisc.routerFlags(buf, 0, flags);
            Ndisc.routerLifetimeSec(buf, 0, lifetime);
            Ndisc.reachableTimeMs(buf, 0, reachableMs);
            Ndisc.retransTimerMs(buf, 0, retransMs);
        }

        Ra address() {
            end = Ndisc.putLinkAddr(buf, end, Ndisc.OPT_SOURCE_LL_ADDR, 0x02_00_00_00_00_99L);
            return this;
        }

        Ra prefix(String cidr, int flags, int valid, int preferred) {
            String[] parts = cidr.split("/");
            In6Addr p = In6Addr.parse(parts[0]);
            int len = Integer.parseInt(parts[1]);
            end = Ndisc.putPrefixInfo(buf, end, len, flags, valid, preferred, p.hi(), p.lo());
            return this;
        }

        Ra mtu(int mtu) {
            end = Ndisc.putMtu(buf, end, mtu);
            return this;
        }

        Ra route(String cidr, int pref, int lifetime) {
            String[] parts = cidr.split("/");
            In6Addr p = In6Addr.parse(parts[0]);
            Bytes.u8(buf, end, Ndisc.OPT_ROUTE_INFO);
            Bytes.u8(buf, end + 1, 3);
            Bytes.u8(buf, end + 2, Integer.parseInt(parts[1]));
            Bytes.u8(buf, end + 3, pref << 3);
            Bytes.u32(buf, end + 4, lifetime);
            Bytes.u64(buf, end + 8, p.hi());
            Bytes.u64(buf, end + 16, p.lo());
            end += 24;
            return this;
        }

        byte[] bytes() {
            return Arrays.copyOf(buf, end);
        }
    }

    private static final int BOTH = Ndisc.PREFIX_ON_LINK | Ndisc.PREFIX_AUTONOMOUS;

    private void hear(Ra ra) {
        hear(ra, ROUTER, 255);
    }

    private void hear(Ra ra, String from, int hops) {
        eth.inject(Frames.icmp(MAC, from, "ff02::1", hops, ra.bytes()));
    }

    private static Ra usual() {
        return new Ra(64, 0, 1800, 0, 0).address().prefix("2001:db8::/64", BOTH, 86_400, 14_400);
    }

    private Rt6Info routeTo(String addr) {
        In6Addr a = In6Addr.parse(addr);
        Flow fl = new Flow();
        fl.daddrHi = a.hi();
        fl.daddrLo = a.lo();
        DstEntry dst = Ip6Route.output(net, fl, new int[1]);
        return (Rt6Info) dst;
    }

    private int type(String addr) {
        In6Addr a = In6Addr.parse(addr);
        return Ipv6AddrType.of(net, a.hi(), a.lo(), 0);
    }

    @Test
    void anAddressARouteAndARouter() {
        hear(usual());
        assertThat(Ipv6Lab.find(eth.dev, SLAAC).isTentative()).isTrue();
        lab.sleep(2500);
        assertThat(type(SLAAC)).isEqualTo(Rtn.LOCAL);
        assertThat(routeTo("2001:db8::77").hasGateway()).isFalse();
        Rt6Info far = routeTo("2001:db9::1");
        In6Addr router = In6Addr.parse(ROUTER);
        assertThat(far.gwHi).isEqualTo(router.hi());
        assertThat(far.gwLo).isEqualTo(router.lo());
        var neigh = NeighTables.OF.of(net).nd().lookup(eth.dev, router.hi(), router.lo());
        assertThat(neigh.lladdr()).isEqualTo(0x02_00_00_00_00_99L);
        assertThat(neigh.isRouter()).isTrue();
    }

    @Test
    void itsSourceAddressIsChosen() {
        hear(usual());
        lab.sleep(2500);
        Flow fl = new Flow();
        In6Addr a = In6Addr.parse("2001:db9::1");
        fl.daddrHi = a.hi();
        fl.daddrLo = a.lo();
        assertThat(Ip6Route.output(net, fl, new int[1])).isNotNull();
        assertThat(In6Addr.format(fl.saddrHi, fl.saddrLo)).isEqualTo(SLAAC);
    }

    @Test
    void lifetimesEnd() {
        hear(usual());
        lab.sleep(1_801_000);
        assertThat(routeTo("2001:db9::1")).as("router lifetime is over").isNull();
        assertThat(routeTo("2001:db8::77")).isNotNull();
        assertThat(Ipv6Lab.find(eth.dev, SLAAC).isDeprecated()).isFalse();
        lab.sleep(13_000_000);
        assertThat(Ipv6Lab.find(eth.dev, SLAAC).isDeprecated()).isTrue();
        assertThat(type(SLAAC)).isEqualTo(Rtn.LOCAL);
        lab.sleep(86_400_000);
        assertThat(Ipv6Lab.find(eth.dev, SLAAC)).isNull();
        assertThat(routeTo("2001:db8::77")).isNull();
    }

    @Test
    void aRouterResigns() {
        hear(usual());
        lab.sleep(2500);
        assertThat(routeTo("2001:db9::1")).isNotNull();
        hear(new Ra(64, 0, 0, 0, 0).address());
        assertThat(routeTo("2001:db9::1")).isNull();
    }

    @Test
    void anotherAdvertisementDoesNotShortenLifetimesBelowTwoHours() {
        hear(usual());
        lab.sleep(2500);
        hear(new Ra(64, 0, 1800, 0, 0).prefix("2001:db8::/64", BOTH, 60, 60));
        Inet6IfAddr ifp = Ipv6Lab.find(eth.dev, SLAAC);
        assertThat(ifp.validLft).isEqualTo(7200);
        assertThat(ifp.preferedLft).isEqualTo(60);
        lab.sleep(61_000);
        assertThat(ifp.isDeprecated()).isTrue();
        hear(usual());
        assertThat(ifp.isDeprecated()).isFalse();
        assertThat(ifp.validLft).isEqualTo(86_400);
    }

    @Test
    void aPrefixOfZeroLifetimeTakesItsRouteAway() {
        hear(usual());
        lab.sleep(2500);
        hear(new Ra(64, 0, 0, 0, 0).prefix("2001:db8::/64", BOTH, 0, 0));
        assertThat(routeTo("2001:db8::77")).isNull();
        assertThat(type(SLAAC)).as("the address stays two hours").isEqualTo(Rtn.LOCAL);
    }

    @Test
    void mtuHopLimitAndTimes() {
        hear(new Ra(33, 0, 1800, 40_000, 2000).address().mtu(1400));
        Rt6Info far = routeTo("2001:db9::1");
        assertThat(far.mtu()).isEqualTo(1400);
        assertThat(far.hopLimit()).isEqualTo(33);
        assertThat(far.metric(RouteMetrics.RTAX_HOPLIMIT)).isEqualTo(33);
        assertThat(net.sysctl.read("net.ipv6.conf.eth0.hop_limit")).isEqualTo("33");
        assertThat(net.sysctl.read("net.ipv6.conf.eth0.mtu")).isEqualTo("1400");
        assertThat(net.sysctl.read("net.ipv6.neigh.eth0.retrans_time_ms")).isEqualTo("2000");
        assertThat(net.sysctl.read("net.ipv6.neigh.eth0.base_reachable_time_ms"))
                .isEqualTo("40000");
        hear(new Ra(0, 0, 1800, 0, 0).mtu(1279));
        hear(new Ra(0, 0, 1800, 0, 0).mtu(1501));
        assertThat(routeTo("2001:db9::1").mtu()).isEqualTo(1400);
        assertThat(routeTo("2001:db9::1").hopLimit()).isEqualTo(33);
    }

    @Test
    void thePreferredRouterIsTaken() {
        hear(new Ra(64, 0, 1800, 0, 0).address(), "fe80::1:1", 255);
        hear(new Ra(64, 0x08, 1800, 0, 0).address(), "fe80::2:2", 255); // high
        hear(new Ra(64, 0x18, 1800, 0, 0).address(), "fe80::3:3", 255); // low
        assertThat(routeTo("2001:db9::1").gwLo).isEqualTo(0x2_0002);
        hear(new Ra(64, 0x08, 0, 0, 0).address(), "fe80::2:2", 255);
        assertThat(routeTo("2001:db9::1").gwLo).isEqualTo(0x1_0001);
    }

    @Test
    void moreSpecificRoutesOnlyIfWanted() {
        Ra ra = new Ra(64, 0, 1800, 0, 0).address().route("2001:dba::/32", 1, 600);
        hear(ra, "fe80::7:7", 255);
        hear(new Ra(64, 0x08, 1800, 0, 0).address(), ROUTER, 255);
        assertThat(routeTo("2001:dba::1").gwLo).isEqualTo(0x99);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.accept_ra_rt_info_max_plen", "64");
        hear(ra, "fe80::7:7", 255);
        assertThat(routeTo("2001:dba::1").gwLo).isEqualTo(0x7_0007);
        lab.sleep(601_000);
        assertThat(routeTo("2001:dba::1").gwLo).isEqualTo(0x99);
    }

    @Test
    void whatIsNotHeeded() {
        hear(usual(), "2001:db8::99", 255); // not from a link-local address
        hear(usual(), ROUTER, 254);
        assertThat(routeTo("2001:db9::1")).isNull();
        hear(new Ra(64, 0, 0, 0, 0).prefix("fe80::/64", BOTH, 100, 100));
        hear(new Ra(64, 0, 0, 0, 0).prefix("2001:db8::/64", BOTH, 100, 101));
        hear(new Ra(64, 0, 0, 0, 0).prefix("2001:db8::/56", BOTH, 100, 100));
        assertThat(Inet6Dev.of(eth.dev).addresses()).hasSize(1);
        byte[] broken = usual().bytes();
        broken[17] = 0; // an option of no length
        eth.inject(Frames.icmp(MAC, ROUTER, "ff02::1", 255, broken));
        assertThat(routeTo("2001:db9::1")).isNull();
    }

    @Test
    void aRouterDoesNotFollowOthers() {
        hear(usual());
        lab.sleep(2500);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.all.forwarding", "1");
        assertThat(routeTo("2001:db9::1")).isNull();
        hear(usual());
        assertThat(routeTo("2001:db9::1")).isNull();
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.accept_ra", "2");
        hear(usual());
        assertThat(routeTo("2001:db9::1")).isNotNull();
    }

    @Test
    void solicitationsEndWithAnAdvertisement() {
        lab.sleep(30_000);
        assertThat(Frames.tell(eth.take())).filteredOn(f -> f.endsWith(" rs")).isNotEmpty();
        hear(usual());
        lab.sleep(100_000);
        assertThat(Frames.tell(eth.take())).noneMatch(f -> f.endsWith(" rs"));
    }
}
