package dev.linnet.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A fixed set of native buffers of one size, lent to threads for the length of one call.
///
/// This is what a thread-local would be if virtual threads were few: ten thousand of them would
/// each keep a buffer that they use for a microsecond. Here a thread claims any free slot, starting
/// the search at one that depends on its id so that threads rarely meet, and gives it back.
/// Lock-free and allocation-free; when all slots are taken the caller allocates for itself.
final class NativeSlots {
    /// What [#claim] answers when every slot is in use.
    static final int NONE = -1;

    private static final VarHandle FLAG = MethodHandles.arrayElementVarHandle(int[].class);

    /// Flags stand a cache line (64 bytes) apart.
    private static final int STRIDE = 16;

    private static final int FREE = 0;
    private static final int BUSY = 1;

    private final int[] flags;
    private final MemorySegment[] slots;

    /// @param count a power of two
    /// @param bytes size of each slot; rounded up to whole cache lines
    NativeSlots(Arena arena, int count, long bytes) {
        if (Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("not a power of two: " + count);
        }
        flags = new int[count * STRIDE];
        slots = new MemorySegment[count];
        long size = (bytes + 63) & -64;
        MemorySegment block = arena.allocate(count * size, 64);
        for (int i = 0; i < count; i++) {
            slots[i] = block.asSlice(i * size, size);
        }
    }

    /// Takes a free slot, or [#NONE].
    int claim() {
        int mask = slots.length - 1;
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < slots.length; i++) {
            int slot = (start + i) & mask;
            int flag = slot * STRIDE;
            if ((int) FLAG.getOpaque(flags, flag) == FREE
                    && FLAG.compareAndSet(flags, flag, FREE, BUSY)) {
                return slot;
            }
        }
        return NONE;
    }

    void release(int slot) {
        FLAG.setRelease(flags, slot * STRIDE, FREE);
    }

    MemorySegment segment(int slot) {
        return slots[slot];
    }

    /// Slots that are lent out at this moment; for tests of balance.
    int inUse() {
        int n = 0;
        for (int slot = 0; slot < slots.length; slot++) {
            n += (int) FLAG.getAcquire(flags, slot * STRIDE);
        }
        return n;
    }
}
