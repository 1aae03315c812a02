package dev.linnet.jvm.async;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The future of an operation. Its cancellation leaves the channel unfit for more operations of the kind.
final class OperationFuture<V extends @Nullable Object> extends CompletableFuture<V> {
    /// What has to happen when an operation is cancelled.
    interface Cancel {
        /// Ends the operation.
        void end();

        /// Closes the channel.
        void close() throws IOException;
    }

    private volatile @Nullable Cancel cancel;

    void onCancel(Cancel cancel) {
        this.cancel = cancel;
    }

    /// @param mayInterruptIfRunning closes the channel
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        Cancel operation = cancel;
        if (!completeExceptionally(new CancellationException())) {
            return false;
        }
        if (operation != null) {
            operation.end();
            if (mayInterruptIfRunning) {
                close(operation);
            }
        }
        return true;
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (CancellationException e) {
            throw new CancellationException(); // as the JDK's, which says nothing
        }
    }

    @Override
    public V get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (CancellationException e) {
            throw new CancellationException();
        }
    }

    private static void close(Cancel operation) {
        try {
            operation.close();
        } catch (IOException e) {
            throw new AssertionError(e); // closing a socket of the stack throws nothing
        }
    }
}
