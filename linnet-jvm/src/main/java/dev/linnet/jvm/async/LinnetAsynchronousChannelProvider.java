package dev.linnet.jvm.async;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens asynchronous channels on Linnet.
///
/// The public one, which the JDK makes from a system property or a service file, uses the host that is
/// [JvmHost#current] at each opening; where there is none, what [#setFallback] says. That of
/// [JvmHost#asynchronousChannelProvider] uses its host. Thread-safe.
public final class LinnetAsynchronousChannelProvider extends AsynchronousChannelProvider {
    private static volatile Supplier<AsynchronousChannelProvider> fallback =
            () -> {
                throw new IllegalStateException(
                        "no Linnet host for this thread: open the channel in JvmHost.run, or set JvmHost.setDefault");
            };

    /// The group of channels that were opened without one; made when it is first needed.
    private static final class DefaultGroup {
        static final AsyncGroup GROUP = make();

        /// Of virtual threads, unless the program has named a factory as [AsynchronousChannelGroup] says.
        private static AsyncGroup make() {
            var provider = new LinnetAsynchronousChannelProvider();
            String factory =
                    System.getProperty("java.nio.channels.DefaultThreadPool.threadFactory");
            if (factory == null) {
                return AsyncGroup.ofVirtualThreads(provider);
            }
            try {
                Class<?> named = Class.forName(factory, true, ClassLoader.getSystemClassLoader());
                ThreadFactory threads = (ThreadFactory) named.getConstructor().newInstance();
                return new AsyncGroup(provider, Executors.newCachedThreadPool(threads));
            } catch (ReflectiveOperationException e) {
                throw new Error(e); // as the JDK
            }
        }
    }

    private final @Nullable JvmHost host;

    /// For whatever host is current.
    public LinnetAsynchronousChannelProvider() {
        this.host = null;
    }

    /// For one host.
    public LinnetAsynchronousChannelProvider(JvmHost host) {
        this.host = host;
    }

    /// Says what opens channels for threads that have no host.
    public static void setFallback(Supplier<AsynchronousChannelProvider> provider) {
        fallback = provider;
    }

    private @Nullable JvmHost host() {
        return host != null ? host : JvmHost.current();
    }

    private static AsyncGroup group(@Nullable AsynchronousChannelGroup group) {
        if (group == null) {
            return DefaultGroup.GROUP;
        }
        if (group instanceof AsyncGroup ours) {
            return ours;
        }
        throw new IllegalChannelGroupException();
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(
            int nThreads, ThreadFactory threadFactory) throws IOException {
        if (host() == null) {
            return fallback.get().openAsynchronousChannelGroup(nThreads, threadFactory);
        }
        if (nThreads <= 0) {
            throw new IllegalArgumentException("'nThreads' must be > 0");
        }
        return new AsyncGroup(this, Executors.newFixedThreadPool(nThreads, threadFactory));
    }

    /// `initialSize` is of no use here: a thread of the executor is taken when there is something to tell.
    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(
            ExecutorService executor, int initialSize) throws IOException {
        if (host() == null) {
            return fallback.get().openAsynchronousChannelGroup(executor, initialSize);
        }
        return new AsyncGroup(this, Objects.requireNonNull(executor, "'executor' is null"));
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
            @Nullable AsynchronousChannelGroup group) throws IOException {
        JvmHost here = host();
        if (here == null) {
            return fallback.get().openAsynchronousServerSocketChannel(group);
        }
        return LinnetAsynchronousServerSocketChannel.open(
                this, AsyncSocket.open(here, group(group)));
    }

    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(
            @Nullable AsynchronousChannelGroup group) throws IOException {
        JvmHost here = host();
        if (here == null) {
            return fallback.get().openAsynchronousSocketChannel(group);
        }
        return LinnetAsynchronousSocketChannel.open(this, AsyncSocket.open(here, group(group)));
    }
}
