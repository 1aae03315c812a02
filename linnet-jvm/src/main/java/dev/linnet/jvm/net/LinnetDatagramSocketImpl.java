package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.nio.LinnetSelectorProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A UDP socket of a host of Linnet's behind `DatagramSocket` or `MulticastSocket`, for programs and agents that
/// install a factory of such.
///
/// It stands on a datagram channel's own socket, so that it sends, receives, joins and fails as that does. Thread-safe.
public final class LinnetDatagramSocketImpl extends DatagramSocketImpl {
    /// The largest datagram.
    private static final int DATAGRAM_MAX = 65535;

    private final JvmHost host;
    private @Nullable DatagramSocket socket;

    /// What was looked at and is still to be received; guarded by this.
    private @Nullable DatagramPacket peeked;

    /// A socket that is still to be made, with `create`.
    public LinnetDatagramSocketImpl(JvmHost host) {
        this.host = host;
    }

    private DatagramSocket socket() throws SocketException {
        DatagramSocket made = socket;
        if (made == null) {
            throw new SocketException("Socket not created");
        }
        return made;
    }

    @Override
    protected void create() throws SocketException {
        try {
            socket = new LinnetSelectorProvider(host).openDatagramSocket();
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private static SocketException asSocketException(IOException e) {
        return e instanceof SocketException se ? se : new SocketException(e.getMessage(), e);
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        socket().bind(new InetSocketAddress(address, port));
        localPort = socket().getLocalPort();
    }

    @Override
    protected void connect(InetAddress address, int port) throws SocketException {
        socket().connect(new InetSocketAddress(address, port));
    }

    @Override
    protected void disconnect() {
        try {
            socket().disconnect();
            localPort = socket().getLocalPort();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void close() {
        DatagramSocket made = socket;
        if (made != null) {
            made.close();
        }
    }

    // ---- datagrams
    // ----------------------------------------------------------------------------------

    @Override
    protected void send(DatagramPacket p) throws IOException {
        socket().send(p);
    }

    @Override
    protected void receive(DatagramPacket p) throws IOException {
        DatagramPacket kept = takePeeked();
        if (kept != null) {
            copy(kept, p);
        } else {
            socket().receive(p);
        }
    }

    private synchronized @Nullable DatagramPacket takePeeked() {
        DatagramPacket kept = peeked;
        peeked = null;
        return kept;
    }

    private static void copy(DatagramPacket from, DatagramPacket to) {
        int length = Math.min(from.getLength(), to.getLength());
        System.arraycopy(from.getData(), from.getOffset(), to.getData(), to.getOffset(), length);
        to.setLength(length);
        to.setSocketAddress(from.getSocketAddress());
    }

    @Override
    protected synchronized int peekData(DatagramPacket p) throws IOException {
        DatagramPacket kept = peeked;
        if (kept == null) {
            kept = new DatagramPacket(new byte[DATAGRAM_MAX], DATAGRAM_MAX);
            socket().receive(kept);
            peeked = kept;
        }
        copy(kept, p);
        return p.getPort();
    }

    /// The port of the next datagram's sender. Its address is not told: an address of Java's does not change.
    @Override
    protected int peek(InetAddress address) throws IOException {
        return peekData(new DatagramPacket(new byte[1], 1));
    }

    // ---- groups
    // -------------------------------------------------------------------------------------

    @Override
    protected void join(InetAddress group) throws IOException {
        joinGroup(new InetSocketAddress(group, 0), null);
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        leaveGroup(new InetSocketAddress(group, 0), null);
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface dev)
            throws IOException {
        socket().joinGroup(group, dev);
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface dev)
            throws IOException {
        socket().leaveGroup(group, dev);
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        socket().setOption(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    protected int getTimeToLive() throws IOException {
        return socket().getOption(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected void setTTL(byte ttl) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(ttl));
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    // ---- options
    // ------------------------------------------------------------------------------------

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        DatagramSocket made = socket;
        return made == null ? Set.of() : made.supportedOptions();
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        socket().setOption(name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return socket().getOption(name);
    }

    @Override
    public void setOption(int number, Object value) throws SocketException {
        try {
            switch (number) {
                case SO_TIMEOUT ->
                        socket().setSoTimeout(LegacyOptions.intValue(value, "SO_TIMEOUT"));
                case IP_MULTICAST_IF -> set(interfaceOf((InetAddress) value));
                case IP_MULTICAST_IF2 -> set((NetworkInterface) value);
                case IP_MULTICAST_LOOP ->
                        socket().setOption(
                                        StandardSocketOptions.IP_MULTICAST_LOOP, !(boolean) value);
                default -> LegacyOptions.set(socket(), number, value);
            }
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private void set(NetworkInterface dev) throws IOException {
        socket().setOption(StandardSocketOptions.IP_MULTICAST_IF, dev);
    }

    private static NetworkInterface interfaceOf(InetAddress address) throws SocketException {
        NetworkInterface dev = NetworkInterface.getByInetAddress(address);
        if (dev == null) {
            throw new SocketException(
                    "No network interface found with address " + address.getHostAddress());
        }
        return dev;
    }

    @Override
    public @Nullable Object getOption(int number) throws SocketException {
        try {
            return switch (number) {
                case SO_TIMEOUT -> socket().getSoTimeout();
                case SO_BINDADDR -> socket().getLocalAddress();
                case IP_MULTICAST_IF -> outgoingAddress();
                case IP_MULTICAST_IF2 -> outgoing();
                case IP_MULTICAST_LOOP ->
                        !socket().getOption(StandardSocketOptions.IP_MULTICAST_LOOP);
                default -> LegacyOptions.get(socket(), number);
            };
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private @Nullable NetworkInterface outgoing() throws IOException {
        return socket().getOption(StandardSocketOptions.IP_MULTICAST_IF);
    }

    private InetAddress outgoingAddress() throws IOException {
        NetworkInterface dev = outgoing();
        InetAddress any = new InetSocketAddress(0).getAddress();
        return dev == null ? any : dev.inetAddresses().findFirst().orElse(any);
    }
}
