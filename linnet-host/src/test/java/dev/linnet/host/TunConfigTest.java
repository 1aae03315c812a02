package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunConfigTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "tun0", "linnet%d", "a", "fifteen-letters", "ein-ü"})
    void acceptsDeviceNames(String name) {
        assertThat(TunConfig.tun(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sixteen-letters-", "a/b", "a:1", "a b", "tab\t", ".", "..", "äöüäöüäö"})
    void refusesWhatTheKernelRefuses(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunConfig.tap(name))
                .withMessageContaining("bad device name");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 257})
    void refusesANumberOfQueuesThatTheKernelRefuses(int queues) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunConfig.tun("t").withQueues(queues))
                .withMessageContaining("1 to 256");
    }
}
