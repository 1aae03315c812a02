package dev.linnet.contract;

import static dev.linnet.contract.Net.any;

import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// What cases of asynchronous channels start with.
final class AsyncNet {
    private AsyncNet() {}

    /// Two connected channels.
    record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server) {}

    static AsynchronousServerSocketChannel listen(Trace t) throws Exception {
        return t.open(AsynchronousServerSocketChannel.open()).bind(any());
    }

    static Pair pair(Trace t) throws Exception {
        try (AsynchronousServerSocketChannel l =
                AsynchronousServerSocketChannel.open().bind(any())) {
            AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
            Future<AsynchronousSocketChannel> a = l.accept();
            get(c.connect(l.getLocalAddress()));
            return new Pair(c, t.open(get(a)));
        }
    }

    /// The result, or what was the cause.
    static <T> T get(Future<T> f) throws Exception {
        return f.get(4, TimeUnit.SECONDS);
    }

    /// What a handler is told, as a future.
    static final class Told<T, A> extends CompletableFuture<String>
            implements CompletionHandler<T, A> {
        @Override
        public void completed(T result, A attachment) {
            complete(
                    (result instanceof AsynchronousSocketChannel ? "channel" : result)
                            + " with "
                            + attachment);
        }

        @Override
        public void failed(Throwable e, A attachment) {
            completeExceptionally(e);
        }
    }
}
