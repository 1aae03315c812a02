package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Ten thousand virtual threads, each blocked in calls on a socket of its own: five thousand that ask and as many that
/// echo, all connected before the first byte is sent.
class VirtualThreadsTest {
    private static final int PAIRS = 5_000;
    private static final int EXCHANGES = 10;
    private static final int LONGEST = 3_000;
    private static final long SEED = 20_261_120;

    @Test
    void echoOverSockets() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            try (ServerSocket listener =
                    new ServerSocket(0, PAIRS, InetAddress.getLoopbackAddress())) {
                Crowd crowd = new Crowd();
                CountDownLatch connected = new CountDownLatch(2 * PAIRS);
                for (int i = 0; i < PAIRS; i++) {
                    Random random = new Random(SEED + i);
                    crowd.start(Thread.ofVirtual(), () -> ask(listener, connected, random));
                }
                for (int i = 0; i < PAIRS; i++) {
                    Socket socket = listener.accept();
                    crowd.start(Thread.ofVirtual(), () -> echo(socket, connected));
                }
                crowd.join();
            }
            assertThat(ledger.descriptors()).isZero();
        }
    }

    private static void ask(ServerSocket listener, CountDownLatch connected, Random random)
            throws Exception {
        try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            connected.countDown();
            connected.await();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < EXCHANGES; i++) {
                byte[] message = new byte[1 + random.nextInt(LONGEST)];
                random.nextBytes(message);
                out.write(message);
                assertThat(in.readNBytes(message.length)).isEqualTo(message);
            }
            socket.shutdownOutput();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private static void echo(Socket socket, CountDownLatch connected) throws IOException {
        try (socket) {
            connected.countDown();
            byte[] buffer = new byte[512];
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int n; (n = in.read(buffer)) > 0; ) {
                out.write(buffer, 0, n);
            }
        }
    }

    @Test
    void echoOverChannels() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PAIRS);
                Crowd crowd = new Crowd();
                CountDownLatch connected = new CountDownLatch(2 * PAIRS);
                for (int i = 0; i < PAIRS; i++) {
                    Random random = new Random(SEED + i);
                    crowd.start(Thread.ofVirtual(), () -> ask(listener, connected, random));
                }
                for (int i = 0; i < PAIRS; i++) {
                    SocketChannel channel = listener.accept();
                    crowd.start(Thread.ofVirtual(), () -> echo(channel, connected));
                }
                crowd.join();
            }
            assertThat(ledger.descriptors()).isZero();
        }
    }

    private static void ask(ServerSocketChannel listener, CountDownLatch connected, Random random)
            throws Exception {
        try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            connected.countDown();
            connected.await();
            for (int i = 0; i < EXCHANGES; i++) {
                byte[] message = new byte[1 + random.nextInt(LONGEST)];
                random.nextBytes(message);
                ByteBuffer out = ByteBuffer.wrap(message);
                ByteBuffer in = ByteBuffer.allocate(message.length);
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                while (in.hasRemaining()) {
                    assertThat(channel.read(in)).isPositive();
                }
                assertThat(Arrays.equals(message, in.array())).isTrue();
            }
            channel.shutdownOutput();
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    private static void echo(SocketChannel channel, CountDownLatch connected) throws IOException {
        try (channel) {
            connected.countDown();
            ByteBuffer buffer = ByteBuffer.allocate(512);
            while (channel.read(buffer.clear()) > 0) {
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    channel.write(buffer);
                }
            }
        }
    }
}
