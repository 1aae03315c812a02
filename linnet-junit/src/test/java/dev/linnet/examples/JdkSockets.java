package dev.linnet.examples;

import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import dev.linnet.sim.LinkConfig;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Two hosts in one JVM, and sockets and channels of the JDK on both: no agent, no flag, no thread but the program's.
public final class JdkSockets {
    public static void main(String[] args) throws Exception {
        try (Stack stack = Stack.create()) {
            Host left = stack.newHost("left");
            Host right = stack.newHost("right");
            Link.connect(left, "eth0", right, "eth0", LinkConfig.parse("delay=5ms"), 7);
            left.addAddress("eth0", "10.0.0.1/24");
            right.addAddress("eth0", "10.0.0.2/24");
            try (JvmHost client = new JvmHost(left);
                    JvmHost server = new JvmHost(right)) {
                client.names().add("shop.example", "10.0.0.2");
                talk(client, server);
            }
        }
    }

    private static void talk(JvmHost client, JvmHost server) throws Exception {
        try (ServerSocket listener = server.serverSocketFactory().createServerSocket(80)) {
            server.start("shop", () -> serve(listener));

            try (Socket socket = client.socketFactory().createSocket("shop.example", 80)) {
                System.out.println("from " + socket.getLocalAddress());
                System.out.println(new String(socket.getInputStream().readAllBytes()));
            }

            InetAddress shop = client.call(() -> InetAddress.getByName("shop.example"));
            try (SocketChannel channel = client.selectorProvider().openSocketChannel()) {
                channel.connect(new InetSocketAddress(shop, 80));
                ByteBuffer answer = ByteBuffer.allocate(100);
                while (channel.read(answer) >= 0) {
                    // until the server closes
                }
                System.out.println(new String(answer.array(), 0, answer.position()));
            }
        }
    }

    private static void serve(ServerSocket listener) {
        for (int customer = 1; customer <= 2; customer++) {
            try (Socket socket = listener.accept()) {
                String greeting = "hello " + socket.getInetAddress() + ", customer " + customer;
                socket.getOutputStream().write(greeting.getBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
