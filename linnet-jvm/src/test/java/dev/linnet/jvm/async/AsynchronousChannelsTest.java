package dev.linnet.jvm.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.WritePendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Asynchronous channels of a host in real time: what they give, how they fail, and on which threads they tell.
@Timeout(60)
class AsynchronousChannelsTest {
    private Stack stack;
    private JvmHost jvm;
    private AsynchronousChannelProvider provider;
    private AsynchronousServerSocketChannel listener;

    @BeforeEach
    void open() throws IOException {
        stack = Stack.create(1);
        jvm = new JvmHost(stack.newHost("a"));
        provider = jvm.asynchronousChannelProvider();
        listener = provider.openAsynchronousServerSocketChannel(null).bind(any());
    }

    @AfterEach
    void balance() throws IOException {
        listener.close();
        awaitNoDescriptors();
        jvm.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    /// A thread that waited in a descriptor closes it when it leaves.
    private void awaitNoDescriptors() {
        while (jvm.task().openFds().length > 0) {
            Thread.onSpinWait();
        }
    }

    private static SocketAddress any() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    private record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Pair pair() throws Exception {
        AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(null);
        Future<AsynchronousSocketChannel> server = listener.accept();
        client.connect(listener.getLocalAddress()).get();
        return new Pair(client, server.get());
    }

    /// A handler whose result can be waited for.
    private static final class Told<V> implements CompletionHandler<V, String> {
        private final CompletableFuture<V> result = new CompletableFuture<>();
        private volatile Thread thread;
        private volatile String attachment;

        @Override
        public void completed(V value, String attachment) {
            this.thread = Thread.currentThread();
            this.attachment = attachment;
            result.complete(value);
        }

        @Override
        public void failed(Throwable e, String attachment) {
            this.thread = Thread.currentThread();
            this.attachment = attachment;
            result.completeExceptionally(e);
        }

        V get() throws Exception {
            return result.get();
        }
    }

    private static byte[] bytes(int n) {
        byte[] data = new byte[n];
        for (int i = 0; i < n; i++) {
            data[i] = (byte) i;
        }
        return data;
    }

    /// Writes until there is no room, and then once more: that waits.
    private static Future<Integer> fill(AsynchronousSocketChannel channel) {
        Future<Integer> write;
        do {
            write = channel.write(ByteBuffer.allocate(1 << 20));
        } while (write.isDone());
        return write;
    }

    // ---- data
    // ---------------------------------------------------------------------------------------

    @Test
    void futuresOfBothEnds() throws Exception {
        try (Pair pair = pair()) {
            assertThat(pair.client.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
            assertThat(pair.server.getRemoteAddress()).isEqualTo(pair.client.getLocalAddress());
            ByteBuffer in = ByteBuffer.allocate(100);
            Future<Integer> read = pair.server.read(in);
            assertThat(read.isDone()).isFalse();
            ByteBuffer out = ByteBuffer.wrap(bytes(10));
            assertThat(pair.client.write(out).get()).isEqualTo(10);
            assertThat(out.hasRemaining()).isFalse();
            assertThat(read.get()).isEqualTo(10);
            assertThat(in.flip()).isEqualTo(ByteBuffer.wrap(bytes(10)));
            pair.client.shutdownOutput();
            assertThat(pair.server.read(in.clear()).get()).isEqualTo(-1);
        }
    }

    @Test
    void scatterAndGatherAndNothing() throws Exception {
        try (Pair pair = pair()) {
            Told<Long> wrote = new Told<>();
            ByteBuffer[] out = {ByteBuffer.wrap(bytes(3)), ByteBuffer.wrap(bytes(4))};
            pair.client.write(out, 0, 2, 0, TimeUnit.SECONDS, "w", wrote);
            assertThat(wrote.get()).isEqualTo(7);
            assertThat(wrote.attachment).isEqualTo("w");
            ByteBuffer[] in = {
                ByteBuffer.allocate(9), ByteBuffer.allocate(2), ByteBuffer.allocate(9)
            };
            Told<Long> read = new Told<>();
            pair.server.read(in, 1, 2, 0, TimeUnit.SECONDS, "r", read);
            assertThat(read.get()).isEqualTo(7);
            assertThat(in[0].position()).isZero();
            assertThat(in[1].position()).isEqualTo(2);
            assertThat(in[2].position()).isEqualTo(5);
            assertThat(pair.server.read(ByteBuffer.allocate(0)).get()).isZero();
            assertThat(pair.server.write(ByteBuffer.allocate(0)).get()).isZero();
            assertThatThrownBy(() -> pair.server.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Read-only buffer");
        }
    }

    @Test
    void aWriteWaitsForRoom() throws Exception {
        try (Pair pair = pair()) {
            Future<Integer> write = fill(pair.client);
            assertThatThrownBy(() -> pair.client.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(WritePendingException.class);
            ByteBuffer in = ByteBuffer.allocate(1 << 20);
            while (!write.isDone()) {
                assertThat(pair.server.read(in.clear()).get()).isPositive();
            }
            assertThat(write.get()).isPositive();
        }
    }

    // ---- one at a time, in the right state
    // ----------------------------------------------------------

    @Test
    void pendingOperationsRefuseMore() throws Exception {
        try (Pair pair = pair()) {
            Future<Integer> read = pair.client.read(ByteBuffer.allocate(1));
            assertThatThrownBy(() -> pair.client.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(ReadPendingException.class);
            Future<AsynchronousSocketChannel> accept = listener.accept();
            assertThatThrownBy(() -> listener.accept()).isInstanceOf(AcceptPendingException.class);
            assertThatThrownBy(() -> pair.client.connect(any()))
                    .isInstanceOf(AlreadyConnectedException.class);
            pair.client.close();
            assertThatThrownBy(read::get).hasCauseInstanceOf(AsynchronousCloseException.class);
            listener.close();
            assertThatThrownBy(accept::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    @SuppressWarnings("try") // that it is closed is what is tried
    void wrongStates() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(null);
                AsynchronousServerSocketChannel unbound =
                        provider.openAsynchronousServerSocketChannel(null)) {
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NotYetConnectedException.class);
            assertThatThrownBy(unbound::accept).isInstanceOf(NotYetBoundException.class);
            channel.close();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)).get())
                    .hasCauseInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::getLocalAddress).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void refused() throws Exception {
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(null);
        assertThatThrownBy(
                        () ->
                                channel.connect(
                                                new InetSocketAddress(
                                                        InetAddress.ofLiteral("127.0.0.1"), 1))
                                        .get())
                .cause()
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(channel.isOpen()).isFalse();
    }

    // ---- ends that nobody wanted
    // -------------------------------------------------------------------

    @Test
    void timeoutsLeaveTheDirectionDead() throws Exception {
        try (Pair pair = pair()) {
            Told<Integer> read = new Told<>();
            pair.client.read(ByteBuffer.allocate(1), 10, TimeUnit.MILLISECONDS, "r", read);
            assertThatThrownBy(read::get).hasCauseInstanceOf(InterruptedByTimeoutException.class);
            assertThatThrownBy(() -> pair.client.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Reading not allowed due to timeout or cancellation");
            fill(pair.server).cancel(false);
            assertThatThrownBy(() -> pair.server.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Writing not allowed due to timeout or cancellation");
            assertThat(pair.client.write(ByteBuffer.allocate(1)).get()).isEqualTo(1);
        }
    }

    @Test
    void cancelledReadsAndAccepts() throws Exception {
        try (Pair pair = pair()) {
            Future<Integer> read = pair.client.read(ByteBuffer.allocate(1));
            assertThat(read.cancel(false)).isTrue();
            assertThat(read.cancel(false)).isFalse();
            assertThat(read.isCancelled()).isTrue();
            assertThatThrownBy(read::get).isInstanceOf(CancellationException.class);
            assertThat(pair.client.isOpen()).isTrue();
            Future<Integer> other = pair.server.read(ByteBuffer.allocate(1));
            assertThat(other.cancel(true)).isTrue();
            assertThat(pair.server.isOpen()).isFalse();
            listener.accept().cancel(false);
            assertThatThrownBy(listener::accept).hasMessage("Accept not allowed due cancellation");
        }
    }

    @Test
    void aResetIsSaid() throws Exception {
        try (Pair pair = pair()) {
            Future<Integer> read = pair.client.read(ByteBuffer.allocate(1));
            pair.client.write(ByteBuffer.allocate(10)).get();
            pair.server.close(); // with something unread
            assertThatThrownBy(read::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("Connection reset");
        }
    }

    // ---- groups and threads
    // ------------------------------------------------------------------------

    @Test
    void handlersRunOnTheGroupsThreads() throws Exception {
        AsynchronousChannelGroup group =
                provider.openAsynchronousChannelGroup(
                        2, Thread.ofPlatform().name("mine-", 0).factory());
        AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group);
        Told<Void> connected = new Told<>();
        client.connect(listener.getLocalAddress(), "c", connected);
        connected.get();
        assertThat(connected.thread.getName()).startsWith("mine-");
        AsynchronousSocketChannel server = listener.accept().get();
        Told<Integer> read = new Told<>();
        client.read(ByteBuffer.allocate(1), "r", read);
        server.write(ByteBuffer.allocate(1)).get();
        read.get();
        assertThat(read.thread.getName()).startsWith("mine-");
        group.shutdown();
        assertThat(group.isShutdown()).isTrue();
        assertThat(group.isTerminated()).isFalse();
        assertThatThrownBy(() -> provider.openAsynchronousSocketChannel(group))
                .isInstanceOf(ShutdownChannelGroupException.class);
        client.close();
        assertThat(group.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        server.close();
    }

    @Test
    void shutdownNowTellsWhatIsPending() throws Exception {
        AsynchronousChannelGroup group =
                provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(), 0);
        AsynchronousServerSocketChannel own =
                provider.openAsynchronousServerSocketChannel(group).bind(any());
        Told<AsynchronousSocketChannel> accept = new Told<>();
        own.accept("a", accept);
        group.shutdownNow();
        assertThatThrownBy(accept::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThat(group.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(own.isOpen()).isFalse();
    }

    /// A handler that reads again and again while data is there is called from itself, but not without bound.
    @Test
    void handlersNestOnlySoDeep() throws Exception {
        try (Pair pair = pair()) {
            pair.client.write(ByteBuffer.allocate(1000)).get();
            ThreadLocal<AtomicInteger> depth = ThreadLocal.withInitial(AtomicInteger::new);
            AtomicInteger deepest = new AtomicInteger();
            AtomicInteger reads = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(1000);
            pair.server.read(
                    ByteBuffer.allocate(1),
                    null,
                    new CompletionHandler<Integer, Void>() {
                        @Override
                        public void completed(Integer n, Void none) {
                            int now = depth.get().incrementAndGet();
                            deepest.accumulateAndGet(now, Math::max);
                            done.countDown();
                            if (reads.incrementAndGet() < 1000) {
                                pair.server.read(ByteBuffer.allocate(1), null, this);
                            }
                            depth.get().decrementAndGet();
                        }

                        @Override
                        public void failed(Throwable e, Void none) {
                            throw new AssertionError(e);
                        }
                    });
            done.await();
            assertThat(deepest.get()).isBetween(2, 16);
        }
    }

    @Test
    void handlersAreOnTheHost() throws Exception {
        try (Pair pair = pair()) {
            CompletableFuture<JvmHost> current = new CompletableFuture<>();
            pair.client.read(
                    ByteBuffer.allocate(1),
                    null,
                    new CompletionHandler<Integer, Void>() {
                        @Override
                        public void completed(Integer n, Void none) {
                            current.complete(JvmHost.current());
                        }

                        @Override
                        public void failed(Throwable e, Void none) {
                            current.completeExceptionally(e);
                        }
                    });
            pair.server.write(ByteBuffer.allocate(1)).get();
            assertThat(current.get()).isSameAs(jvm);
        }
    }

    @Test
    void options() throws Exception {
        try (Pair pair = pair()) {
            pair.client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertThat(pair.client.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(listener.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
            assertThatThrownBy(() -> pair.client.getOption(StandardSocketOptions.SO_LINGER))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(pair.client.toString()).contains("connected").contains("remote=");
        }
    }
}
