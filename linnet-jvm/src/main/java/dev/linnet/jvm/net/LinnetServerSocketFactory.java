package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/// Makes listening sockets of one host, for programs that take a [ServerSocketFactory]. Nothing has to be installed in
/// the JVM.
public final class LinnetServerSocketFactory extends ServerSocketFactory {
    private final JvmHost host;

    /// A factory of sockets of `host`.
    public LinnetServerSocketFactory(JvmHost host) {
        this.host = host;
    }

    /// A listener whose connections are of the same host without a factory in the JVM.
    private static final class HostServerSocket extends ServerSocket {
        private final JvmHost host;

        HostServerSocket(JvmHost host) {
            super(new LinnetSocketImpl(host, true));
            this.host = host;
        }

        @Override
        public Socket accept() throws IOException {
            if (isClosed()) {
                throw new SocketException("Socket is closed");
            }
            if (!isBound()) {
                throw new SocketException("Socket is not bound yet");
            }
            Socket socket = new LinnetSocketFactory.HostSocket(host);
            implAccept(socket);
            return socket;
        }
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new HostServerSocket(host);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, 50, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
            throws IOException {
        ServerSocket socket = createServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (IOException | IllegalArgumentException e) {
            socket.close();
            throw e;
        }
    }
}
