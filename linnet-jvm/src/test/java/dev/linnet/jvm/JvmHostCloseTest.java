package dev.linnet.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.stack.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The end of a JVM's process: nobody goes on waiting in its calls.
@Timeout(60)
class JvmHostCloseTest {
    private final List<CompletableFuture<Object>> ends = new ArrayList<>();

    private void waiting(Callable<Object> call) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        end.complete(call.call());
                                    } catch (Exception e) {
                                        end.completeExceptionally(e);
                                    }
                                });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        ends.add(end);
    }

    @Test
    void everyoneIsSentAway() throws Exception {
        try (Stack stack = Stack.create(1)) {
            JvmHost jvm = new JvmHost(stack.newHost("a"));
            start(jvm);
            jvm.close();
            List<Class<?>> said = new ArrayList<>();
            for (CompletableFuture<Object> end : ends) {
                assertThatThrownBy(end::get)
                        .isInstanceOf(ExecutionException.class)
                        .satisfies(e -> said.add(e.getCause().getClass()));
            }
            assertThat(said)
                    .containsExactly(
                            SocketException.class,
                            SocketException.class,
                            AsynchronousCloseException.class,
                            AsynchronousCloseException.class,
                            AsynchronousCloseException.class);
            assertThat(jvm.task().openFds()).isEmpty();
            assertThat(stack.buffersInUse()).isZero();
        }
    }

    private void start(JvmHost jvm) throws IOException {
        ServerSocket listener = jvm.serverSocketFactory().createServerSocket(0);
        ServerSocket idle = jvm.serverSocketFactory().createServerSocket(0);
        Socket client =
                jvm.socketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        ServerSocketChannel acceptor = jvm.selectorProvider().openServerSocketChannel().bind(null);
        DatagramChannel datagrams = jvm.selectorProvider().openDatagramChannel().bind(null);
        waiting(idle::accept);
        waiting(client.getInputStream()::read);
        waiting(acceptor::accept);
        waiting(() -> datagrams.receive(ByteBuffer.allocate(1)));
        Future<?> accept =
                jvm.asynchronousChannelProvider()
                        .openAsynchronousServerSocketChannel(null)
                        .bind(null)
                        .accept();
        ends.add(CompletableFuture.supplyAsync(() -> outcome(accept)));
    }

    private static Object outcome(Future<?> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void selectionsEnd() throws Exception {
        try (Stack stack = Stack.create(1)) {
            JvmHost jvm = new JvmHost(stack.newHost("a"));
            Selector selector = jvm.selectorProvider().openSelector();
            waiting(selector::select);
            jvm.close();
            assertThat(ends.getFirst().get()).isEqualTo(0);
            assertThat(selector.isOpen()).isFalse();
            assertThatThrownBy(selector::select).isInstanceOf(ClosedSelectorException.class);
        }
    }
}
