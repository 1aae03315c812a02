package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.OwnScripts.Mutation;
import dev.linnet.packetdrill.RunResult.Verdict;
import dev.linnet.packetdrill.linnet.LinnetTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Scripts on the stack in this process, in virtual time.
class LinnetScriptsTest {
    private static final long SEED = 6_18;
    private static final int MUTATIONS_OF_EACH_SCRIPT = 3;

    private static ScriptRunner runner(List<ConfigBuilder.Option> options) {
        return new ScriptRunner(new LinnetTargets(), options);
    }

    private static void assertPasses(RunResult result) {
        assertThat(result.verdict())
                .as(result.line() + "\n" + result.report())
                .isEqualTo(Verdict.PASS);
    }

    private static void assertFails(
            Path script, NumberMutations.Mutation mutation, List<ConfigBuilder.Option> options) {
        RunResult result = runner(options).run(script, mutation.text(), IpMode.IPV6);
        assertThat(result.verdict())
                .as(script + " with " + mutation + "\n" + result.report())
                .isEqualTo(Verdict.FAIL);
    }

    /// One test for each script and mode that the kernel passes.
    @TestFactory
    Stream<DynamicTest> whatTheKernelPasses() {
        return SharedScripts.rows().stream().filter(SharedScripts.Row::pass).map(this::passes);
    }

    private DynamicTest passes(SharedScripts.Row row) {
        return DynamicTest.dynamicTest(
                row.toString(),
                () -> assertPasses(runner(row.options()).run(row.script(), row.mode())));
    }

    @TestFactory
    Stream<DynamicTest> ownScriptsPassInAllModes() throws IOException {
        return OwnScripts.jobs().stream().map(this::passes);
    }

    private DynamicTest passes(Suite.Job job) {
        return DynamicTest.dynamicTest(
                job.script().getFileName() + " (" + job.mode() + ")",
                () -> assertPasses(runner(List.of()).run(job.script(), job.mode())));
    }

    @ParameterizedTest
    @EnumSource
    void theExampleInTheDocumentation(IpMode mode) throws IOException {
        Path page = Path.of("../docs/packetdrill.md");
        String example = Files.readString(page).split("```text\n--")[1].split("```", 2)[0];
        assertPasses(runner(List.of()).run(page, "--" + example, mode));
    }

    @TestFactory
    Stream<DynamicTest> oneChangeMakesAScriptFail() {
        return OwnScripts.MUTATIONS.stream().map(this::fails);
    }

    private DynamicTest fails(Mutation mutation) {
        return DynamicTest.dynamicTest(
                mutation.toString(),
                () -> {
                    RunResult result =
                            runner(List.of()).run(mutation.path(), mutation.text(), IpMode.IPV4);
                    assertThat(mutation.isWhyItFailed(result))
                            .as(result.line() + "\n" + result.report())
                            .isTrue();
                });
    }

    /// Of the numbers in a script that the kernel has to match, each counts.
    @TestFactory
    Stream<DynamicTest> anyNumberChangedMakesAScriptFail() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Suite.Job job : Suite.jobs(List.of(OwnScripts.DIRECTORY), List.of())) {
            String text = Files.readString(job.script());
            for (NumberMutations.Mutation mutation : NumberMutations.of(text)) {
                tests.add(
                        DynamicTest.dynamicTest(
                                job.script().getFileName() + " " + mutation,
                                () -> assertFails(job.script(), mutation, List.of())));
            }
        }
        assertThat(tests).hasSizeGreaterThan(100);
        return tests.stream();
    }

    /// The same with some numbers of each of Google's scripts; the seed says which.
    @TestFactory
    Stream<DynamicTest> someNumberChangedMakesGooglesScriptsFail() {
        return SharedScripts.rows().stream()
                .filter(row -> row.pass() && row.mode() == IpMode.IPV6)
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> mutateSome(row)));
    }

    private static void mutateSome(SharedScripts.Row row) throws IOException {
        List<NumberMutations.Mutation> all = NumberMutations.of(Files.readString(row.script()));
        Random random = new Random(SEED);
        for (int i = 0; i < MUTATIONS_OF_EACH_SCRIPT && !all.isEmpty(); i++) {
            assertFails(row.script(), all.get(random.nextInt(all.size())), row.options());
        }
    }
}
