package dev.linnet.jvm.nio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongSupplier;

/// A channel's input as a stream that obeys the socket's time-out.
final class AdaptorInput extends InputStream {
    private final LinnetSocketChannel channel;
    private final LongSupplier timeoutNs;

    AdaptorInput(LinnetSocketChannel channel, LongSupplier timeoutNs) {
        this.channel = channel;
        this.timeoutNs = timeoutNs;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        return len == 0
                ? 0
                : channel.input().readStream(ByteBuffer.wrap(b, off, len), timeoutNs.getAsLong());
    }

    @Override
    public int available() throws IOException {
        return channel.input().available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
