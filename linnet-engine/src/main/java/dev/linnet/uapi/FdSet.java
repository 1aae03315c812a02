package dev.linnet.uapi;

import java.util.Arrays;
import java.util.BitSet;

/// A set of descriptors (`fd_set`). It has as many bits as it needs; a C program's has 1024.
public final class FdSet {
    private static final int BITS = 64;
    private long[] words = new long[1024 / BITS];

    /// A set of these descriptors.
    public static FdSet of(int... fds) {
        FdSet set = new FdSet();
        for (int fd : fds) {
            set.set(fd);
        }
        return set;
    }

    /// Adds a descriptor (`FD_SET`).
    public void set(int fd) {
        if (fd / BITS >= words.length) {
            words = Arrays.copyOf(words, Math.max(fd / BITS + 1, 2 * words.length));
        }
        words[fd / BITS] |= 1L << fd;
    }

    /// Takes a descriptor out (`FD_CLR`).
    public void clear(int fd) {
        if (fd / BITS < words.length) {
            words[fd / BITS] &= ~(1L << fd);
        }
    }

    /// True if the descriptor is in the set (`FD_ISSET`).
    public boolean isSet(int fd) {
        return (word(fd / BITS) >>> fd & 1) != 0;
    }

    /// The descriptors in the set, in order.
    public int[] fds() {
        return BitSet.valueOf(words).stream().toArray();
    }

    /// 64 descriptors from `64 * i` on.
    public long word(int i) {
        return i < words.length ? words[i] : 0;
    }

    /// Sets 64 descriptors from `64 * i` on.
    public void setWord(int i, long bits) {
        if (i >= words.length) {
            words = Arrays.copyOf(words, Math.max(i + 1, 2 * words.length));
        }
        words[i] = bits;
    }

    /// Bytes that the first `n` descriptors take in memory.
    public static int bytes(int n) {
        return (n + BITS - 1) / BITS * Long.BYTES;
    }

    /// Reads the C structure, as far as `raw` goes.
    public static FdSet decode(byte[] raw) {
        FdSet set = new FdSet();
        for (int i = 0; i < raw.length / Long.BYTES; i++) {
            set.setWord(i, Abi.getLong(raw, i * Long.BYTES));
        }
        return set;
    }

    /// Writes the C structure, as far as `raw` goes.
    public void encode(byte[] raw) {
        for (int i = 0; i < raw.length / Long.BYTES; i++) {
            Abi.putLong(raw, i * Long.BYTES, word(i));
        }
    }
}
