package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MinMaxTest {
    private static final int WINDOW = 100;

    private record Sample(int time, long value) {}

    /// Three samples cannot know the window's minimum exactly, but they bound it: never below the true
    /// minimum of the window plus the sample that just left it, never above the newest sample.
    @Property
    void runningMinimumStaysWithinTheWindow(
            @ForAll @Size(min = 1, max = 60) int[] steps, @ForAll @IntRange(max = 7) int seed) {
        MinMax min = new MinMax();
        Deque<Sample> window = new ArrayDeque<>();
        int time = Integer.MAX_VALUE - 50;
        boolean first = true;
        for (int step : steps) {
            time += Math.floorMod(step, 40);
            long value = Math.floorMod(step * 31 + seed, 1000);
            int now = time;
            window.removeIf(s -> now - s.time > WINDOW);
            window.add(new Sample(time, value));
            long got = first ? min.reset(time, value) : min.runningMin(WINDOW, time, value);
            first = false;
            long exact = window.stream().mapToLong(Sample::value).min().orElseThrow();
            assertThat(got).isBetween(exact, value);
        }
    }

    @Test
    void maximumIsReplacedByTheBestAfterIt() {
        MinMax max = new MinMax();
        max.reset(0, 0);
        assertThat(max.runningMax(10, 1, 500)).isEqualTo(500);
        assertThat(max.runningMax(10, 5, 300)).isEqualTo(500);
        assertThat(max.runningMax(10, 9, 200)).isEqualTo(500);
        assertThat(max.runningMax(10, 12, 100)).isEqualTo(300);
        assertThat(max.runningMax(10, 13, 900)).isEqualTo(900);
    }

    @Test
    void aPauseLongerThanTheWindowForgetsEverything() {
        MinMax min = new MinMax();
        min.reset(0, 5);
        assertThat(min.runningMin(10, 1000, 70)).isEqualTo(70);
    }
}
