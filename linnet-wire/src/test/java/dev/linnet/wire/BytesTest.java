package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BytesTest {

    private static final byte[] COUNTING = {
        (byte) 0x80,
        (byte) 0x91,
        (byte) 0xa2,
        (byte) 0xb3,
        (byte) 0xc4,
        (byte) 0xd5,
        (byte) 0xe6,
        (byte) 0xf7,
        0x08
    };

    @Test
    void readsBigEndianAtAnyOffset() {
        assertThat(Bytes.u8(COUNTING, 1)).isEqualTo(0x91);
        assertThat(Bytes.u16(COUNTING, 1)).isEqualTo(0x91a2);
        assertThat(Bytes.u24(COUNTING, 1)).isEqualTo(0x91a2b3);
        assertThat(Bytes.u32(COUNTING, 1)).isEqualTo(0x91a2b3c4);
        assertThat(Bytes.u48(COUNTING, 1)).isEqualTo(0x91a2_b3c4_d5e6L);
        assertThat(Bytes.u64(COUNTING, 1)).isEqualTo(0x91a2_b3c4_d5e6_f708L);
    }

    @Property
    void writesWhatItReadsAndNothingElse(@ForAll long value, @ForAll @IntRange(max = 8) int off) {
        for (int bytes : new int[] {1, 2, 3, 4, 6, 8}) {
            byte[] b = new byte[24];
            java.util.Arrays.fill(b, (byte) 0x5a);
            write(b, off, bytes, value);
            long mask = bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
            assertThat(read(b, off, bytes) & mask).isEqualTo(value & mask);
            for (int i = 0; i < b.length; i++) {
                boolean inside = i >= off && i < off + bytes;
                long expected = inside ? value >>> 8 * (off + bytes - 1 - i) & 0xff : 0x5a;
                assertThat(b[i] & 0xff)
                        .as("byte %d of u%d", i, 8 * bytes)
                        .isEqualTo((int) expected);
            }
        }
    }

    private static void write(byte[] b, int off, int bytes, long value) {
        switch (bytes) {
            case 1 -> Bytes.u8(b, off, (int) value);
            case 2 -> Bytes.u16(b, off, (int) value);
            case 3 -> Bytes.u24(b, off, (int) value);
            case 4 -> Bytes.u32(b, off, (int) value);
            case 6 -> Bytes.u48(b, off, value);
            default -> Bytes.u64(b, off, value);
        }
    }

    private static long read(byte[] b, int off, int bytes) {
        return switch (bytes) {
            case 1 -> Bytes.u8(b, off);
            case 2 -> Bytes.u16(b, off);
            case 3 -> Bytes.u24(b, off);
            case 4 -> Bytes.u32(b, off);
            case 6 -> Bytes.u48(b, off);
            default -> Bytes.u64(b, off);
        };
    }

    @Test
    void refusesToLeaveTheArray() {
        byte[] b = new byte[8];
        assertThatThrownBy(() -> Bytes.u8(b, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.u16(b, 7)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.u32(b, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.u64(b, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.u64(b, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
