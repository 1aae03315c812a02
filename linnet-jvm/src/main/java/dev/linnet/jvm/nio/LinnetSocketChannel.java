package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection of the stack as a `SocketChannel`, of the internet or UNIX-domain.
///
/// The locks of [#input] and [#output] let one thread at a time into each direction (both for connecting); `this.state`
/// and the addresses are guarded by `stateLock`, which nobody holds while waiting.
final class LinnetSocketChannel extends SocketChannel implements Pollable {
    private enum State {
        UNCONNECTED,
        CONNECTION_PENDING,
        CONNECTED
    }

    private final ChannelFamily family;
    private final SocketFd fd;
    private final ChannelInput input;
    private final ChannelOutput output;
    private final Object stateLock = new Object();
    private volatile State state;
    private @Nullable SocketAddress localAddress;
    private @Nullable SocketAddress remoteAddress;
    private @Nullable SocketAdaptor adaptor;

    /// A socket that is not connected.
    LinnetSocketChannel(SelectorProvider provider, ChannelFamily family, SocketFd fd) {
        super(provider);
        this.family = family;
        this.fd = fd;
        this.input = new ChannelInput(this, fd);
        this.output = new ChannelOutput(this, fd);
        this.state = State.UNCONNECTED;
    }

    /// A connection that a listener has taken.
    LinnetSocketChannel(
            SelectorProvider provider,
            ChannelFamily family,
            SocketFd fd,
            @Nullable SocketAddress remote) {
        this(provider, family, fd);
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

    void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    /// Notes that the calling thread is about to wait, so that an interrupt closes the channel.
    void enter() {
        begin();
    }

    /// Ends [#enter]; throws if the channel was closed meanwhile and the call did not complete.
    void leave(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    // ---- data
    // ---------------------------------------------------------------------------------------

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return input.read(dst);
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        return input.read(dsts, offset, length);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return output.write(src);
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        return output.write(srcs, offset, length);
    }

    /// What is read, for the adaptor.
    ChannelInput input() {
        return input;
    }

    /// What is written, for the adaptor and for `FileChannel.transferTo`.
    ChannelOutput output() {
        return output;
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
        input.lock.lock();
        output.lock.lock();
    }

    private void unlockBoth() {
        output.lock.unlock();
        input.lock.unlock();
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
            input.shutdown();
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        synchronized (stateLock) {
            ensureConnected();
            output.shutdown();
        }
        return this;
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
                                .append(input.isShut() ? " ishut" : "")
                                .append(output.isShut() ? " oshut" : "");
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
