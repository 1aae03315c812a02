package dev.linnet.jvm.async;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Who is told of an operation's end: a handler, or a future.
///
/// @param <V> what it gives
/// @param <A> what the handler is given with it
final class Completion<V extends @Nullable Object, A extends @Nullable Object> {
    private final JvmHost host;
    private final AsyncGroup group;
    private final @Nullable CompletionHandler<V, ? super A> handler;
    private final A attachment;
    private final @Nullable OperationFuture<V> future;

    /// @param handler null for a future
    Completion(
            JvmHost host,
            AsyncGroup group,
            A attachment,
            @Nullable CompletionHandler<V, ? super A> handler) {
        this.host = host;
        this.group = group;
        this.attachment = attachment;
        this.handler = handler;
        this.future = handler == null ? new OperationFuture<>() : null;
    }

    /// What the method returns that began the operation: null if there is a handler.
    @Nullable Future<V> future() {
        return future;
    }

    /// Says what a cancelled operation has to do.
    void onCancel(OperationFuture.Cancel cancel) {
        if (future != null) {
            future.onCancel(cancel);
        }
    }

    /// It is done.
    void completed(V value) {
        CompletionHandler<V, ? super A> to = handler;
        if (to != null) {
            group.invoke(host, () -> to.completed(value, attachment));
        } else if (future != null
                && !future.complete(value)
                && value instanceof AutoCloseable made) {
            closeQuietly(made); // nobody gets it any more
        }
    }

    private static void closeQuietly(AutoCloseable made) {
        try {
            made.close();
        } catch (Exception e) {
            throw new AssertionError(e); // closing a connection of the stack throws nothing
        }
    }

    /// It has failed.
    void failed(Throwable e) {
        CompletionHandler<V, ? super A> to = handler;
        if (to != null) {
            group.invoke(host, () -> to.failed(e, attachment));
        } else if (future != null) {
            future.completeExceptionally(e instanceof IOException ? e : new IOException(e));
        }
    }

    /// It cannot begin: the channel is closed.
    void closed() {
        failed(new ClosedChannelException());
    }

    /// Waits on a thread of its own and then tells; the result is told although the group may be at its end.
    ///
    /// @param wait which tells itself
    /// @return the thread
    Thread later(String name, Runnable wait) {
        return group.later(
                host,
                name,
                () -> {
                    try {
                        wait.run();
                    } catch (ShutdownChannelGroupException e) {
                        failedWithoutThreads();
                    }
                });
    }

    /// The executor was shut down by its owner: a handler has no thread to run on.
    private void failedWithoutThreads() {
        if (future != null) {
            future.completeExceptionally(new AsynchronousCloseException());
        }
    }
}
