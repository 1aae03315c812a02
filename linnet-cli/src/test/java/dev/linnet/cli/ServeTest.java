package dev.linnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostNamespace;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The host's own curl and ping against `linnet serve`, in a network namespace of the test.
@Timeout(120)
class ServeTest {
    private static final int MIB = 1 << 20;

    @TempDir private Path dir;
    private HostNamespace net;
    private Process server;
    private BufferedReader output;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(HostCapabilities.canUseTun(), HostCapabilities.tun().reason());
        assumeTrue(HostCapabilities.canUseNamespaces(), HostCapabilities.namespaces().reason());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed: skipped");
        byte[] data = new byte[32 * MIB];
        new SplittableRandom(5).nextBytes(data);
        Files.write(dir.resolve("big.bin"), data);
        Files.write(dir.resolve("small.bin"), Arrays.copyOf(data, 100_000));
        net = HostNamespace.create();
        List<String> command = new ArrayList<>(linnet());
        command.addAll(
                List.of(
                        "serve",
                        "--tun",
                        "linnet0",
                        "--address",
                        "10.9.0.1/24,fd00:9::1/64",
                        "--dir",
                        dir.toString()));
        server = net.start(new ProcessBuilder(command).redirectErrorStream(true));
        output =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        assertThat(line).startsWith("Serving").contains("http://10.9.0.1/", "http://[fd00:9::1]/");
    }

    /// The command as the tests themselves run: on the module path or on the class path.
    private static List<String> linnet() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String modules = System.getProperty("jdk.module.path");
        return modules != null
                ? List.of(
                        java,
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED,dev.linnet.host",
                        "--module-path",
                        modules,
                        "--module",
                        "dev.linnet.cli/dev.linnet.cli.Main")
                : List.of(
                        java,
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.linnet.cli.Main");
    }

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
        if (net != null) {
            net.close();
        }
    }

    private int curl(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/curl", "-s", "-f", "-m", "60"));
        command.addAll(List.of(args));
        Process curl = net.start(new ProcessBuilder(command).inheritIO());
        return curl.waitFor();
    }

    @Test
    void filesArriveWholeOverBothFamilies() throws Exception {
        for (String host : List.of("10.9.0.1", "[fd00:9::1]")) {
            Path got = dir.resolve("got");
            assertThat(curl("-g", "-o", got.toString(), "http://" + host + "/big.bin")).isZero();
            assertThat(got).hasSameBinaryContentAs(dir.resolve("big.bin"));
        }
    }

    @Test
    void hundredsOfParallelTransfersLoseNothing(@TempDir Path many) throws Exception {
        assertThat(
                        curl(
                                "-Z",
                                "--parallel-max",
                                "300",
                                "--parallel-immediate",
                                "-o",
                                many + "/#1",
                                "http://10.9.0.1/small.bin?[1-300]"))
                .isZero();
        byte[] expected = Files.readAllBytes(dir.resolve("small.bin"));
        for (int i = 1; i <= 300; i++) {
            assertThat(Files.readAllBytes(many.resolve("" + i)))
                    .as("file " + i)
                    .isEqualTo(expected);
        }
    }

    @Test
    void pingAnswersAndRangesAndErrorsAreRight() throws Exception {
        assertThat(net.call(() -> InetAddress.getByName("10.9.0.1").isReachable(2000))).isTrue();
        assertThat(net.call(() -> InetAddress.getByName("fd00:9::1").isReachable(2000))).isTrue();
        Path got = dir.resolve("part");
        assertThat(curl("-r", "1000-1999", "-o", got.toString(), "http://10.9.0.1/big.bin"))
                .isZero();
        byte[] all = Files.readAllBytes(dir.resolve("big.bin"));
        assertThat(Files.readAllBytes(got)).isEqualTo(Arrays.copyOfRange(all, 1000, 2000));
        assertThat(curl("http://10.9.0.1/no-such-file")).isEqualTo(22);
        assertThat(curl("--path-as-is", "http://10.9.0.1/../../etc/passwd")).isEqualTo(22);
        assertThat(curl("http://10.9.0.1:81/")).as("connection refused").isEqualTo(7);
    }

    @Test
    void aSignalEndsItCleanly() throws Exception {
        assertThat(curl("-o", "/dev/null", "http://10.9.0.1/small.bin")).isZero();
        server.toHandle().destroy(); // Process.destroy would close the output, too
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output.lines().toList())
                .anyMatch(line -> line.contains("1 requests, 100,000 bytes"));
    }
}
