package dev.linnet.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// What many cases start with.
final class Net {
    private Net() {}

    /// Two connected channels.
    record Pair(SocketChannel client, SocketChannel server) {}

    /// Two connected sockets.
    record Sockets(Socket client, Socket server) {}

    static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    /// A port that the stack chooses.
    static InetSocketAddress any() {
        return new InetSocketAddress(loopback(), 0);
    }

    static ServerSocketChannel listen(Trace t) throws IOException {
        return t.open(ServerSocketChannel.open()).bind(any());
    }

    static ServerSocket listenSocket(Trace t) throws IOException {
        return t.open(new ServerSocket(0, 50, loopback()));
    }

    static Pair pair(Trace t) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(any())) {
            SocketChannel client = t.open(SocketChannel.open(listener.getLocalAddress()));
            return new Pair(client, t.open(listener.accept()));
        }
    }

    static Sockets sockets(Trace t) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, loopback())) {
            Socket client = t.open(new Socket(loopback(), listener.getLocalPort()));
            return new Sockets(client, t.open(listener.accept()));
        }
    }

    /// Two connected channels with buffers of a fixed size, the way from the client to the server full.
    static Pair full(Trace t) throws IOException, InterruptedException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
            listener.bind(any());
            SocketChannel client = t.open(SocketChannel.open());
            client.setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
            client.connect(listener.getLocalAddress());
            Pair p = new Pair(client, t.open(listener.accept()));
            fill(client);
            return p;
        }
    }

    /// An address of which the answer is a reset: bound, but nobody listens.
    static InetSocketAddress refusing(Trace t) throws IOException {
        SocketChannel holder = t.open(SocketChannel.open()).bind(any());
        return (InetSocketAddress) holder.getLocalAddress();
    }

    /// An address of which nobody answers: the queue of connections is full.
    static InetSocketAddress silent(Trace t) throws IOException {
        ServerSocketChannel listener = t.open(ServerSocketChannel.open()).bind(any(), 1);
        for (int i = 0; i < 2; i++) {
            t.open(SocketChannel.open(listener.getLocalAddress()));
        }
        return (InetSocketAddress) listener.getLocalAddress();
    }

    static DatagramChannel datagram(Trace t) throws IOException {
        return t.open(DatagramChannel.open()).bind(any());
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// What has been put into a buffer.
    static String text(ByteBuffer b) {
        ByteBuffer d = b.duplicate().flip();
        byte[] a = new byte[d.remaining()];
        d.get(a);
        return new String(a, StandardCharsets.ISO_8859_1);
    }

    /// Reads until `n` bytes are there or the stream ends.
    static String read(SocketChannel from, int n) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(n);
        while (b.hasRemaining() && from.read(b) >= 0) {}
        return text(b);
    }

    /// Writes all of it; how much that was.
    static int writeAll(SocketChannel to, ByteBuffer b) throws IOException {
        int n = 0;
        while (b.hasRemaining()) {
            n += to.write(b);
        }
        return n;
    }

    /// Makes the peer's next read fail: a close that sends a reset.
    static void reset(SocketChannel c) throws IOException {
        c.setOption(StandardSocketOptions.SO_LINGER, 0);
        c.close();
    }

    /// Fills the way to the peer, so that a write would wait: until nothing goes any more, also not when a delayed
    /// ACK or a window probe has come (200 ms).
    static void fill(SocketChannel c) throws IOException, InterruptedException {
        boolean blocking = c.isBlocking();
        c.configureBlocking(false);
        ByteBuffer b = ByteBuffer.allocate(1 << 18);
        for (int idle = 0; idle < 25; ) {
            b.clear();
            if (c.write(b) == 0) {
                idle++;
                Thread.sleep(10);
            } else {
                idle = 0;
            }
        }
        c.configureBlocking(blocking);
    }

    /// Whether the stack has IPv6 addresses (java.net.preferIPv4Stack).
    static boolean ipv6() {
        return !Boolean.getBoolean("java.net.preferIPv4Stack");
    }
}
