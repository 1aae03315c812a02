package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Connections that come and go as fast as they can, ended in every way, while others accept and select.
class StormTest {
    private static final int THREADS = 16;
    private static final int CONNECTIONS = 1_500;
    private static final long SEED = 20_261_120;
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void connectAndClose() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(ANY, 1024)) {
                Crowd servers = new Crowd();
                for (int i = 0; i < 4; i++) {
                    servers.start(Thread.ofVirtual(), () -> serve(listener));
                }
                Crowd clients = new Crowd();
                SocketAddress address = listener.getLocalAddress();
                for (int i = 0; i < THREADS; i++) {
                    Random random = new Random(SEED + i);
                    clients.start(Thread.ofVirtual(), () -> comeAndGo(address, random));
                }
                clients.join();
                listener.close();
                servers.join();
            }
            assertThat(ledger.descriptors()).isZero();
        }
    }

    private static void serve(ServerSocketChannel listener) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        while (true) {
            try (SocketChannel channel = listener.accept()) {
                while (channel.read(buffer.clear()) > 0) {
                    channel.write(buffer.flip());
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                continue; // a reset
            }
        }
    }

    private static void comeAndGo(SocketAddress address, Random random) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        for (int i = 0; i < CONNECTIONS; i++) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                switch (random.nextInt(4)) {
                    case 0 -> channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    case 1 -> {
                        channel.write(buffer.clear());
                        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    }
                    case 2 -> {
                        channel.write(buffer.clear());
                        channel.shutdownOutput();
                        buffer.clear();
                        while (channel.read(buffer) > 0) {
                            continue;
                        }
                        assertThat(buffer.position()).isEqualTo(64);
                    }
                    default -> channel.write(buffer.clear());
                }
            }
        }
    }

    @Test
    void selectWhileOthersCloseAndCancel() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(ANY, 1024);
                    Selector selector = Selector.open()) {
                Crowd selecting = new Crowd();
                int[] seen = new int[1];
                Crowd closing = new Crowd();
                selecting.start(
                        Thread.ofPlatform(),
                        () -> {
                            try {
                                while (true) {
                                    selector.select();
                                    seen[0] += selector.selectedKeys().size();
                                    selector.selectedKeys().clear();
                                }
                            } catch (ClosedSelectorException e) {
                                return; // as intended
                            }
                        });
                for (int i = 0; i < 4; i++) {
                    Random random = new Random(SEED + i);
                    closing.start(
                            Thread.ofVirtual(), () -> registerAndGo(listener, selector, random));
                }
                closing.join();
                selector.wakeup();
                selector.close();
                selecting.join();
                assertThat(seen[0]).isPositive();
            }
            assertThat(ledger.descriptors()).isZero();
        }
    }

    private static void registerAndGo(
            ServerSocketChannel listener, Selector selector, Random random) throws IOException {
        SocketAddress address = listener.getLocalAddress();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (SocketChannel mine = SocketChannel.open(address);
                    SocketChannel other = listener.accept()) {
                mine.configureBlocking(false);
                SelectionKey key =
                        mine.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                selector.wakeup();
                if (random.nextBoolean()) {
                    other.write(ByteBuffer.allocate(1));
                }
                if (random.nextBoolean()) {
                    key.cancel();
                }
            }
        }
    }

    @Test
    void timeOutsAndDataRace() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            Exchange.overSockets(Thread.ofVirtual(), 3_000, 1, false);
            Exchange.overSockets(Thread.ofPlatform(), 3_000, 1, false);
        }
    }
}
