package dev.linnet.jvm.net;

import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// What a connection receives. The end of the stream and a reset stay. Thread-safe.
final class SocketInput extends InputStream {
    private final LinnetSocketImpl socket;
    private final TimedLock lock;

    // under the lock
    private boolean ended;
    private boolean reset;
    private final ArrayView view = new ArrayView();

    /// @param lock of those who read, which those who accept and connect have too
    SocketInput(LinnetSocketImpl socket, TimedLock lock) {
        this.socket = socket;
        this.lock = lock;
    }

    private long lock() throws SocketTimeoutException {
        return lock.lock(socket.timeout(), "Read timed out");
    }

    @Override
    public int read() throws IOException {
        long left = lock();
        try {
            ByteBuffer one = view.one();
            return readLocked(one, left) > 0 ? one.get(0) & 0xff : -1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return 0;
        }
        if (len == 1) { // Socket makes an array for each single byte
            return readInto(b, off);
        }
        long left = lock();
        try {
            return readLocked(view.of(b, off, len), left);
        } finally {
            lock.unlock();
        }
    }

    private int readInto(byte[] b, int off) throws IOException {
        int value = read();
        if (value < 0) {
            return -1;
        }
        b[off] = (byte) value;
        return 1;
    }

    private int readLocked(ByteBuffer dst, long leftNs) throws IOException {
        if (ended) {
            return -1;
        }
        SocketFd fd = socket.connected();
        if (reset) {
            throw new SocketException("Connection reset");
        }
        if (socket.isInputShut()) {
            ended = true;
            return -1;
        }
        int n = receive(fd, dst, leftNs);
        return n > 0 ? n : notRead(n);
    }

    private int receive(SocketFd fd, ByteBuffer dst, long leftNs) {
        boolean interruptible = LinnetSocketImpl.interruptible();
        if (leftNs == 0 || leftNs == TimeUnit.MILLISECONDS.toNanos(socket.timeout())) {
            return fd.recv(dst, 0, interruptible); // SO_RCVTIMEO does it
        }
        // Some of the time went by while another reader had the lock.
        return fd.timed(
                SocketFd.READ,
                interruptible,
                PollEvents.POLLIN,
                leftNs,
                () -> fd.task().recv(fd.fd(), dst, Msg.MSG_DONTWAIT));
    }

    private int notRead(int n) throws IOException {
        if (n == 0) {
            socket.connected(); // not if it was closed
            ended = true;
            return -1;
        }
        if (socket.isClosed()) {
            throw socket.failed(n);
        }
        if (n == -Errno.EAGAIN) {
            throw new SocketTimeoutException("Read timed out");
        }
        if (n == -Errno.ECONNRESET) {
            reset = true;
            throw new SocketException("Connection reset");
        }
        throw socket.failed(n);
    }

    @Override
    public int available() throws IOException {
        return socket.available();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
