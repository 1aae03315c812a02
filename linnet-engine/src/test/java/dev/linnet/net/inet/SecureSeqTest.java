package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecureSeqTest {
    private final TestSocks socks = new TestSocks(7);
    private final SecureSeq seq = SecureSeq.OF.of(socks.net);

    @Test
    void sequenceNumbersGrowWithTheClockAndDifferByPeer() {
        int first = seq.tcpSeq(0, 1, 1000, 0, 2, 80);
        assertThat(seq.tcpSeq(0, 1, 1000, 0, 2, 80)).isEqualTo(first);
        assertThat(seq.tcpSeq(0, 1, 1001, 0, 2, 80)).isNotEqualTo(first);
        socks.scheduler.sleep(1_000_000);
        // 64 ns a step (RFC 6528 wants 4 us; Linux is faster).
        assertThat(seq.tcpSeq(0, 1, 1000, 0, 2, 80) - first).isEqualTo(1_000_000 / 64);
    }

    @Test
    void aSeedRepeatsTheNumbersAndAnotherDoesNot() {
        SecureSeq same = SecureSeq.OF.of(new TestSocks(7).net);
        SecureSeq other = SecureSeq.OF.of(new TestSocks(8).net);
        assertThat(same.tcpSeq(0, 1, 2, 3, 4, 5)).isEqualTo(seq.tcpSeq(0, 1, 2, 3, 4, 5));
        assertThat(other.tcpSeq(0, 1, 2, 3, 4, 5)).isNotEqualTo(seq.tcpSeq(0, 1, 2, 3, 4, 5));
        assertThat(same.tsOff(0, 1, 0, 2)).isEqualTo(seq.tsOff(0, 1, 0, 2));
        assertThat(seq.tsOff(0, 1, 0, 3)).isNotEqualTo(seq.tsOff(0, 1, 0, 2));
        assertThat(same.portEphemeral(0, 1, 0, 2, 80)).isEqualTo(seq.portEphemeral(0, 1, 0, 2, 80));
    }
}
