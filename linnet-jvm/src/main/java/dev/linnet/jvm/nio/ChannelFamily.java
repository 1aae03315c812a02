package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.SockAddr;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What differs between channels of the internet and of UNIX-domain sockets.
abstract sealed class ChannelFamily permits InetFamily, UnixFamily {
    /// That of a protocol family.
    ///
    /// @throws UnsupportedOperationException for one that channels do not have
    static ChannelFamily of(ProtocolFamily family) {
        return switch (family) {
            case StandardProtocolFamily.INET -> InetFamily.INET;
            case StandardProtocolFamily.INET6 -> InetFamily.v6();
            case StandardProtocolFamily.UNIX -> UnixFamily.INSTANCE;
            case null -> throw new NullPointerException("'family' is null");
            default -> throw new UnsupportedOperationException("Protocol family not supported");
        };
    }

    /// `AF_*`.
    abstract int af();

    /// Checks where a connection is to go, and says where it goes.
    ///
    /// @throws RuntimeException of the JDK for an address of another kind
    abstract SocketAddress checkRemote(@Nullable SocketAddress remote);

    /// Connects to a checked address; the stack's result.
    abstract int connect(SocketFd fd, SocketAddress remote);

    /// Gives a connection its own address, null for any; the address that it has then.
    abstract @Nullable SocketAddress bind(SocketFd fd, @Nullable SocketAddress local)
            throws IOException;

    /// The same for a socket that will listen.
    abstract @Nullable SocketAddress bindListener(SocketFd fd, @Nullable SocketAddress local)
            throws IOException;

    /// The JDK's form of an address of the stack.
    abstract @Nullable SocketAddress fromStack(@Nullable SockAddr address);

    /// The socket's own address.
    final @Nullable SocketAddress localAddress(SocketFd fd) {
        SockAddr[] out = new SockAddr[1];
        int err = fd.quick(() -> fd.task().getsockname(fd.fd(), out));
        return err < 0 ? null : fromStack(out[0]);
    }

    abstract Set<SocketOption<?>> streamOptions();

    abstract Set<SocketOption<?>> listenerOptions();
}
