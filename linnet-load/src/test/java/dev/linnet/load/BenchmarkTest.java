package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The benchmark's program runs on Linnet from its source, each workload for a moment.
class BenchmarkTest {
    private static final Path PROGRAM =
            Path.of("../linnet-bench/src/main/plain/NetBench.java").toAbsolutePath();

    @Test
    void everyWorkloadRuns() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-javaagent:" + agent());
        command.addAll(List.of("-Dseconds=0.2", "-Dwarm=0.1", "-Dpairs=100", PROGRAM.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .hasSize(7)
                .allMatch(line -> line.matches("[a-z]+ [0-9.]+ \\S+"))
                .allMatch(line -> Double.parseDouble(line.split(" ")[1]) > 0);
    }

    /// The one that this JVM runs under.
    private static Path agent() throws Exception {
        return Path.of(
                Class.forName("dev.linnet.jvm.JvmHost")
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
    }
}
