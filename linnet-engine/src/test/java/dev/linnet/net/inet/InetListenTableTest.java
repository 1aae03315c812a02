package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.inet.TestSocks.TestSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpState;
import java.util.IdentityHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InetListenTableTest {
    private final TestSocks socks = new TestSocks(2);
    private final InetListenTable table = InetHashtables.OF.of(socks.net).listeners;

    private TestSock listener(int family, String address, int port) {
        TestSock sk = socks.sock(family, address);
        sk.num = port;
        sk.state = TcpState.TCP_LISTEN;
        InetHashtables.hash(sk);
        return sk;
    }

    private InetConnectionSock lookup(String to, int port, int sport, int dif) {
        long[] d = TestSocks.address(to);
        long[] s = TestSocks.address(to.contains(":") ? "2001:db8::9" : "198.51.100.9");
        return table.lookup(s[0], s[1], sport, d[0], d[1], port, dif, null);
    }

    @Test
    void aListenerOnTheAddressComesBeforeOneOnAny() {
        TestSock any = listener(Af.AF_INET, "0.0.0.0", 80);
        TestSock one = listener(Af.AF_INET, "192.0.2.1", 80);
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isSameAs(one);
        assertThat(lookup("192.0.2.2", 80, 1, 1)).isSameAs(any);
        assertThat(lookup("192.0.2.2", 81, 1, 1)).isNull();
        InetHashtables.unhash(one);
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isSameAs(any);
        assertThat(table.all()).containsExactly(any);
    }

    @Test
    void anIpv6ListenerTakesIpv4UnlessItIsToldNotTo() {
        TestSock six = listener(Af.AF_INET6, "::", 80);
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isSameAs(six);
        assertThat(lookup("2001:db8::1", 80, 1, 1)).isSameAs(six);
        six.ipv6only = true;
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isNull();
        assertThat(lookup("2001:db8::1", 80, 1, 1)).isSameAs(six);
    }

    @Test
    void ipv4PacketsPreferAnIpv4Listener() {
        TestSock four = listener(Af.AF_INET, "0.0.0.0", 80);
        listener(Af.AF_INET6, "::", 80);
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isSameAs(four);
    }

    @Test
    void anIpv4ListenerNeverTakesIpv6() {
        listener(Af.AF_INET, "0.0.0.0", 80);
        assertThat(lookup("2001:db8::1", 80, 1, 1)).isNull();
    }

    @Test
    void aListenerBoundToTheInterfaceIsPreferredThere() {
        TestSock free = listener(Af.AF_INET, "0.0.0.0", 80);
        TestSock bound = socks.sock(Af.AF_INET, "0.0.0.0");
        bound.num = 80;
        bound.boundDevIf = 3;
        bound.state = TcpState.TCP_LISTEN;
        InetHashtables.hash(bound);
        assertThat(lookup("192.0.2.1", 80, 1, 3)).isSameAs(bound);
        assertThat(lookup("192.0.2.1", 80, 1, 1)).isSameAs(free);
    }

    @Test
    void aReuseportGroupSharesTheFlowsAndAFlowStaysWithItsMember() {
        TestSock[] group = new TestSock[4];
        for (int i = 0; i < group.length; i++) {
            group[i] = socks.sock(Af.AF_INET, "0.0.0.0");
            group[i].num = 80;
            group[i].reuseport = true;
            group[i].state = TcpState.TCP_LISTEN;
            InetHashtables.hash(group[i]);
        }
        Map<InetConnectionSock, Integer> counts = new IdentityHashMap<>();
        for (int sport = 1; sport <= 4000; sport++) {
            InetConnectionSock chosen = lookup("192.0.2.1", 80, sport, 1);
            assertThat(lookup("192.0.2.1", 80, sport, 1)).isSameAs(chosen);
            counts.merge(chosen, 1, Integer::sum);
        }
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allMatch(n -> n > 800 && n < 1200);
        InetHashtables.unhash(group[2]);
        for (int sport = 1; sport <= 100; sport++) {
            assertThat(lookup("192.0.2.1", 80, sport, 1)).isNotSameAs(group[2]).isNotNull();
        }
    }
}
