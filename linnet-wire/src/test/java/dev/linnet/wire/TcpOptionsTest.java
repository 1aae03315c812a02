package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {

    private static final int TCP = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;

    private static byte[] hex(String digits) {
        return HexFormat.ofDelimiter(" ").parseHex(digits);
    }

    private static int find(byte[] b, int tcp, int kind) {
        int end = tcp + Tcp.headerBytes(b, tcp);
        int p = OptionList.first(b, tcp + Tcp.HEADER_BYTES, end);
        while (p >= 0 && OptionList.kind(b, p) != kind) {
            p = OptionList.next(b, p, end);
        }
        assertThat(p).as("option %d", kind).isNotNegative();
        return p;
    }

    @Test
    void readsTheSynAckOfLinux() {
        byte[] b = LinuxFrames.SYN_ACK;
        assertThat(Tcp.headerBytes(b, TCP)).isEqualTo(52);
        assertThat(Tcp.flags(b, TCP)).isEqualTo(Tcp.SYN | Tcp.ACK | Tcp.ECE);
        assertThat(TcpOptions.mss(b, find(b, TCP, TcpOptions.MSS))).isEqualTo(1460);
        assertThat(TcpOptions.wscale(b, find(b, TCP, TcpOptions.WSCALE))).isEqualTo(10);
        int ts = find(b, TCP, TcpOptions.TIMESTAMP);
        assertThat(TcpOptions.tsVal(b, ts)).isEqualTo(0xd822a4da);
        assertThat(TcpOptions.tsEcr(b, ts)).isEqualTo(0xba7e4778);
        int cookie = find(b, TCP, TcpOptions.FASTOPEN);
        assertThat(TcpOptions.isFastOpen(b, cookie)).isTrue();
        assertThat(TcpOptions.fastOpenCookieBytes(b, cookie)).isEqualTo(8);
        assertThat(Bytes.u64(b, TcpOptions.fastOpenCookie(b, cookie)))
                .isEqualTo(0xc2d0_99fb_af42_b9edL);
        assertThat(TcpOptions.isAlignedTimestamp(b, TCP + 20)).isFalse();
    }

    @Test
    void recognisesTheFastPath() {
        assertThat(TcpOptions.isAlignedTimestamp(LinuxFrames.DATA, TCP + 20)).isTrue();
        assertThat(TcpOptions.tsVal(LinuxFrames.DATA, TCP + 22)).isEqualTo(0xba7e4778);
    }

    @Test
    void writesTheSynOfLinux() {
        byte[] linux = LinuxFrames.SYN;
        byte[] b = new byte[60];
        int p = TcpOptions.putMss(b, 20, 1460);
        p = TcpOptions.putSackPerm(b, p);
        p = TcpOptions.putTimestamp(b, p, 0xba7e4778, 0);
        p = TcpOptions.putNops(b, p, 1);
        p = TcpOptions.putWscale(b, p, 10);
        p = TcpOptions.putFastOpen(b, p, new byte[0], 0, 0);
        p = TcpOptions.putNops(b, p, 2);
        assertThat(p).isEqualTo(44);
        Tcp.put(b, 0, 39156, 8080, 0x9771d187, 0, p, Tcp.SYN | Tcp.ECE | Tcp.CWR, 64240);
        int client = In4Addr.of(192, 0, 2, 1);
        int server = In4Addr.of(192, 0, 2, 2);
        Tcp.check(b, 0, Checksum.transportV4(b, 0, p, client, server, IpProto.TCP));
        assertThat(java.util.Arrays.copyOf(b, p))
                .isEqualTo(java.util.Arrays.copyOfRange(linux, TCP, linux.length));
    }

    @Test
    void writesSack() {
        byte[] b = new byte[20];
        int p = TcpOptions.putSackHead(b, 1, 2);
        p = TcpOptions.putSackBlock(b, p, 0x01020304, 0x05060708);
        p = TcpOptions.putSackBlock(b, p, -1, 1);
        assertThat(p).isEqualTo(19);
        assertThat(b).isEqualTo(hex("00 05 12 01 02 03 04 05 06 07 08 ff ff ff ff 00 00 00 01 00"));
        assertThat(TcpOptions.isWellFormed(b, 1)).isTrue();
        assertThat(TcpOptions.sackBlocks(b, 1)).isEqualTo(2);
        assertThat(TcpOptions.sackStart(b, 1, 0)).isEqualTo(0x01020304);
        assertThat(TcpOptions.sackEnd(b, 1, 0)).isEqualTo(0x05060708);
        assertThat(TcpOptions.sackStart(b, 1, 1)).isEqualTo(-1);
        assertThat(TcpOptions.sackEnd(b, 1, 1)).isEqualTo(1);
    }

    @Test
    void writesSignatures() {
        byte[] b = new byte[40];
        java.util.Arrays.fill(b, (byte) 0x77);
        assertThat(TcpOptions.putMd5Sig(b, 1)).isEqualTo(19);
        assertThat(java.util.Arrays.copyOf(b, 20))
                .isEqualTo(hex("77 13 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 77"));
        assertThat(TcpOptions.md5Digest(1)).isEqualTo(3);

        assertThat(TcpOptions.putAo(b, 20, 0xfe, 0x1ff, 12)).isEqualTo(36);
        assertThat(java.util.Arrays.copyOfRange(b, 20, 37))
                .isEqualTo(hex("1d 10 fe ff 00 00 00 00 00 00 00 00 00 00 00 00 77"));
        assertThat(TcpOptions.aoKeyId(b, 20)).isEqualTo(0xfe);
        assertThat(TcpOptions.aoRnextKeyId(b, 20)).isEqualTo(0xff);
        assertThat(TcpOptions.aoMac(20)).isEqualTo(24);
    }

    @Test
    void writesFastOpenInBothForms() {
        byte[] cookie = hex("aa 01 02 03 04 bb");
        byte[] b = new byte[16];
        assertThat(TcpOptions.putFastOpen(b, 0, cookie, 1, 4)).isEqualTo(6);
        assertThat(TcpOptions.putExpFastOpen(b, 6, cookie, 1, 4)).isEqualTo(14);
        assertThat(b).isEqualTo(hex("22 06 01 02 03 04 fe 08 f9 89 01 02 03 04 00 00"));
        for (int p : new int[] {0, 6}) {
            assertThat(TcpOptions.isFastOpen(b, p)).isTrue();
            assertThat(TcpOptions.fastOpenCookieBytes(b, p)).isEqualTo(4);
            assertThat(Bytes.u32(b, TcpOptions.fastOpenCookie(b, p))).isEqualTo(0x01020304);
        }
    }

    @Test
    void anotherExperimentIsNotFastOpen() {
        assertThat(TcpOptions.isFastOpen(hex("fe 06 e2 d4 c3 d9"), 0)).isFalse();
        assertThat(TcpOptions.isFastOpen(hex("fe 03 f9 89"), 0)).isFalse();
        assertThat(TcpOptions.isFastOpen(hex("fe 04 f9 89"), 0)).isTrue();
    }

    @Test
    void writesAccurateEcn() {
        byte[] b = new byte[12];
        int p = TcpOptions.putAccEcnHead(b, 0, TcpOptions.ACCECN1, 3);
        p = TcpOptions.putAccEcnCounter(b, p, 1);
        p = TcpOptions.putAccEcnCounter(b, p, 0x12345678);
        p = TcpOptions.putAccEcnCounter(b, p, -1);
        assertThat(p).isEqualTo(11);
        assertThat(b).isEqualTo(hex("ae 0b 00 00 01 34 56 78 ff ff ff 00"));
        assertThat(TcpOptions.accEcnCounters(b, 0)).isEqualTo(3);
        assertThat(TcpOptions.accEcnCounter(b, 0, 1)).isEqualTo(0x345678);
        assertThat(TcpOptions.accEcnCounter(b, 0, 2)).isEqualTo(0xffffff);
    }

    @Test
    void aligningTimestampsIsTwoPaddingsMore() {
        byte[] aligned = new byte[12];
        byte[] byHand = new byte[12];
        assertThat(TcpOptions.putAlignedTimestamp(aligned, 0, 5, -6)).isEqualTo(12);
        int p = TcpOptions.putNops(byHand, 0, 2);
        assertThat(TcpOptions.putTimestamp(byHand, p, 5, -6)).isEqualTo(12);
        assertThat(aligned).isEqualTo(byHand);
        assertThat(TcpOptions.isAlignedTimestamp(byHand, 0)).isTrue();
    }

    @Test
    void onlyTheLengthsOfTheRfcsAreWellFormed() {
        int[][] legal = {
            {TcpOptions.MSS, 4},
            {TcpOptions.WSCALE, 3},
            {TcpOptions.SACK_PERM, 2},
            {TcpOptions.SACK, 10, 18, 26, 34},
            {TcpOptions.TIMESTAMP, 10},
            {TcpOptions.MD5SIG, 18},
            {TcpOptions.ACCECN0, 2, 5, 8, 11},
            {TcpOptions.ACCECN1, 2, 5, 8, 11},
        };
        for (int[] kind : legal) {
            for (int bytes = 2; bytes <= 40; bytes++) {
                byte[] b = new byte[40];
                b[0] = (byte) kind[0];
                b[1] = (byte) bytes;
                int length = bytes;
                boolean expected = java.util.Arrays.stream(kind).skip(1).anyMatch(n -> n == length);
                assertThat(TcpOptions.isWellFormed(b, 0))
                        .as("kind %d length %d", kind[0], bytes)
                        .isEqualTo(expected);
            }
        }
        assertThat(TcpOptions.isWellFormed(hex("1d 03 00"), 0)).isFalse();
        assertThat(TcpOptions.isWellFormed(hex("1d 04 00 00"), 0)).isTrue();
        assertThat(TcpOptions.isWellFormed(hex("c8 02"), 0)).isTrue();
        assertThat(TcpOptions.isWellFormed(hex("01 00"), 0)).isTrue();
    }

    /// Every accessor of every well-formed option of any bytes reads inside the option.
    @Property(tries = 20_000)
    void accessorsStayInsideWhateverTheBytes(
            @ForAll @Size(40) byte[] options, @ForAll @IntRange(max = 40) int end) {
        byte[] b = java.util.Arrays.copyOf(options, end); // nothing behind the end to read
        for (int p = OptionList.first(b, 0, end); p >= 0; p = OptionList.next(b, p, end)) {
            if (TcpOptions.isWellFormed(b, p)) {
                readAll(b, p);
            }
        }
    }

    /// As above, with bytes that are likely to be options.
    @Property(tries = 20_000)
    void accessorsStayInsideLikelyOptions(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 11) Integer> picks,
            @ForAll @Size(40) byte[] filling,
            @ForAll @IntRange(max = 40) int end) {
        int[] kinds = {0, 1, 2, 3, 4, 5, 8, 19, 29, 34, 172, 254};
        int[] lengths = {1, 1, 4, 3, 2, 18, 10, 18, 16, 10, 11, 12};
        byte[] b = filling.clone();
        int p = 0;
        for (int pick : picks) {
            if (p < 38) {
                b[p] = (byte) kinds[pick];
                b[p + 1] = (byte) lengths[pick];
            }
            p += lengths[pick];
        }
        accessorsStayInsideWhateverTheBytes(b, end);
    }

    private static void readAll(byte[] b, int p) {
        switch (OptionList.kind(b, p)) {
            case TcpOptions.MSS -> assertThat(TcpOptions.mss(b, p)).isBetween(0, 0xffff);
            case TcpOptions.WSCALE -> assertThat(TcpOptions.wscale(b, p)).isBetween(0, 0xff);
            case TcpOptions.TIMESTAMP ->
                    assertThat(
                                    (long) TcpOptions.tsVal(b, p) << 32
                                            | TcpOptions.tsEcr(b, p) & 0xffff_ffffL)
                            .isEqualTo(Bytes.u64(b, p + 2));
            case TcpOptions.SACK -> {
                int last = TcpOptions.sackBlocks(b, p) - 1;
                assertThat(TcpOptions.sackStart(b, p, last))
                        .isEqualTo(Bytes.u32(b, p + OptionList.bytes(b, p) - 8));
                assertThat(TcpOptions.sackEnd(b, p, last))
                        .isEqualTo(Bytes.u32(b, p + OptionList.bytes(b, p) - 4));
            }
            case TcpOptions.MD5SIG ->
                    assertThat(TcpOptions.md5Digest(p) + TcpOptions.MD5_DIGEST_BYTES)
                            .isLessThanOrEqualTo(b.length);
            case TcpOptions.AO -> {
                assertThat(TcpOptions.aoKeyId(b, p)).isBetween(0, 255);
                assertThat(TcpOptions.aoRnextKeyId(b, p)).isBetween(0, 255);
            }
            case TcpOptions.ACCECN0, TcpOptions.ACCECN1 -> {
                for (int i = 0; i < TcpOptions.accEcnCounters(b, p); i++) {
                    assertThat(TcpOptions.accEcnCounter(b, p, i)).isBetween(0, 0xff_ffff);
                }
            }
            default -> {
                if (TcpOptions.isFastOpen(b, p)) {
                    int bytes = TcpOptions.fastOpenCookieBytes(b, p);
                    assertThat(bytes).isNotNegative();
                    assertThat(TcpOptions.fastOpenCookie(b, p) + bytes)
                            .isEqualTo(p + OptionList.bytes(b, p));
                }
            }
        }
    }
}
