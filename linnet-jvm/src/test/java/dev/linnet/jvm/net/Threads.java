package dev.linnet.jvm.net;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// Threads that tests wait for: for their sleep by their state, for their end by its result.
final class Threads {
    private Threads() {}

    /// A thread that runs something, and what came out of it.
    record Running<T>(Thread thread, CompletableFuture<T> result) {
        /// Waits until the thread sleeps.
        Running<T> asleep() {
            while (!isAsleep(thread.getState())) {
                if (result.isDone()) {
                    throw new AssertionError("it did not wait but gave " + result);
                }
                Thread.onSpinWait();
            }
            return this;
        }

        /// What it gave; its exception is thrown as it is.
        T end() throws Exception {
            try {
                return result.join();
            } catch (java.util.concurrent.CompletionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }

    private static boolean isAsleep(Thread.State state) {
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    static <T> Running<T> start(boolean virtual, Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.Builder kind =
                virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon().name("test");
        Thread thread =
                kind.start(
                        () -> {
                            try {
                                result.complete(body.call());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        return new Running<>(thread, result);
    }
}
