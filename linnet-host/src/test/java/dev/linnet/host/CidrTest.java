package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.9.0.1/24, 10.9.0.0, 255.255.255.0",
        "10.9.7.9/21, 10.9.0.0, 255.255.248.0",
        "10.9.0.1/0, 0.0.0.0, 0.0.0.0",
        "10.9.0.1/32, 10.9.0.1, 255.255.255.255",
        "10.9.0.1, 10.9.0.1, 255.255.255.255",
        "fd00::1:2/64, fd00:0:0:0:0:0:0:0, ffff:ffff:ffff:ffff:0:0:0:0",
        "fd00::ff/121, fd00:0:0:0:0:0:0:80, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff80",
    })
    void knowsNetworkAndMask(String text, String network, String netmask) {
        Cidr cidr = Cidr.parse(text);
        assertThat(cidr.network().getHostAddress()).isEqualTo(network);
        assertThat(cidr.netmask().getHostAddress()).isEqualTo(netmask);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/24",
                "10.9.0.1/",
                "10.9.0.1/33",
                "10.9.0.1/-1",
                "10.9.0.1/2x",
                "fd00::1/129",
                "example.org/24"
            })
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void printsItselfAsRead() {
        assertThat(Cidr.parse("10.9.0.1/24")).hasToString("10.9.0.1/24");
    }
}
