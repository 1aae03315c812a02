package dev.linnet.packetdrill.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The stand-in for `ethtool` answers a shell, one request after the other. The program itself need
/// not be missing for it.
class EthtoolServerTest {
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void answersEveryRequest(@TempDir Path directory) throws Exception {
        try (EthtoolServer server = new EthtoolServer(directory)) {
            String script =
                    server.function()
                            + """
                            ethtool -K there-is-none gso off; echo "status $?"
                            ethtool -i lo; echo "status $?"
                            """;
            Process shell =
                    new ProcessBuilder("/bin/bash", "-c", script).redirectErrorStream(true).start();
            try {
                byte[] output = shell.getInputStream().readAllBytes();
                assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(new String(output, StandardCharsets.UTF_8).lines())
                        .containsExactly(
                                "ethtool: cannot set gso: ENODEV",
                                "status 1",
                                "ethtool: only 'ethtool -K DEVICE FEATURE on|off' is built in:"
                                        + " install ethtool",
                                "status 1");
            } finally {
                shell.destroyForcibly();
            }
        }
    }
}
