package dev.linnet.jvm.boot;

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

/// The calls that the agent writes into classes of the JDK.
///
/// The names and types of those that stand in for a native method are that method's. Thread-safe.
public final class Bridge {
    /// What [#transferTo] returns when the JDK has to do it (`IOStatus.UNSUPPORTED_CASE`).
    public static final long UNSUPPORTED = -6;

    private static final int IFF_UP_RUNNING = 0x41;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_POINTOPOINT = 0x10;
    private static final int IFF_MULTICAST = 0x1000;

    private static volatile @Nullable LinnetNetwork network;

    private Bridge() {}

    /// Sets what is on the other side.
    public static void install(LinnetNetwork linnet) {
        network = linnet;
    }

    /// True if the calling thread is on a host of Linnet's.
    public static boolean active() {
        LinnetNetwork n = network;
        return n != null && n.active();
    }

    private static LinnetNetwork network() {
        return Objects.requireNonNull(network);
    }

    // ---- sockets
    // ------------------------------------------------------------------------------------

    /// In place of `SocketImpl.createPlatformSocketImpl`; null if the JDK is to do it.
    public static @Nullable SocketImpl socketImpl(boolean server) {
        return active() ? network().socketImpl(server) : null;
    }

    /// In place of `DatagramSocket.createDelegate`; null if the JDK is to do it.
    public static @Nullable DatagramSocket datagramSocket(
            @Nullable SocketAddress local, Class<?> type) throws SocketException {
        return active() ? network().datagramSocket(local, type) : null;
    }

    /// In front of `FileChannelImpl.transferToDirect`.
    public static long transferTo(
            FileChannel from, long position, int count, WritableByteChannel to) throws IOException {
        long sent = active() ? network().sendfile(from, position, count, to) : UNSUPPORTED;
        return sent < 0 ? UNSUPPORTED : sent;
    }

    /// In place of `System.inheritedChannel`; null if the JDK is to do it.
    public static @Nullable Channel inheritedChannel() throws IOException {
        return active() ? network().inheritedChannel() : null;
    }

    // ---- names and reachability
    // --------------------------------------------------------------------

    /// In place of `InetAddress.getLocalHost`; null if the JDK is to do it.
    public static @Nullable InetAddress localHost() throws UnknownHostException {
        return active() ? network().localHost() : null;
    }

    /// In place of `InetAddressImpl.isReachable`.
    public static boolean isReachable(
            Object unused, InetAddress to, int timeout, @Nullable NetworkInterface from, int ttl)
            throws IOException {
        return network().isReachable(to, timeout, from, ttl);
    }

    // ---- interfaces, in place of the native methods of NetworkInterface
    // ---------------------------------------

    public static NetworkInterface[] getAll() throws SocketException {
        return network().interfaces();
    }

    public static @Nullable NetworkInterface getByName0(String name) throws SocketException {
        for (NetworkInterface each : getAll()) {
            if (each.getName().equals(name)) {
                return each;
            }
        }
        return null;
    }

    public static @Nullable NetworkInterface getByIndex0(int index) throws SocketException {
        for (NetworkInterface each : getAll()) {
            if (each.getIndex() == index) {
                return each;
            }
        }
        return null;
    }

    public static @Nullable NetworkInterface getByInetAddress0(InetAddress address)
            throws SocketException {
        for (NetworkInterface each : getAll()) {
            for (var it = each.getInetAddresses(); it.hasMoreElements(); ) {
                if (it.nextElement().equals(address)) {
                    return each;
                }
            }
        }
        return null;
    }

    public static boolean boundInetAddress0(InetAddress address) throws SocketException {
        return getByInetAddress0(address) != null;
    }

    public static boolean isUp0(String name, int index) throws SocketException {
        return (network().interfaceFlags(name) & IFF_UP_RUNNING) == IFF_UP_RUNNING;
    }

    public static boolean isLoopback0(String name, int index) throws SocketException {
        return (network().interfaceFlags(name) & IFF_LOOPBACK) != 0;
    }

    public static boolean supportsMulticast0(String name, int index) throws SocketException {
        return (network().interfaceFlags(name) & IFF_MULTICAST) != 0;
    }

    public static boolean isP2P0(String name, int index) throws SocketException {
        return (network().interfaceFlags(name) & IFF_POINTOPOINT) != 0;
    }

    public static byte @Nullable [] getMacAddr0(byte @Nullable [] address, String name, int index)
            throws SocketException {
        return network().interfaceMac(name);
    }

    public static int getMTU0(String name, int index) throws SocketException {
        return network().interfaceMtu(name);
    }

    // ---- strict mode
    // -------------------------------------------------------------------------------

    private static boolean closed() {
        return active() && network().strict();
    }

    private static String message(String path) {
        return "Linnet's strict mode: "
                + path
                + " would use this machine's network (strict=false lets it)";
    }

    /// In front of what makes a socket of the machine.
    public static void refuseSocket(String path) throws SocketException {
        if (closed()) {
            throw new MachineNetworkException(message(path));
        }
    }

    /// In front of what asks the machine for names.
    public static void refuseLookup(String path) throws UnknownHostException {
        if (closed()) {
            throw new UnknownHostException(message(path));
        }
    }

    /// After the JDK has looked whether the program was given a socket as its standard input.
    ///
    /// @param type what it found: negative if it is no socket
    public static int inheritedSocket(int type) throws SocketException {
        if (type >= 0) {
            refuseSocket("System.inheritedChannel");
        }
        return type;
    }

    /// In front of the loading of a native library.
    ///
    /// @param caller the class that loads it
    /// @param library its name, or the path of its file
    public static void refuseLibrary(Class<?> caller, String library) {
        if (NativeTransports.contains(library) && closed()) {
            throw new UnsatisfiedLinkError(message("the native library " + library));
        }
    }
}
