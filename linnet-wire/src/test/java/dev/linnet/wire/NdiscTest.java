package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NdiscTest {

    private static final int IP = Ethernet.HEADER_BYTES;
    private static final int ICMP6 = IP + Ipv6.HEADER_BYTES;
    private static final In6Addr HOST_1 = In6Addr.parse("2001:db8::1");
    private static final In6Addr HOST_2 = In6Addr.parse("2001:db8::2");

    @Test
    void writesASolicitationAsLinuxDoes() {
        byte[] b = new byte[86];
        Ethernet.put(
                b,
                0,
                MacAddr.parse("33:33:ff:00:00:02"),
                MacAddr.parse("02:00:00:00:00:01"),
                Ethernet.P_IPV6);
        long groupHi = In6Addr.LINK_LOCAL_MULTICAST_HI;
        long groupLo = In6Addr.solicitedNodeLo(HOST_2.lo());
        Ipv6.put(b, IP, 0, 0, 32, IpProto.ICMPV6, 255, HOST_1.hi(), HOST_1.lo(), groupHi, groupLo);
        Icmpv6.put(b, ICMP6, Ndisc.NEIGHBOUR_SOLICITATION, 0, 0);
        Ndisc.target(b, ICMP6, HOST_2.hi(), HOST_2.lo());
        int end = Ndisc.putLinkAddr(b, ICMP6 + 24, Ndisc.OPT_SOURCE_LL_ADDR, 0x02_0000_0000_01L);
        Icmpv6.sendCheck(b, ICMP6, 32, HOST_1.hi(), HOST_1.lo(), groupHi, groupLo);
        assertThat(end).isEqualTo(b.length);
        assertThat(b).isEqualTo(LinuxFrames.NEIGHBOUR_SOLICITATION);
    }

    @Test
    void readsAnAdvertisement() {
        byte[] b = LinuxFrames.NEIGHBOUR_ADVERTISEMENT;
        assertThat(Ndisc.checkHeader(b, ICMP6, b.length - ICMP6)).isEqualTo(24);
        assertThat(Ndisc.neighbourFlags(b, ICMP6))
                .isEqualTo(Ndisc.NA_SOLICITED | Ndisc.NA_OVERRIDE);
        assertThat(new In6Addr(Ndisc.targetHi(b, ICMP6), Ndisc.targetLo(b, ICMP6)))
                .isEqualTo(HOST_2);
        int p = Ndisc.firstOption(b, ICMP6 + 24, b.length);
        assertThat(Ndisc.optionType(b, p)).isEqualTo(Ndisc.OPT_TARGET_LL_ADDR);
        assertThat(MacAddr.format(Ndisc.linkAddr(b, p))).isEqualTo("02:00:00:00:00:02");
        assertThat(Ndisc.nextOption(b, p, b.length)).isEqualTo(OptionList.END);
    }

    @Test
    void readsARouterSolicitation() {
        byte[] b = LinuxFrames.ROUTER_SOLICITATION;
        assertThat(Ndisc.checkHeader(b, ICMP6, b.length - ICMP6)).isEqualTo(8);
        int p = Ndisc.firstOption(b, ICMP6 + 8, b.length);
        assertThat(Ndisc.optionType(b, p)).isEqualTo(Ndisc.OPT_SOURCE_LL_ADDR);
        assertThat(Ndisc.linkAddr(b, p)).isEqualTo(0x02_0000_0000_01L);
    }

    @Test
    void writesAndReadsPrefixAndMtu() {
        byte[] b = new byte[40];
        int p = Ndisc.putMtu(b, 0, 1480);
        assertThat(p).isEqualTo(8);
        int flags = Ndisc.PREFIX_ON_LINK | Ndisc.PREFIX_AUTONOMOUS;
        assertThat(Ndisc.putPrefixInfo(b, p, 64, flags, -1, 3600, HOST_1.hi(), 0)).isEqualTo(40);

        p = Ndisc.firstOption(b, 0, 40);
        assertThat(Ndisc.optionType(b, p)).isEqualTo(Ndisc.OPT_MTU);
        assertThat(Ndisc.mtu(b, p)).isEqualTo(1480);
        p = Ndisc.nextOption(b, p, 40);
        assertThat(Ndisc.optionType(b, p)).isEqualTo(Ndisc.OPT_PREFIX_INFO);
        assertThat(Ndisc.optionBytes(b, p)).isEqualTo(Ndisc.PREFIX_INFO_BYTES);
        assertThat(Ndisc.prefixLen(b, p)).isEqualTo(64);
        assertThat(Ndisc.prefixFlags(b, p)).isEqualTo(0xc0);
        assertThat(Ndisc.prefixValidSec(b, p)).isEqualTo(-1);
        assertThat(Ndisc.prefixPreferredSec(b, p)).isEqualTo(3600);
        assertThat(Ndisc.prefixHi(b, p)).isEqualTo(HOST_1.hi());
        assertThat(Ndisc.prefixLo(b, p)).isZero();
        assertThat(Ndisc.nextOption(b, p, 40)).isEqualTo(OptionList.END);
    }

    @Test
    void aLengthOfZeroOrBeyondTheEndBreaksTheList() {
        byte[] b = {1, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0};
        int p = Ndisc.firstOption(b, 0, 16);
        assertThat(p).isZero();
        assertThat(OptionList.brokenAt(Ndisc.nextOption(b, p, 16))).isEqualTo(8);
        b[9] = 2;
        assertThat(OptionList.brokenAt(Ndisc.nextOption(b, p, 16))).isEqualTo(8);
        b[9] = 1;
        assertThat(Ndisc.nextOption(b, p, 16)).isEqualTo(8);
        assertThat(OptionList.brokenAt(Ndisc.nextOption(b, p, 9))).isEqualTo(8);
    }

    @Property(tries = 3000)
    void walksStayInsideWhateverTheBytes(
            @ForAll @Size(64) byte[] b,
            @ForAll @IntRange(max = 64) int start,
            @ForAll @IntRange(max = 64) int end) {
        int p = Ndisc.firstOption(b, start, end);
        while (p >= 0) {
            assertThat(p + Ndisc.optionBytes(b, p)).isGreaterThan(p).isLessThanOrEqualTo(end);
            p = Ndisc.nextOption(b, p, end);
        }
    }
}
