package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostCapabilities;
import dev.linnet.packetdrill.RunResult.Verdict;
import dev.linnet.packetdrill.host.HostTargets;
import dev.linnet.packetdrill.linnet.LinnetTargets;
import dev.linnet.packetdrill.target.TargetFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What the shared scripts do not reach: requests, SYN cookies, closing listeners, TIME-WAIT, orphans,
/// urgent data. The same scripts on Linnet, in all modes, and on the kernel, over IPv4; those that take
/// long in real time (`slow-…`) on Linnet only.
class TcpScriptsTest {
    /// Time is real on the kernel, and a busy machine spoils it.
    private static final int HOST_TRIES = 3;

    private static final Path DIRECTORY = Path.of("src/test/packetdrill-tcp");

    @TestFactory
    Stream<DynamicTest> onLinnet() throws IOException {
        return Suite.jobs(List.of(DIRECTORY), List.of(IpMode.values())).stream()
                .map(job -> passes(new LinnetTargets(), job, List.of(), 1));
    }

    @TestFactory
    Stream<DynamicTest> onTheKernel() throws IOException {
        assumeTrue(HostCapabilities.canUseTun(), "needs root, for TUN");
        List<ConfigBuilder.Option> options =
                List.of(ConfigBuilder.Option.of("tolerance_usecs=25000"));
        return Suite.jobs(List.of(DIRECTORY), List.of(IpMode.IPV4)).stream()
                .filter(job -> !job.script().getFileName().toString().startsWith("slow-"))
                .map(job -> passes(new HostTargets(), job, options, HOST_TRIES));
    }

    private static DynamicTest passes(
            TargetFactory targets, Suite.Job job, List<ConfigBuilder.Option> options, int tries) {
        return DynamicTest.dynamicTest(
                job.script().getFileName() + " (" + job.mode() + ")",
                () -> {
                    ScriptRunner runner = new ScriptRunner(targets, options);
                    RunResult result = runner.run(job.script(), job.mode());
                    for (int i = 1; i < tries && result.verdict() != Verdict.PASS; i++) {
                        result = runner.run(job.script(), job.mode());
                    }
                    assertThat(result.verdict())
                            .as(result.line() + "\n" + result.report())
                            .isEqualTo(Verdict.PASS);
                });
    }
}
