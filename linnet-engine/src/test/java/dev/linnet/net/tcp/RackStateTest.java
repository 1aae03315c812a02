package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RackStateTest {
    private static final long MIN_RTT = 10_000;

    private final RackState rack = new RackState();

    @Test
    void remembersTheSegmentThatWasSentLast() {
        rack.advance(false, 2000, 500, 20_500, MIN_RTT);
        rack.advance(false, 1000, 400, 20_500, MIN_RTT);
        assertThat(rack.mstampUs).isEqualTo(500);
        assertThat(rack.endSeq).isEqualTo(2000);
        assertThat(rack.rttUs).isEqualTo(20_100);
        assertThat(rack.advanced).isTrue();
    }

    @Test
    void ofTwoSentAtOnceTheHigherSequenceIsTheLater() {
        rack.advance(false, 2000, 500, 20_500, MIN_RTT);
        rack.advance(false, 3000, 500, 20_500, MIN_RTT);
        assertThat(rack.endSeq).isEqualTo(3000);
        assertThat(RackState.sentAfter(500, 500, 10, -10)).isTrue();
        assertThat(RackState.sentAfter(499, 500, 10, -10)).isFalse();
    }

    @Test
    void anImpossiblyFastAnswerToARetransmissionIsForTheOriginal() {
        rack.advance(true, 2000, 500, 500 + MIN_RTT - 1, MIN_RTT);
        assertThat(rack.advanced).isFalse();
        assertThat(rack.mstampUs).isZero();
        rack.advance(true, 2000, 500, 500 + MIN_RTT, MIN_RTT);
        assertThat(rack.advanced).isTrue();
    }

    @Test
    void dsackWidensTheWindowOncePerRoundTripAndSixteenRecoveriesLong() {
        rack.dsackSeen = true;
        rack.updateReoWnd(10, 20);
        assertThat(rack.reoWndSteps).isEqualTo(2);
        rack.dsackSeen = true;
        rack.updateReoWnd(15, 25);
        assertThat(rack.reoWndSteps).as("the segment was sent before the last change").isEqualTo(2);
        rack.dsackSeen = true;
        rack.updateReoWnd(21, 30);
        assertThat(rack.reoWndSteps).isEqualTo(3);
        for (int i = 0; i < RackState.PERSIST_RECOVERIES; i++) {
            rack.updateReoWnd(40 + i, 50 + i);
            assertThat(rack.reoWndSteps).isEqualTo(3);
            rack.recoveryEnded();
        }
        rack.updateReoWnd(80, 90);
        assertThat(rack.reoWndSteps).isEqualTo(1);
    }

    @Test
    void theWindowHasALimit() {
        for (int i = 0; i < 300; i++) {
            rack.dsackSeen = true;
            rack.updateReoWnd(1000 * i, 1000 * i);
        }
        assertThat(rack.reoWndSteps).isEqualTo(255);
    }
}
