package dev.linnet.host;

import java.lang.foreign.MemorySegment;

/// Remembers the [MemorySegment]s of Java arrays that are passed to the kernel again and again.
///
/// Making one costs an allocation unless the compiler sees through everything around it, which it
/// does not always. Packet buffers come from pools, so the same few arrays return. Keeps up to
/// [#SIZE] arrays from being collected. For one thread at a time.
final class HeapSegments {
    private static final int SIZE = 128;

    private final byte[][] arrays = new byte[SIZE][];
    private final int[] offsets = new int[SIZE];
    private final MemorySegment[] segments = new MemorySegment[SIZE];

    /// The array from an offset to its end.
    MemorySegment of(byte[] array, int off) {
        int i = System.identityHashCode(array) & (SIZE - 1);
        if (arrays[i] != array || offsets[i] != off) {
            segments[i] = MemorySegment.ofArray(array).asSlice(off);
            arrays[i] = array;
            offsets[i] = off;
        }
        return segments[i];
    }
}
