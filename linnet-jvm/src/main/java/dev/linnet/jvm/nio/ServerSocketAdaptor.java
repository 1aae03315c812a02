package dev.linnet.jvm.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel as a `ServerSocket`.
final class ServerSocketAdaptor extends ServerSocket {
    private static final long NS_PER_MS = 1_000_000;
    private static final int DEFAULT_BACKLOG = 50;

    private final LinnetServerSocketChannel channel;
    private volatile int timeoutMs;

    private ServerSocketAdaptor(LinnetServerSocketChannel channel) {
        super(new NoSocketImpl());
        this.channel = channel;
    }

    static ServerSocketAdaptor of(LinnetServerSocketChannel channel) {
        return new ServerSocketAdaptor(channel);
    }

    private @Nullable InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void bind(@Nullable SocketAddress endpoint) throws IOException {
        bind(endpoint, DEFAULT_BACKLOG);
    }

    @Override
    public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
        SocketAddress local = endpoint == null ? new InetSocketAddress(0) : endpoint;
        AdaptorErrors.socket(() -> channel.bind(local, backlog));
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress local = local();
        return local == null ? null : local.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = local();
        return local == null ? -1 : local.getPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return local();
    }

    /// With a time-out the channel must be blocking; without one a connection that is there is taken even if it is not.
    @Override
    public Socket accept() throws IOException {
        SocketChannel accepted =
                AdaptorErrors.socket(
                        () -> {
                            int timeout = timeoutMs;
                            return timeout > 0
                                    ? channel.acceptStream(timeout * NS_PER_MS)
                                    : acceptNow();
                        });
        return accepted.socket();
    }

    private SocketChannel acceptNow() throws IOException {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
            throw new IllegalBlockingModeException();
        }
        return accepted;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isBound() {
        return channel.localAddress() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMs = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
        return timeoutMs;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        AdaptorErrors.option(() -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, on));
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return AdaptorErrors.option(() -> channel.getOption(StandardSocketOptions.SO_REUSEADDR));
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        AdaptorErrors.option(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, size));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return AdaptorErrors.option(() -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public String toString() {
        return isBound()
                ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                : "ServerSocket[unbound]";
    }
}
