package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;

/// SipHash-2-4 (Aumasson and Bernstein) of a few 64-bit words: a keyed hash that a peer cannot
/// predict. Words are what a little-endian machine reads from the hashed bytes.
@HotPath
@Kernel("siphash")
public final class SipHash {
    private SipHash() {}

    /// The hash of one word.
    public static long of(long k0, long k1, long w0) {
        return of(k0, k1, 1, w0, 0, 0, 0, 0);
    }

    /// The hash of the first `words` (0 to 5) of the given words.
    public static long of(
            long k0, long k1, int words, long w0, long w1, long w2, long w3, long w4) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        // After the words come the length and then the finalisation, which has no word of its own.
        for (int i = 0; i <= words + 1; i++) {
            boolean last = i > words;
            long m = last ? 0 : word(i, words, w0, w1, w2, w3, w4);
            v3 ^= m;
            v2 ^= last ? 0xff : 0;
            for (int round = last ? 4 : 2; round > 0; round--) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32) + v3;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(int i, int words, long w0, long w1, long w2, long w3, long w4) {
        if (i == words) {
            return (long) words << 59; // the length in bytes, in the top byte
        }
        return switch (i) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            case 3 -> w3;
            default -> w4;
        };
    }
}
