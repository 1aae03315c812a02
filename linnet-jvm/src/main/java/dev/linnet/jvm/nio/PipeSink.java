package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// The end of a pipe that is written; one thread at a time.
final class PipeSink extends Pipe.SinkChannel implements Pollable {
    private final SocketFd fd;
    private final ReentrantLock writeLock = new ReentrantLock();

    PipeSink(SelectorProvider provider, SocketFd fd) {
        super(provider);
        this.fd = fd;
    }

    @Override
    public SocketFd fd() {
        return fd;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return writeFrom(new ByteBuffer[] {Objects.requireNonNull(src)});
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        return writeFrom(Arrays.copyOfRange(srcs, offset, offset + length));
    }

    @Override
    public long write(ByteBuffer[] srcs) throws IOException {
        return writeFrom(srcs);
    }

    private int writeFrom(ByteBuffer[] srcs) throws IOException {
        writeLock.lock();
        try {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            if (blocking) {
                begin();
            }
            try {
                n = fd.call(SocketFd.WRITE, false, () -> (int) fd.task().writev(fd.fd(), srcs));
            } finally {
                if (blocking) {
                    end(n >= 0);
                }
            }
            int sent = sent(n);
            Gather.advance(srcs, 0, srcs.length, sent);
            return sent;
        } finally {
            writeLock.unlock();
        }
    }

    private static int sent(int n) throws IOException {
        if (n == -Errno.EBADF || n == -Errno.EINTR) {
            throw new AsynchronousCloseException();
        }
        if (n < 0 && n != -Errno.EAGAIN) {
            throw SocketErrors.ofSend(n);
        }
        return Math.max(n, 0);
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        writeLock.lock();
        try {
            SocketErrors.check(fd.setNonblock(!block));
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        fd.close();
    }

    @Override
    public int readyOps(int events, int interest) {
        return (events & PollEvents.POLLOUT) != 0 ? SelectionKey.OP_WRITE & interest : 0;
    }
}
