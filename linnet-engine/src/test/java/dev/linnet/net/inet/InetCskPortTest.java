package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.inet.TestSocks.TestSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InetCskPortTest {
    private final TestSocks socks = new TestSocks(5);

    private int bind(TestSock sk, int port) {
        return InetCskPort.getPort(sk, port);
    }

    private TestSock bound(String address, int port) {
        TestSock sk = socks.sock(address.contains(":") ? Af.AF_INET6 : Af.AF_INET, address);
        assertThat(bind(sk, port)).isZero();
        return sk;
    }

    private void release(TestSock sk) {
        InetBindHash.OF.of(socks.net).putPort(sk);
    }

    private InetBindBucket bucket(int port) {
        return InetBindHash.OF.of(socks.net).find(port);
    }

    @Test
    void aPortComesAndGoes() {
        TestSock sk = bound("0.0.0.0", 80);
        assertThat(sk.num).isEqualTo(80);
        assertThat(bucket(80)).isNotNull();
        assertThat(bind(socks.sock(Af.AF_INET, "0.0.0.0"), 80)).isEqualTo(-Errno.EADDRINUSE);
        release(sk);
        assertThat(sk.num).isZero();
        assertThat(bucket(80)).isNull();
        assertThat(bind(socks.sock(Af.AF_INET, "0.0.0.0"), 80)).isZero();
    }

    /// What the kernel of this machine says to a second bind of the same port without any option.
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,   0.0.0.0,      true",
        "0.0.0.0,   127.0.0.1,    true",
        "127.0.0.1, 0.0.0.0,      true",
        "127.0.0.1, 127.0.0.2,    false",
        "::,        0.0.0.0,      true",
        "0.0.0.0,   ::,           true",
        "::,        127.0.0.1,    true",
        "::1,       127.0.0.1,    false",
        "::1,       0.0.0.0,      false",
        "::1,       ::,           true",
        "::ffff:127.0.0.1, 127.0.0.1, true",
        "::ffff:127.0.0.1, ::1,       false",
    })
    void addressesThatOverlapConflict(String first, String second, boolean conflict) {
        TestSock a = socks.sock(first.contains(":") ? Af.AF_INET6 : Af.AF_INET, first);
        a.ipv6only = first.equals("::1");
        assertThat(bind(a, 80)).isZero();
        TestSock b = socks.sock(second.contains(":") ? Af.AF_INET6 : Af.AF_INET, second);
        b.ipv6only = second.equals("::1");
        assertThat(bind(b, 80)).isEqualTo(conflict ? -Errno.EADDRINUSE : 0);
    }

    @Test
    void anIpv6OnlySocketLeavesIpv4Alone() {
        TestSock six = socks.sock(Af.AF_INET6, "::");
        six.ipv6only = true;
        assertThat(bind(six, 80)).isZero();
        assertThat(bind(socks.sock(Af.AF_INET, "0.0.0.0"), 80)).isZero();
    }

    @Test
    void differentInterfacesDoNotConflict() {
        TestSock a = socks.sock(Af.AF_INET, "0.0.0.0");
        a.boundDevIf = 1;
        assertThat(bind(a, 80)).isZero();
        TestSock b = socks.sock(Af.AF_INET, "0.0.0.0");
        b.boundDevIf = 2;
        assertThat(bind(b, 80)).isZero();
        assertThat(bind(socks.sock(Af.AF_INET, "0.0.0.0"), 80)).isEqualTo(-Errno.EADDRINUSE);
    }

    @Test
    void reuseWorksUntilSomebodyListens() {
        TestSock a = socks.sock(Af.AF_INET, "0.0.0.0");
        a.reuse = true;
        assertThat(bind(a, 80)).isZero();
        TestSock b = socks.sock(Af.AF_INET, "0.0.0.0");
        b.reuse = true;
        assertThat(bind(b, 80)).isZero();
        a.state = TcpState.TCP_LISTEN;
        assertThat(bind(a, 80)).as("listen asks again and keeps the port").isZero();
        b.state = TcpState.TCP_LISTEN;
        assertThat(bind(b, 80)).as("a second listener").isEqualTo(-Errno.EADDRINUSE);
        TestSock c = socks.sock(Af.AF_INET, "0.0.0.0");
        c.reuse = true;
        assertThat(bind(c, 80)).isEqualTo(-Errno.EADDRINUSE);
    }

    @Test
    void reuseNeedsBothSides() {
        bound("0.0.0.0", 80);
        TestSock b = socks.sock(Af.AF_INET, "0.0.0.0");
        b.reuse = true;
        assertThat(bind(b, 80)).isEqualTo(-Errno.EADDRINUSE);
    }

    @Test
    void reuseportIsForOneUser() {
        TestSock a = socks.sock(Af.AF_INET, "0.0.0.0");
        a.reuseport = true;
        a.uid = 7;
        a.state = TcpState.TCP_LISTEN;
        assertThat(bind(a, 80)).isZero();
        TestSock stranger = socks.sock(Af.AF_INET, "0.0.0.0");
        stranger.reuseport = true;
        stranger.uid = 8;
        assertThat(bind(stranger, 80)).isEqualTo(-Errno.EADDRINUSE);
        TestSock friend = socks.sock(Af.AF_INET, "0.0.0.0");
        friend.reuseport = true;
        friend.uid = 7;
        assertThat(bind(friend, 80)).isZero();
        TestSock without = socks.sock(Af.AF_INET, "0.0.0.0");
        without.uid = 7;
        assertThat(bind(without, 80)).isEqualTo(-Errno.EADDRINUSE);
    }

    @Test
    void anyPortIsAFreeOneOfTheRangeAndOddDistanceComesFirst() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            int port = bound("0.0.0.0", 0).num;
            assertThat(port).isBetween(32768, 60999);
            assertThat(port % 2).isOne();
            assertThat(ports.add(port)).isTrue();
        }
    }

    @Test
    void theWholeRangeIsFoundAndThenNoMore() {
        assertThat(socks.net.sysctl.write("net.ipv4.ip_local_port_range", "4000 4099")).isZero();
        assertThat(socks.net.sysctl.write("net.ipv4.ip_local_reserved_ports", "4010-4019"))
                .isZero();
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 90; i++) {
            ports.add(bound("0.0.0.0", 0).num);
        }
        assertThat(ports).hasSize(90).noneMatch(p -> p >= 4010 && p <= 4019);
        assertThat(bind(socks.sock(Af.AF_INET, "0.0.0.0"), 0)).isEqualTo(-Errno.EADDRINUSE);
        assertThat(bound("127.0.0.1", 4010).num).as("a reserved port may be named").isEqualTo(4010);
    }

    @Test
    void autobindReuseSharesPortsWhenAllAreTaken() {
        socks.net.sysctl.write("net.ipv4.ip_local_port_range", "4000 4001");
        for (int i = 0; i < 2; i++) {
            TestSock sk = socks.sock(Af.AF_INET, "0.0.0.0");
            sk.reuse = true;
            assertThat(bind(sk, 0)).isZero();
        }
        TestSock third = socks.sock(Af.AF_INET, "0.0.0.0");
        third.reuse = true;
        assertThat(bind(third, 0)).isEqualTo(-Errno.EADDRINUSE);
        socks.net.sysctl.set(IpSysctls.AUTOBIND_REUSE, true);
        assertThat(bind(third, 0)).isZero();
    }

    @Test
    void aSocketMayNarrowTheRange() {
        TestSock sk = socks.sock(Af.AF_INET, "0.0.0.0");
        sk.localPortRange = 40_000 | 40_003 << 16;
        assertThat(bind(sk, 0)).isZero();
        assertThat(sk.num).isBetween(40_000, 40_003);
    }
}
