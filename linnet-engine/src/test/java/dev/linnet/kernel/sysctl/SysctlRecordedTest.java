package dev.linnet.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sysctl.SysctlFacts.Fact;
import dev.linnet.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// Names, permissions, defaults and the handling of texts are those recorded from Linux 6.18. Runs
/// anywhere; [SysctlHostTest] compares with the running kernel.
class SysctlRecordedTest {
    @Test
    void theFirstNamespaceShowsWhatLinuxShows() {
        SysctlValues first = SysctlValues.initial(SysctlFacts.recordedMachine());
        SysctlFacts.addLoopback(first);
        SortedMap<String, Fact> linux = SysctlFacts.recorded("first");
        assertThat(linux).hasSizeGreaterThan(500);
        assertThat(SysctlFacts.differences(SysctlFacts.shownBy(first), linux)).isEmpty();
    }

    @Test
    void aFreshNamespaceShowsWhatLinuxShows() {
        SysctlValues first = SysctlValues.initial(SysctlFacts.recordedMachine());
        SysctlValues fresh = SysctlFacts.freshNamespace(first);
        SortedMap<String, Fact> linux = SysctlFacts.recorded("fresh");
        assertThat(linux).hasSizeGreaterThan(450);
        assertThat(SysctlFacts.differences(SysctlFacts.shownBy(fresh), linux)).isEmpty();
    }

    @Test
    void everyListedDifferenceIsThere() {
        SysctlValues first = SysctlValues.initial(SysctlFacts.recordedMachine());
        Map<String, Fact> linux = SysctlFacts.recorded("first");
        for (String name : SysctlFacts.OTHER_VALUE.keySet()) {
            assertThat(SysctlFacts.shown(first, name))
                    .as(name)
                    .isNotEqualTo(linux.get(name).value());
        }
    }

    @Test
    void textsAreTakenAsLinuxTakesThem() {
        SysctlValues first = SysctlValues.initial(SysctlFacts.recordedMachine());
        SysctlValues fresh = SysctlFacts.freshNamespace(first);
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : SysctlFacts.resource("writes.txt").toList()) {
            String[] word = line.split("\t", -1);
            String name = word[0];
            int err = fresh.write(name, word[1].translateEscapes());
            String result = err == 0 ? "0" : Errno.name(err);
            String shown = SysctlFacts.shown(fresh, name);
            String after = shown.startsWith("!") ? shown : escape(shown + "\n");
            if (!result.equals(word[2]) || !after.equals(word[3])) {
                wrong.add(line + " -- here: " + result + " " + after);
            }
            rows++;
        }
        assertThat(rows).isGreaterThan(200);
        assertThat(wrong).isEmpty();
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }
}
