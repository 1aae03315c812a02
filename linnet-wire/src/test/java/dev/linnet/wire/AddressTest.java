package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @Property
    void ipv4TextRoundTrips(@ForAll int v4) throws UnknownHostException {
        String text = In4Addr.format(v4);
        assertThat(In4Addr.parse(text)).isEqualTo(v4);
        byte[] bytes = new byte[4];
        Bytes.u32(bytes, 0, v4);
        assertThat(text).isEqualTo(InetAddress.getByAddress(bytes).getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.",
                "1.2.3.4.",
                "1.2.3.4.5",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "1.2.3.0x4",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.-4",
                "a.b.c.d",
                "::1",
                "99999999999.1.1.1",
                "1.2.3.4/24",
                "1,2,3,4",
                "١.1.1.1"
            })
    void ipv4RefusesWhatInetPtonRefuses(String text) {
        assertThat(In4Addr.isLiteral(text)).isFalse();
        assertThatThrownBy(() -> In4Addr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an IPv4 address: \"" + text + "\" (");
    }

    @Test
    void ipv4ErrorsSayWhatIsWrong() {
        assertThatThrownBy(() -> In4Addr.parse("1.2.300.4"))
                .hasMessage("not an IPv4 address: \"1.2.300.4\" (number above 255)");
        assertThatThrownBy(() -> In4Addr.parse("1.2.3.4x"))
                .hasMessage("not an IPv4 address: \"1.2.3.4x\" (unexpected 'x')");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,           unspecified zeronet",
        "0.1.2.3,           zeronet",
        "127.0.0.1,         loopback",
        "127.255.255.255,   loopback",
        "128.0.0.1,         ''",
        "169.254.3.4,       link-local",
        "169.255.0.0,       ''",
        "223.255.255.255,   ''",
        "224.0.0.1,         multicast local-multicast",
        "224.0.1.0,         multicast",
        "239.255.255.255,   multicast",
        "240.0.0.0,         ''",
        "255.255.255.255,   broadcast",
    })
    void ipv4Kinds(String text, String kinds) {
        int v4 = In4Addr.parse(text);
        StringBuilder sb = new StringBuilder();
        sb.append(In4Addr.isUnspecified(v4) ? "unspecified " : "");
        sb.append(In4Addr.isZeronet(v4) ? "zeronet " : "");
        sb.append(In4Addr.isLoopback(v4) ? "loopback " : "");
        sb.append(In4Addr.isLinkLocal(v4) ? "link-local " : "");
        sb.append(In4Addr.isMulticast(v4) ? "multicast " : "");
        sb.append(In4Addr.isLocalMulticast(v4) ? "local-multicast " : "");
        sb.append(In4Addr.isLimitedBroadcast(v4) ? "broadcast " : "");
        assertThat(sb.toString().trim()).isEqualTo(kinds);
    }

    @Test
    void ipv4MasksAndLengths() {
        assertThat(In4Addr.mask(0)).isZero();
        assertThat(In4Addr.format(In4Addr.mask(1))).isEqualTo("128.0.0.0");
        assertThat(In4Addr.format(In4Addr.mask(20))).isEqualTo("255.255.240.0");
        for (int len = 0; len <= 32; len++) {
            assertThat(In4Addr.prefixLen(In4Addr.mask(len))).isEqualTo(len);
        }
        assertThat(In4Addr.of(1, 2, 3, 255)).isEqualTo(0x010203ff);
    }

    @Property
    void ipv6TextRoundTrips(@ForAll long hi, @ForAll long lo, @ForAll byte zeros) {
        // Knock out whole groups, or runs of zeros would hardly ever be seen.
        long h = hi;
        long l = lo;
        for (int i = 0; i < 4; i++) {
            h &= (zeros >>> i & 1) == 0 ? -1 : ~(0xffffL << 16 * i);
            l &= (zeros >>> (4 + i) & 1) == 0 ? -1 : ~(0xffffL << 16 * i);
        }
        String text = In6Addr.format(h, l);
        assertThat(In6Addr.parse(text)).as(text).isEqualTo(new In6Addr(h, l));
        assertThat(In6Addr.parse(text.toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(new In6Addr(h, l));
    }

    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0,                     ::",
        "0:0:0:0:0:0:0:1,                     ::1",
        "1:0:0:0:0:0:0:0,                     1::",
        "2001:0DB8::0001,                     2001:db8::1",
        "2001:db8:0:0:0:0:2:1,                2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1,                2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,                  2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,                2001:db8::1:0:0:1",
        "0:0:1:0:0:0:0:0,                     0:0:1::",
        "::1:2:3:4:5:6:7,                     0:1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::,                     1:2:3:4:5:6:7:0",
        "fe80::0200:00ff:fe00:0001,           fe80::200:ff:fe00:1",
        "::ffff:192.0.2.1,                    ::ffff:192.0.2.1",
        "::FFFF:c000:0201,                    ::ffff:192.0.2.1",
        "::192.0.2.1,                         ::c000:201",
        "64:ff9b::192.0.2.33,                 64:ff9b::c000:221",
        "1:2:3:4:5:6:192.0.2.1,               1:2:3:4:5:6:c000:201",
    })
    void ipv6IsWrittenAsRfc5952Says(String text, String canonical) {
        assertThat(In6Addr.parse(text).toString()).isEqualTo(canonical);
        assertThat(In6Addr.parse(canonical)).isEqualTo(In6Addr.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                ":1::",
                "1:",
                "1::2:",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "::1.2.3",
                "::1.2.3.256",
                "1.2.3.4",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "fe80::1%eth0",
                "[::1]",
                "::1/64",
                ":: ",
                "::ffff:01.2.3.4",
                "::١"
            })
    void ipv6RefusesWhatInetPtonRefuses(String text) {
        assertThat(In6Addr.isLiteral(text)).isFalse();
        assertThatThrownBy(() -> In6Addr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an IPv6 address: \"" + text + "\" (");
    }

    @Test
    void ipv6ErrorsSayWhatIsWrong() {
        assertThatThrownBy(() -> In6Addr.parse("1::2::3"))
                .hasMessage("not an IPv6 address: \"1::2::3\" (more than one \"::\")");
        assertThatThrownBy(() -> In6Addr.parse("1:2:3"))
                .hasMessage(
                        "not an IPv6 address: \"1:2:3\" (fewer than eight groups and no \"::\")");
    }

    @ParameterizedTest
    @CsvSource({
        "::,                 unspecified",
        "::1,                loopback",
        "::2,                ''",
        "1::1,               ''",
        "fe80::1,            link-local",
        "febf::1,            link-local",
        "fec0::1,            ''",
        "fc00::1,            unique-local",
        "fdff::1,            unique-local",
        "fe00::1,            ''",
        "ff02::1,            multicast",
        "::ffff:0.0.0.0,     mapped",
        "::ffff:1.2.3.4,     mapped",
        "::fffe:1.2.3.4,     ''",
        "1::ffff:1.2.3.4,    ''",
        "::1:ffff:1.2.3.4,   ''",
    })
    void ipv6Kinds(String text, String kind) {
        In6Addr addr = In6Addr.parse(text);
        StringBuilder sb = new StringBuilder();
        sb.append(In6Addr.isUnspecified(addr.hi(), addr.lo()) ? "unspecified" : "");
        sb.append(In6Addr.isLoopback(addr.hi(), addr.lo()) ? "loopback" : "");
        sb.append(In6Addr.isLinkLocal(addr.hi()) ? "link-local" : "");
        sb.append(In6Addr.isUniqueLocal(addr.hi()) ? "unique-local" : "");
        sb.append(In6Addr.isMulticast(addr.hi()) ? "multicast" : "");
        sb.append(In6Addr.isV4Mapped(addr.hi(), addr.lo()) ? "mapped" : "");
        assertThat(sb.toString()).isEqualTo(kind);
    }

    @Property
    void mappingIsReversible(@ForAll int v4) {
        In6Addr mapped = In6Addr.ofV4(v4);
        assertThat(In6Addr.isV4Mapped(mapped.hi(), mapped.lo())).isTrue();
        assertThat(In6Addr.mappedV4(mapped.lo())).isEqualTo(v4);
        assertThat(mapped.toString()).isEqualTo("::ffff:" + In4Addr.format(v4));
    }

    @Test
    void ipv6PrefixesAgreeBitByBit() {
        In6Addr a = In6Addr.parse("2001:db8:1234:5678:9abc:def0:1234:5678");
        for (int bit = 0; bit < 128; bit++) {
            long hi = a.hi() ^ (bit < 64 ? 1L << (63 - bit) : 0);
            long lo = a.lo() ^ (bit >= 64 ? 1L << (127 - bit) : 0);
            for (int len = 0; len <= 128; len++) {
                assertThat(In6Addr.prefixEqual(a.hi(), a.lo(), hi, lo, len)).isEqualTo(len <= bit);
            }
        }
    }

    @Test
    void ipv6DerivedAddresses() {
        In6Addr a = In6Addr.parse("2001:db8::12:3456");
        assertThat(In6Addr.format(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.solicitedNodeLo(a.lo())))
                .isEqualTo("ff02::1:ff12:3456");
        assertThat(In6Addr.format(In6Addr.LINK_LOCAL_HI, In6Addr.eui64(0x02_0000_0000_01L)))
                .isEqualTo("fe80::ff:fe00:1");
        assertThat(In6Addr.format(In6Addr.LINK_LOCAL_HI, In6Addr.eui64(0x52_5400_1234_56L)))
                .isEqualTo("fe80::5054:ff:fe12:3456");
        assertThat(In6Addr.multicastScope(In6Addr.parse("ff15::1").hi())).isEqualTo(5);
        assertThat(In6Addr.compare(-1, 0, 1, 0)).isPositive();
        assertThat(In6Addr.compare(1, 1, 1, -1)).isNegative();
        assertThat(In6Addr.compare(1, 1, 1, 1)).isZero();
        byte[] b = new byte[20];
        Ipv6.saddr(b, 2 - Ipv6.SADDR, a.hi(), a.lo());
        assertThat(In6Addr.read(b, 2)).isEqualTo(a);
    }

    @Test
    void cidrKeepsHostBitsAndKnowsItsNetwork() {
        Cidr v4 = Cidr.parse("192.0.2.130/25");
        assertThat(v4.toString()).isEqualTo("192.0.2.130/25");
        assertThat(v4.isV4()).isTrue();
        assertThat(v4.network().toString()).isEqualTo("192.0.2.128/25");
        assertThat(In4Addr.format(v4.broadcastV4())).isEqualTo("192.0.2.255");
        assertThat(In4Addr.format(v4.maskV4())).isEqualTo("255.255.255.128");
        assertThat(v4.contains(In4Addr.parse("192.0.2.129"))).isTrue();
        assertThat(v4.contains(In4Addr.parse("192.0.2.127"))).isFalse();
        assertThat(v4.contains(0, In6Addr.mapV4(v4.v4()))).isFalse();

        Cidr v6 = Cidr.parse("2001:db8::1:2/112");
        assertThat(v6.isV4()).isFalse();
        assertThat(v6.network().toString()).isEqualTo("2001:db8::1:0/112");
        In6Addr neighbour = In6Addr.parse("2001:db8::1:ffff");
        assertThat(v6.contains(neighbour.hi(), neighbour.lo())).isTrue();
        assertThat(v6.contains(neighbour.hi(), neighbour.lo() + 1)).isFalse();
        assertThat(v6.contains(1)).isFalse();
        assertThat(Cidr.parse("10.0.0.1")).isEqualTo(Cidr.ofV4(0x0a000001, 32));
        assertThat(Cidr.parse("::/0").contains(-1, -1)).isTrue();
        assertThat(Cidr.parse("0.0.0.0/0").contains(-1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4/33,     prefix length 33 is not within 0..32 (IPv4)",
        "::/129,         prefix length 129 is not within 0..128 (IPv6)",
        "1.2.3.4/,       no length after '/'",
        "1.2.3.4/-1,     unexpected '-'",
        "1.2.3.4/24/24,  unexpected '/'",
        "1.2.3/24,       four numbers with dots between them wanted",
        "::1%lo/64,      unexpected '%'",
        "::/99999999999, prefix length",
    })
    void cidrErrorsSayWhatIsWrong(String text, String reason) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Property
    void macTextRoundTrips(@ForAll long bits) {
        long mac = bits & MacAddr.BROADCAST;
        assertThat(MacAddr.parse(MacAddr.format(mac))).isEqualTo(mac);
    }

    @Test
    void macAddresses() {
        assertThat(MacAddr.parse("0:1:2:A:b:ff")).isEqualTo(0x0001_020a_0bffL);
        assertThat(MacAddr.format(0x0001_020a_0bffL)).isEqualTo("00:01:02:0a:0b:ff");
        assertThat(MacAddr.isMulticast(MacAddr.BROADCAST)).isTrue();
        assertThat(MacAddr.isBroadcast(MacAddr.BROADCAST)).isTrue();
        assertThat(MacAddr.isMulticast(MacAddr.parse("01:00:5e:00:00:01"))).isTrue();
        assertThat(MacAddr.isMulticast(MacAddr.parse("02:00:00:00:00:01"))).isFalse();
        assertThat(MacAddr.format(MacAddr.ofMulticast(In4Addr.parse("239.255.1.2"))))
                .isEqualTo("01:00:5e:7f:01:02");
        long lo = In6Addr.parse("ff02::1:ff00:2").lo();
        assertThat(MacAddr.format(MacAddr.ofMulticastV6(lo))).isEqualTo("33:33:ff:00:00:02");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:2:3:4:5",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:",
                "1:2:3:4:5:100",
                "1:2:3:4:5:g",
                "1-2-3-4-5-6"
            })
    void macRefusesAnythingElse(String text) {
        assertThatThrownBy(() -> MacAddr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not an Ethernet address: \"" + text + "\" (");
    }
}
