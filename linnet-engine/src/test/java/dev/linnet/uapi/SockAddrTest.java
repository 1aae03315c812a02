package dev.linnet.uapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Socket addresses as texts and as C structures.
class SockAddrTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:80",
                "0.0.0.0:0",
                "255.255.255.255:65535",
                "[::]:0",
                "[::1]:80",
                "[fe80::1%3]:443",
                "[2001:db8::8:800:200c:417a]:1",
                "[::ffff:192.0.2.1]:8080",
            })
    void textSurvivesParsing(String text) {
        assertThat(SockAddr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "1.2.3.4",
                "1.2.3.4:",
                "1.2.3.4:65536",
                "1.2.3.4:-1",
                "1.2.3.4:+1",
                "1.2.3:80",
                "1.2.3.256:80",
                "01.2.3.4:80",
                "1.2.3.4.5:80",
                "::1:80",
                "[::1]",
                "[::1]:",
                "[::1:80",
                "[1.2.3.4]:80",
                "[fe80::1%]:80",
                "[fe80::1%x]:80",
                "[:::]:1",
                "[1::2::3]:1",
                "[1:2:3:4:5:6:7]:1",
                "[1:2:3:4:5:6:7:8:9]:1",
                "[12345::]:1",
                "[::1.2.3]:1",
                "[1.2.3.4::]:1",
                "[1:2:3:4:5:6:7:1.2.3.4]:1",
                "[g::]:1",
                "[:1::]:1",
                "[1::2:]:1",
                "host:80",
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> SockAddr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an address");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:0:0:0:0, ::",
        "1:0:0:0:0:0:0:0, 1::",
        "0:0:0:0:0:0:0:1, ::1",
        "0:2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:102:304, ::ffff:1.2.3.4",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    })
    void ipv6TextIsThatOfRfc5952(String in, String out) {
        assertThat(In6Addr.parse(in)).hasToString(out);
    }

    @Property
    void anyIpv6AddressSurvivesItsText(@ForAll long hi, @ForAll long lo, @ForAll byte zeroGroups)
            throws UnknownHostException {
        long h = hi;
        long l = lo;
        for (int i = 0; i < 4; i++) {
            h &= (zeroGroups >> i & 1) == 0 ? -1L : ~(0xffffL << 16 * i);
            l &= (zeroGroups >> (i + 4) & 1) == 0 ? -1L : ~(0xffffL << 16 * i);
        }
        String text = In6Addr.format(h, l);
        assertThat(In6Addr.parse(text)).isEqualTo(new In6Addr(h, l));
        byte[] jdk = InetAddress.getByName(text).getAddress();
        if (jdk.length == 16) { // the JDK turns mapped addresses into IPv4 ones
            assertThat(Abi.getLongBe(jdk, 0)).isEqualTo(h);
            assertThat(Abi.getLongBe(jdk, 8)).isEqualTo(l);
        }
    }

    @Property
    void anyIpv4AddressSurvivesItsText(@ForAll int addr) {
        assertThat(InAddr.parse(InAddr.format(addr))).isEqualTo(addr & 0xffff_ffffL);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:8080, 02001f900a0000010000000000000000",
        "[fe80::1%2]:80, 0a00005000000000fe80000000000000000000000000000102000000",
    })
    void encodingIsLinuxLayout(String text, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] buf = new byte[SockAddr.STORAGE_SIZE];
        SockAddr addr = SockAddr.parse(text);
        assertThat(addr.encode(buf, 5)).isEqualTo(bytes.length).isEqualTo(addr.length());
        assertThat(Arrays.copyOfRange(buf, 5, 5 + bytes.length)).isEqualTo(bytes);
        assertThat(SockAddr.decode(buf, 5, bytes.length)).isEqualTo(addr);
    }

    @Test
    void unixNamesKeepTheirBytes() {
        byte[] buf = new byte[SockAddr.STORAGE_SIZE];
        SockAddrUn path = SockAddrUn.path("/tmp/schön");
        assertThat(path.encode(buf, 0)).isEqualTo(2 + 11 + 1).isEqualTo(path.length());
        assertThat(SockAddr.decode(buf, 0, 14)).isEqualTo(path).hasToString("/tmp/schön");
        assertThat(SockAddr.decode(buf, 0, 13)).isEqualTo(path);
        SockAddrUn hidden = SockAddrUn.abstractName("a");
        assertThat(hidden.encode(buf, 0)).isEqualTo(4);
        assertThat(SockAddr.decode(buf, 0, 4)).isEqualTo(hidden).hasToString("@a");
        assertThat(SockAddr.decode(buf, 0, 2)).isEqualTo(SockAddrUn.UNNAMED).hasToString("*");
    }

    @Test
    void whatFitsNoFamilyKeepsFamilyAndLength() {
        byte[] buf = new byte[SockAddr.STORAGE_SIZE];
        buf[0] = Af.AF_INET;
        assertThat(SockAddr.decode(buf, 0, 15)).isEqualTo(new SockAddrUnspec(Af.AF_INET, 15));
        assertThat(SockAddr.decode(buf, 0, 1)).isEqualTo(new SockAddrUnspec(Af.AF_UNSPEC, 1));
        buf[0] = Af.AF_INET6;
        assertThat(SockAddr.decode(buf, 0, 23)).isEqualTo(new SockAddrUnspec(Af.AF_INET6, 23));
        assertThat(SockAddr.decode(buf, 0, 24)).isEqualTo(new SockAddrIn6(0, 0, 0));
        buf[0] = 77;
        assertThat(SockAddr.decode(buf, 0, 128)).isEqualTo(new SockAddrUnspec(77, 128));
    }
}
