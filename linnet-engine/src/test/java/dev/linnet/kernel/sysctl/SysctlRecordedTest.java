package dev.linnet.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sysctl.SysctlFacts.Fact;
import dev.linnet.uapi.Errno;
import java.math.BigInteger;
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

    @Test
    void rangesEndWhereLinuxHasThemEnd() {
        SysctlValues first = SysctlValues.initial(SysctlFacts.recordedMachine());
        SysctlValues fresh = SysctlFacts.freshNamespace(first);
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : SysctlFacts.resource("ranges.txt").toList()) {
            String[] word = line.split(" ");
            if (SysctlFacts.isAbsent(word[1])) {
                continue;
            }
            SysctlValues values = word[0].equals("first") ? first : fresh;
            String before = SysctlFacts.shown(values, word[1]);
            BigInteger least = new BigInteger(word[2]);
            BigInteger greatest = new BigInteger(word[3]);
            boolean same =
                    takes(values, word[1], least)
                            && takes(values, word[1], greatest)
                            && !takes(values, word[1], least.subtract(BigInteger.ONE))
                            && !takes(values, word[1], greatest.add(BigInteger.ONE));
            if (!same) {
                wrong.add(line);
            }
            assertThat(values.write(word[1], before)).as(line).isZero();
            rows++;
        }
        assertThat(rows).isGreaterThan(300);
        assertThat(wrong).isEmpty();
    }

    private static boolean takes(SysctlValues values, String name, BigInteger number) {
        return values.write(name, number.toString()) == 0;
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }
}
