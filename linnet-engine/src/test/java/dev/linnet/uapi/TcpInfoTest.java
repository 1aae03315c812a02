package dev.linnet.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// `struct tcp_info`: the layout is the kernel's, and what is written is read back.
class TcpInfoTest {
    private static final long SEED = 20251123;

    @Test
    void everyFieldIsWhereTheKernelHasIt() throws IOException {
        List<String> expected = new ArrayList<>();
        for (String[] row : Golden.rows("tcp_info.txt")) {
            expected.add(String.join(" ", row));
        }
        List<String> actual = new ArrayList<>(List.of("size " + TcpInfo.SIZE));
        for (TcpInfoLayout f : TcpInfoLayout.FIELDS) {
            String bits = f.bits() == 0 ? "" : "." + f.shift() + ":" + f.bits();
            actual.add(f.offset() + bits + " " + f.name() + " __u" + 8 * f.bytes());
        }
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void anyBytesSurviveDecodingAndEncoding() {
        Random random = new Random(SEED);
        byte[] in = new byte[TcpInfo.SIZE];
        for (int i = 0; i < 100; i++) {
            random.nextBytes(in);
            in[7] &= 7; // the five high bits of this byte belong to no field
            byte[] out = new byte[TcpInfo.SIZE + 3];
            random.nextBytes(out);
            assertThat(TcpInfo.decode(in, 0, in.length).encode(out, 3)).isEqualTo(TcpInfo.SIZE);
            assertThat(out).as("seed " + SEED).endsWith(in);
        }
    }

    @Test
    void aShortStructureLeavesTheRestZero() {
        TcpInfo full = new TcpInfo();
        full.sndWscale = 7;
        full.rcvWscale = 9;
        full.totalRetrans = 5;
        full.pacingRate = -1;
        byte[] buf = new byte[TcpInfo.SIZE];
        full.encode(buf, 0);
        TcpInfo old = TcpInfo.decode(buf, 0, 104);
        assertThat(old.totalRetrans).isEqualTo(5);
        assertThat(old.pacingRate).isZero();
        assertThat(old.get("tcpi_snd_wscale")).isEqualTo(7);
        assertThat(old.get("tcpi_rcv_wscale")).isEqualTo(9);
        assertThat(old.toMap()).hasSize(70).containsEntry("tcpi_total_retrans", 5L);
    }
}
