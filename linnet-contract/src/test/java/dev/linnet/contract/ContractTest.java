package dev.linnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The same code on the default providers and on Linnet: each case must tell the same.
///
/// Needs to make a network namespace (root, or user namespaces); skipped where it may not.
final class ContractTest {
    @TestFactory
    Stream<DynamicContainer> cases() throws Exception {
        List<String> namespace = Jvm.namespace();
        assumeTrue(
                namespace != null, "needs to make a network namespace: root, or user namespaces");
        Path agent = AgentFile.find();
        Set<String> permitted = new HashSet<>();
        List<DynamicContainer> all = new ArrayList<>();
        all.add(compared("dual stack", namespace, List.of(), agent, permitted));
        all.add(
                compared(
                        "IPv4 only",
                        namespace,
                        List.of("-Djava.net.preferIPv4Stack=true"),
                        agent,
                        permitted));
        all.add(DynamicContainer.dynamicContainer("permitted differences", permitted(permitted)));
        return all.stream();
    }

    private static DynamicContainer compared(
            String title,
            List<String> namespace,
            List<String> options,
            Path agent,
            Set<String> permitted)
            throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> actual = new LinkedHashMap<>();
        run(namespace, options, agent, ".*", expected, actual);
        String again = differing(expected, actual);
        if (!again.isEmpty()) {
            run(namespace, options, agent, again, expected, actual);
        }
        for (Permitted p : Permitted.ALL) {
            if (expected.getOrDefault(p.name(), "").contains(p.kernel())
                    && !actual.getOrDefault(p.name(), "").contains(p.kernel())) {
                permitted.add(p.name() + ": " + p.kernel());
            }
        }
        assertThat(actual.keySet())
                .as("cases")
                .isEqualTo(expected.keySet())
                .hasSizeGreaterThan(500);
        return DynamicContainer.dynamicContainer(
                title,
                expected.entrySet().stream()
                        .map(e -> test(e.getKey(), e.getValue(), actual.get(e.getKey()))));
    }

    private static void run(
            List<String> namespace,
            List<String> options,
            Path agent,
            String cases,
            Map<String, String> expected,
            Map<String, String> actual)
            throws Exception {
        Jvm kernel = Jvm.onKernel(namespace, options, cases);
        Jvm linnet = Jvm.onLinnet(namespace, options, agent, cases);
        expected.putAll(kernel.outcomes());
        actual.putAll(linnet.outcomes());
    }

    /// Cases that differed, as a pattern: a machine that is busy may hold up a step of either side for longer than a
    /// case waits, so that a difference has to show again. Races have no such steps.
    private static String differing(Map<String, String> expected, Map<String, String> actual) {
        StringJoiner names = new StringJoiner("|");
        expected.forEach(
                (name, kernel) -> {
                    String linnet = actual.getOrDefault(name, "");
                    if (!name.startsWith("race.")
                            && !linnet.equals(Permitted.applied(name, kernel))) {
                        System.out.println(
                                name + "\n  kernel: " + kernel + "\n  linnet: " + linnet);
                        names.add(Pattern.quote(name));
                    }
                });
        return names.toString();
    }

    private static DynamicTest test(String name, String kernel, String linnet) {
        return DynamicTest.dynamicTest(
                name,
                () -> assertThat(steps(linnet)).isEqualTo(steps(Permitted.applied(name, kernel))));
    }

    private static List<String> steps(String outcome) {
        return List.of(outcome.split("; "));
    }

    private static Stream<DynamicTest> permitted(Set<String> seen) {
        return Permitted.ALL.stream()
                .map(
                        p ->
                                DynamicTest.dynamicTest(
                                        p.name(),
                                        () ->
                                                assertThat(seen)
                                                        .as(p.why())
                                                        .contains(p.name() + ": " + p.kernel())));
    }
}
