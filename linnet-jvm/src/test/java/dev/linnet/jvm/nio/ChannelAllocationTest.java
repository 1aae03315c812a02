package dev.linnet.jvm.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.Allocations;
import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads, writes and selections allocate nothing in steady state, whatever the buffer and the mode.
class ChannelAllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 5_000;

    private final Stack stack = Stack.create(1);
    private final JvmHost jvm = new JvmHost(stack.newHost("a"));
    private final Consumer<SelectionKey> given = ChannelAllocationTest::give;
    private SocketChannel client;
    private SocketChannel server;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = jvm.selectorProvider().openServerSocketChannel()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            client = jvm.selectorProvider().openSocketChannel();
            client.connect(listener.getLocalAddress());
            server = listener.accept();
        }
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        assertThat(jvm.task().openFds()).isEmpty();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static double bytesPerRound(Step step) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        Allocations.ofThisThread();
        long before = Allocations.ofThisThread();
        for (int i = 0; i < ROUNDS; i++) {
            step.run();
        }
        return (Allocations.ofThisThread() - before) / (double) ROUNDS;
    }

    private static void transfer(SocketChannel from, SocketChannel to, ByteBuffer buffer)
            throws IOException {
        int sent = from.write(buffer.clear());
        for (int left = sent; left > 0; ) {
            left -= to.read(buffer.clear());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64 * 1024})
    void blocking(int size) throws IOException {
        ByteBuffer direct = ByteBuffer.allocateDirect(size);
        assertThat(bytesPerRound(() -> transfer(client, server, direct))).isLessThan(1.0);
        ByteBuffer heap = ByteBuffer.allocate(size);
        assertThat(bytesPerRound(() -> transfer(client, server, heap))).isLessThan(1.0);
    }

    @Test
    void selected() throws IOException {
        try (Selector selector = jvm.selectorProvider().openSelector()) {
            client.configureBlocking(false);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            assertThat(bytesPerRound(() -> oneSelected(selector, buffer))).isLessThan(33.0);
            assertThat(bytesPerRound(() -> oneGiven(selector, buffer))).isLessThan(1.0);
        }
    }

    /// The set's iterator is the program's.
    private void oneSelected(Selector selector, ByteBuffer buffer) throws IOException {
        client.write(buffer.clear());
        assertThatOne(selector.select());
        for (SelectionKey key : selector.selectedKeys()) {
            ((SocketChannel) key.channel()).read(buffer.clear());
        }
        selector.selectedKeys().clear();
        assertThatOne(buffer.position() / 64);
    }

    private void oneGiven(Selector selector, ByteBuffer buffer) throws IOException {
        client.write(buffer.clear());
        assertThatOne(selector.select(given));
        server.read(buffer.clear());
    }

    private static void give(SelectionKey key) {
        assertThatOne(key.isReadable() ? 1 : 0);
    }

    private static void assertThatOne(int n) {
        if (n != 1) { // without what AssertJ allocates
            throw new AssertionError(n);
        }
    }

    @Test
    void interestThatChanges() throws IOException {
        try (Selector selector = jvm.selectorProvider().openSelector()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ);
            assertThat(
                            bytesPerRound(
                                    () -> {
                                        key.interestOps(SelectionKey.OP_WRITE);
                                        assertThatOne(selector.selectNow());
                                        selector.selectedKeys().clear();
                                        key.interestOps(SelectionKey.OP_READ);
                                        assertThatOne(selector.selectNow() + 1);
                                    }))
                    .isLessThan(1.0);
        }
    }
}
