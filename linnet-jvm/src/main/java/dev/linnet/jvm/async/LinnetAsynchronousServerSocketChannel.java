package dev.linnet.jvm.async;

import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A listener of the stack as an asynchronous channel. Thread-safe.
final class LinnetAsynchronousServerSocketChannel extends AsynchronousServerSocketChannel {
    private static final int BACKLOG = 50;

    private final AsyncSocket socket;
    private final AtomicBoolean accepting = new AtomicBoolean();
    private volatile boolean killed;

    private LinnetAsynchronousServerSocketChannel(
            AsynchronousChannelProvider provider, AsyncSocket socket) {
        super(provider);
        this.socket = socket;
    }

    static LinnetAsynchronousServerSocketChannel open(
            AsynchronousChannelProvider provider, AsyncSocket socket) {
        SocketFd fd = socket.fd;
        fd.task().setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_REUSEADDR, 1);
        var made = new LinnetAsynchronousServerSocketChannel(provider, socket);
        LinnetAsynchronousSocketChannel.addOrClose(socket, made);
        return made;
    }

    @Override
    public AsynchronousServerSocketChannel bind(@Nullable SocketAddress local, int backlog)
            throws IOException {
        if (local != null) {
            AsyncSocket.check(local);
        }
        socket.ensureOpen();
        synchronized (socket) {
            socket.bind(local);
            SocketFd fd = socket.fd;
            int length = backlog < 1 ? BACKLOG : backlog;
            SocketErrors.check(fd.quick(() -> fd.task().listen(fd.fd(), length)));
        }
        return this;
    }

    // ---- accept
    // -------------------------------------------------------------------------------------

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        Completion<AsynchronousSocketChannel, @Nullable Object> done =
                new Completion<>(socket.host, socket.group, null, null);
        start(done);
        return Objects.requireNonNull(done.future());
    }

    @Override
    public <A extends @Nullable Object> void accept(
            A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        start(new Completion<>(socket.host, socket.group, attachment, handler));
    }

    private void start(Completion<AsynchronousSocketChannel, ?> done) {
        if (!isOpen()) {
            done.closed();
            return;
        }
        if (socket.local() == null) {
            throw new NotYetBoundException();
        }
        if (killed) {
            throw new RuntimeException("Accept not allowed due cancellation");
        }
        if (!accepting.compareAndSet(false, true)) {
            throw new AcceptPendingException();
        }
        SockAddr[] peer = new SockAddr[1];
        int n = socket.fd.quick(() -> accept4(peer));
        if (n == -Errno.EAGAIN) {
            Thread waiter = done.later("linnet-accept", () -> finish(await(peer), peer, done));
            done.onCancel(new Cancelled(waiter));
        } else {
            finish(n, peer, done);
        }
    }

    /// A connection that ended before it was taken is passed over.
    private int accept4(SockAddr[] peer) {
        int n;
        do {
            n =
                    socket.fd
                            .task()
                            .accept4(
                                    socket.fd.fd(),
                                    peer,
                                    SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC);
        } while (n == -Errno.ECONNABORTED);
        return n;
    }

    private int await(SockAddr[] peer) {
        return socket.fd.timed(
                SocketFd.READ,
                true,
                PollEvents.POLLIN,
                LinnetAsynchronousSocketChannel.FOREVER,
                () -> accept4(peer));
    }

    private void finish(int n, SockAddr[] peer, Completion<AsynchronousSocketChannel, ?> done) {
        AsynchronousSocketChannel made = null;
        IOException failure = null;
        try {
            if (n >= 0) {
                made =
                        LinnetAsynchronousSocketChannel.accepted(
                                provider(),
                                socket.accepted(n),
                                Objects.requireNonNull(SocketAddresses.fromStack(peer[0])));
            } else {
                boolean closed = n == -Errno.EBADF || n == -Errno.EINTR;
                failure = closed ? new AsynchronousCloseException() : SocketErrors.of(n);
            }
        } catch (IOException e) {
            failure = e;
        } catch (ShutdownChannelGroupException e) {
            failure = new IOException(e);
        }
        accepting.set(false);
        if (made != null) {
            done.completed(made);
        } else {
            done.failed(Objects.requireNonNull(failure));
        }
    }

    private final class Cancelled implements OperationFuture.Cancel {
        private final Thread waiter;

        Cancelled(Thread waiter) {
            this.waiter = waiter;
        }

        @Override
        public void end() {
            killed = true;
            waiter.interrupt();
        }

        @Override
        public void close() throws IOException {
            LinnetAsynchronousServerSocketChannel.this.close();
        }
    }

    // ---- the rest
    // -----------------------------------------------------------------------------------

    @Override
    public boolean isOpen() {
        return socket.fd.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (socket.fd.close()) {
            socket.group.remove(this);
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        socket.ensureOpen();
        return socket.local();
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value)
            throws IOException {
        socket.setOption(supportedOptions(), name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.getOption(supportedOptions(), name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return SocketOptionTable.listener();
    }

    @Override
    public String toString() {
        SocketAddress local = socket.local();
        String what = !isOpen() ? "closed" : local == null ? "unbound" : local.toString();
        return getClass().getName() + "[" + what + "]";
    }
}
