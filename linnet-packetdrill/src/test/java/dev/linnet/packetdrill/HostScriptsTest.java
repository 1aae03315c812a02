package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.OwnScripts.Mutation;
import dev.linnet.packetdrill.RunResult.Verdict;
import dev.linnet.packetdrill.host.HostTargets;
import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.target.TargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Scripts on the kernel of this machine. It needs root and a TUN device and says so where it is
/// skipped. Time is real here, so a run that a busy machine spoils is tried again.
class HostScriptsTest {
    private static final int TRIES = 3;
    private static final int PARALLEL = 4;

    private static HostTargets host() {
        try {
            return new HostTargets();
        } catch (TargetException e) {
            Assumptions.abort("skipped: no scripts on this kernel: " + e.getMessage());
            throw e;
        }
    }

    /// One run that must come out in a certain way.
    private record Case(
            String name,
            Path script,
            IpMode mode,
            List<ConfigBuilder.Option> options,
            Predicate<RunResult> expected) {
        RunResult run(HostTargets host) {
            ScriptRunner runner = new ScriptRunner(host, options);
            RunResult result = runner.run(script, mode);
            for (int i = 1; i < TRIES && !expected.test(result); i++) {
                result = runner.run(script, mode);
            }
            return result;
        }
    }

    /// Runs all, several at a time, and gives each its test.
    private static Stream<DynamicTest> run(List<Case> cases) throws Exception {
        HostTargets host = host();
        List<DynamicTest> tests = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(PARALLEL)) {
            List<Future<RunResult>> runs = new ArrayList<>();
            for (Case c : cases) {
                runs.add(pool.submit(() -> c.run(host)));
            }
            for (int i = 0; i < cases.size(); i++) {
                Case c = cases.get(i);
                RunResult result = runs.get(i).get();
                tests.add(
                        DynamicTest.dynamicTest(
                                c.name,
                                () ->
                                        assertThat(c.expected.test(result))
                                                .as(result.line() + "\n" + result.report())
                                                .isTrue()));
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> ownScriptsPassInAllModes() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Suite.Job job : Suite.jobs(List.of(OwnScripts.DIRECTORY), List.of(IpMode.values()))) {
            IpMode mode = job.mode() == null ? IpMode.IPV4 : job.mode();
            String name = job.script().getFileName() + " (" + mode + ")";
            cases.add(new Case(name, job.script(), mode, List.of(), RunResult::passed));
        }
        return run(cases);
    }

    /// Nothing in a script is there in vain: whatever is changed makes it fail, at that place.
    @TestFactory
    Stream<DynamicTest> oneChangeMakesAScriptFail(@TempDir Path temp) throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Mutation mutation : OwnScripts.MUTATIONS) {
            String text = Files.readString(OwnScripts.DIRECTORY.resolve(mutation.script()));
            int at = text.indexOf(mutation.from());
            assertThat(at).as("place of " + mutation).isPositive();
            assertThat(text.indexOf(mutation.from(), at + 1)).as("second " + mutation).isNegative();
            Path script = temp.resolve(cases.size() + "-" + mutation.script());
            Files.writeString(script, text.replace(mutation.from(), mutation.to()));
            int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
            cases.add(
                    new Case(
                            mutation.toString(),
                            script,
                            IpMode.IPV4,
                            List.of(),
                            result -> failsAt(result, line)));
        }
        return run(cases);
    }

    private static boolean failsAt(RunResult result, int line) {
        if (result.verdict() != Verdict.FAIL) {
            return false;
        }
        Source at = result.failure().orElseThrow().at();
        int lines = at == null ? 0 : at.text().split("\n", -1).length;
        return at != null && at.line() <= line && line < at.line() + lines;
    }

    /// The verdicts of the original tool, as a sample; all with `-Dverdicts=all`, which takes about
    /// two minutes.
    @TestFactory
    Stream<DynamicTest> verdictsOfTheOriginal() throws Exception {
        boolean all = "all".equals(System.getProperty("verdicts"));
        List<SharedScripts.Row> rows = SharedScripts.rows();
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < rows.size(); i += all ? 1 : 13) {
            SharedScripts.Row row = rows.get(i);
            if (row.stable() || !row.pass()) {
                cases.add(
                        new Case(
                                row.toString(),
                                row.script(),
                                row.mode(),
                                row.options(),
                                result -> result.passed() == row.pass()));
            }
        }
        return run(cases);
    }
}
