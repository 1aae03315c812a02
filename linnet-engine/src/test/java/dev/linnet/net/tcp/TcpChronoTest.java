package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TcpChronoTest {
    private final TcpChrono chrono = new TcpChrono();

    @Test
    void eachReasonHasItsTime() {
        chrono.turn(TcpChrono.BUSY, 1000);
        chrono.turn(TcpChrono.RWND_LIMITED, 1010);
        chrono.turn(TcpChrono.BUSY, 1040);
        chrono.turn(TcpChrono.SNDBUF_LIMITED, 1045);
        chrono.turn(TcpChrono.UNSPEC, 1100);
        assertThat(chrono.spent(TcpChrono.BUSY, 5000)).isEqualTo(15);
        assertThat(chrono.spent(TcpChrono.RWND_LIMITED, 5000)).isEqualTo(30);
        assertThat(chrono.spent(TcpChrono.SNDBUF_LIMITED, 5000)).isEqualTo(55);
        assertThat(chrono.running()).isEqualTo(TcpChrono.UNSPEC);
    }

    @Test
    void theRunningWatchCountsUpToNow() {
        chrono.turn(TcpChrono.BUSY, 100);
        assertThat(chrono.spent(TcpChrono.BUSY, 130)).isEqualTo(30);
        assertThat(chrono.spent(TcpChrono.RWND_LIMITED, 130)).isZero();
    }

    @Test
    void theClockMayWrap() {
        chrono.turn(TcpChrono.BUSY, Integer.MAX_VALUE - 5);
        chrono.turn(TcpChrono.UNSPEC, Integer.MAX_VALUE + 6);
        assertThat(chrono.spent(TcpChrono.BUSY, 0)).isEqualTo(11);
    }

    @Test
    void clearedItIsAsNew() {
        chrono.turn(TcpChrono.BUSY, 100);
        chrono.clear();
        assertThat(chrono.spent(TcpChrono.BUSY, 200)).isZero();
    }
}
