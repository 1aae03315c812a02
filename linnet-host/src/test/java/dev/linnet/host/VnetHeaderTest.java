package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VnetHeaderTest {
    @Test
    void layoutIsThatOfVirtio() {
        byte[] b = new byte[14];
        VnetHeader.put(b, 2, 1, 0x84, 0x0102, 0x0304, 0x0506, 0x0708);
        assertThat(b).containsExactly(0, 0, 1, 0x84, 2, 1, 4, 3, 6, 5, 8, 7, 0, 0);
    }

    @Property
    void everyFieldReadsAsWritten(
            @ForAll @IntRange(max = 255) int flags,
            @ForAll @IntRange(max = 255) int gsoType,
            @ForAll @IntRange(max = 65535) int headerLength,
            @ForAll @IntRange(max = 65535) int gsoSize,
            @ForAll @IntRange(max = 65535) int csumStart,
            @ForAll @IntRange(max = 65535) int csumOffset,
            @ForAll @IntRange(max = 9) int off) {
        byte[] b = new byte[VnetHeader.SIZE + 9];
        VnetHeader.put(b, off, flags, gsoType, headerLength, gsoSize, csumStart, csumOffset);
        assertThat(VnetHeader.flags(b, off)).isEqualTo(flags);
        assertThat(VnetHeader.gsoType(b, off)).isEqualTo(gsoType);
        assertThat(VnetHeader.headerLength(b, off)).isEqualTo(headerLength);
        assertThat(VnetHeader.gsoSize(b, off)).isEqualTo(gsoSize);
        assertThat(VnetHeader.csumStart(b, off)).isEqualTo(csumStart);
        assertThat(VnetHeader.csumOffset(b, off)).isEqualTo(csumOffset);
    }

    @Test
    void shortFormsOverwriteWhatWasThere() {
        byte[] b = new byte[VnetHeader.SIZE];
        VnetHeader.put(b, 0, 2, 1, 54, 1460, 34, 16);
        VnetHeader.putChecksum(b, 0, 20, 6);
        assertThat(b).containsExactly(1, 0, 0, 0, 0, 0, 20, 0, 6, 0);
        VnetHeader.putPlain(b, 0);
        assertThat(b).containsOnly(0);
    }
}
