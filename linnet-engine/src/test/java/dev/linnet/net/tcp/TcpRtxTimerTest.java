package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpRtxTimerTest {
    private final TestNet net = new TestNet();
    private final TcpSock tp = net.sock();

    /// The times that `tcp(7)` and ip-sysctl name: with a least timeout of 200 ms fifteen
    /// retransmissions take 924.6 s, and six of a SYN 127 s.
    @ParameterizedTest
    @CsvSource({
        "15, 200, 120000, 924600",
        "3, 200, 120000, 3000",
        "6, 1000, 120000, 127000",
        "0, 1000, 120000, 1000",
        "10, 200, 1000, 9400",
    })
    void modelOfExponentialBackoff(int boundary, int base, int max, long expected) {
        assertThat(TcpRtxTimer.modelTimeout(boundary, base, max)).isEqualTo(expected);
    }

    @Test
    void nothingTimesOutBeforeTheFirstRetransmission() {
        tp.retransmits = 0;
        tp.tcpMstamp = 10_000_000_000L;
        assertThat(TcpRtxTimer.timedOut(tp, 0, 0)).isFalse();
    }

    @Test
    void theUsersPatienceEndsExactly() {
        tp.retransmits = 1;
        tp.retransStamp = 1000;
        tp.tcpMstamp = (1000 + 4999) * 1000L;
        assertThat(TcpRtxTimer.timedOut(tp, 15, 5000)).isFalse();
        tp.tcpMstamp += 1000;
        assertThat(TcpRtxTimer.timedOut(tp, 15, 5000)).isTrue();
    }

    @Test
    void theNextTimeoutComesNoLaterThanTheUsersPatienceEnds() {
        tp.rto = 8000;
        tp.retransStamp = 1000;
        tp.tcpMstamp = 4000 * 1000L;
        assertThat(TcpRtxTimer.clampRtoToUserTimeout(tp)).isEqualTo(8000);
        tp.userTimeout = 5000;
        assertThat(TcpRtxTimer.clampRtoToUserTimeout(tp)).isEqualTo(2000);
        tp.userTimeout = 2000;
        assertThat(TcpRtxTimer.clampRtoToUserTimeout(tp)).isEqualTo(1);
    }

    @Test
    void windowProbesBackOffToTheLargestTimeout() {
        tp.rto = 200;
        long[] when = new long[12];
        for (int i = 0; i < when.length; i++) {
            tp.backoff = i;
            when[i] = TcpProbe0.when(tp, TcpTimer.TCP_RTO_MAX);
        }
        assertThat(when)
                .containsExactly(
                        200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 102400, 120000,
                        120000);
    }
}
