package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUnspec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A UDP socket of the stack as a `DatagramChannel`.
///
/// One thread at a time receives (`readLock`) and sends (`writeLock`); addresses are guarded by `stateLock`.
final class LinnetDatagramChannel extends DatagramChannel implements Pollable {
    private final InetFamily family;
    private final SocketFd fd;

    /// Whether an interrupt of a thread that waits closes the channel.
    private final boolean interruptible;

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Object stateLock = new Object();
    private final Memberships memberships;
    private @Nullable InetSocketAddress localAddress;
    private @Nullable InetSocketAddress remoteAddress;

    /// The local address before the socket was connected, which gave it another one.
    private @Nullable InetSocketAddress addressBefore;

    private @Nullable DatagramSocketAdaptor adaptor;

    /// The last source, so that a peer that sends much has one object; guarded by `readLock`.
    private @Nullable SockAddr lastSource;

    private @Nullable InetSocketAddress lastSender;

    LinnetDatagramChannel(
            SelectorProvider provider, InetFamily family, SocketFd fd, boolean interruptible) {
        super(provider);
        this.family = family;
        this.fd = fd;
        this.interruptible = interruptible;
        this.memberships = new Memberships(this, fd, family.af());
    }

    @Override
    public SocketFd fd() {
        return fd;
    }

    void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void lockBoth() {
        readLock.lock();
        writeLock.lock();
    }

    private void unlockBoth() {
        writeLock.unlock();
        readLock.unlock();
    }

    // ---- addresses
    // ----------------------------------------------------------------------------------

    @Override
    public DatagramChannel bind(@Nullable SocketAddress local) throws IOException {
        lockBoth();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (localAddress != null) {
                    throw new AlreadyBoundException();
                }
                localAddress = (InetSocketAddress) family.bind(fd, local);
            }
        } finally {
            unlockBoth();
        }
        return this;
    }

    private void ensureBound() throws IOException {
        synchronized (stateLock) {
            if (localAddress == null) {
                localAddress = (InetSocketAddress) family.bind(fd, null);
            }
        }
    }

    @Override
    public DatagramChannel connect(SocketAddress remote) throws IOException {
        return connect(remote, true);
    }

    /// Connects; what was received before is thrown away.
    ///
    /// @param once whether a channel that is connected refuses
    DatagramChannel connect(SocketAddress remote, boolean once) throws IOException {
        InetSocketAddress target = family.check(remote);
        lockBoth();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (once && remoteAddress != null) {
                    throw new AlreadyConnectedException();
                }
                if (target.getPort() == 0) {
                    throw new SocketException("Can't connect to port 0");
                }
                ensureBound();
                addressBefore = localAddress;
                SocketErrors.check(fd.quick(() -> family.connect(fd, target)));
                remoteAddress = target;
                localAddress = (InetSocketAddress) family.localAddress(fd);
                dropReceived();
            }
        } finally {
            unlockBoth();
        }
        return this;
    }

    private void dropReceived() {
        ByteBuffer nothing = ByteBuffer.allocate(1);
        int n;
        do {
            n = fd.quick(() -> fd.task().recv(fd.fd(), nothing, Msg.MSG_DONTWAIT));
        } while (n >= 0 || n == -Errno.ECONNREFUSED); // an earlier peer's error may come first
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        lockBoth();
        try {
            synchronized (stateLock) {
                if (isOpen() && remoteAddress != null) {
                    SockAddr unspec = new SockAddrUnspec(0, 16);
                    SocketErrors.check(fd.quick(() -> fd.task().connect(fd.fd(), unspec)));
                    remoteAddress = null;
                    restoreAddress();
                }
            }
        } finally {
            unlockBoth();
        }
        return this;
    }

    /// A port that the stack chose is lost with the connection; the JDK keeps it.
    private void restoreAddress() throws IOException {
        InetSocketAddress before = addressBefore;
        addressBefore = null;
        localAddress = (InetSocketAddress) family.localAddress(fd);
        if (before != null && localAddress != null && localAddress.getPort() == 0) {
            localAddress = (InetSocketAddress) family.bind(fd, before);
        }
    }

    @Override
    public boolean isConnected() {
        return remoteAddress() != null && isOpen();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    @Nullable InetSocketAddress localAddress() {
        synchronized (stateLock) {
            return localAddress;
        }
    }

    @Nullable InetSocketAddress remoteAddress() {
        synchronized (stateLock) {
            return remoteAddress;
        }
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (!isConnected()) {
            throw new NotYetConnectedException();
        }
    }

    // ---- receiving
    // ----------------------------------------------------------------------------------

    @Override
    public @Nullable SocketAddress receive(ByteBuffer dst) throws IOException {
        checkWritable(dst);
        readLock.lock();
        try {
            ensureOpen();
            ensureBound();
            SockAddr[] from = new SockAddr[1];
            int flags = flags();
            int n =
                    receiving(
                            () ->
                                    fd.call(
                                            SocketFd.READ,
                                            interrupts(),
                                            () -> recvfrom(dst, flags, from)));
            if (n < 0) {
                return null;
            }
            dst.position(dst.position() + n);
            return sender(from[0]);
        } finally {
            readLock.unlock();
        }
    }

    /// The error of an earlier peer's is nobody's once the channel is not connected any more.
    private int recvfrom(ByteBuffer dst, int flags, SockAddr[] from) {
        int n;
        do {
            n = fd.task().recvfrom(fd.fd(), dst, flags, from);
        } while (n == -Errno.ECONNREFUSED && remoteAddress() == null);
        return n;
    }

    private static void checkWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /// Whether an interrupt itself ends a wait: of a virtual thread on a socket, which then closes. That of a channel
    /// closes it, and the close ends the wait ([#begin]); were it to end it earlier, the channel would stay open.
    private boolean interrupts() {
        return !interruptible && Thread.currentThread().isVirtual();
    }

    private int flags() {
        return isBlocking() ? 0 : Msg.MSG_DONTWAIT;
    }

    private @Nullable InetSocketAddress sender(@Nullable SockAddr source) {
        if (source == null || !source.equals(lastSource)) {
            lastSource = source;
            lastSender = SocketAddresses.fromStack(source);
        }
        return lastSender;
    }

    /// Makes a call that receives: bytes, or `-EAGAIN` if there is nothing (non-blocking).
    private int receiving(IntSupplier call) throws IOException {
        boolean closing = interruptible && isBlocking();
        int n = -Errno.EBADF;
        if (closing) {
            begin();
        }
        try {
            n = call.getAsInt();
        } finally {
            if (closing) {
                end(n >= 0 || n == -Errno.EAGAIN);
            }
        }
        return result(n);
    }

    private int result(int n) throws IOException {
        if (n >= 0 || n == -Errno.EAGAIN) {
            return n;
        }
        throw switch (-n) {
            case Errno.EINTR ->
                    interruptible ? new AsynchronousCloseException() : new InterruptedIOException();
            case Errno.EBADF -> new AsynchronousCloseException();
            case Errno.ECONNREFUSED -> new PortUnreachableException();
            default -> SocketErrors.of(n);
        };
    }

    /// Receives for the adaptor.
    ///
    /// @param timeoutNs 0 waits for ever
    /// @throws SocketTimeoutException when it is over
    InetSocketAddress receiveStream(ByteBuffer dst, long timeoutNs) throws IOException {
        readLock.lock();
        try {
            ensureOpen();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            ensureBound();
            SockAddr[] from = new SockAddr[1];
            int flags = timeoutNs == 0 ? 0 : Msg.MSG_DONTWAIT;
            IntSupplier call = () -> recvfrom(dst, flags, from);
            int n =
                    receiving(
                            timeoutNs == 0
                                    ? () -> fd.call(SocketFd.READ, interrupts(), call)
                                    : () ->
                                            fd.timed(
                                                    SocketFd.READ,
                                                    interrupts(),
                                                    PollEvents.POLLIN,
                                                    timeoutNs,
                                                    call));
            if (n < 0) {
                throw new SocketTimeoutException("Receive timed out");
            }
            dst.position(dst.position() + n);
            return Objects.requireNonNull(sender(from[0]));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        checkWritable(dst);
        readLock.lock();
        try {
            ensureConnected();
            if (!dst.hasRemaining()) {
                return 0; // and what is there stays, other than with receive
            }
            int flags = flags();
            int n = read(receiving(() -> fd.recv(dst, flags, interrupts())));
            dst.position(dst.position() + Math.max(n, 0));
            return n;
        } finally {
            readLock.unlock();
        }
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
            int count = Gather.count(dsts, offset, length);
            if (!Gather.hasRemaining(dsts, offset, count)) {
                return 0;
            }
            int flags = flags();
            int n = read(receiving(() -> fd.recv(dsts, offset, count, flags, interrupts())));
            Gather.advance(dsts, offset, length, Math.max(n, 0));
            return n;
        } finally {
            readLock.unlock();
        }
    }

    /// What `read` says: an empty datagram is the end of the stream to the JDK, and nothing there is 0.
    private static int read(int received) {
        return switch (received) {
            case 0 -> -1;
            case -Errno.EAGAIN -> 0;
            default -> received;
        };
    }

    // ---- sending
    // ------------------------------------------------------------------------------------

    @Override
    public int send(ByteBuffer src, SocketAddress target) throws IOException {
        Objects.requireNonNull(src);
        InetSocketAddress to = family.check(target);
        writeLock.lock();
        try {
            ensureOpen();
            ensureBound();
            InetSocketAddress remote = remoteAddress();
            if (remote != null && !remote.equals(target)) {
                throw new AlreadyConnectedException();
            }
            if (remote != null) {
                return writeOne(src);
            }
            if (to.getPort() == 0) {
                throw new SocketException("Can't send to port 0");
            }
            SockAddr address = SocketAddresses.toPeer(family.af(), to);
            int flags = flags();
            int n =
                    sending(
                            () ->
                                    fd.call(
                                            SocketFd.WRITE,
                                            interrupts(),
                                            () -> sendto(src, flags, address)),
                            false);
            src.position(src.position() + n);
            return n;
        } finally {
            writeLock.unlock();
        }
    }

    /// Where an earlier peer's error comes up the datagram counts as sent.
    private int sendto(ByteBuffer src, int flags, SockAddr to) {
        int n = fd.task().sendto(fd.fd(), src, flags, to);
        return n == -Errno.ECONNREFUSED ? src.remaining() : n;
    }

    /// Makes a call that sends: bytes, 0 if there is no room now (non-blocking).
    ///
    /// @param write whether errors are those of `write`, not of `send`
    private int sending(IntSupplier call, boolean write) throws IOException {
        boolean closing = interruptible && isBlocking();
        int n = -Errno.EBADF;
        if (closing) {
            begin();
        }
        try {
            n = call.getAsInt();
        } finally {
            if (closing) {
                end(n >= 0);
            }
        }
        if (write && n == -Errno.EMSGSIZE) {
            throw SocketErrors.ofSend(n);
        }
        return Math.max(result(n), 0);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        Objects.requireNonNull(src);
        writeLock.lock();
        try {
            ensureConnected();
            return writeOne(src);
        } finally {
            writeLock.unlock();
        }
    }

    /// Sends to the peer; an empty datagram can only be sent where there is none.
    private int writeOne(ByteBuffer src) throws IOException {
        if (!src.hasRemaining()) {
            return 0;
        }
        int flags = flags();
        int n = sending(() -> fd.send(src, flags, interrupts()), true);
        src.position(src.position() + n);
        return n;
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        writeLock.lock();
        try {
            ensureConnected();
            int flags = flags();
            int count = Gather.count(srcs, offset, length);
            if (!Gather.hasRemaining(srcs, offset, count)) {
                return 0;
            }
            int n = sending(() -> fd.send(srcs, offset, count, flags, interrupts()), true);
            Gather.advance(srcs, offset, length, n);
            return n;
        } finally {
            writeLock.unlock();
        }
    }

    // ---- groups
    // --------------------------------------------------------------------------------------

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface dev) throws IOException {
        return memberships.join(group, dev, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface dev, InetAddress source)
            throws IOException {
        return memberships.join(group, dev, Objects.requireNonNull(source));
    }

    Memberships memberships() {
        return memberships;
    }

    // ---- options, the end, selection
    // ------------------------------------------------------------------

    @Override
    public DatagramSocket socket() {
        synchronized (stateLock) {
            DatagramSocketAdaptor made = adaptor;
            if (made == null) {
                made = DatagramSocketAdaptor.of(this);
                adaptor = made;
            }
            return made;
        }
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
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
        return SocketOptionTable.datagram();
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
        memberships.invalidate();
        fd.close();
    }

    @Override
    public int readyOps(int events, int interest) {
        int ready = (events & PollEvents.POLLIN) != 0 ? SelectionKey.OP_READ : 0;
        ready |= (events & PollEvents.POLLOUT) != 0 ? SelectionKey.OP_WRITE : 0;
        return ready & interest;
    }
}
