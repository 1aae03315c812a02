package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SeqTest {

    @Property
    void ordersWhateverTheStart(
            @ForAll int start, @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int distance) {
        int later = start + distance;
        assertThat(Seq.before(start, later)).isTrue();
        assertThat(Seq.after(later, start)).isTrue();
        assertThat(Seq.before(later, start)).isFalse();
        assertThat(Seq.after(start, later)).isFalse();
        assertThat(Seq.max(start, later)).isEqualTo(later);
        assertThat(Seq.max(later, start)).isEqualTo(later);
        assertThat(Seq.min(start, later)).isEqualTo(start);
        assertThat(Seq.min(later, start)).isEqualTo(start);
    }

    @Property
    void nothingIsBeforeOrAfterItself(@ForAll int seq) {
        assertThat(Seq.before(seq, seq)).isFalse();
        assertThat(Seq.after(seq, seq)).isFalse();
        assertThat(Seq.max(seq, seq)).isEqualTo(seq);
    }

    @Test
    void oppositeNumbersAreBothBeforeAndAfter() {
        assertThat(Seq.before(0, Integer.MIN_VALUE)).isTrue();
        assertThat(Seq.after(0, Integer.MIN_VALUE)).isTrue();
    }

    @Property
    void betweenCountsFromLowUpwards(@ForAll int low, @ForAll int up, @ForAll int x) {
        boolean expected = Integer.toUnsignedLong(x) <= Integer.toUnsignedLong(up);
        assertThat(Seq.between(low + x, low, low + up)).isEqualTo(expected);
    }

    @Test
    void betweenIncludesItsEnds() {
        assertThat(Seq.between(-1, -1, 5)).isTrue();
        assertThat(Seq.between(5, -1, 5)).isTrue();
        assertThat(Seq.between(6, -1, 5)).isFalse();
        assertThat(Seq.between(-2, -1, 5)).isFalse();
        assertThat(Seq.between(77, 5, 4)).isTrue();
    }
}
