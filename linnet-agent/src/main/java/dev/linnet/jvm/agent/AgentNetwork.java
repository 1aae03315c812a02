package dev.linnet.jvm.agent;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.boot.LinnetNetwork;
import dev.linnet.jvm.net.PlatformSockets;
import dev.linnet.jvm.nio.LinnetSelectorProvider;
import dev.linnet.net.core.dev.NetDevice;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.UnknownHostException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the rewritten methods of the JDK reach: the current host of the calling thread.
final class AgentNetwork implements LinnetNetwork {
    private final JdkAccess jdk;
    private final boolean strict;

    AgentNetwork(JdkAccess jdk, boolean strict) {
        this.jdk = jdk;
        this.strict = strict;
    }

    @Override
    public boolean active() {
        return JvmHost.current() != null;
    }

    @Override
    public boolean strict() {
        return strict;
    }

    private static JvmHost host() {
        return Objects.requireNonNull(JvmHost.current());
    }

    // ---- sockets
    // ------------------------------------------------------------------------------------

    @Override
    public SocketImpl socketImpl(boolean server) {
        return Objects.requireNonNull(PlatformSockets.open(server));
    }

    @Override
    public @Nullable DatagramSocket datagramSocket(@Nullable SocketAddress local, Class<?> type)
            throws SocketException {
        return DatagramDelegates.get().make(host(), local, type);
    }

    @Override
    public long sendfile(FileChannel from, long position, int count, WritableByteChannel to)
            throws IOException {
        return LinnetSelectorProvider.sendfile(from, position, count, to);
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return jdk.machineProvider().inheritedChannel();
    }

    // ---- names and reachability
    // --------------------------------------------------------------------

    @Override
    public InetAddress localHost() throws UnknownHostException {
        return host().names().localHost();
    }

    @Override
    public boolean isReachable(
            InetAddress to, int timeout, @Nullable NetworkInterface from, int ttl)
            throws IOException {
        return Echo.reaches(host(), to, timeout, from, ttl);
    }

    // ---- interfaces
    // ------------------------------------------------------------------------------------

    @Override
    public NetworkInterface[] interfaces() {
        return Interfaces.get().of(host().host());
    }

    private static NetDevice device(String name) throws SocketException {
        NetDevice dev = host().host().net().devices.byName(name);
        if (dev == null) {
            throw new SocketException("No such device");
        }
        return dev;
    }

    @Override
    public int interfaceFlags(String name) throws SocketException {
        return device(name).flags;
    }

    @Override
    public int interfaceMtu(String name) throws SocketException {
        return device(name).mtu;
    }

    @Override
    public byte @Nullable [] interfaceMac(String name) throws SocketException {
        byte[] mac = device(name).devAddr;
        return mac.length == 0 ? null : mac.clone();
    }
}
