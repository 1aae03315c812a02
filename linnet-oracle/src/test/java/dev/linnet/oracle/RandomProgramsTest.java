package dev.linnet.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.oracle.random.Campaign;
import dev.linnet.oracle.target.HostTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/// A few thousand calls of random programs; `linnet oracle --random 100000` makes more of them. jqwik
/// chooses the programs' seeds; programs are shrunk by [Campaign] itself, to a row.
class RandomProgramsTest {
    private static final String MISSING = HostTarget.missing();

    private final Campaign campaign = new Campaign();

    @Property(tries = 80, shrinking = ShrinkingMode.OFF)
    void bothKernelsGiveTheSame(@ForAll long seed) {
        assumeTrue(MISSING.isEmpty(), MISSING);
        Campaign.Difference difference = campaign.run(seed);
        if (difference != null && difference.deviation() == null) {
            throw new AssertionError("seed " + seed + "\n" + difference.row());
        }
    }

    @Test
    void whatIsKnownToDifferIsDocumented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "deviations.md"));
        assertThat(campaign.deviations()).isNotEmpty();
        assertThat(campaign.deviations()).allMatch(d -> page.contains("**" + d + " "));
    }
}
