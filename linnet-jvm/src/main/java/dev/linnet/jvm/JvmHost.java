package dev.linnet.jvm;

import dev.linnet.jvm.async.LinnetAsynchronousChannelProvider;
import dev.linnet.jvm.net.LinnetDatagramSocketImpl;
import dev.linnet.jvm.net.LinnetServerSocketFactory;
import dev.linnet.jvm.net.LinnetSocketFactory;
import dev.linnet.jvm.net.LinnetSocketImpl;
import dev.linnet.jvm.net.Names;
import dev.linnet.jvm.nio.LinnetSelectorProvider;
import dev.linnet.stack.Host;
import dev.linnet.stack.Task;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import java.net.DatagramSocketImplFactory;
import java.net.SocketImplFactory;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// A JVM as a process on a host of Linnet's.
///
/// Which host a new channel or socket belongs to is decided when it is opened: that of the thread ([#run]; threads
/// that it starts inherit it), or else the JVM's own ([#setDefault]). Where there is neither, the JVM's own network is
/// used. Thread-safe.
public final class JvmHost implements AutoCloseable {
    private static final InheritableThreadLocal<@Nullable JvmHost> OF_THREAD =
            new InheritableThreadLocal<>();
    private static volatile @Nullable JvmHost ofJvm;
    private static volatile @Nullable Supplier<@Nullable JvmHost> ofJvmLater;

    /// Descriptors that the process may have: as many as Linux lets the hard limit be.
    private static final int NR_OPEN = 1 << 20;

    private final Host host;
    private final Task task;
    private final SelectorProvider selectorProvider;
    private final Names names;

    /// A process named `java` on a host.
    public JvmHost(Host host) {
        this.host = host;
        this.task = host.newTask("java");
        task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(NR_OPEN, NR_OPEN));
        this.selectorProvider = new LinnetSelectorProvider(this);
        this.names = new Names(this);
    }

    /// The host that it is on.
    public Host host() {
        return host;
    }

    /// The process: its descriptors are the channels and sockets.
    public Task task() {
        return task;
    }

    /// Opens channels and selectors on this host, whatever thread asks.
    public SelectorProvider selectorProvider() {
        return selectorProvider;
    }

    /// Opens asynchronous channels on this host, whatever thread asks.
    public AsynchronousChannelProvider asynchronousChannelProvider() {
        return new LinnetAsynchronousChannelProvider(this);
    }

    /// The names that it knows.
    public Names names() {
        return names;
    }

    // ---- which one
    // ----------------------------------------------------------------------------------

    /// That of the calling thread, else that of the JVM; null if what is opened now belongs to the machine's network.
    public static @Nullable JvmHost current() {
        JvmHost own = OF_THREAD.get();
        if (own != null) {
            return own;
        }
        JvmHost now = ofJvm;
        if (now != null) {
            return now;
        }
        Supplier<@Nullable JvmHost> making = ofJvmLater;
        return making != null ? making.get() : ofJvm; // it may just have been made
    }

    /// True if Linnet's agent is in this JVM: then everything that is opened belongs to [#current], whoever opens it.
    public static boolean agentLoaded() {
        try {
            Class.forName("dev.linnet.jvm.boot.Bridge", false, null); // in the JVM's own loader
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /// Makes it that of every thread that has none of its own; null takes it away.
    public static void setDefault(@Nullable JvmHost host) {
        ofJvm = host;
        ofJvmLater = null;
    }

    /// The same for a host that is being made: whoever needs it waits for it in `making`, which gives the same one each
    /// time, or null to the thread that makes it.
    public static void setDefaultLater(Supplier<@Nullable JvmHost> making) {
        ofJvmLater = making;
    }

    /// Runs something on this host: what it opens, and what threads open that it starts, is on it.
    public void run(Runnable body) {
        JvmHost before = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            body.run();
        } finally {
            restore(before);
        }
    }

    /// The same for something that has a result.
    public <T> T call(Callable<T> body) throws Exception {
        JvmHost before = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            return body.call();
        } finally {
            restore(before);
        }
    }

    /// Starts a thread that runs something on this host, one of the stack's ([dev.linnet.stack.Stack#start]).
    public Thread start(String name, Runnable body) {
        return host.stack().start(name, () -> run(body));
    }

    private static void restore(@Nullable JvmHost before) {
        if (before == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(before);
        }
    }

    // ---- what programs are given
    // ---------------------------------------------------------------------

    /// Makes sockets of this host, for programs that take such a factory.
    public SocketFactory socketFactory() {
        return new LinnetSocketFactory(this);
    }

    /// Makes listening sockets of this host, for programs that take such a factory.
    public ServerSocketFactory serverSocketFactory() {
        return new LinnetServerSocketFactory(this);
    }

    /// Makes what is behind sockets of this host, for `Socket.setSocketImplFactory` and, with `server`, for
    /// `ServerSocket.setSocketFactory`.
    public SocketImplFactory socketImplFactory(boolean server) {
        return () -> new LinnetSocketImpl(this, server);
    }

    /// Makes what is behind datagram sockets of this host, for `DatagramSocket.setDatagramSocketImplFactory`.
    public DatagramSocketImplFactory datagramSocketImplFactory() {
        return () -> new LinnetDatagramSocketImpl(this);
    }

    /// Ends the process: everything that is still open is closed.
    @Override
    public void close() {
        task.close();
    }
}
