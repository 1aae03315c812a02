package dev.linnet.jvm.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Channels of one host in real time. How they behave in every state is compared with the JDK's own elsewhere.
class ChannelsTest {
    private final Stack stack = Stack.create(7);
    private final JvmHost host = new JvmHost(stack.newHost("host"));
    private final SelectorProvider provider = host.selectorProvider();

    @TempDir Path dir;

    private int[] before;

    @BeforeEach
    void count() {
        before = host.task().openFds();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(host.task().openFds()).isEqualTo(before);
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private ServerSocketChannel listen() throws IOException {
        return provider.openServerSocketChannel().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    private SocketChannel connect(SocketAddress to) throws IOException {
        SocketChannel channel = provider.openSocketChannel();
        channel.connect(to);
        return channel;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static byte[] readAll(SocketChannel from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && from.read(buffer) >= 0) {
            // until it is full or the stream ends
        }
        return buffer.array();
    }

    @Test
    void aMegabyteEachWay() throws Exception {
        byte[] bytes = random(1 << 20);
        try (ServerSocketChannel listener = listen();
                SocketChannel client = connect(listener.getLocalAddress());
                SocketChannel server = listener.accept()) {
            CompletableFuture<byte[]> there =
                    CompletableFuture.supplyAsync(() -> echo(server, bytes.length));
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            while (direct.hasRemaining()) {
                client.write(direct);
            }
            assertThat(readAll(client, bytes.length)).isEqualTo(bytes);
            assertThat(there.get()).isEqualTo(bytes);
        }
    }

    private static byte[] echo(SocketChannel channel, int length) {
        try {
            byte[] bytes = readAll(channel, length);
            channel.write(ByteBuffer.wrap(bytes));
            return bytes;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void scatterAndGather() throws IOException {
        try (ServerSocketChannel listener = listen();
                SocketChannel client = connect(listener.getLocalAddress());
                SocketChannel server = listener.accept()) {
            ByteBuffer[] out = {
                ByteBuffer.wrap(new byte[3]),
                ByteBuffer.wrap("ab".getBytes()),
                ByteBuffer.wrap("cde".getBytes()),
            };
            assertThat(client.write(out, 1, 2)).isEqualTo(5);
            assertThat(out[0].remaining()).isEqualTo(3);
            ByteBuffer[] in = {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4)};
            assertThat(server.read(in)).isEqualTo(5);
            assertThat(in[0].flip()).isEqualTo(ByteBuffer.wrap("abcd".getBytes()));
            assertThat(in[1].flip()).isEqualTo(ByteBuffer.wrap("e".getBytes()));
        }
    }

    @Test
    void unixDomainWithAPathOfTheMachine() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(dir.resolve("socket"));
        ServerSocketChannel listener =
                provider.openServerSocketChannel(StandardProtocolFamily.UNIX).bind(address);
        try (SocketChannel client = provider.openSocketChannel(StandardProtocolFamily.UNIX)) {
            client.connect(address);
            try (SocketChannel server = listener.accept()) {
                client.write(ByteBuffer.wrap("hello".getBytes()));
                assertThat(readAll(server, 5)).isEqualTo("hello".getBytes());
            }
        }
        listener.close();
        assertThat(Files.exists(address.getPath())).isTrue(); // as on Linux
        Files.delete(address.getPath());
        provider.openServerSocketChannel(StandardProtocolFamily.UNIX).bind(address).close();
    }

    @Test
    void aFileIsSentWithoutABufferOfTheProgram() throws Exception {
        byte[] bytes = random(500_000);
        Path file = Files.write(dir.resolve("file"), bytes);
        try (ServerSocketChannel listener = listen();
                SocketChannel client = connect(listener.getLocalAddress());
                SocketChannel server = listener.accept();
                FileChannel in = FileChannel.open(file)) {
            CompletableFuture<Long> sent =
                    CompletableFuture.supplyAsync(() -> sendAll(server, in, bytes.length));
            assertThat(readAll(client, bytes.length)).isEqualTo(bytes);
            assertThat(sent.get()).isEqualTo(bytes.length);
        }
    }

    private static long sendAll(SocketChannel to, FileChannel file, long length) {
        try {
            long at = 0;
            while (at < length) {
                at += ((LinnetSocketChannel) to).output().sendfile(file, at, length - at);
            }
            return at;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClosedChannelStaysADescriptorUntilTheSelectorHasForgottenIt() throws IOException {
        try (ServerSocketChannel listener = listen();
                SocketChannel client = connect(listener.getLocalAddress());
                Selector selector = provider.openSelector()) {
            SocketChannel server = listener.accept();
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_READ);
            int open = host.task().openFds().length;
            server.close();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1); // at once
            assertThat(host.task().openFds()).hasSize(open);
            selector.selectNow();
            assertThat(host.task().openFds()).hasSize(open - 1);
            assertThat(selector.keys()).isEmpty();
        }
    }

    @Test
    void aSelectorOfAnotherHostRefuses() throws IOException {
        try (JvmHost other = new JvmHost(stack.newHost("other"));
                Selector selector = other.selectorProvider().openSelector();
                SocketChannel channel = provider.openSocketChannel()) {
            channel.configureBlocking(false);
            assertThatThrownBy(() -> channel.register(selector, 0))
                    .isInstanceOf(IllegalSelectorException.class);
        }
    }

    @Test
    void closingEndsAnAccept() throws Exception {
        ServerSocketChannel listener = listen();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread acceptor =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                listener.accept();
                            } catch (IOException e) {
                                end.complete(e);
                            }
                        });
        while (acceptor.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        listener.close();
        assertThat(end.get()).isInstanceOf(AsynchronousCloseException.class);
    }
}
