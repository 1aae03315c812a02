package dev.linnet.jvm.nio;

import java.nio.ByteBuffer;

/// Several buffers as one.
final class Gather {
    /// Buffers that one `readv` or `writev` of Linux takes.
    private static final int IOV_MAX = 1024;

    private Gather() {}

    /// How many of them one call takes: as many as have [#IOV_MAX] with bytes among them.
    static int count(ByteBuffer[] buffers, int offset, int length) {
        int some = 0;
        for (int i = 0; i < length; i++) {
            if (buffers[offset + i].hasRemaining() && ++some == IOV_MAX) {
                return i + 1;
            }
        }
        return length;
    }

    static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /// Moves the positions on by `bytes` in all.
    static void advance(ByteBuffer[] buffers, int offset, int length, int bytes) {
        int left = bytes;
        for (int i = offset; i < offset + length && left > 0; i++) {
            ByteBuffer buffer = buffers[i];
            int n = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + n);
            left -= n;
        }
    }
}
