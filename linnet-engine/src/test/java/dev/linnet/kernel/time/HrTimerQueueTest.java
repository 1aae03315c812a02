package dev.linnet.kernel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HrTimerQueueTest {
    private final List<String> ran = new ArrayList<>();
    private final List<String> wakes = new ArrayList<>();
    private final HrTimerQueue queue = new HrTimerQueue(() -> wakes.add("wake"));

    private HrTimer timer(String name) {
        return new HrTimer(queue, owner -> ran.add((String) owner), name);
    }

    @Test
    void runsInTheOrderOfExpiryThenOfArming() {
        timer("late").start(30);
        timer("b").start(20);
        timer("c").start(20);
        timer("a").start(10);
        queue.advance(9);
        assertThat(ran).isEmpty();
        queue.advance(20);
        assertThat(ran).containsExactly("a", "b", "c");
        assertThat(queue.nextExpiryNs()).isEqualTo(30);
    }

    @Test
    void startMovesAnArmedTimer() {
        HrTimer timer = timer("a");
        timer.start(10);
        timer.start(50);
        queue.advance(49);
        assertThat(ran).isEmpty();
        queue.advance(50);
        assertThat(ran).containsExactly("a");
        assertThat(timer.queued()).isFalse();
    }

    @Test
    void cancelSaysWhetherItWasArmed() {
        HrTimer timer = timer("a");
        assertThat(timer.cancel()).isFalse();
        timer.start(10);
        assertThat(timer.cancel()).isTrue();
        queue.advance(100);
        assertThat(ran).isEmpty();
        assertThat(queue.nextExpiryNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void wakesWhenATimerBecomesTheFirst() {
        timer("a").start(100);
        timer("b").start(200);
        assertThat(wakes).hasSize(1);
        timer("c").start(50);
        assertThat(wakes).hasSize(2);
    }

    @Property(tries = 200)
    void behavesLikeTheModel(@ForAll long seed) {
        Random random = new Random(seed);
        HrTimerQueue tested = new HrTimerQueue(() -> {});
        List<Integer> fired = new ArrayList<>();
        Map<Integer, Long> model = new HashMap<>();
        HrTimer[] timers = new HrTimer[150];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new HrTimer(tested, owner -> fired.add((Integer) owner), i);
        }
        long now = 0;
        for (int step = 0; step < 1000; step++) {
            int i = random.nextInt(timers.length);
            assertThat(timers[i].queued()).isEqualTo(model.containsKey(i));
            if (random.nextInt(3) == 0) {
                assertThat(timers[i].cancel()).isEqualTo(model.remove(i) != null);
            } else {
                long at = now + 1 + random.nextInt(1000);
                timers[i].start(at);
                model.put(i, at);
            }
            long first = model.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
            assertThat(tested.nextExpiryNs()).isEqualTo(first);
            if (random.nextInt(5) == 0) {
                now += random.nextInt(100);
                tested.advance(now);
                long last = 0;
                for (Integer f : fired) {
                    long due = model.remove(f);
                    assertThat(due).isBetween(last, now);
                    last = due;
                }
                fired.clear();
                assertThat(model.values()).allMatch(due -> due > 0);
            }
        }
    }
}
