package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// CUBIC's curve against RFC 9438.
class CubicStateTest {
    private final CubicState ca = new CubicState();

    @Property
    void cubeRootIsExact(@ForAll @LongRange(max = 1L << 55) long a) {
        BigInteger root = BigInteger.valueOf(CubicState.cubeRoot(a));
        BigInteger value = BigInteger.valueOf(a);
        assertThat(root.pow(3)).isLessThanOrEqualTo(value);
        assertThat(root.add(BigInteger.ONE).pow(3)).isGreaterThan(value);
    }

    @Test
    void aLossLeavesSevenTenths() {
        assertThat(ca.loss(100)).isEqualTo(70);
        assertThat(ca.lastMaxCwnd).isEqualTo(100);
    }

    @Test
    void aLossBelowTheLastMaximumGivesRoomToOthers() {
        ca.loss(100);
        assertThat(ca.loss(80)).isEqualTo(56);
        assertThat(ca.lastMaxCwnd).as("(1 + beta) / 2 of 80").isEqualTo(68);
    }

    @Test
    void theThresholdIsNeverBelowTwo() {
        assertThat(ca.loss(1)).isEqualTo(2);
    }

    @Test
    void thePlateauIsReachedAfterK() {
        int cwnd = ca.loss(1000);
        ca.delayMinUs = 0;
        ca.update(cwnd, 1, 1000);
        // K = cbrt(W_max (1 - beta) / C) = cbrt(300 / 0.4) s = 9.08 s
        double k = Math.cbrt((1000 - cwnd) / 0.4);
        assertThat(ca.bicK / 1024.0).isBetween(k - 0.05, k + 0.05);
        assertThat(ca.originPoint).isEqualTo(1000);
    }

    /// Runs the curve for 20 s with a window that follows it, and compares with the formula.
    @Test
    void theWindowFollowsTheCurve() {
        int cwnd = ca.loss(5000);
        int start = cwnd;
        int credit = 0;
        int rttMs = 100;
        ca.delayMinUs = rttMs * 1000;
        double k = Math.cbrt((5000 - start) / 0.4);
        for (int ms = 1; ms <= 20_000; ms++) {
            int acked = (int) ((long) cwnd * ms / rttMs - (long) cwnd * (ms - 1) / rttMs);
            ca.update(cwnd, acked, ms);
            credit += acked;
            while (credit >= ca.cnt) {
                credit -= ca.cnt;
                cwnd++;
            }
            if (ms % 1000 == 0) {
                double t = ms / 1000.0;
                double expected = 0.4 * Math.pow(t - k, 3) + 5000;
                assertThat((double) cwnd)
                        .as("window after %s s", t)
                        .isBetween(expected * 0.97, expected * 1.03);
            }
        }
    }

    @Test
    void onAShortPathItGrowsAsFastAsReno() {
        int cwnd = ca.loss(20);
        ca.delayMinUs = 1000;
        int credit = 0;
        for (int ms = 1; ms <= 1000; ms++) {
            ca.update(cwnd, cwnd, ms);
            credit += cwnd;
            while (credit >= ca.cnt) {
                credit -= ca.cnt;
                cwnd++;
            }
        }
        // Reno with beta 0.7 grows by 3 (1 - b) / (1 + b) = 0.53 segments per round trip of 1 ms.
        assertThat(cwnd).isGreaterThan(14 + 450);
    }

    @Test
    void idleTimeDoesNotCount() {
        ca.epochStart = 1000;
        ca.idle(500, 3000);
        assertThat(ca.epochStart).isEqualTo(1500);
        ca.idle(9000, 3000);
        assertThat(ca.epochStart).isEqualTo(3000);
    }

    @Test
    void growthIsAtMostHalfOfSlowStart() {
        ca.loss(1000);
        ca.update(10, 1, 1);
        ca.update(10, 1, 60_000);
        assertThat(ca.cnt).isEqualTo(2);
    }
}
