package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    private final NativeMemory memory = new NativeMemory();

    @AfterEach
    void free() {
        memory.close();
    }

    @Test
    void blocksAreZeroAndAligned() {
        long address = memory.allocate(33);
        assertThat(address % 16).isZero();
        assertThat(memory.get(address, 33)).containsOnly(0);
    }

    @Test
    void keepsNumbersInBothByteOrders() {
        long a = memory.allocate(32);
        memory.putShortBe(a + 1, 0x1234);
        memory.putIntBe(a + 3, 0x0a090002);
        assertThat(memory.get(a, 8)).containsExactly(0, 0x12, 0x34, 0x0a, 0x09, 0, 2, 0);
        assertThat(memory.getShortBe(a + 1)).isEqualTo(0x1234);
        assertThat(memory.getIntBe(a + 3)).isEqualTo(0x0a090002);

        memory.putLong(a + 8, 0x0102030405060708L);
        memory.putInt(a + 16, 0x01020304);
        memory.putShort(a + 20, 0x0102);
        memory.putByte(a + 22, 0xff);
        assertThat(memory.get(a + 8, 15))
                .containsExactly(8, 7, 6, 5, 4, 3, 2, 1, 4, 3, 2, 1, 2, 1, 0xff);
        assertThat(memory.getLong(a + 8)).isEqualTo(0x0102030405060708L);
        assertThat(memory.getInt(a + 16)).isEqualTo(0x01020304);
        assertThat(memory.getShort(a + 20)).isEqualTo((short) 0x0102);
        assertThat(memory.getByte(a + 22)).isEqualTo((byte) -1);
    }

    @Test
    void stringsEndWithZero() {
        long address = memory.allocate("lo");
        assertThat(memory.get(address, 3)).isEqualTo("lo\0".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesAccessOutsideItsBlocks() {
        long address = memory.allocate(8);
        assertThatThrownBy(() -> memory.getInt(address + 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.putByte(address - 1, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.getByte(memory.allocate(0)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void nothingIsAccessibleAfterClose() {
        NativeMemory closed = new NativeMemory();
        long address = closed.allocate(8);
        closed.close();
        assertThatThrownBy(() -> closed.getInt(address))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
