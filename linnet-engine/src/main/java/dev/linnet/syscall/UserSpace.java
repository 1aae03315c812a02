package dev.linnet.syscall;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The memory of a process as the numeric entry sees it: blocks at addresses, and holes between
/// them that a call answers with `EFAULT`. Thread-safe; blocks live as long as the space.
public final class UserSpace {
    private static final long BASE = 0x7f00_0000_0000L;
    private static final int PAGE = 4096;

    private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
    private long next = BASE;

    /// A new block of zeros, at an address of its own with a hole behind it.
    public synchronized long allocate(int bytes) {
        long at = next;
        blocks.put(at, new byte[Math.max(bytes, 1)]);
        next += (bytes + 2L * PAGE) / PAGE * PAGE;
        return at;
    }

    /// The bytes from an address on as a buffer over the memory itself, or null if any of them is
    /// outside of a block (`access_ok`, `copy_from_user`).
    public @Nullable ByteBuffer slice(long address, long length) {
        Map.Entry<Long, byte[]> block;
        synchronized (this) {
            block = blocks.floorEntry(address);
        }
        if (block == null || length < 0) {
            return null;
        }
        long offset = address - block.getKey();
        byte[] bytes = block.getValue();
        return offset + length > bytes.length
                ? null
                : ByteBuffer.wrap(bytes, (int) offset, (int) length);
    }

    /// How many bytes from an address on are in a block.
    public long accessible(long address) {
        Map.Entry<Long, byte[]> block;
        synchronized (this) {
            block = blocks.floorEntry(address);
        }
        return block == null ? 0 : Math.max(0, block.getKey() + block.getValue().length - address);
    }

    /// A copy of the bytes at an address, or null: `EFAULT`.
    public byte @Nullable [] read(long address, int length) {
        ByteBuffer slice = slice(address, length);
        if (slice == null) {
            return null;
        }
        byte[] copy = new byte[length];
        slice.get(copy);
        return copy;
    }

    /// Copies bytes to an address; false: `EFAULT`, and nothing is written.
    public boolean write(long address, byte[] bytes, int length) {
        ByteBuffer slice = slice(address, length);
        if (slice == null) {
            return false;
        }
        slice.put(bytes, 0, length);
        return true;
    }
}
