package dev.linnet.jvm.async;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.WritePendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A connection of the stack as an asynchronous channel. Thread-safe.
final class LinnetAsynchronousSocketChannel extends AsynchronousSocketChannel {
    /// Nanoseconds that nobody sees the end of.
    static final long FOREVER = Long.MAX_VALUE >> 1;

    private static final Set<SocketOption<?>> OPTIONS = options();

    private enum State {
        UNCONNECTED,
        PENDING,
        CONNECTED
    }

    private final AsyncSocket socket;
    private final Side reading = new Side("Reading", ReadPendingException::new);
    private final Side writing = new Side("Writing", WritePendingException::new);

    /// Changed under the socket's monitor.
    private volatile State state;

    private volatile @Nullable InetSocketAddress remote;

    private LinnetAsynchronousSocketChannel(
            AsynchronousChannelProvider provider,
            AsyncSocket socket,
            @Nullable InetSocketAddress remote) {
        super(provider);
        this.socket = socket;
        this.remote = remote;
        this.state = remote == null ? State.UNCONNECTED : State.CONNECTED;
    }

    static LinnetAsynchronousSocketChannel open(
            AsynchronousChannelProvider provider, AsyncSocket socket) {
        var made = new LinnetAsynchronousSocketChannel(provider, socket, null);
        addOrClose(socket, made);
        return made;
    }

    static LinnetAsynchronousSocketChannel accepted(
            AsynchronousChannelProvider provider, AsyncSocket socket, InetSocketAddress remote) {
        var made = new LinnetAsynchronousSocketChannel(provider, socket, remote);
        addOrClose(socket, made);
        return made;
    }

    static void addOrClose(AsyncSocket socket, Channel channel) {
        try {
            socket.group.add(channel);
        } catch (ShutdownChannelGroupException e) {
            socket.fd.close();
            throw e;
        }
    }

    private static Set<SocketOption<?>> options() {
        Set<SocketOption<?>> all = new HashSet<>(SocketOptionTable.stream());
        all.remove(SocketOptionTable.SO_OOBINLINE);
        all.remove(StandardSocketOptions.SO_LINGER);
        all.remove(StandardSocketOptions.IP_TOS);
        return Set.copyOf(all);
    }

    private <V extends @Nullable Object, A extends @Nullable Object> Completion<V, A> done(
            A attachment, CompletionHandler<V, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        return new Completion<>(socket.host, socket.group, attachment, handler);
    }

    private <V extends @Nullable Object> Completion<V, @Nullable Object> promised() {
        return new Completion<>(socket.host, socket.group, null, null);
    }

    // ---- connect
    // ------------------------------------------------------------------------------------

    @Override
    public Future<Void> connect(SocketAddress to) {
        Completion<Void, @Nullable Object> done = promised();
        startConnect(to, done);
        return Objects.requireNonNull(done.future());
    }

    @Override
    public <A extends @Nullable Object> void connect(
            SocketAddress to, A attachment, CompletionHandler<Void, ? super A> handler) {
        startConnect(to, done(attachment, handler));
    }

    private void startConnect(SocketAddress to, Completion<Void, ?> done) {
        if (!isOpen()) {
            done.closed();
            return;
        }
        InetSocketAddress peer = AsyncSocket.check(to);
        synchronized (socket) {
            switch (state) {
                case CONNECTED -> throw new AlreadyConnectedException();
                case PENDING -> throw new ConnectionPendingException();
                case UNCONNECTED -> state = State.PENDING;
            }
        }
        SocketFd fd = socket.fd;
        SockAddr address = socket.toStack(peer);
        int err = fd.quick(() -> fd.task().connect(fd.fd(), address));
        if (err == -Errno.EINPROGRESS) {
            Thread waiter =
                    done.later("linnet-connect", () -> finishConnect(awaitConnect(), peer, done));
            done.onCancel(
                    new Cancelled(waiter) {
                        @Override
                        public void end() {
                            reading.kill();
                            writing.kill();
                            super.end();
                        }
                    });
        } else {
            finishConnect(err, peer, done);
        }
    }

    private int awaitConnect() {
        SocketFd fd = socket.fd;
        return fd.call(
                SocketFd.READ,
                true,
                () -> {
                    int ready = fd.poll(PollEvents.POLLOUT, -1);
                    if (ready < 0) {
                        return ready;
                    }
                    byte[] raw = new byte[4];
                    int n = fd.task().getsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_ERROR, raw);
                    return n < 0 ? n : -Abi.getInt(raw, 0);
                });
    }

    private void finishConnect(int err, InetSocketAddress peer, Completion<Void, ?> done) {
        try {
            if (err < 0) {
                boolean closed = err == -Errno.EBADF || err == -Errno.EINTR;
                throw closed ? new AsynchronousCloseException() : SocketErrors.ofConnect(err);
            }
            socket.setLocal();
            synchronized (socket) {
                remote = peer;
                state = State.CONNECTED;
            }
        } catch (IOException e) {
            if (err != -Errno.EINTR) { // a cancelled one stays open
                closeQuietly();
            }
            done.failed(e);
            return;
        }
        done.completed(nothing());
    }

    @SuppressWarnings("NullAway") // Void has no other value
    private static Void nothing() {
        return null;
    }

    private void closeQuietly() {
        if (socket.fd.close()) {
            socket.group.remove(this);
        }
    }

    // ---- read and write
    // -----------------------------------------------------------------------------

    private static ByteBuffer writable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return dst;
    }

    @Override
    public Future<Integer> read(ByteBuffer dst) {
        Completion<Integer, @Nullable Object> done = promised();
        read(new ByteBuffer[] {writable(dst)}, 0, n -> n, done);
        return Objects.requireNonNull(done.future());
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer dst,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Completion<Integer, A> done = done(attachment, handler);
        read(new ByteBuffer[] {writable(dst)}, unit.toNanos(timeout), n -> n, done);
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer[] dsts,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Completion<Long, A> done = done(attachment, handler);
        ByteBuffer[] some = subsequence(dsts, offset, length);
        for (ByteBuffer dst : some) {
            writable(dst);
        }
        read(some, unit.toNanos(timeout), n -> (long) n, done);
    }

    private static ByteBuffer[] subsequence(ByteBuffer[] all, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, all.length);
        return java.util.Arrays.copyOfRange(all, offset, offset + length);
    }

    private static boolean isEmpty(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    private <V extends Number> void read(
            ByteBuffer[] dsts, long timeoutNs, IntFunction<V> value, Completion<V, ?> done) {
        if (!isOpen()) {
            done.closed();
            return;
        }
        ensureConnected();
        boolean empty = isEmpty(dsts);
        if (!reading.begin(empty)) {
            done.completed(value.apply(-1));
        } else if (empty) {
            done.completed(value.apply(0));
        } else {
            IntSupplier call = () -> atEnd(socket.recv(dsts));
            start(reading, SocketFd.READ, PollEvents.POLLIN, timeoutNs, call, value, done);
        }
    }

    /// Marks the end of the stream, which is told as -1.
    private static int atEnd(int n) {
        return n == 0 ? END : n;
    }

    /// No errno: the end of the stream.
    private static final int END = Integer.MIN_VALUE;

    private void ensureConnected() {
        if (remote == null) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    public Future<Integer> write(ByteBuffer src) {
        Completion<Integer, @Nullable Object> done = promised();
        write(new ByteBuffer[] {src}, 0, n -> n, done);
        return Objects.requireNonNull(done.future());
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer src,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Completion<Integer, A> done = done(attachment, handler);
        write(new ByteBuffer[] {src}, unit.toNanos(timeout), n -> n, done);
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer[] srcs,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Completion<Long, A> done = done(attachment, handler);
        write(subsequence(srcs, offset, length), unit.toNanos(timeout), n -> (long) n, done);
    }

    private <V extends Number> void write(
            ByteBuffer[] srcs, long timeoutNs, IntFunction<V> value, Completion<V, ?> done) {
        boolean empty = isEmpty(srcs);
        if (!isOpen()) {
            done.closed();
            return;
        }
        ensureConnected();
        if (!writing.begin(empty)) {
            done.closed();
        } else if (empty) {
            done.completed(value.apply(0));
        } else {
            IntSupplier call = () -> socket.send(srcs);
            start(writing, SocketFd.WRITE, PollEvents.POLLOUT, timeoutNs, call, value, done);
        }
    }

    /// Tries, and waits on another thread if it has to.
    ///
    /// @param timeoutNs 0 and less wait for ever
    private <V extends Number> void start(
            Side side,
            int kind,
            int events,
            long timeoutNs,
            IntSupplier call,
            IntFunction<V> value,
            Completion<V, ?> done) {
        int n = socket.fd.quick(call);
        if (n != -Errno.EAGAIN) {
            finish(side, n, value, done);
            return;
        }
        long ns = timeoutNs <= 0 ? FOREVER : Math.min(timeoutNs, FOREVER);
        Thread waiter =
                done.later(
                        kind == SocketFd.READ ? "linnet-read" : "linnet-write",
                        () ->
                                finish(
                                        side,
                                        socket.fd.timed(kind, true, events, ns, call),
                                        value,
                                        done));
        done.onCancel(
                new Cancelled(waiter) {
                    @Override
                    public void end() {
                        side.kill();
                        super.end();
                    }
                });
    }

    private static <V extends Number> void finish(
            Side side, int n, IntFunction<V> value, Completion<V, ?> done) {
        side.end(n == -Errno.EAGAIN);
        if (n >= 0 || n == END) {
            done.completed(value.apply(n == END ? -1 : n));
        } else {
            done.failed(
                    n == -Errno.EAGAIN
                            ? new InterruptedByTimeoutException()
                            : AsyncSocket.failure(n));
        }
    }

    /// What a cancelled operation of this channel does.
    private class Cancelled implements OperationFuture.Cancel {
        private final Thread waiter;

        Cancelled(Thread waiter) {
            this.waiter = waiter;
        }

        @Override
        public void end() {
            waiter.interrupt();
        }

        @Override
        public void close() throws IOException {
            LinnetAsynchronousSocketChannel.this.close();
        }
    }

    // ---- the ends
    // -----------------------------------------------------------------------------------

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        shutdown(reading, Shut.SHUT_RD);
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        shutdown(writing, Shut.SHUT_WR);
        return this;
    }

    private void shutdown(Side side, int how) throws IOException {
        socket.ensureOpen();
        ensureConnected();
        if (side.shut()) {
            SocketFd fd = socket.fd;
            int err = fd.quick(() -> fd.task().shutdown(fd.fd(), how));
            SocketErrors.check(err == -Errno.ENOTCONN ? 0 : err); // a reset has shut it already
        }
    }

    @Override
    public boolean isOpen() {
        return socket.fd.isOpen();
    }

    @Override
    public void close() throws IOException {
        closeQuietly();
    }

    // ---- addresses and options
    // -----------------------------------------------------------------------

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        socket.ensureOpen();
        synchronized (socket) {
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
            socket.bind(local);
        }
        return this;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        socket.ensureOpen();
        return socket.local();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws ClosedChannelException {
        socket.ensureOpen();
        return remote;
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value)
            throws IOException {
        if (OPTIONS.contains(name) && isOpen() && writing.isShut()) {
            throw new IOException("Connection has been shutdown for writing");
        }
        socket.setOption(OPTIONS, name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.getOption(OPTIONS, name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return OPTIONS;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(getClass().getName()).append('[');
        if (!isOpen()) {
            return text.append("closed]").toString();
        }
        synchronized (socket) {
            text.append(
                    switch (state) {
                        case UNCONNECTED -> "unconnected";
                        case PENDING -> "connection-pending";
                        case CONNECTED -> "connected";
                    });
            text.append(reading.isShut() ? " ishut" : "").append(writing.isShut() ? " oshut" : "");
            SocketAddress local = socket.local();
            if (local != null) {
                text.append(" local=").append(local);
            }
            if (remote != null) {
                text.append(" remote=").append(remote);
            }
        }
        return text.append(']').toString();
    }
}
