package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeSlotsTest {
    @Test
    void lendsEverySlotOnceAndThenNone() {
        NativeSlots slots = new NativeSlots(Arena.ofAuto(), 8, 16);
        Set<Integer> claimed = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            claimed.add(slots.claim());
        }
        assertThat(claimed).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(slots.inUse()).isEqualTo(8);
        assertThat(slots.claim()).isEqualTo(NativeSlots.NONE);

        slots.release(5);

        assertThat(slots.inUse()).isEqualTo(7);
        assertThat(slots.claim()).isEqualTo(5);
    }

    @Test
    void slotsAreWholeCacheLinesAndDoNotOverlap() {
        NativeSlots slots = new NativeSlots(Arena.ofAuto(), 4, 65);
        for (int i = 0; i < 4; i++) {
            assertThat(slots.segment(i).byteSize()).isEqualTo(128);
            assertThat(slots.segment(i).address() % 64).isZero();
        }
        assertThat(slots.segment(1).address() - slots.segment(0).address()).isEqualTo(128);
    }

    @Test
    void refusesACountThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new NativeSlots(Arena.ofAuto(), 6, 64))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
