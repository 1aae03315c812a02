package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OptionListTest {

    private static List<Integer> kinds(byte[] b, int start, int end) {
        List<Integer> kinds = new ArrayList<>();
        for (int p = OptionList.first(b, start, end); p >= 0; p = OptionList.next(b, p, end)) {
            kinds.add(OptionList.kind(b, p));
        }
        return kinds;
    }

    private static int stop(byte[] b, int start, int end) {
        int p = OptionList.first(b, start, end);
        while (p >= 0) {
            p = OptionList.next(b, p, end);
        }
        return p;
    }

    @Test
    void yieldsOptionsAndPaddingsInOrder() {
        byte[] b = {9, 1, 2, 4, 5, 6, 1, 1, 77, 2, 0, 3, 3, 3};
        assertThat(kinds(b, 1, b.length)).containsExactly(1, 2, 1, 1, 77);
        assertThat(stop(b, 1, b.length)).isEqualTo(OptionList.END);
        assertThat(OptionList.brokenAt(stop(b, 1, b.length))).isEqualTo(-1);
    }

    @Test
    void anEmptyListEndsProperly() {
        assertThat(OptionList.first(new byte[4], 4, 4)).isEqualTo(OptionList.END);
    }

    @Test
    void breaksAtALengthBelowTwo() {
        for (byte length : new byte[] {0, 1}) {
            byte[] b = {1, 3, 3, 7, 5, length, 0, 0};
            assertThat(kinds(b, 0, 8)).containsExactly(1, 3);
            assertThat(OptionList.brokenAt(stop(b, 0, 8))).isEqualTo(4);
        }
    }

    @Test
    void breaksAtALengthBeyondTheEnd() {
        byte[] b = {2, 4, 5, (byte) 0xb4, 8, 10, 1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(kinds(b, 0, 14)).containsExactly(2, 8);
        for (int end = 5; end < 14; end++) {
            assertThat(kinds(b, 0, end)).containsExactly(2);
            assertThat(OptionList.brokenAt(stop(b, 0, end))).isEqualTo(4);
        }
    }

    @Test
    void breaksAtZeroToo() {
        byte[] b = {8, 1};
        assertThat(OptionList.brokenAt(OptionList.first(b, 0, 2))).isZero();
        assertThat(OptionList.brokenAt(0)).isEqualTo(-1);
    }

    /// Whatever the bytes: the walk ends, stays inside and covers the list without holes.
    @Property(tries = 5000)
    void staysInsideWhateverTheBytes(
            @ForAll @Size(44) byte[] b,
            @ForAll @IntRange(max = 44) int start,
            @ForAll @IntRange(max = 44) int end) {
        int expected = start;
        int p = OptionList.first(b, start, end);
        while (p >= 0) {
            assertThat(p).isEqualTo(expected);
            expected = p + OptionList.bytes(b, p);
            assertThat(expected).isGreaterThan(p).isLessThanOrEqualTo(end);
            p = OptionList.next(b, p, end);
        }
        if (p == OptionList.END) {
            assertThat(expected >= end || b[expected] == OptionList.EOL).isTrue();
        } else {
            assertThat(OptionList.brokenAt(p)).isEqualTo(expected);
        }
    }
}
