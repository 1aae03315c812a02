package dev.linnet.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.linnet.oracle.target.HostTarget;
import dev.linnet.oracle.text.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs every row on Linnet and on the host's kernel. The last test is that the page of the results
/// is up to date; with `-Dlinnet.regenerate` it writes the page.
class FactsTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "conformance.md");
    private static final Path DEVIATIONS = Path.of("..", "docs", "deviations.md");
    private static final String MISSING = HostTarget.missing();

    private final ConformancePage page = new ConformancePage();

    @TestFactory
    Stream<DynamicContainer> rows() {
        List<DynamicContainer> files = new ArrayList<>();
        for (String file : Facts.files()) {
            files.add(DynamicContainer.dynamicContainer(file, rows(Facts.file(file))));
        }
        DynamicTest last = DynamicTest.dynamicTest("conformance.md", this::page);
        files.add(DynamicContainer.dynamicContainer("page", Stream.of(last)));
        return files.stream();
    }

    private Stream<DynamicTest> rows(List<Row> rows) {
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> run(row)));
    }

    private void run(Row row) throws IOException {
        Outcomes linnet = Comparison.onLinnet(row);
        if (MISSING.isEmpty()) {
            Outcomes host = Comparison.onHost(row);
            page.add(linnet, host);
            assertThat(host.ok()).as("%s on the host\n%s", row.id(), host.text()).isTrue();
            if (row.deviation() == null) {
                assertThat(Comparison.difference(linnet, host)).as(row.id()).isEmpty();
            }
        }
        if (row.deviation() == null) {
            assertThat(linnet.ok()).as("%s on Linnet\n%s", row.id(), linnet.text()).isTrue();
            return;
        }
        assertThat(Files.readString(DEVIATIONS)).contains("**" + row.deviation() + " ");
        assertThat(linnet.ok())
                .as("%s: Linnet does what Linux does; take %s off", row.id(), row.deviation())
                .isFalse();
    }

    private void page() throws IOException {
        if (!MISSING.isEmpty()) {
            abort("the rows ran on Linnet only: " + MISSING);
        }
        if (System.getProperty("linnet.regenerate") != null) {
            Files.writeString(PAGE, page.text());
        }
        assertThat(PAGE).as("-Dlinnet.regenerate writes it").content().isEqualTo(page.text());
    }
}
