package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SockAddr;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A listening socket of the stack as a `ServerSocketChannel`. One thread at a time accepts (`acceptLock`); the address
/// is guarded by `stateLock`.
final class LinnetServerSocketChannel extends ServerSocketChannel implements Pollable {
    private static final int DEFAULT_BACKLOG = 50;

    private final ChannelFamily family;
    private final SocketFd fd;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final Object stateLock = new Object();
    private @Nullable SocketAddress localAddress;
    private @Nullable ServerSocketAdaptor adaptor;

    LinnetServerSocketChannel(SelectorProvider provider, ChannelFamily family, SocketFd fd) {
        super(provider);
        this.family = family;
        this.fd = fd;
    }

    @Override
    public SocketFd fd() {
        return fd;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    // ---- listening
    // ----------------------------------------------------------------------------------

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (localAddress != null) {
                throw new AlreadyBoundException();
            }
            SocketAddress bound = family.bindListener(fd, local);
            int room = backlog < 1 ? DEFAULT_BACKLOG : backlog;
            SocketErrors.check(fd.quick(() -> fd.task().listen(fd.fd(), room)));
            localAddress = bound;
        }
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        return accept(0);
    }

    /// Takes a connection for the adaptor.
    ///
    /// @throws SocketTimeoutException if there is none in time
    SocketChannel acceptStream(long timeoutNs) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        SocketChannel channel = accept(timeoutNs);
        if (channel == null) {
            throw new SocketTimeoutException("Accept timed out");
        }
        return channel;
    }

    private @Nullable SocketChannel accept(long timeoutNs) throws IOException {
        SockAddr[] peer = new SockAddr[1];
        int n = -Errno.EBADF;
        acceptLock.lock();
        try {
            ensureOpen();
            if (localAddress() == null) {
                throw new NotYetBoundException();
            }
            boolean blocking = isBlocking();
            if (blocking) {
                begin();
            }
            try {
                n = timeoutNs == 0 ? acceptNext(peer) : acceptWithin(peer, timeoutNs);
            } finally {
                if (blocking) {
                    end(n >= 0 || n == -Errno.EAGAIN);
                }
            }
        } finally {
            acceptLock.unlock();
        }
        return accepted(n, peer[0]);
    }

    private int acceptNext(SockAddr[] peer) {
        return fd.call(SocketFd.READ, false, () -> fd.task().accept4(fd.fd(), peer, 0));
    }

    private int acceptWithin(SockAddr[] peer, long timeoutNs) {
        fd.setNonblock(true);
        try {
            return fd.timed(
                    SocketFd.READ,
                    false,
                    PollEvents.POLLIN,
                    timeoutNs,
                    () -> fd.task().accept4(fd.fd(), peer, 0));
        } finally {
            fd.setNonblock(false);
        }
    }

    private @Nullable SocketChannel accepted(int n, @Nullable SockAddr peer) throws IOException {
        if (n >= 0) {
            SocketFd connection = new SocketFd(fd.task(), n);
            return new LinnetSocketChannel(provider(), family, connection, family.fromStack(peer));
        }
        return switch (-n) {
            case Errno.EAGAIN -> null;
            case Errno.EBADF, Errno.EINTR -> throw new AsynchronousCloseException();
            default -> throw failure(n);
        };
    }

    private static IOException failure(int n) {
        SocketException failure = SocketErrors.of(n);
        return -n == Errno.EMFILE || -n == Errno.ENFILE
                ? new IOException(failure.getMessage())
                : failure;
    }

    // ---- address and options
    // ------------------------------------------------------------------------

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    @Nullable SocketAddress localAddress() {
        synchronized (stateLock) {
            return localAddress;
        }
    }

    @Override
    public ServerSocket socket() {
        if (family == UnixFamily.INSTANCE) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (stateLock) {
            ServerSocketAdaptor made = adaptor;
            if (made == null) {
                made = ServerSocketAdaptor.of(this);
                adaptor = made;
            }
            return made;
        }
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        ChannelOptions.check(this, name, value);
        ensureOpen();
        SocketOptionTable.set(fd, family.af(), name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        ChannelOptions.check(this, name);
        ensureOpen();
        return ChannelOptions.get(fd, family.af(), name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return family.listenerOptions();
    }

    // ---- the end, and selection
    // ----------------------------------------------------------------------

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            SocketErrors.check(fd.setNonblock(!block));
        } finally {
            acceptLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        fd.close();
    }

    @Override
    public int readyOps(int events, int interest) {
        return (events & PollEvents.POLLIN) != 0 ? SelectionKey.OP_ACCEPT & interest : 0;
    }

    @Override
    public String toString() {
        String what;
        if (!isOpen()) {
            what = "closed";
        } else {
            SocketAddress local = localAddress();
            what =
                    local == null
                            ? "unbound"
                            : family == UnixFamily.INSTANCE ? local.toString() : "";
        }
        return getClass().getName() + "[" + what + "]";
    }
}
