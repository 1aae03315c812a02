package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.tcp.TcpWindowSelect.InitialWindow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpWindowSelectTest {
    private static final int MSS = 1460;

    private final TestNet net = new TestNet();
    private final TcpSock tp = net.sock();

    @BeforeEach
    void aConnectionThatReceives() {
        net.net.sysctl.write("net.ipv4.tcp_rmem", "4096 131072 6291456");
        tp.rcvbuf = 131072;
        tp.scalingRatio = 128;
        tp.windowClamp = 65535 << 7;
        tp.rxOpt.rcvWscale = 7;
        tp.rcvSsthresh = 65535;
        tp.ackRcvMss = MSS;
        tp.rcvNxt = 1000;
        tp.rcvWup = 1000;
    }

    // ---- at the start
    // ------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // space, mss, clamp, wscale, limit in segments -> window, clamp, shift
        "65536, 1460, 0, true, 0,   64240, 1073725440, 7",
        "65536, 1460, 0, false, 0,  64240, 65535, 0",
        "65536, 1460, 0, true, 10,  14600, 1073725440, 7",
        "1000, 1460, 0, true, 0,    1000, 1073725440, 7",
        "65536, 1460, 5000, true, 0, 4380, 5000, 0",
        "-5, 1460, 0, true, 0,      0, 1073725440, 7",
    })
    void initialWindow(
            int space,
            int mss,
            int clamp,
            boolean wscale,
            int limit,
            int window,
            int newClamp,
            int shift) {
        InitialWindow w =
                TcpWindowSelect.selectInitialWindow(net.net, space, mss, clamp, wscale, limit);
        assertThat(w.rcvWnd()).isEqualTo(window);
        assertThat(w.rcvWscale()).isEqualTo(shift);
        assertThat(w.windowClamp()).isEqualTo(Math.min(newClamp, 65535 << shift));
    }

    // ---- later
    // ---------------------------------------------------------------------------------------

    @Test
    void anEmptyBufferIsOfferedUpToTheThreshold() {
        tp.rcvSsthresh = 30000;
        assertThat(TcpWindowSelect.rawSelectWindow(tp)).isEqualTo(30080); // rounded up to 2^7
        tp.rcvSsthresh = 1 << 20;
        assertThat(TcpWindowSelect.rawSelectWindow(tp)).isEqualTo(65536);
    }

    @Test
    void aNearlyFullBufferOffersNothing() {
        tp.addRmem(131072 - 8000); // leaves 4000 bytes: less than a sixteenth
        assertThat(TcpWindowSelect.rawSelectWindow(tp)).isZero();
        tp.addRmem(-8000); // leaves 8000
        assertThat(TcpWindowSelect.rawSelectWindow(tp)).isEqualTo(7936);
        assertThat(tp.ackQuick).isZero();
    }

    @Test
    void theOfferIsNeverTakenBack() {
        tp.rcvWnd = 40000;
        tp.addRmem(100000);
        int field = TcpWindowSelect.selectWindow(tp);
        assertThat(field).isEqualTo(40064 >> 7);
        assertThat(tp.rcvWnd).isEqualTo(40064);
        tp.rcvNxt += 40000;
        tp.addRmem(31072);
        assertThat(TcpWindowSelect.selectWindow(tp)).isEqualTo(1); // 64 bytes, rounded up
        tp.rcvNxt += 128;
        assertThat(TcpWindowSelect.selectWindow(tp)).isZero();
        assertThat(count(TcpExt.TCPTOZEROWINDOWADV)).isEqualTo(1);
        tp.addRmem(-131072);
        assertThat(TcpWindowSelect.selectWindow(tp)).isPositive();
        assertThat(count(TcpExt.TCPFROMZEROWINDOWADV)).isEqualTo(1);
        assertThat(count(TcpExt.TCPWANTZEROWINDOWADV)).isPositive();
    }

    @Test
    void withShrinkingAllowedItIs() {
        net.net.sysctl.set(TcpSysctls.SHRINK_WINDOW, true);
        tp.rcvWnd = 60000;
        tp.addRmem(100000);
        TcpWindowSelect.selectWindow(tp);
        assertThat(tp.rcvWnd).isEqualTo(15488); // (131072 - 100000) / 2, down to a multiple of 128
    }

    @Test
    void withoutMemoryItIsZeroAtOnce() {
        tp.rcvWnd = 40000;
        tp.ackPending = InetConnectionSock.ICSK_ACK_NOMEM;
        tp.predFlags = 5;
        assertThat(TcpWindowSelect.selectWindow(tp)).isZero();
        assertThat(tp.rcvWnd).isZero();
        assertThat(tp.predFlags).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // offered, free, mss, full -> offer
        "0, 10000, 1460, 65535, 8760",
        "8760, 10000, 1460, 65535, 8760",
        "8760, 10219, 1460, 65535, 8760",
        "8760, 10220, 1460, 65535, 10220",
        "8760, 5000, 1460, 65535, 4380",
        "100, 5000, 5000, 5000, 5000",
        "4000, 5000, 5000, 5000, 4000",
    })
    void unscaledWindowsMoveByWholeSegments(int offered, int free, int mss, int full, int offer) {
        assertThat(TcpWindowSelect.wholeSegments(offered, free, mss, full)).isEqualTo(offer);
    }

    @Test
    void memoryAndPayloadByTheRatio() {
        tp.scalingRatio = 64;
        assertThat(TcpWindowSelect.winFromSpace(tp, 4000)).isEqualTo(1000);
        assertThat(TcpWindowSelect.spaceFromWin(tp, 1000)).isEqualTo(4000);
        tp.scalingRatio = 255;
        assertThat(TcpWindowSelect.winFromSpace(tp, 1 << 30)).isEqualTo(1069547520);
        assertThat(TcpWindowSelect.spaceFromWin(tp, Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
    }

    private long count(TcpExt counter) {
        return net.net.mib.get(counter);
    }
}
