package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.uapi.Af;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The options of SYN-ACKs, to the byte: kind 2 MSS, 3 window scale, 4 SACK permitted, 8 timestamps,
/// 19 MD5, 34 and 254 Fast Open, 174 accurate ECN, 1 padding.
class TcpSynOptionsTest {
    private static final int NOW = 0x01020304;

    private final TestNet net = new TestNet();
    private final RequestSock req = new RequestSock(net.net, Af.AF_INET, net.sock());

    @BeforeEach
    void everythingAgreedOn() {
        req.wscaleOk = true;
        req.rcvWscale = 7;
        req.tstampOk = true;
        req.tsRecent = 0x0A0B0C0D;
        req.sackOk = true;
    }

    private String options(boolean md5, @Nullable FastOpenCookie foc, int type) {
        TcpSynOptions options = TcpSynOptions.forSynack(req, 1460, NOW, md5, foc, type);
        byte[] b = new byte[40];
        options.write(b, 0);
        return HexFormat.ofDelimiter(" ").formatHex(b, 0, options.bytes());
    }

    private String options() {
        return options(false, null, TcpSynack.SYNACK_NORMAL);
    }

    @Test
    void theUsualOnes() {
        assertThat(options())
                .isEqualTo("02 04 05 b4 04 02 08 0a 01 02 03 04 0a 0b 0c 0d 01 03 03 07");
    }

    @Test
    void timestampsHaveTheRequestsOffsetAndAreRemembered() {
        req.tsOff = 0x10;
        assertThat(options()).contains("08 0a 01 02 03 14");
        TcpSynOptions.forSynack(req, 1460, NOW + 5, false, null, TcpSynack.SYNACK_RETRANS);
        assertThat(req.sntTsvalFirst).isEqualTo(NOW + 0x10);
        assertThat(req.sntTsvalLast).isEqualTo(NOW + 0x15);
    }

    @Test
    void sackPermittedAloneIsPadded() {
        req.tstampOk = false;
        assertThat(options()).isEqualTo("02 04 05 b4 01 01 04 02 01 03 03 07");
    }

    @Test
    void onlyTheMss() {
        req.tstampOk = false;
        req.sackOk = false;
        req.wscaleOk = false;
        assertThat(options()).isEqualTo("02 04 05 b4");
    }

    @Test
    void aCookieComesLast() {
        FastOpenCookie foc = new FastOpenCookie();
        foc.len = 8;
        for (int i = 0; i < 8; i++) {
            foc.val[i] = (byte) (0x11 * i);
        }
        assertThat(options(false, foc, TcpSynack.SYNACK_NORMAL))
                .endsWith("01 03 03 07 22 0a 00 11 22 33 44 55 66 77 01 01");
        foc.exp = true;
        assertThat(options(false, foc, TcpSynack.SYNACK_NORMAL))
                .endsWith("01 03 03 07 fe 0c f9 89 00 11 22 33 44 55 66 77");
    }

    @Test
    void aCookieThatDoesNotFitIsLeftOut() {
        FastOpenCookie foc = new FastOpenCookie();
        foc.len = 16;
        req.wscaleOk = true;
        String without = options(true, null, TcpSynack.SYNACK_COOKIE);
        assertThat(options(true, foc, TcpSynack.SYNACK_COOKIE)).isEqualTo(without);
    }

    @Test
    void aSignatureLeavesNoRoomForTimestampsBesideSack() {
        String zeros = "00 ".repeat(16);
        assertThat(options(true, null, TcpSynack.SYNACK_NORMAL))
                .isEqualTo("01 01 13 12 " + zeros + "02 04 05 b4 01 01 04 02 01 03 03 07");
        assertThat(req.tstampOk).isFalse();
    }

    @Test
    void accurateEcnFillsThePaddings() {
        req.accecnOk = true;
        assertThat(options())
                .isEqualTo(
                        "02 04 05 b4 04 02 08 0a 01 02 03 04 0a 0b 0c 0d"
                                + " ae 0b 00 00 01 00 00 00 00 00 01 01 01 03 03 07");
        assertThat(options(false, null, TcpSynack.SYNACK_RETRANS)).doesNotContain("ae");
    }

    @Test
    void accurateEcnStandsInThePaddingOfSackPermitted() {
        req.accecnOk = true;
        req.tstampOk = false;
        assertThat(options())
                .isEqualTo(
                        "02 04 05 b4 ae 0b 00 00 01 00 00 00 00 00 01 01"
                                + " 01 01 04 02 01 03 03 07");
    }
}
