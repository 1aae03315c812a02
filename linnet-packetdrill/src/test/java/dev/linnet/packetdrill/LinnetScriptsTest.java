package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.linnet.LinnetTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Scripts on Linnet itself, in virtual time: what passes on the kernel passes here.
class LinnetScriptsTest {
    private static final LinnetTargets TARGETS = new LinnetTargets();

    private record Case(String name, List<ConfigBuilder.Option> options, Suite.Job job) {
        RunResult run() {
            return new ScriptRunner(TARGETS, options).run(job.script(), job.mode());
        }
    }

    /// Runs all, one on each processor, and gives each its test.
    private static Stream<DynamicTest> run(List<Case> cases) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(processors)) {
            List<Future<RunResult>> runs = new ArrayList<>();
            for (Case c : cases) {
                runs.add(pool.submit(c::run));
            }
            for (int i = 0; i < cases.size(); i++) {
                RunResult result = runs.get(i).get();
                tests.add(DynamicTest.dynamicTest(cases.get(i).name, () -> passes(result)));
            }
        }
        return tests.stream();
    }

    private static void passes(RunResult result) {
        assertThat(result.passed()).as(result.line() + "\n" + result.report()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> whatPassesOnTheKernel() throws Exception {
        List<Case> cases =
                SharedScripts.rows().stream()
                        .filter(SharedScripts.Row::pass)
                        .map(row -> new Case(row.toString(), row.options(), job(row)))
                        .toList();
        assertThat(cases).as("rows with the verdict PASS").isNotEmpty();
        return run(cases);
    }

    private static Suite.Job job(SharedScripts.Row row) {
        return new Suite.Job(row.script(), row.mode());
    }

    @TestFactory
    Stream<DynamicTest> ownScriptsInAllModes() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Suite.Job job : Suite.jobs(List.of(OwnScripts.DIRECTORY), List.of(IpMode.values()))) {
            String name = job.script().getFileName() + " (" + job.mode() + ")";
            cases.add(new Case(name, List.of(), job));
        }
        return run(cases);
    }
}
