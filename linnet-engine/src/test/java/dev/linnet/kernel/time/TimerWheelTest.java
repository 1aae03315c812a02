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

/// The wheel against the plainest model of timers there is: a map from timer to expiry.
class TimerWheelTest {
    private static final long START = 100_000;

    private final List<String> ran = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(START, () -> {});

    private KTimer timer(String name) {
        return new KTimer(wheel, owner -> ran.add((String) owner), name);
    }

    @Test
    void runsAtItsJiffyAndNotBefore() {
        KTimer timer = timer("a");
        timer.mod(START + 5);
        wheel.advance(START + 4);
        assertThat(ran).isEmpty();
        assertThat(timer.pending()).isTrue();
        wheel.advance(START + 5);
        assertThat(ran).containsExactly("a");
        assertThat(timer.pending()).isFalse();
    }

    @Test
    void timersOfOneJiffyRunInTheOrderOfTheirArming() {
        for (String name : List.of("a", "b", "c")) {
            timer(name).mod(START + 300);
        }
        wheel.advance(START + 300);
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void pushedToALaterTimeItRunsThen() {
        KTimer timer = timer("a");
        timer.mod(START + 5);
        timer.mod(START + 1000);
        wheel.advance(START + 999);
        assertThat(ran).isEmpty();
        wheel.advance(START + 1000);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void pulledToAnEarlierTimeItRunsThen() {
        KTimer timer = timer("a");
        timer.mod(START + 100_000);
        timer.mod(START + 3);
        wheel.advance(START + 3);
        assertThat(ran).containsExactly("a");
        wheel.advance(START + 100_000);
        assertThat(ran).hasSize(1);
    }

    @Test
    void disarmedItDoesNotRun() {
        KTimer timer = timer("a");
        timer.mod(START + 5);
        assertThat(timer.del()).isTrue();
        assertThat(timer.del()).isFalse();
        wheel.advance(START + 10);
        assertThat(ran).isEmpty();
    }

    @Test
    void disarmedAndArmedAgainItRunsOnce() {
        KTimer timer = timer("a");
        timer.mod(START + 5);
        timer.del();
        timer.mod(START + 9);
        wheel.advance(START + 20);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void shutDownItLeavesTheWheel() {
        KTimer timer = timer("a");
        timer.mod(START + 50_000);
        timer.shutdown();
        assertThat(wheel.nextExpiry()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPastJiffyMeansTheNextRun() {
        wheel.advance(START + 10);
        timer("a").mod(START - 1000);
        wheel.advance(START + 10);
        assertThat(ran).isEmpty();
        wheel.advance(START + 11);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void aFunctionThatArmsItselfForNowRunsInTheNextJiffy() {
        KTimer[] self = new KTimer[1];
        self[0] =
                new KTimer(
                        wheel,
                        owner -> {
                            ran.add("again");
                            self[0].mod(START + 5);
                        },
                        "");
        self[0].mod(START + 5);
        wheel.advance(START + 5);
        assertThat(ran).hasSize(1);
        wheel.advance(START + 7);
        assertThat(ran).hasSize(3);
    }

    @Test
    void aFunctionMayDisarmATimerOfTheSameJiffy() {
        KTimer victim = timer("victim");
        new KTimer(wheel, owner -> victim.del(), "").mod(START + 5);
        victim.mod(START + 5);
        wheel.advance(START + 5);
        assertThat(ran).isEmpty();
        assertThat(wheel.nextExpiry()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void fartherThanTheWheelReachesItRunsAtItsTime() {
        KTimer timer = timer("a");
        long due = START + (1L << 26) * 3 + 17;
        timer.mod(due);
        long steps = 0;
        for (long at = wheel.nextExpiry(); at < due; at = wheel.nextExpiry()) {
            wheel.advance(at);
            assertThat(++steps).isLessThan(100);
        }
        assertThat(ran).isEmpty();
        wheel.advance(due);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void wakesTheOneWhoWaitsForAnEarlierTimerOnly() {
        List<String> wakes = new ArrayList<>();
        TimerWheel watched = new TimerWheel(START, () -> wakes.add("wake"));
        new KTimer(watched, owner -> {}, "").mod(START + 100);
        assertThat(wakes).hasSize(1);
        watched.nextExpiry();
        new KTimer(watched, owner -> {}, "").mod(START + 200);
        assertThat(wakes).hasSize(1);
        new KTimer(watched, owner -> {}, "").mod(START + 50);
        assertThat(wakes).hasSize(2);
    }

    /// Random arming, moving and disarming in random steps of time: every timer runs exactly at the
    /// jiffy that was set last, and [TimerWheel#nextExpiry] never says later than that.
    @Property(tries = 300)
    void behavesLikeTheModel(@ForAll long seed) {
        Random random = new Random(seed);
        long now = START + random.nextInt(1 << 20);
        TimerWheel tested = new TimerWheel(now, () -> {});
        Map<Integer, Long> model = new HashMap<>();
        List<Integer> fired = new ArrayList<>();
        KTimer[] timers = new KTimer[40];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new KTimer(tested, owner -> fired.add((Integer) owner), i);
        }
        tested.advance(now);
        for (int step = 0; step < 400; step++) {
            int i = random.nextInt(timers.length);
            if (random.nextInt(4) == 0) {
                assertThat(timers[i].del()).isEqualTo(model.remove(i) != null);
            } else {
                long due = now + 1 + random.nextInt(1 << random.nextInt(1, 24));
                timers[i].mod(due);
                model.put(i, due);
            }
            if (random.nextInt(3) == 0) {
                now = advance(tested, model, fired, now + random.nextInt(1 << random.nextInt(18)));
            }
        }
        advance(tested, model, fired, now + (1 << 25));
        assertThat(model).isEmpty();
        assertThat(tested.nextExpiry()).isEqualTo(Long.MAX_VALUE);
    }

    private static long advance(
            TimerWheel tested, Map<Integer, Long> model, List<Integer> fired, long to) {
        while (true) {
            long first = model.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
            long next = tested.nextExpiry();
            assertThat(next).isLessThanOrEqualTo(first);
            if (next > to) {
                tested.advance(to);
                assertThat(fired).isEmpty();
                return to;
            }
            tested.advance(next);
            for (Integer i : fired) {
                assertThat(model.remove(i)).isEqualTo(next);
            }
            fired.clear();
        }
    }
}
