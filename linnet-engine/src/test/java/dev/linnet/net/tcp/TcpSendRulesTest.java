package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Tcp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What decides whether a packet goes now, and how large it is: Nagle's rule, the windows, the
/// pacing rate, TSO.
class TcpSendRulesTest {
    private static final int MSS = 1000;

    private final TestNet net = new TestNet();
    private final TcpSock tp = net.sock();
    private final SkBuff skb = SkBuff.allocFragmented(net.pool, 0);

    @BeforeEach
    void aConnectionThatSends() {
        tp.sndUna = 0;
        tp.sndNxt = 0;
        tp.sndWnd = 100_000;
        tp.sndCwnd = 10;
        tp.mssCache = MSS;
        tp.writeQueue.queueTail(skb);
    }

    @AfterEach
    void end() {
        tp.writeQueue.unlink(skb);
        skb.consume();
    }

    private void length(int len) {
        skb.len = len;
        skb.dataLen = len;
        skb.cb.seq = tp.sndNxt;
        skb.cb.endSeq = tp.sndNxt + len;
        TcpTso.setSkbTsoSegs(skb, MSS);
    }

    @AfterEach
    void withoutData() {
        skb.len = 0;
        skb.dataLen = 0;
    }

    // ---- Nagle
    // ---------------------------------------------------------------------------------------

    @Test
    void aSmallSegmentWaitsWhileAnotherSmallOneIsInFlight() {
        length(10);
        assertThat(TcpNagle.allows(tp, skb, MSS, 0)).as("nothing in flight").isTrue();
        tp.packetsOut = 1;
        tp.sndNxt = 2000;
        assertThat(TcpNagle.allows(tp, skb, MSS, 0)).as("a full one in flight").isTrue();
        tp.sndSml = 2000;
        assertThat(TcpNagle.allows(tp, skb, MSS, 0)).isFalse();
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.OFF)).isTrue();
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.PUSH)).isTrue();
        tp.sndUna = 2000;
        assertThat(TcpNagle.allows(tp, skb, MSS, 0)).as("acknowledged").isTrue();
    }

    @Test
    void theCorkHoldsEverySmallSegment() {
        length(10);
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.CORK)).isFalse();
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.CORK | TcpNagle.PUSH)).isTrue();
        length(MSS);
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.CORK)).isTrue();
    }

    @Test
    void aFinAndUrgentDataDoNotWait() {
        length(10);
        skb.cb.tcpFlags = Tcp.FIN;
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.CORK)).isTrue();
        skb.cb.tcpFlags = 0;
        tp.sndUp = 5;
        assertThat(TcpNagle.allows(tp, skb, MSS, TcpNagle.CORK)).isTrue();
    }

    @Test
    void aSegmentThatIsNotFullIsRemembered() {
        length(3 * MSS);
        TcpNagle.sent(tp, MSS, skb);
        assertThat(tp.sndSml).isZero();
        length(3 * MSS - 1);
        TcpNagle.sent(tp, MSS, skb);
        assertThat(tp.sndSml).isEqualTo(3 * MSS - 1);
    }

    // ---- windows
    // --------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"10, 0, 5", "10, 3, 5", "10, 7, 3", "10, 10, 0", "10, 12, 0", "1, 0, 1", "3, 0, 1"})
    void halfOfTheCongestionWindowAtOnce(int cwnd, int inFlight, int quota) {
        tp.sndCwnd = cwnd;
        tp.packetsOut = inFlight;
        assertThat(TcpCwnd.test(tp)).isEqualTo(quota);
    }

    @Test
    void oneSegmentMustFitIntoThePeersWindow() {
        length(5 * MSS);
        tp.sndWnd = MSS;
        assertThat(TcpOutput.sndWndTest(tp, skb, MSS)).isTrue();
        tp.sndWnd = MSS - 1;
        assertThat(TcpOutput.sndWndTest(tp, skb, MSS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // packet, window, most segments, in flight, nonagle -> bytes to go
        "5000, 100000, 3, 0, 0, 3000",
        "2500, 100000, 3, 0, 0, 2500",
        "2500, 100000, 3, 1, 0, 2000",
        "2500, 100000, 3, 1, 1, 2500",
        "2500, 100000, 3, 0, 2, 2000",
        "5000, 2500, 5, 0, 0, 2500",
    })
    void wholeSegmentsAndTheRestWhereNagleLetsIt(
            int len, int window, int maxSegs, int inFlight, int nonagle, int expected) {
        length(len);
        tp.sndWnd = window;
        tp.packetsOut = inFlight;
        tp.sndSml = inFlight > 0 ? tp.sndUna + 1 : tp.sndUna;
        tp.sndNxt = tp.sndUna + 1;
        assertThat(TcpTso.splitPoint(tp, skb, MSS, maxSegs, nonagle)).isEqualTo(expected);
    }

    // ---- sizes
    // -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // bytes per second, least round trip in us -> segments
        "10240000, 4294967295, 10", // a millisecond's worth
        "1000000, 4294967295, 2", // never less than tcp_min_tso_segs
        "1000000, 0, 65", // on a path of no length the largest packet
        "1000000, 512, 33", // half of it for each 512 us
        "100000000000, 4294967295, 65",
    })
    void aMillisecondsWorthInAPacket(long rate, long minRttUs, int segs) {
        tp.pacingRate = rate;
        tp.rtt.resetMin(0, minRttUs);
        assertThat(TcpTso.tsoSegs(tp, MSS)).isEqualTo(segs);
    }

    @Test
    void segmentsOfAPacket() {
        length(MSS);
        assertThat(skb.cb.gsoSegs).isEqualTo(1);
        assertThat(skb.cb.gsoSize).isZero();
        length(MSS + 1);
        assertThat(skb.cb.gsoSegs).isEqualTo(2);
        assertThat(skb.cb.gsoSize).isEqualTo(MSS);
    }

    @ParameterizedTest
    @CsvSource({"0, 1460, 1460", "300, 1460, 300", "50, 1460, 50", "65536, 65483, 32768"})
    void noMoreThanHalfOfTheLargestWindow(int maxWindow, int size, int bound) {
        tp.maxWindow = maxWindow;
        tp.tcpHeaderLen = 20;
        assertThat(TcpMss.boundToHalfWnd(tp, size)).isEqualTo(bound);
    }

    @Test
    void theSizeGoalIsAWholeNumberOfSegments() {
        tp.tcpHeaderLen = 20;
        tp.mssCache = 1448;
        tp.maxWindow = 1 << 20;
        assertThat(TcpMss.sendMss(tp, 0)).isEqualTo(1448);
        assertThat(tp.xmitSizeGoal).isEqualTo(45 * 1448);
        TcpMss.sendMss(tp, dev.linnet.uapi.Msg.MSG_OOB);
        assertThat(tp.xmitSizeGoal).isEqualTo(1448);
    }

    // ---- pacing
    // -----------------------------------------------------------------------------------------

    @Test
    void theRateIsAWindowPerRoundTripAndSome() {
        tp.sndCwnd = 10;
        tp.rtt.srttUs = 100_000 << 3; // 100 ms
        tp.sndSsthresh = Integer.MAX_VALUE;
        TcpPacing.updatePacingRate(tp);
        assertThat(tp.pacingRate).isEqualTo(2 * 10 * MSS * 10); // twice in slow start
        tp.sndSsthresh = 10;
        TcpPacing.updatePacingRate(tp);
        assertThat(tp.pacingRate).isEqualTo(120_000);
        tp.maxPacingRate = 5000;
        TcpPacing.updatePacingRate(tp);
        assertThat(tp.pacingRate).isEqualTo(5000);
    }

    @Test
    void aPacedPacketPushesTheTimeOfTheNextOne() {
        length(MSS);
        tp.pacingStatus = TcpSock.SK_PACING_NEEDED;
        tp.pacingRate = 1_000_000;
        tp.dataSegsOut = 100;
        tp.tcpWstampNs = 5_000_000_000L;
        TcpPacing.afterSend(tp, skb, 5_000_000_000L);
        assertThat(tp.tcpWstampNs).isEqualTo(5_001_000_000L);
        tp.tcpClockCacheNs = 5_000_400_000L;
        assertThat(TcpPacing.check(tp)).isTrue();
        assertThat(tp.pacingTimer.queued()).isTrue();
        tp.tcpClockCacheNs = 5_001_000_000L;
        assertThat(TcpPacing.check(tp)).isFalse();
        tp.pacingTimer.cancel();
        TcpRtxQueue.tsortedDel(tp, skb);
    }

    @Test
    void timeThatWasLostIsMadeUpForByHalf() {
        length(MSS);
        tp.pacingStatus = TcpSock.SK_PACING_NEEDED;
        tp.pacingRate = 1_000_000;
        tp.dataSegsOut = 100;
        tp.tcpWstampNs = 5_000_000_000L;
        TcpPacing.afterSend(tp, skb, 4_000_000_000L);
        assertThat(tp.tcpWstampNs).isEqualTo(5_000_500_000L);
        TcpRtxQueue.tsortedDel(tp, skb);
    }
}
