package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IcmpTest {

    private static final int IP = Ethernet.HEADER_BYTES;
    private static final int ICMP = IP + Ipv4.HEADER_BYTES;
    private static final int ICMP6 = IP + Ipv6.HEADER_BYTES;

    @Test
    void readsAndAnswersAPingAsLinuxDoes() {
        byte[] b = LinuxFrames.PING_REQUEST.clone();
        int len = b.length - ICMP;
        assertThat(Icmp.type(b, ICMP)).isEqualTo(Icmp.ECHO);
        assertThat(Icmp.id(b, ICMP)).isEqualTo(7);
        assertThat(Icmp.sequence(b, ICMP)).isEqualTo(1);
        assertThat(Icmp.checksumOk(b, ICMP, len)).isTrue();

        Icmp.put(b, ICMP, Icmp.ECHO_REPLY, 0, Icmp.un(b, ICMP));
        assertThat(Icmp.checksumOk(b, ICMP, len)).isFalse();
        Icmp.sendCheck(b, ICMP, len);
        assertThat(tail(b, ICMP)).isEqualTo(tail(LinuxFrames.PING_REPLY, ICMP));
    }

    @Test
    void readsAnErrorAndWhatItQuotes() {
        byte[] b = LinuxFrames.PORT_UNREACHABLE;
        assertThat(Icmp.type(b, ICMP)).isEqualTo(Icmp.DEST_UNREACH);
        assertThat(Icmp.code(b, ICMP)).isEqualTo(Icmp.PORT_UNREACH);
        assertThat(Icmp.isError(Icmp.type(b, ICMP))).isTrue();
        assertThat(tail(b, ICMP + Icmp.HEADER_BYTES)).isEqualTo(tail(LinuxFrames.UDP, IP));
    }

    @Test
    void writesAPingForIpv6AsLinuxDoes() {
        byte[] b = LinuxFrames.PING6_REQUEST;
        byte[] ours = b.clone();
        int len = b.length - ICMP6;
        assertThat(Icmpv6.identifier(b, ICMP6)).isEqualTo(7);
        assertThat(Icmpv6.sequence(b, ICMP6)).isEqualTo(1);
        Icmpv6.put(ours, ICMP6, Icmpv6.ECHO_REQUEST, 0, 7 << 16 | 1);
        long sourceHi = Ipv6.saddrHi(b, IP);
        long destHi = Ipv6.daddrHi(b, IP);
        assertThat(Icmpv6.checksumOk(ours, ICMP6, len, sourceHi, 1, destHi, 2)).isFalse();
        Icmpv6.sendCheck(ours, ICMP6, len, sourceHi, 1, destHi, 2);
        assertThat(ours).isEqualTo(b);
        assertThat(Icmpv6.checksumOk(b, ICMP6, len, sourceHi, 1, destHi, 2)).isTrue();
    }

    @Test
    void readsAnIpv6ErrorAndWhatItQuotes() {
        byte[] b = LinuxFrames.PORT_UNREACHABLE6;
        assertThat(Icmpv6.type(b, ICMP6)).isEqualTo(Icmpv6.DEST_UNREACH);
        assertThat(Icmpv6.code(b, ICMP6)).isEqualTo(Icmpv6.PORT_UNREACH);
        assertThat(tail(b, ICMP6 + Icmpv6.HEADER_BYTES)).isEqualTo(tail(LinuxFrames.UDP6, IP));
    }

    @Test
    void knowsErrorsFromInformation() {
        assertThat(Icmp.isError(Icmp.ECHO)).isFalse();
        assertThat(Icmp.isError(Icmp.TIMESTAMP_REPLY)).isFalse();
        assertThat(Icmp.isError(Icmp.PARAMETER_PROB)).isTrue();
        assertThat(Icmpv6.isError(Icmpv6.PARAM_PROB)).isTrue();
        assertThat(Icmpv6.isError(127)).isTrue();
        assertThat(Icmpv6.isError(Icmpv6.ECHO_REQUEST)).isFalse();
        assertThat(Icmpv6.isError(Ndisc.REDIRECT)).isFalse();
    }

    private static byte[] tail(byte[] b, int from) {
        return java.util.Arrays.copyOfRange(b, from, b.length);
    }
}
