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
import java.util.function.IntSupplier;

/// The end of a pipe that is read; one thread at a time.
final class PipeSource extends Pipe.SourceChannel implements Pollable {
    private final SocketFd fd;
    private final ReentrantLock readLock = new ReentrantLock();

    PipeSource(SelectorProvider provider, SocketFd fd) {
        super(provider);
        this.fd = fd;
    }

    @Override
    public SocketFd fd() {
        return fd;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return readInto(new ByteBuffer[] {dst});
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        return readInto(Arrays.copyOfRange(dsts, offset, offset + length));
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
        return readInto(dsts);
    }

    private int readInto(ByteBuffer[] dsts) throws IOException {
        for (ByteBuffer dst : dsts) {
            if (dst.isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
        }
        readLock.lock();
        try {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            int n =
                    Gather.hasRemaining(dsts, 0, dsts.length)
                            ? blockingCall(() -> (int) fd.task().readv(fd.fd(), dsts))
                            : -Errno.EAGAIN;
            if (n == 0) {
                return -1;
            }
            int got = n == -Errno.EAGAIN ? 0 : n;
            Gather.advance(dsts, 0, dsts.length, got);
            return got;
        } finally {
            readLock.unlock();
        }
    }

    private int blockingCall(IntSupplier call) throws IOException {
        boolean blocking = isBlocking();
        int n = -Errno.EBADF;
        if (blocking) {
            begin();
        }
        try {
            n = fd.call(SocketFd.READ, false, call);
        } finally {
            if (blocking) {
                end(n >= 0);
            }
        }
        if (n == -Errno.EBADF || n == -Errno.EINTR) {
            throw new AsynchronousCloseException();
        }
        if (n < 0 && n != -Errno.EAGAIN) {
            throw SocketErrors.ofReceive(n);
        }
        return n;
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock();
        try {
            SocketErrors.check(fd.setNonblock(!block));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        fd.close();
    }

    @Override
    public int readyOps(int events, int interest) {
        return (events & PollEvents.POLLIN) != 0 ? SelectionKey.OP_READ & interest : 0;
    }
}
