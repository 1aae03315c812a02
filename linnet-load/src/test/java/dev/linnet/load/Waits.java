package dev.linnet.load;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Calls that wait for ever, in channels and in sockets: nothing comes, nobody reads, nobody connects, nobody answers.
final class Waits implements AutoCloseable {
    /// What is called.
    enum Kind {
        READ,
        WRITE,
        ACCEPT,
        CONNECT
    }

    /// @param target what to close to end it
    /// @param call the call
    record Wait(Closeable target, Crowd.Body call) {}

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocketChannel listener =
            ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0), 1024);

    /// A listener whose queue is full: what connects to it gets no answer.
    private final ServerSocketChannel full =
            ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0), 1);

    private final List<Closeable> others = new ArrayList<>();

    Waits() throws IOException {
        SocketAddress address = full.getLocalAddress();
        for (int i = 0; i < 2; i++) {
            others.add(SocketChannel.open(address));
        }
    }

    /// A call of a channel.
    Wait channel(Kind kind) throws IOException {
        return switch (kind) {
            case READ -> {
                SocketChannel channel = connected();
                ByteBuffer buffer = ByteBuffer.allocateDirect(10);
                yield new Wait(channel, () -> channel.read(buffer));
            }
            case WRITE -> {
                SocketChannel channel = connected();
                yield new Wait(channel, () -> writeForEver(channel));
            }
            case ACCEPT -> {
                ServerSocketChannel idle = ServerSocketChannel.open();
                idle.bind(new InetSocketAddress(LOOPBACK, 0));
                yield new Wait(idle, idle::accept);
            }
            case CONNECT -> {
                SocketChannel channel = SocketChannel.open();
                yield new Wait(channel, () -> channel.connect(full.getLocalAddress()));
            }
        };
    }

    private SocketChannel connected() throws IOException {
        SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
        others.add(listener.accept());
        return channel;
    }

    private static void writeForEver(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        while (true) {
            channel.write(buffer.clear());
        }
    }

    /// A call of a socket.
    Wait socket(Kind kind) throws IOException {
        return switch (kind) {
            case READ -> {
                Socket socket = connectedSocket();
                yield new Wait(socket, () -> socket.getInputStream().read());
            }
            case WRITE -> {
                Socket socket = connectedSocket();
                yield new Wait(socket, () -> writeForEver(socket));
            }
            case ACCEPT -> {
                ServerSocket idle = new ServerSocket(0, 1, LOOPBACK);
                yield new Wait(idle, idle::accept);
            }
            case CONNECT -> {
                Socket socket = new Socket();
                yield new Wait(socket, () -> socket.connect(full.getLocalAddress()));
            }
        };
    }

    private Socket connectedSocket() throws IOException {
        Socket socket = new Socket(LOOPBACK, listener.socket().getLocalPort());
        others.add(listener.accept());
        return socket;
    }

    private static void writeForEver(Socket socket) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        while (true) {
            socket.getOutputStream().write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable other : others) {
            other.close();
        }
        listener.close();
        full.close();
    }
}
