package dev.linnet.jvm.nio;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketFd;
import dev.linnet.stack.Task;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens channels and selectors on Linnet.
///
/// The public one, which the JDK makes from a system property or a service file, uses the host that is
/// [JvmHost#current] at each opening; where there is none, what [#setFallback] says. That of [JvmHost#selectorProvider]
/// uses its host. Thread-safe.
public final class LinnetSelectorProvider extends SelectorProvider {
    private static volatile Supplier<SelectorProvider> fallback =
            () -> {
                throw new IllegalStateException(
                        "no Linnet host for this thread: open the channel in JvmHost.run, or set JvmHost.setDefault");
            };

    private final @Nullable JvmHost host;

    /// For whatever host is current.
    public LinnetSelectorProvider() {
        this.host = null;
    }

    /// For one host.
    public LinnetSelectorProvider(JvmHost host) {
        this.host = host;
    }

    /// Says what opens channels for threads that have no host.
    public static void setFallback(Supplier<SelectorProvider> provider) {
        fallback = provider;
    }

    /// Sends from a file to a channel without copying through a buffer of the program: what `FileChannel.transferTo` is
    /// to do. The bytes sent, 0 if there is no room now; negative if `to` is no connected channel of Linnet's.
    ///
    /// @param file open for reading
    public static long sendfile(FileChannel file, long position, long count, WritableByteChannel to)
            throws IOException {
        return to instanceof LinnetSocketChannel channel
                ? channel.output().sendfile(file, position, count)
                : -1;
    }

    private @Nullable Task task() {
        JvmHost now = host != null ? host : JvmHost.current();
        return now == null ? null : now.task();
    }

    private static SocketFd socket(Task task, ChannelFamily family, int type) throws IOException {
        return SocketFd.open(task, family.af(), type);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        Task task = task();
        return task == null
                ? fallback.get().openDatagramChannel()
                : datagram(task, InetFamily.unspecified());
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        Objects.requireNonNull(family, "'family' is null");
        Task task = task();
        if (task == null) {
            return fallback.get().openDatagramChannel(family);
        }
        if (!(ChannelFamily.of(family) instanceof InetFamily inet)) {
            throw new UnsupportedOperationException("Protocol family not supported");
        }
        return datagram(task, inet);
    }

    private DatagramChannel datagram(Task task, InetFamily family) throws IOException {
        return datagram(task, family, true);
    }

    private LinnetDatagramChannel datagram(Task task, InetFamily family, boolean interruptible)
            throws IOException {
        SocketFd fd = socket(task, family, SocketType.SOCK_DGRAM);
        return new LinnetDatagramChannel(this, family, fd, interruptible);
    }

    /// What is behind `new DatagramSocket()` on this host: interrupts do not close it, but those of virtual threads do.
    ///
    /// @throws IllegalStateException if there is no host
    public DatagramSocket openDatagramSocket() throws IOException {
        Task task = task();
        if (task == null) {
            throw new IllegalStateException("no Linnet host for this thread");
        }
        return datagram(task, InetFamily.unspecified(), false).socket();
    }

    @Override
    public Pipe openPipe() throws IOException {
        Task task = task();
        return task == null ? fallback.get().openPipe() : new LinnetPipe(this, task);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        Task task = task();
        return task == null ? fallback.get().openSelector() : new LinnetSelector(this, task);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        Task task = task();
        return task == null
                ? fallback.get().openServerSocketChannel()
                : listener(task, InetFamily.unspecified());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        Objects.requireNonNull(family, "'family' is null");
        Task task = task();
        return task == null
                ? fallback.get().openServerSocketChannel(family)
                : listener(task, ChannelFamily.of(family));
    }

    /// A listener may be bound although connections of an earlier one are still in TIME-WAIT, as the JDK has it.
    private ServerSocketChannel listener(Task task, ChannelFamily family) throws IOException {
        SocketFd fd = socket(task, family, SocketType.SOCK_STREAM);
        if (family instanceof InetFamily) {
            task.setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_REUSEADDR, 1);
        }
        return new LinnetServerSocketChannel(this, family, fd);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        Task task = task();
        return task == null
                ? fallback.get().openSocketChannel()
                : connection(task, InetFamily.unspecified());
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        Objects.requireNonNull(family, "'family' is null");
        Task task = task();
        return task == null
                ? fallback.get().openSocketChannel(family)
                : connection(task, ChannelFamily.of(family));
    }

    private SocketChannel connection(Task task, ChannelFamily family) throws IOException {
        return new LinnetSocketChannel(this, family, socket(task, family, SocketType.SOCK_STREAM));
    }

    /// What a super-server has given the JVM is of the machine's network: none on Linnet.
    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return task() == null ? fallback.get().inheritedChannel() : null;
    }
}
