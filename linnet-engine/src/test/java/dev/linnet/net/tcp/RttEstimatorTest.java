package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The estimator of RFC 6298 in fixed point: `srttUs` is times 8, the deviations times 4.
class RttEstimatorTest {
    private static final int RTO_MIN_US = 200_000;

    private final RttEstimator rtt = new RttEstimator();

    @Test
    void firstSampleSetsMeanAndHalfOfItAsDeviation() {
        rtt.update(100_000, 1, 2, RTO_MIN_US);
        assertThat(rtt.srttUs >> 3).isEqualTo(100_000);
        assertThat(rtt.mdevUs >> 2).isEqualTo(50_000);
        assertThat(rtt.rttvarUs).isEqualTo(RTO_MIN_US);
        assertThat(rtt.rtoUs()).isEqualTo(300_000);
    }

    @Test
    void aLargeFirstSampleIsItsOwnVariation() {
        rtt.update(1_000_000, 1, 2, RTO_MIN_US);
        assertThat(rtt.rtoUs()).isEqualTo(3_000_000);
    }

    @Test
    void equalSamplesLeaveTheMeanAndLetTheVariationFallToItsFloor() {
        int seq = 0;
        for (int i = 0; i < 200; i++) {
            rtt.update(400_000, seq + 1000, seq + 2000, RTO_MIN_US);
            seq += 1000;
        }
        assertThat(rtt.srttUs).isEqualTo(400_000 << 3);
        assertThat(rtt.rttvarUs).isBetween(RTO_MIN_US, RTO_MIN_US + 4);
    }

    @Test
    void aSlowSampleRaisesTheVariationAtOnce() {
        rtt.update(100_000, 1, 2, RTO_MIN_US);
        rtt.update(500_000, 1, 2, RTO_MIN_US);
        // mean 100 + 400/8 = 150 ms; deviation 50 + (400 - 50)/4 = 137.5 ms
        assertThat(rtt.srttUs >> 3).isEqualTo(150_000);
        assertThat(rtt.mdevUs).isEqualTo(550_000);
        assertThat(rtt.rttvarUs).isEqualTo(550_000);
    }

    @Test
    void aFasterPathRaisesTheDeviationByAnEighthOfThatOnly() {
        rtt.update(800_000, 1, 2, RTO_MIN_US);
        int before = rtt.mdevUs;
        rtt.update(100_000, 1, 2, RTO_MIN_US);
        // |100 - 800| = 700 ms, less a quarter of the (scaled) deviation: 300 ms; of that an eighth
        assertThat(rtt.mdevUs - before).isEqualTo((700_000 - (before >> 2)) >> 3);
    }

    @Test
    void theVariationFallsOncePerRoundTripOnly() {
        rtt.update(1_000_000, 0, 100, RTO_MIN_US);
        int before = rtt.rttvarUs;
        rtt.update(1_000_000, 50, 200, RTO_MIN_US);
        assertThat(rtt.rttvarUs).isEqualTo(before);
        rtt.update(1_000_000, 101, 300, RTO_MIN_US);
        assertThat(rtt.rttSeq).isEqualTo(300);
        rtt.update(1_000_000, 301, 400, RTO_MIN_US);
        assertThat(rtt.rttvarUs).isLessThan(before);
    }

    @Test
    void theMeanOfAnInstantPathIsStillPositive() {
        rtt.update(0, 1, 2, RTO_MIN_US);
        assertThat(rtt.srttUs).isPositive();
        rtt.update(0, 1, 2, RTO_MIN_US);
        assertThat(rtt.srttUs).isPositive();
    }

    @Test
    void theMinimumForgetsWhatLeftTheWindow() {
        assertThat(rtt.minRttUs()).isEqualTo(RttEstimator.NO_SAMPLE);
        rtt.updateMin(300, 1000, 50);
        rtt.updateMin(300, 1100, 80);
        assertThat(rtt.minRttUs()).isEqualTo(50);
        rtt.updateMin(300, 1301, 90);
        assertThat(rtt.minRttUs()).isEqualTo(80);
        rtt.updateMin(300, 1302, 40);
        assertThat(rtt.minRttUs()).isEqualTo(40);
    }
}
