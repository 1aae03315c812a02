package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Addresses of interfaces: those that come by themselves, duplicate address detection, and the
/// routes that come with them.
class AddrconfTest {
    private Ipv6Lab lab;
    private NetNamespace net;

    @BeforeEach
    void setUp() {
        lab = new Ipv6Lab(7);
        net = lab.host("host");
    }

    @AfterEach
    void nothingIsLeft() {
        lab.close();
    }

    private static int type(NetNamespace net, String addr, int ifindex) {
        In6Addr a = In6Addr.parse(addr);
        return Ipv6AddrType.of(net, a.hi(), a.lo(), ifindex);
    }

    private static List<String> routes(NetNamespace net) {
        List<String> out = new ArrayList<>();
        for (boolean local : new boolean[] {true, false}) {
            Ip6Fib.of(net)
                    .forEach(
                            local,
                            (p, i) ->
                                    out.add(
                                            In6Addr.format(p.hi(), p.lo())
                                                    + "/"
                                                    + p.plen()
                                                    + " "
                                                    + i.dev.name
                                                    + " "
                                                    + i.metric
                                                    + (local ? " local" : "")));
        }
        return out;
    }

    @Test
    void loopbackHasItsAddressAtOnce() {
        assertThat(type(net, "::1", 0)).isEqualTo(Rtn.LOCAL);
        assertThat(routes(net)).containsExactly("::1/128 lo 0 local");
    }

    @Test
    void anEthernetInterfaceGetsALinkLocalAddressFromItsMac() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 5);
        String lladdr = "fe80::ff:fe00:5";
        assertThat(Ipv6Lab.find(eth.dev, lladdr).isTentative()).isTrue();
        assertThat(type(net, lladdr, 0)).isEqualTo(Rtn.UNICAST);
        assertThat(routes(net))
                .containsExactly(
                        "::1/128 lo 0 local", "ff00::/8 eth0 256 local", "fe80::/64 eth0 256");
        lab.sleep(2100);
        assertThat(Ipv6Lab.find(eth.dev, lladdr).isTentative()).isFalse();
        assertThat(type(net, lladdr, 0)).isEqualTo(Rtn.LOCAL);
        assertThat(type(net, lladdr, eth.dev.ifindex)).isEqualTo(Rtn.LOCAL);
        assertThat(type(net, lladdr, 1)).isEqualTo(Rtn.UNICAST);
        assertThat(routes(net))
                .containsExactly(
                        "::1/128 lo 0 local",
                        "fe80::ff:fe00:5/128 eth0 0 local",
                        "ff00::/8 eth0 256 local",
                        "fe80::/64 eth0 256");
    }

    @Test
    void whatAnInterfaceSaysWhenItComesUp() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 5);
        lab.sleep(6900);
        List<String> said = Frames.tell(eth.take());
        String report = " > ff02::16 mld2 4:ff02::1:ff00:5";
        String me = "fe80::ff:fe00:5";
        assertThat(said)
                .containsExactlyInAnyOrder(
                        "::" + report,
                        "::" + report,
                        ":: > ff02::1:ff00:5 ns " + me,
                        me + report,
                        me + " > ff02::2 rs",
                        me + report,
                        me + " > ff02::2 rs");
        assertThat(said.getFirst()).isEqualTo("::" + report);
    }

    @Test
    void aTunInterfaceGetsARandomAddressAndNeedsNoDetection() {
        Ipv6Lab.Tun tun = new Ipv6Lab.Tun(net, "tun0", 1500);
        List<Inet6IfAddr> addrs = Inet6Dev.of(tun.dev).addresses();
        assertThat(addrs).hasSize(1);
        Inet6IfAddr ll = addrs.getFirst();
        assertThat(In6Addr.isLinkLocal(ll.hi)).isTrue();
        assertThat(ll.isTentative()).isFalse();
        assertThat(net.sysctl.read("net.ipv6.conf.tun0.addr_gen_mode")).isEqualTo("3");
        Inet6IfAddr other =
                Inet6Dev.of(new Ipv6Lab.Tun(net, "tun1", 1500).dev).addresses().getFirst();
        assertThat(other.lo).isNotEqualTo(ll.lo);
    }

    @Test
    void anAddressOfSomebodyElseStaysUnused() {
        NetNamespace other = lab.host("other");
        Ipv6Lab.Ether a = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.Ether b = new Ipv6Lab.Ether(other, "eth0", 2);
        a.plugInto(b);
        Ipv6Lab.address(a.dev, "fd00::1/64");
        In6Addr addr = In6Addr.parse("fd00::1");
        assertThat(Addrconf.addAddress(b.dev, addr.hi(), addr.lo(), 64)).isZero();
        lab.sleep(3000);
        assertThat(Ipv6Lab.find(b.dev, "fd00::1").isDuplicate()).isTrue();
        assertThat(type(other, "fd00::1", 0)).isEqualTo(Rtn.UNICAST);
        assertThat(type(net, "fd00::1", 0)).isEqualTo(Rtn.LOCAL);
    }

    @Test
    void ofTwoThatAskAtTheSameTimeNoneGetsTheAddress() {
        NetNamespace other = lab.host("other");
        Ipv6Lab.Ether a = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.Ether b = new Ipv6Lab.Ether(other, "eth0", 2);
        a.plugInto(b);
        lab.sleep(3000);
        In6Addr addr = In6Addr.parse("fd00::1");
        assertThat(Addrconf.addAddress(a.dev, addr.hi(), addr.lo(), 64)).isZero();
        assertThat(Addrconf.addAddress(b.dev, addr.hi(), addr.lo(), 64)).isZero();
        lab.sleep(3000);
        long duplicates =
                List.of(a, b).stream()
                        .filter(e -> Ipv6Lab.find(e.dev, "fd00::1").isDuplicate())
                        .count();
        assertThat(duplicates).isPositive();
    }

    @Test
    void anOwnProbeThatComesBackIsNoDuplicate() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        eth.plugInto(eth); // the link echoes
        lab.sleep(3000);
        assertThat(Ipv6Lab.find(eth.dev, "fe80::ff:fe00:1").isDuplicate()).isFalse();
        assertThat(type(net, "fe80::ff:fe00:1", 0)).isEqualTo(Rtn.LOCAL);
    }

    @Test
    void withoutDetectionAnAddressIsGoodAtOnce() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.accept_dad", "0");
        In6Addr addr = In6Addr.parse("fd00::1");
        assertThat(Addrconf.addAddress(eth.dev, addr.hi(), addr.lo(), 64)).isZero();
        assertThat(type(net, "fd00::1", 0)).isEqualTo(Rtn.LOCAL);
    }

    @Test
    void addressesThatCannotBe() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        assertThat(add(eth.dev, "::1", 64)).isEqualTo(-Errno.EADDRNOTAVAIL);
        assertThat(add(eth.dev, "ff02::5", 64)).isEqualTo(-Errno.EADDRNOTAVAIL);
        assertThat(add(eth.dev, "::", 64)).isEqualTo(-Errno.EADDRNOTAVAIL);
        assertThat(add(eth.dev, "fd00::1", 129)).isEqualTo(-Errno.EINVAL);
        assertThat(add(eth.dev, "fd00::1", 64)).isZero();
        assertThat(add(eth.dev, "fd00::1", 80)).isEqualTo(-Errno.EEXIST);
        assertThat(remove(eth.dev, "fd00::2", 64)).isEqualTo(-Errno.EADDRNOTAVAIL);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.disable_ipv6", "1");
        assertThat(add(eth.dev, "fd00::3", 64)).isEqualTo(-Errno.EACCES);
    }

    private static int add(NetDevice dev, String addr, int prefixLen) {
        In6Addr a = In6Addr.parse(addr);
        return Addrconf.addAddress(dev, a.hi(), a.lo(), prefixLen);
    }

    private static int remove(NetDevice dev, String addr, int prefixLen) {
        In6Addr a = In6Addr.parse(addr);
        return Addrconf.removeAddress(dev, a.hi(), a.lo(), prefixLen);
    }

    @Test
    void routesGoWithTheLastAddressOfAPrefix() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.address(eth.dev, "fd00::1/64");
        Ipv6Lab.address(eth.dev, "fd00::2/64");
        assertThat(remove(eth.dev, "fd00::1", 64)).isZero();
        assertThat(routes(net))
                .contains("fd00::/64 eth0 256", "fd00::2/128 eth0 0 local")
                .doesNotContain("fd00::1/128 eth0 0 local");
        assertThat(remove(eth.dev, "fd00::2", 64)).isZero();
        assertThat(routes(net)).noneMatch(r -> r.startsWith("fd00"));
    }

    @Test
    void downTakesAddressesAndRoutesAway() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.address(eth.dev, "fd00::1/64");
        Ipv6Lab.route(net, "::/0", "fd00::9", null);
        net.devices.down(eth.dev);
        assertThat(routes(net)).containsExactly("::1/128 lo 0 local");
        assertThat(Inet6Dev.of(eth.dev).addresses()).isEmpty();
        net.devices.up(eth.dev);
        lab.sleep(3000);
        assertThat(type(net, "fe80::ff:fe00:1", 0)).isEqualTo(Rtn.LOCAL);
        assertThat(type(net, "fd00::1", 0)).isEqualTo(Rtn.UNICAST);
    }

    @Test
    void keptAddressesComeBackAfterDetection() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.keep_addr_on_down", "1");
        assertThat(add(eth.dev, "fd00::1", 64)).isZero();
        lab.sleep(3000);
        net.devices.down(eth.dev);
        assertThat(Ipv6Lab.find(eth.dev, "fd00::1").isTentative()).isTrue();
        net.devices.up(eth.dev);
        assertThat(type(net, "fd00::1", 0)).isEqualTo(Rtn.UNICAST);
        lab.sleep(3000);
        assertThat(type(net, "fd00::1", 0)).isEqualTo(Rtn.LOCAL);
        assertThat(routes(net)).contains("fd00::/64 eth0 256");
    }

    @Test
    void ipv6CanBeSwitchedOffAndOn() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        lab.sleep(3000);
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.disable_ipv6", "1");
        assertThat(Inet6Dev.of(eth.dev).addresses()).isEmpty();
        Ipv6Lab.sysctl(net, "net.ipv6.conf.eth0.disable_ipv6", "0");
        lab.sleep(3000);
        assertThat(type(net, "fe80::ff:fe00:1", 0)).isEqualTo(Rtn.LOCAL);
    }

    @Test
    void anMtuBelow1280IsNoneForIpv6() {
        Ipv6Lab.Ether eth = new Ipv6Lab.Ether(net, "eth0", 1);
        net.devices.setMtu(eth.dev, 1279);
        assertThat(Inet6Dev.of(eth.dev)).isNull();
        assertThat(add(eth.dev, "fd00::1", 64)).isEqualTo(-Errno.ENOBUFS);
        net.devices.setMtu(eth.dev, 1400);
        lab.sleep(3000);
        assertThat(type(net, "fe80::ff:fe00:1", 0)).isEqualTo(Rtn.LOCAL);
        assertThat(net.sysctl.read("net.ipv6.conf.eth0.mtu")).isEqualTo("1400");
    }
}
