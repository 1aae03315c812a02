package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// Makes sockets of one host, for programs that take a [SocketFactory]. Nothing has to be installed in the JVM.
public final class LinnetSocketFactory extends SocketFactory {
    private final JvmHost host;

    /// A factory of sockets of `host`.
    public LinnetSocketFactory(JvmHost host) {
        this.host = host;
    }

    /// A socket whose implementation was given.
    static final class HostSocket extends Socket {
        HostSocket(JvmHost host) throws SocketException {
            super(new LinnetSocketImpl(host, false));
        }
    }

    @Override
    public Socket createSocket() throws IOException {
        return new HostSocket(host);
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        return connected(resolved(name, port), null);
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(resolved(name, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(address, port),
                new InetSocketAddress(localAddress, localPort));
    }

    /// Looks a name up on the factory's host, whatever the thread's is.
    private InetSocketAddress resolved(String name, int port) {
        AtomicReference<InetSocketAddress> found = new AtomicReference<>();
        host.run(() -> found.set(new InetSocketAddress(name, port)));
        return found.get();
    }

    private Socket connected(SocketAddress to, @Nullable SocketAddress from) throws IOException {
        Socket socket = createSocket();
        try {
            if (from != null) {
                socket.bind(from);
            }
            socket.connect(to);
            return socket;
        } catch (IOException | IllegalArgumentException e) {
            socket.close();
            throw e;
        }
    }
}
