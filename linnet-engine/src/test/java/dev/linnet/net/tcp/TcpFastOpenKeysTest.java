package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.wire.In6Addr;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TcpFastOpenKeysTest {
    private static final long CLIENT = In6Addr.mapV4(0xC0000201); // 192.0.2.1
    private static final long HOST = In6Addr.mapV4(0xC0A80001); // 192.168.0.1

    private final TestNet test = new TestNet();

    private String cookie(String key, long chi, long clo, long hhi, long hlo) {
        assertThat(test.net.sysctl.write("net.ipv4.tcp_fastopen_key", key)).isZero();
        FastOpenCookie c = new FastOpenCookie();
        TcpFastOpenKeys.ofNamespace(test.net).generate(chi, clo, hhi, hlo, c);
        return HexFormat.of().formatHex(Arrays.copyOf(c.val, c.len));
    }

    /// Cookies that Linux gives for these keys and addresses.
    @Test
    void cookiesAreThoseOfLinux() {
        assertThat(cookie("a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4", 0, CLIENT, 0, HOST))
                .isEqualTo("3021b9d889017eeb");
        long clientHi = 0xfd3dfa7bd17d0000L;
        long hostHi = 0xfd3d0a0b17d60000L;
        assertThat(cookie("a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4", clientHi, 1, hostHi, 1))
                .isEqualTo("c1d1e9742a47a9bc");
    }

    @Test
    void anOlderKeyIsStillBelieved() {
        FastOpenCookie old = new FastOpenCookie();
        TcpFastOpenKeys before = TcpFastOpenKeys.of(new byte[16], null);
        before.generate(0, CLIENT, 0, HOST, old);
        byte[] fresh = new byte[16];
        Arrays.fill(fresh, (byte) 7);
        TcpFastOpenKeys now = TcpFastOpenKeys.of(fresh, new byte[16]);
        FastOpenCookie valid = new FastOpenCookie();
        assertThat(now.check(0, CLIENT, 0, HOST, old, valid)).isEqualTo(2);
        FastOpenCookie again = new FastOpenCookie();
        again.copyFrom(valid);
        assertThat(now.check(0, CLIENT, 0, HOST, again, valid)).isEqualTo(1);
        assertThat(now.check(0, CLIENT + 1, 0, HOST, again, valid)).isZero();
        assertThat(now.bytes()).hasSize(32).startsWith(fresh);
    }
}
