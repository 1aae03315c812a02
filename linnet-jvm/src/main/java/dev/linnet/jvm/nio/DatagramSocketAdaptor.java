package dev.linnet.jvm.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel as a `DatagramSocket`.
final class DatagramSocketAdaptor extends DatagramSocket {
    private static final long NS_PER_MS = 1_000_000;

    private final LinnetDatagramChannel channel;
    private volatile int timeoutMs;

    private DatagramSocketAdaptor(LinnetDatagramChannel channel) {
        super(new NoDatagramSocketImpl());
        this.channel = channel;
    }

    static DatagramSocketAdaptor of(LinnetDatagramChannel channel) {
        return new DatagramSocketAdaptor(channel);
    }

    // ---- addresses
    // ----------------------------------------------------------------------------------

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        SocketAddress local = address == null ? new InetSocketAddress(0) : internet(address);
        AdaptorErrors.option(() -> channel.bind(local));
    }

    private static SocketAddress internet(SocketAddress address) {
        if (!(address instanceof InetSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        return address;
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        SocketAddress remote = internet(address);
        if (channel.isOpen()) {
            AdaptorErrors.option(() -> channel.connect(remote, false));
        }
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.localAddress() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.remoteAddress() != null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null ? -1 : remote.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.localAddress();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        InetSocketAddress local = channel.localAddress();
        return (local == null ? new InetSocketAddress(0) : local).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        InetSocketAddress local = channel.localAddress();
        return local == null ? 0 : local.getPort();
    }

    // ---- datagrams
    // ----------------------------------------------------------------------------------

    @Override
    public void send(DatagramPacket p) throws IOException {
        try {
            synchronized (p) {
                channel.ensureOpen();
                if (!channel.isBlocking()) {
                    throw new IllegalBlockingModeException();
                }
                SocketAddress to = destination(p);
                ByteBuffer data = ByteBuffer.wrap(p.getData(), p.getOffset(), p.getLength());
                channel.send(data, to);
            }
        } catch (AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ");
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    private SocketAddress destination(DatagramPacket p) {
        if (p.getAddress() != null) {
            return p.getSocketAddress();
        }
        InetSocketAddress remote = channel.remoteAddress();
        if (remote == null) {
            throw new IllegalArgumentException("Address not set");
        }
        p.setSocketAddress(remote);
        return remote;
    }

    @Override
    public void receive(DatagramPacket p) throws IOException {
        try {
            synchronized (p) {
                int room = DatagramPackets.room(p);
                ByteBuffer data = ByteBuffer.wrap(p.getData(), p.getOffset(), room);
                p.setSocketAddress(channel.receiveStream(data, timeoutMs * NS_PER_MS));
                DatagramPackets.setLength(p, room - data.remaining());
            }
        } catch (SocketTimeoutException | ClosedByInterruptException e) {
            throw e;
        } catch (InterruptedIOException e) {
            close();
            throw new SocketException("Closed by interrupt");
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        ensureOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMs = timeout;
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMs;
    }

    // ---- groups
    // --------------------------------------------------------------------------------------

    @Override
    public void joinGroup(SocketAddress address, @Nullable NetworkInterface dev)
            throws IOException {
        InetAddress group = group(address);
        NetworkInterface on = dev == null ? defaultInterface() : dev;
        ensureOpen();
        synchronized (this) {
            if (channel.memberships().find(group, on) != null) {
                throw new SocketException("Already a member of group");
            }
            channel.join(group, on);
        }
    }

    @Override
    public void leaveGroup(SocketAddress address, @Nullable NetworkInterface dev)
            throws IOException {
        InetAddress group = group(address);
        NetworkInterface on = dev == null ? defaultInterface() : dev;
        ensureOpen();
        synchronized (this) {
            MembershipKey key = channel.memberships().find(group, on);
            if (key == null) {
                throw new SocketException("Not a member of group");
            }
            key.drop();
        }
    }

    private static InetAddress group(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        InetAddress group = inet.getAddress();
        if (group == null) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!group.isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return group;
    }

    /// The interface that was set, else the first that can do multicast.
    private NetworkInterface defaultInterface() throws IOException {
        NetworkInterface set = channel.getOption(StandardSocketOptions.IP_MULTICAST_IF);
        if (set != null) {
            return set;
        }
        for (NetworkInterface dev : NetworkInterface.networkInterfaces().toList()) {
            if (dev.isUp() && dev.supportsMulticast() && !dev.isLoopback()) {
                return dev;
            }
        }
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    // ---- options
    // ------------------------------------------------------------------------------------

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        AdaptorErrors.option(() -> channel.setOption(name, value));
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        return AdaptorErrors.option(() -> channel.getOption(name));
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        set(StandardSocketOptions.IP_TOS, tc);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    // ---- state
    // --------------------------------------------------------------------------------------

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
