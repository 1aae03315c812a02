package dev.linnet.jvm.async;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.syscall.SocketCalls;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the two kinds of asynchronous channels have in common: a socket that does not wait, of a host and of a group.
///
/// Thread-safe; its monitor guards the local address.
final class AsyncSocket {
    final JvmHost host;
    final AsyncGroup group;
    final SocketFd fd;
    private final int family;
    private @Nullable InetSocketAddress local;

    private AsyncSocket(JvmHost host, AsyncGroup group, int family, SocketFd fd) {
        this.host = host;
        this.group = group;
        this.family = family;
        this.fd = fd;
    }

    /// A new stream socket.
    static AsyncSocket open(JvmHost host, AsyncGroup group) throws IOException {
        int family = SocketAddresses.defaultFamily();
        int type = SocketType.SOCK_STREAM | SocketType.SOCK_NONBLOCK;
        SocketFd fd = SocketFd.open(host.task(), family, type);
        return new AsyncSocket(host, group, family, fd);
    }

    /// A connection that this one, which listens, has taken.
    AsyncSocket accepted(int newFd) throws IOException {
        SocketFd of = new SocketFd(host.task(), newFd);
        AsyncSocket made = new AsyncSocket(host, group, family, of);
        made.setLocal();
        return made;
    }

    // ---- addresses
    // ----------------------------------------------------------------------------------

    /// The address that somebody gave, if it is one that a socket can use.
    static InetSocketAddress check(SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return inet;
    }

    SockAddr toStack(InetSocketAddress address) {
        return SocketAddresses.toStack(family, address);
    }

    synchronized @Nullable InetSocketAddress local() {
        return local;
    }

    void ensureOpen() throws ClosedChannelException {
        if (!fd.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    synchronized void bind(@Nullable SocketAddress to) throws IOException {
        if (local != null) {
            throw new AlreadyBoundException();
        }
        SockAddr address = toStack(to == null ? new InetSocketAddress(0) : check(to));
        SocketErrors.check(fd.quick(() -> fd.task().bind(fd.fd(), address)));
        setLocal();
    }

    /// Learns the local address of a socket that is bound or connected now.
    synchronized void setLocal() throws IOException {
        SockAddr[] out = new SockAddr[1];
        SocketErrors.check(fd.quick(() -> fd.task().getsockname(fd.fd(), out)));
        local = SocketAddresses.fromStack(out[0]);
    }

    // ---- options
    // ------------------------------------------------------------------------------------

    <T> void setOption(Set<SocketOption<?>> supported, SocketOption<T> name, T value)
            throws IOException {
        require(supported, name);
        ensureOpen();
        SocketOptionTable.set(fd, family, name, value);
    }

    @SuppressWarnings("unchecked") // the table has the type of each option
    <T> T getOption(Set<SocketOption<?>> supported, SocketOption<T> name) throws IOException {
        require(supported, name);
        ensureOpen();
        return (T) Objects.requireNonNull(SocketOptionTable.get(fd, family, name));
    }

    private static void require(Set<SocketOption<?>> supported, SocketOption<?> name) {
        if (!supported.contains(Objects.requireNonNull(name))) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    // ---- data
    // ---------------------------------------------------------------------------------------

    /// Receives what is there; what came has been passed in the buffers. For use inside a call of [SocketFd].
    int recv(ByteBuffer[] dsts) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(dsts, 0, dsts.length);
        return advance(dsts, SocketCalls.recvmsg(fd.task().struct(), fd.fd(), msg, 0));
    }

    /// Sends as much as there is room for; what went has been passed in the buffers.
    int send(ByteBuffer[] srcs) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(srcs, 0, srcs.length);
        return advance(srcs, SocketCalls.sendmsg(fd.task().struct(), fd.fd(), msg, 0));
    }

    private static int advance(ByteBuffer[] buffers, int n) {
        int left = n;
        for (int i = 0; i < buffers.length && left > 0; i++) {
            ByteBuffer buffer = buffers[i];
            int here = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + here);
            left -= here;
        }
        return n;
    }

    /// What went wrong with data.
    static IOException failure(int err) {
        return err == -Errno.EBADF
                ? new AsynchronousCloseException()
                : new IOException(
                        err == -Errno.ECONNRESET ? "Connection reset" : Errno.message(err));
    }
}
