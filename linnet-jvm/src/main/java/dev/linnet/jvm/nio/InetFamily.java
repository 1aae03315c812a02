package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// IPv4 alone, or IPv6 with IPv4.
final class InetFamily extends ChannelFamily {
    static final InetFamily INET = new InetFamily(Af.AF_INET);
    static final InetFamily INET6 = new InetFamily(Af.AF_INET6);

    private static final long LOOPBACK6 = 1;
    private static final int LOOPBACK4 = 0x7f000001;

    private final int af;

    private InetFamily(int af) {
        this.af = af;
    }

    /// That of a channel whose family nobody named.
    static InetFamily unspecified() {
        return SocketAddresses.defaultFamily() == Af.AF_INET ? INET : INET6;
    }

    /// That of a channel that is to do IPv6.
    static InetFamily v6() {
        if (SocketAddresses.onlyV4()) {
            throw new UnsupportedOperationException("IPv6 not available");
        }
        return INET6;
    }

    @Override
    int af() {
        return af;
    }

    /// An address that a socket of this family can have.
    InetSocketAddress check(@Nullable SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (af == Af.AF_INET && !(inet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /// As [#check]; any address stands for the loopback one.
    @Override
    SocketAddress checkRemote(@Nullable SocketAddress remote) {
        InetSocketAddress inet = check(remote);
        InetAddress address = inet.getAddress();
        if (!address.isAnyLocalAddress()) {
            return inet;
        }
        InetAddress loopback =
                address instanceof Inet4Address
                        ? SocketAddresses.ofV4(LOOPBACK4)
                        : SocketAddresses.ofV6(0, LOOPBACK6, 0);
        return new InetSocketAddress(loopback, inet.getPort());
    }

    @Override
    int connect(SocketFd fd, SocketAddress remote) {
        SockAddr address = SocketAddresses.toStack(af, (InetSocketAddress) remote);
        return fd.task().connect(fd.fd(), address);
    }

    @Override
    @Nullable SocketAddress bind(SocketFd fd, @Nullable SocketAddress local) throws IOException {
        InetSocketAddress inet = local == null ? any() : check(local);
        SockAddr address = SocketAddresses.toStack(af, inet);
        SocketErrors.check(fd.quick(() -> fd.task().bind(fd.fd(), address)));
        return localAddress(fd);
    }

    private InetSocketAddress any() {
        InetAddress any =
                af == Af.AF_INET ? SocketAddresses.ofV4(0) : SocketAddresses.ofV6(0, 0, 0);
        return new InetSocketAddress(any, 0);
    }

    @Override
    @Nullable SocketAddress bindListener(SocketFd fd, @Nullable SocketAddress local)
            throws IOException {
        return bind(fd, local);
    }

    @Override
    @Nullable SocketAddress fromStack(@Nullable SockAddr address) {
        return SocketAddresses.fromStack(address);
    }

    @Override
    Set<SocketOption<?>> streamOptions() {
        return SocketOptionTable.stream();
    }

    @Override
    Set<SocketOption<?>> listenerOptions() {
        return SocketOptionTable.listener();
    }
}
