package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.inet.TestSocks.TestSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InetPortChoiceTest {
    private final TestSocks socks = new TestSocks(9);

    private TestSock connecting(String local, String foreign, int fport) {
        TestSock sk = socks.connection(Af.AF_INET, local, 0, foreign, fport);
        sk.state = TcpState.TCP_SYN_SENT;
        return sk;
    }

    private int connect(TestSock sk) {
        SecureSeq seq = SecureSeq.OF.of(socks.net);
        long offset = seq.portEphemeral(sk.saddrHi, sk.saddrLo, sk.daddrHi, sk.daddrLo, sk.dport);
        return InetPortChoice.hashConnect(sk, offset);
    }

    @Test
    void evenPortsFirstAndNoPortTwiceTowardsOneDestination() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 14_116; i++) {
            TestSock sk = connecting("192.0.2.1", "192.0.2.2", 80);
            assertThat(connect(sk)).isZero();
            assertThat(sk.num % 2).isZero();
            assertThat(sk.sport).isEqualTo(sk.num);
            assertThat(sk.hashed).isTrue();
            assertThat(ports.add(sk.num)).isTrue();
        }
        TestSock odd = connecting("192.0.2.1", "192.0.2.2", 80);
        assertThat(connect(odd)).isZero();
        assertThat(odd.num % 2).isOne();
    }

    @Test
    void aPortIsSharedByConnectionsToDifferentDestinations() {
        socks.net.sysctl.write("net.ipv4.ip_local_port_range", "5000 5001");
        for (int dest = 0; dest < 50; dest++) {
            for (int i = 0; i < 2; i++) {
                assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 80 + dest))).isZero();
            }
        }
        assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 80)))
                .isEqualTo(-Errno.EADDRNOTAVAIL);
        assertThat(InetHashtables.OF.of(socks.net).ehash.size()).isEqualTo(100);
    }

    @Test
    void aPortThatSomebodyBoundIsNotUsed() {
        socks.net.sysctl.write("net.ipv4.ip_local_port_range", "5000 5001");
        TestSock bound = socks.sock(Af.AF_INET, "127.0.0.1");
        assertThat(InetCskPort.getPort(bound, 5000)).isZero();
        TestSock first = connecting("192.0.2.1", "192.0.2.2", 80);
        assertThat(connect(first)).isZero();
        assertThat(first.num).isEqualTo(5001);
        assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 80)))
                .isEqualTo(-Errno.EADDRNOTAVAIL);
        InetBindHash.OF.of(socks.net).putPort(bound);
        assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 80))).isZero();
    }

    @Test
    void aPortIsFreeForConnectAgainWhenTheBinderHasGone() {
        socks.net.sysctl.write("net.ipv4.ip_local_port_range", "5000 5000");
        TestSock first = connecting("192.0.2.1", "192.0.2.2", 80);
        assertThat(connect(first)).isZero();
        TestSock binder = socks.sock(Af.AF_INET, "127.0.0.1");
        assertThat(InetCskPort.getPort(binder, 5000)).isZero();
        assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 81)))
                .isEqualTo(-Errno.EADDRNOTAVAIL);
        InetBindHash.OF.of(socks.net).putPort(binder);
        assertThat(connect(connecting("192.0.2.1", "192.0.2.2", 81))).isZero();
    }

    @Test
    void aBoundSocketKeepsItsPortAndMustNotRepeatAConnection() {
        TestSock a = socks.connection(Af.AF_INET, "192.0.2.1", 7000, "192.0.2.2", 80);
        assertThat(connect(a)).isZero();
        assertThat(a.num).isEqualTo(7000);
        TestSock b = socks.connection(Af.AF_INET, "192.0.2.1", 7000, "192.0.2.2", 80);
        assertThat(connect(b)).isEqualTo(-Errno.EADDRNOTAVAIL);
    }
}
