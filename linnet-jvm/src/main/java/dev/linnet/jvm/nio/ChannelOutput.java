package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Shut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// The writing half of a connection. One thread at a time writes, behind [#lock].
final class ChannelOutput {
    final ReentrantLock lock = new ReentrantLock();
    private final LinnetSocketChannel channel;
    private final SocketFd fd;
    private volatile boolean shut;

    ChannelOutput(LinnetSocketChannel channel, SocketFd fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /// As `SocketChannel.write`.
    int write(ByteBuffer src) throws IOException {
        Objects.requireNonNull(src);
        int sent = send(src, 0);
        src.position(src.position() + sent);
        return sent;
    }

    /// What was taken of a buffer, whose position stays.
    private int send(ByteBuffer src, int flags) throws IOException {
        lock.lock();
        try {
            boolean blocking = begin();
            int n = -Errno.EBADF;
            try {
                n = src.hasRemaining() ? fd.send(src, flags | flags(blocking), false) : 0;
            } finally {
                end(blocking, n);
            }
            return sent(n);
        } finally {
            lock.unlock();
        }
    }

    /// As `SocketChannel.write` from several buffers.
    long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        lock.lock();
        try {
            boolean blocking = begin();
            int n = -Errno.EBADF;
            try {
                int count = Gather.count(srcs, offset, length);
                boolean some = Gather.hasRemaining(srcs, offset, count);
                n = some ? fd.send(srcs, offset, count, flags(blocking), false) : 0;
            } finally {
                end(blocking, n);
            }
            int sent = sent(n);
            Gather.advance(srcs, offset, length, sent);
            return sent;
        } finally {
            lock.unlock();
        }
    }

    /// Writes all of it for the adaptor's stream.
    void writeStream(ByteBuffer src) throws IOException {
        if (!channel.isBlocking()) {
            channel.ensureConnected();
            throw new IllegalBlockingModeException();
        }
        while (src.hasRemaining()) {
            write(src);
        }
    }

    /// Sends a byte of urgent data; false if there is no room now.
    boolean sendUrgent(int data) throws IOException {
        return send(ByteBuffer.wrap(new byte[] {(byte) data}), Msg.MSG_OOB) > 0;
    }

    /// Sends from a file without copying it through a buffer of the program (`FileChannel.transferTo`): the bytes sent,
    /// 0 if there is no room now or the file has no more.
    ///
    /// @param file open for reading
    long sendfile(FileChannel file, long position, long count) throws IOException {
        int in = fd.task().openChannel(file);
        if (in < 0) {
            throw new IOException(Errno.message(in));
        }
        lock.lock();
        try {
            boolean blocking = begin();
            int n = -Errno.EBADF;
            try {
                n = fd.call(SocketFd.WRITE, false, () -> sendfile(in, position, count));
            } finally {
                end(blocking, n);
            }
            return sent(n);
        } finally {
            lock.unlock();
            fd.task().close(in);
        }
    }

    private int sendfile(int in, long position, long count) {
        long most = Math.min(count, Integer.MAX_VALUE);
        return (int) fd.task().sendfile(fd.fd(), in, new long[] {position}, most);
    }

    private static int flags(boolean blocking) {
        return blocking ? Msg.MSG_NOSIGNAL : Msg.MSG_NOSIGNAL | Msg.MSG_DONTWAIT;
    }

    /// True if the call may wait.
    private boolean begin() throws IOException {
        channel.ensureConnected();
        boolean blocking = channel.isBlocking();
        if (blocking) {
            channel.enter();
            if (shut) {
                channel.leave(true);
                throw new AsynchronousCloseException();
            }
        }
        return blocking;
    }

    private void end(boolean blocking, int n) throws AsynchronousCloseException {
        if (blocking) {
            channel.leave(n >= 0);
        }
        if (n <= 0 && shut) {
            throw new AsynchronousCloseException();
        }
    }

    private static int sent(int n) throws IOException {
        if (n >= 0) {
            return n;
        }
        return switch (-n) {
            case Errno.EAGAIN -> 0;
            case Errno.EBADF, Errno.EINTR -> throw new AsynchronousCloseException();
            default -> throw SocketErrors.ofSend(n);
        };
    }

    /// Ends the output, once; the caller serialises. Who is woken by it looks at the mark, so that comes first.
    void shutdown() throws IOException {
        if (!shut) {
            shut = true;
            ChannelEnd.shutdown(fd, Shut.SHUT_WR);
        }
    }

    boolean isShut() {
        return shut;
    }
}
