package dev.linnet.jvm.net;

import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// What a connection sends: all of it, unless the connection fails. Thread-safe.
final class SocketOutput extends OutputStream {
    private final LinnetSocketImpl socket;
    private final ReentrantLock lock = new ReentrantLock();

    // under the lock
    private final ArrayView view = new ArrayView();

    SocketOutput(LinnetSocketImpl socket) {
        this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
        write(b, 0);
    }

    /// Sends a byte.
    ///
    /// @param flags `MSG_*`
    void write(int b, int flags) throws IOException {
        lock.lock();
        try {
            writeLocked(view.one().put(0, (byte) b), flags);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return;
        }
        if (len == 1) { // Socket makes an array for each single byte
            write(b[off], 0);
            return;
        }
        lock.lock();
        try {
            writeLocked(view.of(b, off, len), 0);
        } finally {
            lock.unlock();
        }
    }

    private void writeLocked(ByteBuffer src, int flags) throws IOException {
        while (src.hasRemaining()) {
            int n = socket.connected().send(src, flags, LinnetSocketImpl.interruptible());
            if (n <= 0) {
                throw failed(n, flags);
            }
            src.position(src.position() + n);
        }
    }

    /// Of urgent data the JDK says less exactly what went wrong.
    private IOException failed(int n, int flags) {
        boolean urgent =
                (flags & Msg.MSG_OOB) != 0 && (n == -Errno.EPIPE || n == -Errno.ECONNRESET);
        return urgent ? new IOException(Errno.message(n)) : socket.failed(n);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
