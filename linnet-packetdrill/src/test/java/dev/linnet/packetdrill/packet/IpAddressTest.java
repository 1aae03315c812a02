package dev.linnet.packetdrill.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "fd3d:0a0b:17d6::1, fd3d:a0b:17d6::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    })
    void readsAndPrints(String text, String printed) {
        assertThat(IpAddress.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "1::2::3", "fd3d", "12345::"})
    void refuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
    }

    @Test
    void mappedAndBack() {
        IpAddress v4 = IpAddress.parse("192.0.2.1");
        assertThat(v4.mapped()).isEqualTo(IpAddress.parse("::ffff:192.0.2.1"));
        assertThat(v4.mapped().unmapped()).isEqualTo(v4);
        assertThat(v4.mapped().bytes()).hasSize(16).endsWith(192, 0, 2, 1);
        IpAddress v6 = IpAddress.parse("fd00::1");
        assertThat(v6.unmapped()).isEqualTo(v6);
    }
}
