package dev.linnet.cli.http;

import dev.linnet.stack.Task;
import java.nio.ByteBuffer;

/// A body in memory, sent with `write`.
public record BytesContent(byte[] bytes, String type) implements Content {
    private static final int CHUNK = 64 * 1024;

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public boolean send(Task task, int fd, long offset, long length) {
        ByteBuffer all = ByteBuffer.wrap(bytes, (int) offset, (int) length);
        while (all.hasRemaining()) {
            int n = task.write(fd, all.slice(all.position(), Math.min(CHUNK, all.remaining())));
            if (n < 0) {
                return false;
            }
            all.position(all.position() + n);
        }
        return true;
    }
}
