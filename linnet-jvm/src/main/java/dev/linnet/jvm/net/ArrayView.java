package dev.linnet.jvm.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The buffer that the stack is given for an array of the caller's. Programs give the same array again and again, so
/// the one that was made last is kept unless the array is large. Used under a lock.
final class ArrayView {
    /// Larger arrays are not kept alive by a socket, and one object more is nothing beside the copy of their bytes.
    private static final int KEPT_MAX = 128 << 10;

    private byte @Nullable [] array;
    private @Nullable ByteBuffer view;
    private @Nullable ByteBuffer one;

    /// The bytes `off` to `off + len` of an array.
    ByteBuffer of(byte[] b, int off, int len) {
        ByteBuffer of = view;
        if (of == null || array != b) {
            of = ByteBuffer.wrap(b);
            boolean kept = b.length <= KEPT_MAX;
            array = kept ? b : null;
            view = kept ? of : null;
        }
        return of.limit(off + len).position(off);
    }

    /// Room for one byte.
    ByteBuffer one() {
        ByteBuffer of = one;
        if (of == null) {
            of = ByteBuffer.allocate(1);
            one = of;
        }
        return of.clear();
    }
}
