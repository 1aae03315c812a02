package dev.linnet.jvm.async;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.Channel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The threads that run the completion handlers of some channels.
///
/// After a shutdown the executor goes on until the last channel is closed and the last operation has been told of.
/// Thread-safe.
final class AsyncGroup extends AsynchronousChannelGroup {
    /// How many handlers a thread may run inside of each other.
    private static final int NESTED_MAX = 16;

    private static final ThreadLocal<@Nullable Bound> BOUND = new ThreadLocal<>();

    /// Which group's handler the thread runs, and how many of them.
    private static final class Bound {
        private final AsyncGroup group;
        private int nested;

        Bound(AsyncGroup group, int nested) {
            this.group = group;
            this.nested = nested;
        }
    }

    private final ExecutorService executor;

    /// Whether the threads that wait for operations are the group's too, and so run the handlers themselves.
    private final boolean waitersAreMembers;

    // under the monitor
    private final Set<Channel> channels = new HashSet<>();
    private int pending;
    private boolean shutdown;

    /// A group of the threads of an executor, which it shuts down at its end.
    AsyncGroup(AsynchronousChannelProvider provider, ExecutorService executor) {
        this(provider, executor, false);
    }

    private AsyncGroup(
            AsynchronousChannelProvider provider,
            ExecutorService executor,
            boolean waitersAreMembers) {
        super(provider);
        this.executor = executor;
        this.waitersAreMembers = waitersAreMembers;
    }

    /// A group of virtual threads: as many as there are operations.
    static AsyncGroup ofVirtualThreads(AsynchronousChannelProvider provider) {
        ThreadFactory threads = Thread.ofVirtual().name("linnet-async-", 0).factory();
        return new AsyncGroup(provider, Executors.newThreadPerTaskExecutor(threads), true);
    }

    // ---- channels and their operations
    // ----------------------------------------------------------------

    /// Adds a channel that has been opened.
    ///
    /// @throws ShutdownChannelGroupException if it is too late
    synchronized void add(Channel channel) {
        if (shutdown) {
            throw new ShutdownChannelGroupException();
        }
        channels.add(channel);
    }

    /// Takes away one that has been closed.
    synchronized void remove(Channel channel) {
        channels.remove(channel);
        endIfIdle();
    }

    /// Waits for an operation, and tells of its end, on a thread that is started for it.
    Thread later(JvmHost host, String name, Runnable wait) {
        synchronized (this) {
            pending++;
        }
        return host.host().stack().start(name, () -> waitBound(host, wait));
    }

    private void waitBound(JvmHost host, Runnable wait) {
        try {
            if (waitersAreMembers) {
                BOUND.set(new Bound(this, 0));
                host.run(wait);
            } else {
                wait.run();
            }
        } finally {
            synchronized (this) {
                pending--;
                endIfIdle();
            }
        }
    }

    /// Under the monitor.
    private void endIfIdle() {
        if (shutdown && channels.isEmpty() && pending == 0) {
            executor.shutdown();
        }
    }

    /// Runs a completion handler: on the calling thread if that runs one of this group's already and is not too deep in
    /// them, else on a thread of the group.
    ///
    /// @param host which is the handler's current one
    void invoke(JvmHost host, Runnable handler) {
        Bound bound = BOUND.get();
        boolean mine = bound != null && bound.group == this;
        if (mine && bound.nested < NESTED_MAX) {
            nest(host, bound, handler);
            return;
        }
        try {
            executor.execute(() -> host.run(() -> runBound(handler)));
        } catch (RejectedExecutionException e) {
            if (!mine) {
                throw new ShutdownChannelGroupException();
            }
            nest(host, bound, handler);
        }
    }

    private static void nest(JvmHost host, Bound bound, Runnable handler) {
        bound.nested++;
        try {
            host.run(handler);
        } finally {
            Thread.interrupted();
        }
    }

    private void runBound(Runnable handler) {
        BOUND.set(new Bound(this, 1));
        try {
            handler.run();
        } finally {
            BOUND.remove();
            Thread.interrupted(); // a handler's own affair
        }
    }

    // ---- the end
    // -----------------------------------------------------------------------------------

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        endIfIdle();
    }

    @Override
    public void shutdownNow() throws IOException {
        List<Channel> open;
        synchronized (this) {
            shutdown = true;
            open = new ArrayList<>(channels);
            endIfIdle();
        }
        for (Channel channel : open) {
            channel.close();
        }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }
}
