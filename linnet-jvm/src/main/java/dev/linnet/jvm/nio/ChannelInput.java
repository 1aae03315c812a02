package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Shut;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// The reading half of a connection. One thread at a time reads, behind [#lock].
final class ChannelInput {
    final ReentrantLock lock = new ReentrantLock();
    private final LinnetSocketChannel channel;
    private final SocketFd fd;
    private volatile boolean shut;

    /// The peer has reset the connection; every later read says so again. Guarded by the lock.
    private boolean reset;

    ChannelInput(LinnetSocketChannel channel, SocketFd fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /// As `SocketChannel.read`.
    int read(ByteBuffer dst) throws IOException {
        checkWritable(dst);
        lock.lock();
        try {
            boolean blocking = begin();
            int n = -Errno.EBADF;
            try {
                if (!mayReceive() || !dst.hasRemaining()) {
                    return shut ? -1 : 0;
                }
                n = fd.recv(dst, blocking ? 0 : Msg.MSG_DONTWAIT, false);
            } finally {
                end(blocking, n);
            }
            int got = received(n);
            if (got > 0) {
                dst.position(dst.position() + got);
            }
            return got;
        } finally {
            lock.unlock();
        }
    }

    /// As `SocketChannel.read` into several buffers.
    long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        for (int i = offset; i < offset + length; i++) {
            checkWritable(dsts[i]);
        }
        lock.lock();
        try {
            boolean blocking = begin();
            int n = -Errno.EBADF;
            try {
                int count = Gather.count(dsts, offset, length);
                if (!mayReceive() || !Gather.hasRemaining(dsts, offset, count)) {
                    return shut ? -1 : 0;
                }
                n = fd.recv(dsts, offset, count, blocking ? 0 : Msg.MSG_DONTWAIT, false);
            } finally {
                end(blocking, n);
            }
            int got = received(n);
            Gather.advance(dsts, offset, length, Math.max(got, 0));
            return got;
        } finally {
            lock.unlock();
        }
    }

    /// Reads for the adaptor's stream: at least one byte, or -1 at the end. The buffer's position stays.
    ///
    /// @param timeoutNs 0 waits for ever
    /// @throws SocketTimeoutException when it is over
    int readStream(ByteBuffer dst, long timeoutNs) throws IOException {
        lock.lock();
        try {
            if (!begin()) {
                throw new IllegalBlockingModeException();
            }
            int n = -Errno.EBADF;
            try {
                if (!mayReceive()) {
                    return -1;
                }
                n = timeoutNs == 0 ? fd.recv(dst, 0, false) : timedRecv(dst, timeoutNs);
            } finally {
                end(true, n == -Errno.EAGAIN ? 1 : n);
            }
            if (n == -Errno.EAGAIN) {
                throw new SocketTimeoutException("Read timed out");
            }
            return received(n);
        } finally {
            lock.unlock();
        }
    }

    private int timedRecv(ByteBuffer dst, long timeoutNs) {
        return fd.timed(
                SocketFd.READ,
                false,
                PollEvents.POLLIN,
                timeoutNs,
                () -> fd.task().recv(fd.fd(), dst, Msg.MSG_DONTWAIT));
    }

    private static void checkWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /// True if the call may wait.
    private boolean begin() throws IOException {
        channel.ensureConnected();
        boolean blocking = channel.isBlocking();
        if (blocking) {
            channel.enter();
        }
        return blocking;
    }

    private void end(boolean blocking, int n) throws AsynchronousCloseException {
        if (blocking) {
            channel.leave(n > 0 || shut);
        }
    }

    /// False at the end of the input: who has shut it hears no more of resets.
    private boolean mayReceive() throws IOException {
        if (reset && !shut) {
            throw new SocketException("Connection reset");
        }
        return !shut;
    }

    /// What a `recv` of at least one byte means to a reader: bytes, 0 if there is nothing yet, -1 at the end.
    private int received(int n) throws IOException {
        if (n > 0) {
            return n;
        }
        if (n == 0 || shut) {
            return -1;
        }
        switch (-n) {
            case Errno.EAGAIN -> {
                return 0;
            }
            case Errno.EBADF, Errno.EINTR -> throw new AsynchronousCloseException();
            case Errno.ECONNRESET -> reset = true;
            default -> {}
        }
        throw SocketErrors.ofReceive(n);
    }

    /// Bytes that can be read at once.
    int available() throws IOException {
        channel.ensureConnected();
        if (shut) {
            return 0;
        }
        byte[] value = new byte[4];
        SocketErrors.check(fd.quick(() -> fd.task().ioctl(fd.fd(), Ioctl.FIONREAD, value)));
        return Abi.getInt(value, 0);
    }

    /// Ends the input, once; the caller serialises. Who is woken by it looks at the mark, so that comes first.
    void shutdown() throws IOException {
        if (!shut) {
            shut = true;
            ChannelEnd.shutdown(fd, Shut.SHUT_RD);
        }
    }

    boolean isShut() {
        return shut;
    }
}
