package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TimeVal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A stream socket of a host of Linnet's behind `Socket` or `ServerSocket`: what the JDK's own does, word for word.
///
/// Calls wait in the stack on the caller's thread. A time-out of reads is the socket's `SO_RCVTIMEO`, so that a read
/// with one is a single call; the listener's is not set there, because connections would inherit it. An interrupt ends
/// the wait of a virtual thread with [InterruptedIOException], upon which `Socket` closes; platform threads keep theirs
/// for later. Thread-safe: one reader (or acceptor, or who connects) and one writer at a time, each behind a lock.
public class LinnetSocketImpl extends SocketImpl {
    private enum State {
        NEW,
        UNCONNECTED,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private static final Set<SocketOption<?>> CLIENT_OPTIONS = clientOptions();
    private static final Set<SocketOption<?>> SERVER_OPTIONS = serverOptions();

    /// What `listen` takes for a backlog below one.
    private static final int BACKLOG = 50;

    private final JvmHost host;
    private final boolean server;
    private final int family = SocketAddresses.defaultFamily();

    /// Of who reads, accepts or connects.
    private final TimedLock readLock = new TimedLock();

    private final SocketInput input = new SocketInput(this, readLock);
    private final SocketOutput output = new SocketOutput(this);

    /// Held to change [#state], and for calls that do not wait.
    private final Object stateLock = new Object();

    private volatile State state = State.NEW;
    private @Nullable SocketFd socket;
    private Cleaner.@Nullable Cleanable closer;

    /// `SO_TIMEOUT` in ms, 0 for none.
    private volatile int timeout;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /// A socket that is still to be made, with `create` or by `accept`.
    ///
    /// @param server whether it is to listen
    public LinnetSocketImpl(JvmHost host, boolean server) {
        this.host = host;
        this.server = server;
    }

    // ---- state
    // --------------------------------------------------------------------------------------

    private SocketFd open() throws SocketException {
        State now = state;
        SocketFd fd = socket;
        if (now == State.NEW) {
            throw new SocketException("Socket not created");
        }
        if (now == State.CLOSED || fd == null) {
            throw closed();
        }
        return fd;
    }

    /// The descriptor of a socket that is connected.
    SocketFd connected() throws SocketException {
        State now = state;
        SocketFd fd = socket;
        if (now == State.CLOSED) {
            throw closed();
        }
        if (now != State.CONNECTED || fd == null) {
            throw new SocketException("Not connected");
        }
        return fd;
    }

    private static SocketException closed() {
        return new SocketException("Socket closed");
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isInputShut() {
        return inputShut;
    }

    /// `SO_TIMEOUT` in ms, 0 for none.
    int timeout() {
        return timeout;
    }

    /// What a call says that did not do what it should.
    IOException failed(int err) {
        if (state == State.CLOSED) {
            return closed();
        }
        return switch (err) {
            case -Errno.EBADF -> closed();
            case -Errno.EINTR -> new InterruptedIOException();
            default -> new SocketException(Errno.message(err));
        };
    }

    /// Whether an interrupt of the calling thread ends its wait.
    static boolean interruptible() {
        return Thread.currentThread().isVirtual();
    }

    // ---- made, bound, connected
    // -----------------------------------------------------------------

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("Datagram socket creation not supported");
        }
        synchronized (stateLock) {
            if (state != State.NEW) {
                throw new IOException("Already created");
            }
            SocketFd fd = SocketFd.open(host.task(), family, SocketType.SOCK_STREAM);
            if (server) {
                fd.task().setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_REUSEADDR, 1);
            }
            own(fd, State.UNCONNECTED);
        }
    }

    private void own(SocketFd fd, State now) {
        socket = fd;
        closer = FdCleaner.register(this, fd);
        state = now;
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        synchronized (stateLock) {
            SocketFd fd = open();
            if (localport != 0) {
                throw new SocketException("Already bound");
            }
            SockAddr to = toStack(host, port);
            SocketErrors.check(fd.quick(() -> fd.task().bind(fd.fd(), to)));
            address = host;
            localport = localAddress(fd).getPort();
        }
    }

    private SockAddr toStack(InetAddress to, int port) throws SocketException {
        if (family == Af.AF_INET && !(to instanceof Inet4Address)) {
            throw new SocketException("IPv6 protocol family unavailable");
        }
        return SocketAddresses.toStack(family, to, port);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        synchronized (stateLock) {
            SocketFd fd = open();
            if (localport == 0) {
                throw new SocketException("Not bound");
            }
            int length = backlog < 1 ? BACKLOG : backlog;
            SocketErrors.check(fd.quick(() -> fd.task().listen(fd.fd(), length)));
        }
    }

    private static InetSocketAddress localAddress(SocketFd fd) throws SocketException {
        SockAddr[] out = new SockAddr[1];
        SocketErrors.check(fd.quick(() -> fd.task().getsockname(fd.fd(), out)));
        return Objects.requireNonNull(SocketAddresses.fromStack(out[0]));
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (!(remote instanceof InetSocketAddress to)) {
            throw new IOException("Unsupported address type");
        }
        if (to.isUnresolved()) {
            throw new UnknownHostException(to.getHostName());
        }
        try {
            InetAddress peer = to.getAddress();
            if (peer.isAnyLocalAddress()) {
                peer = host.names().localHost();
            }
            readLock.lock();
            try {
                connectLocked(peer, to.getPort(), millis);
            } finally {
                readLock.unlock();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void connectLocked(InetAddress to, int toPort, int millis) throws IOException {
        SocketFd fd = beginConnect(to, toPort);
        SockAddr peer = toStack(to, toPort);
        int err =
                fd.call(
                        SocketFd.READ,
                        interruptible(),
                        () -> timedConnect(fd.task(), fd.fd(), peer, millis));
        synchronized (stateLock) {
            if (state == State.CLOSED) {
                throw closed();
            }
            if (err == 0) {
                localport = localAddress(fd).getPort();
                state = State.CONNECTED;
                return;
            }
        }
        throw switch (err) {
            case -Errno.EBADF -> closed();
            case -Errno.EINTR -> new SocketException("Closed by interrupt");
            case -Errno.EINPROGRESS, -Errno.EALREADY ->
                    new SocketTimeoutException("Connect timed out");
            default -> SocketErrors.ofConnect(err);
        };
    }

    private SocketFd beginConnect(InetAddress to, int toPort) throws SocketException {
        synchronized (stateLock) {
            switch (state) {
                case NEW -> throw new SocketException("Not created");
                case CONNECTING -> throw new SocketException("Connection in progress");
                case CONNECTED -> throw new SocketException("Already connected");
                case CLOSED -> throw closed();
                case UNCONNECTED -> state = State.CONNECTING;
            }
            address = to;
            port = toPort;
            return Objects.requireNonNull(socket);
        }
    }

    /// `connect` waits for as long as `SO_SNDTIMEO` says, and then says that it is in progress.
    private static int timedConnect(Task task, int fd, SockAddr peer, int millis) {
        if (millis <= 0) {
            return task.connect(fd, peer);
        }
        setTimeout(task, fd, So.SO_SNDTIMEO, millis);
        int err = task.connect(fd, peer);
        setTimeout(task, fd, So.SO_SNDTIMEO, 0);
        return err;
    }

    private static int setTimeout(Task task, int fd, int option, int millis) {
        byte[] raw = new byte[TimeVal.SIZE];
        TimeVal.ofNanos(TimeUnit.MILLISECONDS.toNanos(millis)).encode(raw, 0);
        return task.setsockopt(fd, Sol.SOL_SOCKET, option, raw);
    }

    // ---- accept
    // -------------------------------------------------------------------------------------

    @Override
    protected void accept(SocketImpl si) throws IOException {
        if (!(si instanceof LinnetSocketImpl to)) {
            throw new IOException(
                    "An instance of "
                            + getClass()
                            + " cannot accept a connection with an instance of "
                            + si.getClass());
        }
        if (to.state != State.NEW) {
            throw new SocketException("Not a newly created SocketImpl");
        }
        long left = readLock.lock(timeout, "Accept timed out");
        try {
            acceptLocked(to, left);
        } finally {
            readLock.unlock();
        }
    }

    private void acceptLocked(LinnetSocketImpl to, long leftNs) throws IOException {
        SocketFd fd = open();
        if (localport == 0) {
            throw new SocketException("Not bound");
        }
        SockAddr[] peer = new SockAddr[1];
        int millis = leftNs == 0 ? -1 : millis(leftNs);
        int newFd = fd.call(SocketFd.READ, interruptible(), () -> acceptWithin(fd, peer, millis));
        if (newFd < 0) {
            throw notAccepted(newFd);
        }
        to.accepted(
                new SocketFd(fd.task(), newFd),
                Objects.requireNonNull(SocketAddresses.fromStack(peer[0])));
    }

    private IOException notAccepted(int err) {
        if (state == State.CLOSED) {
            return closed();
        }
        return switch (err) {
            case -Errno.EBADF -> closed();
            case -Errno.EINTR -> new InterruptedIOException();
            case -Errno.EAGAIN -> new SocketTimeoutException("Accept timed out");
            default -> SocketErrors.of(err);
        };
    }

    /// A connection that ended before it was taken is passed over.
    private static int acceptWithin(SocketFd fd, SockAddr[] peer, int millis) {
        int n;
        do {
            if (millis >= 0) {
                int ready = fd.poll(PollEvents.POLLIN, millis);
                if (ready <= 0) {
                    return ready == 0 ? -Errno.EAGAIN : ready;
                }
            }
            n = fd.task().accept4(fd.fd(), peer, SocketType.SOCK_CLOEXEC);
        } while (n == -Errno.ECONNABORTED);
        return n;
    }

    private void accepted(SocketFd fd, InetSocketAddress peer) throws SocketException {
        InetSocketAddress local;
        try {
            local = localAddress(fd);
        } catch (SocketException e) {
            fd.close();
            throw e;
        }
        synchronized (stateLock) {
            localport = local.getPort();
            address = peer.getAddress();
            port = peer.getPort();
            own(fd, State.CONNECTED);
        }
    }

    /// Rounded up, so that nobody waits for less than he asked.
    private static int millis(long ns) {
        return Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(ns + 999_999));
    }

    @Override
    protected int available() throws IOException {
        synchronized (stateLock) {
            SocketFd fd = connected();
            if (inputShut) {
                return 0;
            }
            byte[] out = new byte[4];
            SocketErrors.check(fd.quick(() -> fd.task().ioctl(fd.fd(), Ioctl.FIONREAD, out)));
            return Abi.getInt(out, 0);
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        output.write(data, Msg.MSG_OOB);
    }

    // ---- the ends
    // -----------------------------------------------------------------------------------

    @Override
    protected void shutdownInput() throws IOException {
        synchronized (stateLock) {
            SocketFd fd = connected();
            if (!inputShut) {
                shutdown(fd, Shut.SHUT_RD);
                inputShut = true;
            }
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        synchronized (stateLock) {
            SocketFd fd = connected();
            if (!outputShut) {
                shutdown(fd, Shut.SHUT_WR);
                outputShut = true;
            }
        }
    }

    /// A connection that was reset has nothing to shut down any more.
    private static void shutdown(SocketFd fd, int how) throws IOException {
        int err = fd.quick(() -> fd.task().shutdown(fd.fd(), how));
        if (err != -Errno.ENOTCONN) {
            SocketErrors.check(err);
        }
    }

    /// What was sent is delivered and ended with a FIN even if there is something left to read, unless `SO_LINGER` is
    /// 0.
    @Override
    protected void close() throws IOException {
        synchronized (stateLock) {
            SocketFd fd = socket;
            boolean finish = state == State.CONNECTED;
            boolean open = state != State.CLOSED;
            state = State.CLOSED;
            if (!open || fd == null) {
                return;
            }
            if (finish && lingerOf(fd) != 0) {
                fd.quick(() -> fd.task().shutdown(fd.fd(), Shut.SHUT_WR));
            }
            Objects.requireNonNull(closer).clean();
        }
    }

    private int lingerOf(SocketFd fd) throws IOException {
        Object linger = SocketOptionTable.get(fd, family, StandardSocketOptions.SO_LINGER);
        return (int) Objects.requireNonNull(linger);
    }

    // ---- streams
    // ------------------------------------------------------------------------------------

    @Override
    protected InputStream getInputStream() {
        return input;
    }

    @Override
    protected OutputStream getOutputStream() {
        return output;
    }

    // ---- options
    // ------------------------------------------------------------------------------------

    private static Set<SocketOption<?>> clientOptions() {
        Set<SocketOption<?>> all = new HashSet<>(SocketOptionTable.stream());
        all.remove(SocketOptionTable.SO_OOBINLINE);
        return Set.copyOf(all);
    }

    private static Set<SocketOption<?>> serverOptions() {
        Set<SocketOption<?>> all = new HashSet<>(SocketOptionTable.listener());
        all.add(StandardSocketOptions.IP_TOS);
        return Set.copyOf(all);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return server ? SERVER_OPTIONS : CLIENT_OPTIONS;
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        requireSupported(option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        synchronized (stateLock) {
            SocketOptionTable.set(open(), family, option, value);
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        requireSupported(option);
        synchronized (stateLock) {
            Object value = SocketOptionTable.get(open(), family, option);
            return option.type().cast(Objects.requireNonNull(value));
        }
    }

    private void requireSupported(SocketOption<?> option) {
        if (!supportedOptions().contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    @Override
    public void setOption(int number, Object value) throws SocketException {
        synchronized (stateLock) {
            SocketFd fd = open();
            if (number != SO_TIMEOUT) {
                LegacyOptions.set(fd, family, number, value);
                return;
            }
            int millis = LegacyOptions.intValue(value, "SO_TIMEOUT");
            if (millis < 0) {
                throw new SocketException("timeout < 0");
            }
            if (!server && millis != timeout) {
                fd.quick(() -> setTimeout(fd.task(), fd.fd(), So.SO_RCVTIMEO, millis));
            }
            timeout = millis;
        }
    }

    @Override
    public Object getOption(int number) throws SocketException {
        synchronized (stateLock) {
            SocketFd fd = open();
            return switch (number) {
                case SO_TIMEOUT -> timeout;
                case SO_BINDADDR -> localAddress(fd).getAddress();
                default -> LegacyOptions.get(fd, family, number);
            };
        }
    }
}
