package dev.linnet.jvm.agent.programs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/// Uses each kind of socket that the JDK has, once; says one line for each.
public final class EverySocket {
    private static final byte[] WORD = "word".getBytes(StandardCharsets.UTF_8);

    private EverySocket() {}

    public static void main(String[] args) throws Exception {
        InetAddress here = InetAddress.getLocalHost();
        System.out.println("host " + here);
        System.out.println("name " + InetAddress.getByName(args[0]).getHostAddress());
        System.out.println("reachable " + here.isReachable(2000));
        sockets(here);
        delegated(here);
        channels(here);
        datagrams(here);
        asynchronous(here);
        unix(Path.of(args[1], "unix"));
        transfer(here, Path.of(args[1], "file"));
    }

    private static void sockets(InetAddress here) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, here);
                Socket client = new Socket(here, server.getLocalPort());
                Socket accepted = server.accept()) {
            client.getOutputStream().write(WORD);
            System.out.println("socket " + text(accepted.getInputStream().readNBytes(WORD.length)));
        }
    }

    /// A socket behind a proxy, and one that `accept` fills: the JDK hands them to its own kind of implementation.
    private static void delegated(InetAddress here) throws Exception {
        try (ServerSocket server = new Accepting();
                Socket client = new Socket(java.net.Proxy.NO_PROXY)) {
            server.bind(new InetSocketAddress(here, 0));
            client.connect(server.getLocalSocketAddress());
            try (Socket accepted = server.accept()) {
                accepted.getOutputStream().write(WORD);
                System.out.println("delegated " + text(client.getInputStream().readNBytes(4)));
            }
        }
    }

    private static final class Accepting extends ServerSocket {
        Accepting() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Socket own = new Socket((SocketImpl) null) {};
            implAccept(own);
            return own;
        }
    }

    private static void channels(InetAddress here) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(here, 0));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel accepted = server.accept()) {
                client.write(ByteBuffer.wrap(WORD));
                ByteBuffer got = ByteBuffer.allocate(10);
                accepted.read(got);
                System.out.println("channel " + text(Arrays.copyOf(got.array(), got.position())));
            }
        }
    }

    private static void datagrams(InetAddress here) throws Exception {
        try (MulticastSocket server = new MulticastSocket(new InetSocketAddress(here, 0));
                DatagramSocket client = new DatagramSocket();
                DatagramChannel channel = DatagramChannel.open()) {
            client.send(new DatagramPacket(WORD, WORD.length, server.getLocalSocketAddress()));
            DatagramPacket got = new DatagramPacket(new byte[10], 10);
            server.receive(got);
            channel.send(ByteBuffer.wrap(WORD), server.getLocalSocketAddress());
            server.receive(got);
            System.out.println("datagram " + text(Arrays.copyOf(got.getData(), got.getLength())));
        }
    }

    private static void asynchronous(InetAddress here) throws Exception {
        try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(here, 0));
            var accepting = server.accept();
            try (AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
                client.connect(server.getLocalAddress()).get();
                client.write(ByteBuffer.wrap(WORD)).get();
                ByteBuffer got = ByteBuffer.allocate(10);
                accepting.get().read(got).get();
                System.out.println("async " + text(Arrays.copyOf(got.array(), got.position())));
            }
        }
    }

    /// The name is a file of the machine, which the program has to remove.
    private static void unix(Path name) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(name);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (SocketChannel client = SocketChannel.open(address);
                    SocketChannel accepted = server.accept()) {
                client.write(ByteBuffer.wrap(WORD));
                ByteBuffer got = ByteBuffer.allocate(10);
                accepted.read(got);
                System.out.println("unix " + text(Arrays.copyOf(got.array(), got.position())));
            }
            System.out.println("file of the name " + Files.deleteIfExists(name));
        }
    }

    /// What was written a moment before through the file's channel is what `transferTo` sends.
    private static void transfer(InetAddress here, Path file) throws Exception {
        byte[] data = new byte[3_000_000];
        new Random(7).nextBytes(data);
        try (FileChannel from =
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(here, 0));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel accepted = server.accept()) {
                from.write(ByteBuffer.wrap(data));
                Thread sender = Thread.ofVirtual().start(() -> send(from, client, data.length));
                byte[] got = accepted.socket().getInputStream().readNBytes(data.length);
                sender.join();
                System.out.println("file " + Arrays.equals(data, got));
            }
        }
    }

    private static void send(FileChannel from, SocketChannel to, long count) {
        try {
            for (long at = 0; at < count; ) {
                at += from.transferTo(at, count - at, to);
            }
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
