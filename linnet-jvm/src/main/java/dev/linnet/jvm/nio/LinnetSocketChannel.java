package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connection of the stack as a `SocketChannel`, of the internet or UNIX-domain.
///
/// `readLock` and `writeLock` let one thread at a time into each direction (both of them for connecting), `this.state`
/// and the addresses are guarded by `stateLock`, which nobody holds while waiting.
final class LinnetSocketChannel extends SocketChannel implements Pollable {
    private enum State {
        UNCONNECTED,
        CONNECTION_PENDING,
        CONNECTED
    }

    private final ChannelFamily family;
    private final SocketFd fd;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Object stateLock = new Object();
    private volatile State state;
    private @Nullable SocketAddress localAddress;
    private @Nullable SocketAddress remoteAddress;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /// The peer has reset the connection; every later read says so again.
    private boolean reset;

    private @Nullable SocketAdaptor adaptor;

    /// A socket that is not connected.
    LinnetSocketChannel(SelectorProvider provider, ChannelFamily family, SocketFd fd) {
        super(provider);
        this.family = family;
        this.fd = fd;
        this.state = State.UNCONNECTED;
    }

    /// A connection that a listener has taken.
    LinnetSocketChannel(
            SelectorProvider provider,
            ChannelFamily family,
            SocketFd fd,
            @Nullable SocketAddress remote) {
        super(provider);
        this.family = family;
        this.fd = fd;
        this.state = State.CONNECTED;
        this.remoteAddress = remote;
        this.localAddress = family.localAddress(fd);
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

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    // ---- reading
    // ----------------------------------------------------------------------------------

    @Override
    public int read(ByteBuffer dst) throws IOException {
        checkWritable(dst);
        readLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            if (blocking) {
                begin();
            }
            try {
                if (mayReceive() && dst.hasRemaining()) {
                    n = fd.recv(dst, blocking ? 0 : Msg.MSG_DONTWAIT, false);
                } else {
                    return inputShut ? -1 : 0;
                }
            } finally {
                endRead(blocking, n);
            }
            int got = received(n);
            if (got > 0) {
                dst.position(dst.position() + got);
            }
            return got;
        } finally {
            readLock.unlock();
        }
    }

    private static void checkWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /// False at the end of the input.
    private boolean mayReceive() throws IOException {
        if (reset) {
            throw new SocketException("Connection reset");
        }
        return !inputShut;
    }

    private void endRead(boolean blocking, int n) throws AsynchronousCloseException {
        if (blocking) {
            end(n > 0 || inputShut);
        }
    }

    /// What a `recv` of at least one byte means to a reader: bytes, 0 if there is nothing yet, -1 at the end.
    private int received(int n) throws IOException {
        if (n > 0) {
            return n;
        }
        if (n == 0 || inputShut) {
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

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        for (int i = offset; i < offset + length; i++) {
            checkWritable(dsts[i]);
        }
        readLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            if (blocking) {
                begin();
            }
            try {
                int count = Gather.count(dsts, offset, length);
                if (mayReceive() && Gather.hasRemaining(dsts, offset, count)) {
                    n = fd.recv(dsts, offset, count, blocking ? 0 : Msg.MSG_DONTWAIT, false);
                } else {
                    return inputShut ? -1 : 0;
                }
            } finally {
                endRead(blocking, n);
            }
            int got = received(n);
            Gather.advance(dsts, offset, length, Math.max(got, 0));
            return got;
        } finally {
            readLock.unlock();
        }
    }

    /// Reads for the adaptor's stream: at least one byte, or -1 at the end.
    ///
    /// @param timeoutNs 0 waits for ever
    /// @throws SocketTimeoutException when it is over
    int readStream(ByteBuffer dst, long timeoutNs) throws IOException {
        readLock.lock();
        try {
            ensureConnected();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            int n = -Errno.EBADF;
            begin();
            try {
                if (!mayReceive()) {
                    return -1;
                }
                n =
                        timeoutNs == 0
                                ? fd.recv(dst, 0, false)
                                : fd.timed(
                                        SocketFd.READ,
                                        false,
                                        PollEvents.POLLIN,
                                        timeoutNs,
                                        () -> fd.task().recv(fd.fd(), dst, Msg.MSG_DONTWAIT));
            } finally {
                endRead(true, n == -Errno.EAGAIN ? 1 : n);
            }
            if (n == -Errno.EAGAIN) {
                throw new SocketTimeoutException("Read timed out");
            }
            return received(n);
        } finally {
            readLock.unlock();
        }
    }

    /// Bytes that can be read at once.
    int available() throws IOException {
        ensureConnected();
        if (inputShut) {
            return 0;
        }
        byte[] value = new byte[4];
        SocketErrors.check(fd.quick(() -> fd.task().ioctl(fd.fd(), Ioctl.FIONREAD, value)));
        return dev.linnet.uapi.Abi.getInt(value, 0);
    }

    // ---- writing
    // ----------------------------------------------------------------------------------

    @Override
    public int write(ByteBuffer src) throws IOException {
        Objects.requireNonNull(src);
        writeLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            beginWrite(blocking);
            try {
                n = src.hasRemaining() ? fd.send(src, sendFlags(blocking), false) : 0;
            } finally {
                endWrite(blocking, n);
            }
            int sent = sent(n);
            src.position(src.position() + sent);
            return sent;
        } finally {
            writeLock.unlock();
        }
    }

    private static int sendFlags(boolean blocking) {
        return blocking ? Msg.MSG_NOSIGNAL : Msg.MSG_NOSIGNAL | Msg.MSG_DONTWAIT;
    }

    private void beginWrite(boolean blocking) throws AsynchronousCloseException {
        if (blocking) {
            begin();
            if (outputShut) {
                end(true);
                throw new AsynchronousCloseException();
            }
        }
    }

    private void endWrite(boolean blocking, int n) throws AsynchronousCloseException {
        if (blocking) {
            end(n >= 0);
        }
        if (n <= 0 && outputShut) {
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

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        writeLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            beginWrite(blocking);
            try {
                int count = Gather.count(srcs, offset, length);
                boolean some = Gather.hasRemaining(srcs, offset, count);
                n = some ? fd.send(srcs, offset, count, sendFlags(blocking), false) : 0;
            } finally {
                endWrite(blocking, n);
            }
            int sent = sent(n);
            Gather.advance(srcs, offset, length, sent);
            return sent;
        } finally {
            writeLock.unlock();
        }
    }

    /// Writes all of it for the adaptor's stream.
    void writeStream(ByteBuffer src) throws IOException {
        if (!isBlocking()) {
            ensureConnected();
            throw new IllegalBlockingModeException();
        }
        while (src.hasRemaining()) {
            write(src);
        }
    }

    /// Sends a byte of urgent data; false if there is no room now.
    boolean sendUrgent(int data) throws IOException {
        ByteBuffer one = ByteBuffer.wrap(new byte[] {(byte) data});
        writeLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            beginWrite(blocking);
            try {
                n = fd.send(one, Msg.MSG_OOB | sendFlags(blocking), false);
            } finally {
                endWrite(blocking, n);
            }
            return sent(n) > 0;
        } finally {
            writeLock.unlock();
        }
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
        writeLock.lock();
        try {
            ensureConnected();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            beginWrite(blocking);
            try {
                n = fd.call(SocketFd.WRITE, false, () -> sendfile(in, position, count));
            } finally {
                endWrite(blocking, n);
            }
            return sent(n);
        } finally {
            writeLock.unlock();
            fd.task().close(in);
        }
    }

    private int sendfile(int in, long position, long count) {
        long most = Math.min(count, Integer.MAX_VALUE);
        return (int) fd.task().sendfile(fd.fd(), in, new long[] {position}, most);
    }

    // ---- connecting
    // ---------------------------------------------------------------------------------

    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        lockBoth();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (state == State.CONNECTION_PENDING) {
                    throw new ConnectionPendingException();
                }
                if (localAddress != null) {
                    throw new AlreadyBoundException();
                }
                localAddress = family.bind(fd, local);
            }
        } finally {
            unlockBoth();
        }
        return this;
    }

    private void lockBoth() {
        readLock.lock();
        writeLock.lock();
    }

    private void unlockBoth() {
        writeLock.unlock();
        readLock.unlock();
    }

    @Override
    public boolean connect(@Nullable SocketAddress remote) throws IOException {
        return connect(remote, 0);
    }

    /// Connects; false if that goes on (non-blocking only).
    ///
    /// @param timeoutNs how long a blocking connect may take; 0 is for ever
    private boolean connect(@Nullable SocketAddress remote, long timeoutNs) throws IOException {
        SocketAddress target = family.checkRemote(remote);
        lockBoth();
        try {
            ensureOpen();
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            beginConnect(blocking, target);
            try {
                n = connectFor(target, timeoutNs);
            } finally {
                endConnect(blocking, n);
            }
            if (n == -Errno.EINPROGRESS && timeoutNs != 0) {
                throw new SocketTimeoutException("Connect timed out");
            }
            if (n != 0 && n != -Errno.EINPROGRESS) {
                throw connectFailure(n);
            }
            return n == 0;
        } catch (IOException e) {
            close();
            throw e;
        } finally {
            unlockBoth();
        }
    }

    private void beginConnect(boolean blocking, SocketAddress target)
            throws ClosedChannelException {
        synchronized (stateLock) {
            switch (state) {
                case CONNECTED -> throw new AlreadyConnectedException();
                case CONNECTION_PENDING -> throw new ConnectionPendingException();
                case UNCONNECTED -> {}
            }
            state = State.CONNECTION_PENDING;
            remoteAddress = target;
        }
        if (blocking) {
            begin();
        }
    }

    private int connectFor(SocketAddress target, long timeoutNs) {
        if (timeoutNs == 0) {
            return fd.call(SocketFd.READ, false, () -> family.connect(fd, target));
        }
        fd.setNonblock(true);
        try {
            int n = fd.call(SocketFd.READ, false, () -> family.connect(fd, target));
            return n == -Errno.EINPROGRESS ? awaitConnect(timeoutNs) : n;
        } finally {
            fd.setNonblock(false);
        }
    }

    /// Waits for the end of a connect that goes on: 0, `-EINPROGRESS` when the time is over, or its error.
    private int awaitConnect(long timeoutNs) {
        int n = fd.timed(SocketFd.READ, false, PollEvents.POLLOUT, timeoutNs, this::connectResult);
        return n == -Errno.EAGAIN ? -Errno.EINPROGRESS : n;
    }

    /// 0, `-EAGAIN` while it goes on, or its error.
    private int connectResult() {
        int ready = fd.poll(PollEvents.POLLOUT, 0);
        if (ready <= 0) {
            return ready == 0 ? -Errno.EAGAIN : ready;
        }
        int[] error = new int[1];
        int err = fd.task().getsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_ERROR, error);
        return err < 0 ? err : -error[0];
    }

    private void endConnect(boolean blocking, int n) throws AsynchronousCloseException {
        if (n == 0) {
            synchronized (stateLock) {
                state = State.CONNECTED;
                localAddress = family.localAddress(fd);
            }
        }
        if (blocking) {
            end(n == 0 || n == -Errno.EINPROGRESS);
        }
    }

    private static IOException connectFailure(int n) {
        return n == -Errno.EBADF || n == -Errno.EINTR
                ? new AsynchronousCloseException()
                : SocketErrors.ofConnect(n);
    }

    /// Connects for the adaptor, which has a time-out; 0 is for ever.
    void connectStream(@Nullable SocketAddress remote, long timeoutNs) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        connect(remote, timeoutNs);
    }

    @Override
    public boolean finishConnect() throws IOException {
        lockBoth();
        try {
            if (state == State.CONNECTED && isOpen()) {
                return true;
            }
            ensureOpen();
            if (state != State.CONNECTION_PENDING) {
                throw new NoConnectionPendingException();
            }
            boolean blocking = isBlocking();
            int n = -Errno.EBADF;
            if (blocking) {
                begin();
            }
            try {
                n = blocking ? awaitConnect(Long.MAX_VALUE) : fd.quick(this::connectResult);
            } finally {
                endConnect(blocking, n);
            }
            if (n != 0 && n != -Errno.EAGAIN) {
                throw connectFailure(n);
            }
            return n == 0;
        } catch (IOException e) {
            close();
            throw e;
        } finally {
            unlockBoth();
        }
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED && isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return state == State.CONNECTION_PENDING && isOpen();
    }

    // ---- addresses and options
    // --------------------------------------------------------------------

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remoteAddress();
    }

    @Nullable SocketAddress localAddress() {
        synchronized (stateLock) {
            return localAddress;
        }
    }

    @Nullable SocketAddress remoteAddress() {
        synchronized (stateLock) {
            return remoteAddress;
        }
    }

    @Override
    public Socket socket() {
        if (family == UnixFamily.INSTANCE) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (stateLock) {
            SocketAdaptor made = adaptor;
            if (made == null) {
                made = SocketAdaptor.of(this);
                adaptor = made;
            }
            return made;
        }
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
        return family.streamOptions();
    }

    // ---- the end
    // ------------------------------------------------------------------------------------

    @Override
    public SocketChannel shutdownInput() throws IOException {
        synchronized (stateLock) {
            ensureConnected();
            if (!inputShut) {
                inputShut = true; // first: who is woken by it looks
                shutdown(Shut.SHUT_RD);
            }
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        synchronized (stateLock) {
            ensureConnected();
            if (!outputShut) {
                outputShut = true;
                shutdown(Shut.SHUT_WR);
            }
        }
        return this;
    }

    /// A connection that the peer has ended is shut down already.
    private void shutdown(int how) throws IOException {
        int err = fd.quick(() -> fd.task().shutdown(fd.fd(), how));
        if (err != -Errno.ENOTCONN) {
            SocketErrors.check(err);
        }
    }

    boolean isInputOpen() {
        return !inputShut;
    }

    boolean isOutputOpen() {
        return !outputShut;
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        lockBoth();
        try {
            ensureOpen();
            SocketErrors.check(fd.setNonblock(!block));
        } finally {
            unlockBoth();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        ChannelEnd.close(fd, state == State.CONNECTED && isRegistered());
    }

    // ---- selection
    // ----------------------------------------------------------------------------------

    @Override
    public int readyOps(int events, int interest) {
        int ready = 0;
        State now = state;
        if ((events & PollEvents.POLLIN) != 0 && now == State.CONNECTED) {
            ready |= SelectionKey.OP_READ;
        }
        if ((events & PollEvents.POLLOUT) != 0) {
            ready |=
                    switch (now) {
                        case CONNECTED -> SelectionKey.OP_WRITE;
                        case CONNECTION_PENDING -> SelectionKey.OP_CONNECT;
                        case UNCONNECTED -> 0;
                    };
        }
        return ready & interest;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("java.nio.channels.SocketChannel[");
        if (!isOpen()) {
            return text.append("closed]").toString();
        }
        synchronized (stateLock) {
            switch (state) {
                case UNCONNECTED -> text.append("unconnected");
                case CONNECTION_PENDING -> text.append("connection-pending");
                case CONNECTED ->
                        text.append("connected")
                                .append(inputShut ? " ishut" : "")
                                .append(outputShut ? " oshut" : "");
            }
            if (localAddress != null) {
                text.append(" local=").append(localAddress);
            }
            if (remoteAddress != null) {
                text.append(" remote=").append(remoteAddress);
            }
        }
        return text.append(']').toString();
    }
}
