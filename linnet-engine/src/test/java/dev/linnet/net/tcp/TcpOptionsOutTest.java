package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.skb.SkBuff;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpOptionsOutTest {
    private final TestNet net = new TestNet();
    private final TcpSock tp = net.sock();

    private String options() {
        int plan = TcpOptionsOut.established(tp);
        SkBuff skb = SkBuff.alloc(net.pool, 0, 160);
        skb.tstampNs = 0x01020304L * 1_000_000;
        TcpOptionsOut.write(tp, plan, skb, 0);
        String hex =
                HexFormat.ofDelimiter(" ").formatHex(skb.buf, 20, 20 + TcpOptionsOut.bytes(plan));
        skb.consume();
        return hex;
    }

    private void block(int i, int start, int end) {
        tp.selectiveAcks().set(i, start, end);
        tp.rxOpt.numSacks = i + 1;
    }

    @Test
    void noneAgreedOn() {
        assertThat(options()).isEmpty();
    }

    @Test
    void timestamps() {
        tp.rxOpt.tstampOk = true;
        tp.rxOpt.tsRecent = 0x0A0B0C0D;
        tp.tsoffset = 1;
        assertThat(options()).isEqualTo("01 01 08 0a 01 02 03 05 0a 0b 0c 0d");
    }

    @Test
    void timestampsAndBlocks() {
        tp.rxOpt.tstampOk = true;
        block(0, 0x10, 0x20);
        block(1, 0x30, 0x40);
        assertThat(options())
                .isEqualTo(
                        "01 01 08 0a 01 02 03 04 00 00 00 00"
                                + " 01 01 05 12 00 00 00 10 00 00 00 20 00 00 00 30 00 00 00 40");
    }

    @Test
    void aDuplicateIsReportedFirstAndOnce() {
        block(0, 0x10, 0x20);
        tp.rxOpt.dsack = true;
        tp.dsackStart = 1;
        tp.dsackEnd = 2;
        assertThat(options())
                .isEqualTo("01 01 05 12 00 00 00 01 00 00 00 02 00 00 00 10 00 00 00 20");
        assertThat(options()).isEqualTo("01 01 05 0a 00 00 00 10 00 00 00 20");
    }

    @ParameterizedTest
    @CsvSource({"4, 40, 4", "4, 28, 3", "2, 28, 2", "4, 20, 2", "4, 8, -1", "0, 8, 0"})
    void asManyBlocksAsFit(int wanted, int room, int blocks) {
        assertThat(TcpOptionsOut.sackBlocksThatFit(wanted, room)).isEqualTo(blocks);
    }

    @Test
    void withTimestampsThreeBlocksFit() {
        tp.rxOpt.tstampOk = true;
        for (int i = 0; i < 4; i++) {
            block(i, i * 100, i * 100 + 50);
        }
        int plan = TcpOptionsOut.established(tp);
        assertThat(TcpOptionsOut.sackBlocks(plan)).isEqualTo(3);
        assertThat(TcpOptionsOut.bytes(plan)).isEqualTo(40);
    }
}
