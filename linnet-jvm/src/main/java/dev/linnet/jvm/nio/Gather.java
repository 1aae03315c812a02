package dev.linnet.jvm.nio;

import java.nio.ByteBuffer;

/// Several buffers as one.
final class Gather {
    private Gather() {}

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
