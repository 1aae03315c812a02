package dev.linnet.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class HeapSegmentsTest {
    private final HeapSegments segments = new HeapSegments();

    @Test
    void isTheArrayFromTheOffset() {
        byte[] array = new byte[10];
        MemorySegment segment = segments.of(array, 4);
        segment.set(JAVA_BYTE, 0, (byte) 7);
        assertThat(array[4]).isEqualTo((byte) 7);
        assertThat(segment.byteSize()).isEqualTo(6);
    }

    @Test
    void remembersTheSegment() {
        byte[] array = new byte[10];
        assertThat(segments.of(array, 4)).isSameAs(segments.of(array, 4));
    }

    @Test
    void neverMixesUpArraysOrOffsets() {
        byte[][] arrays = new byte[2_000][8]; // many more than places
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < arrays.length; i++) {
                segments.of(arrays[i], i % 8).set(JAVA_BYTE, 0, (byte) (round + 1));
                assertThat(arrays[i][i % 8]).isEqualTo((byte) (round + 1));
            }
        }
    }
}
