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
import org.jspecify.annotations.Nullable;

/// What Linnet does in place of the machine's network. Only called while [#active] is true for the calling thread.
/// Thread-safe.
public interface LinnetNetwork {
    /// True if what the calling thread opens belongs to a host of Linnet's.
    boolean active();

    /// True if the paths to the machine's network are closed for such a thread.
    boolean strict();

    /// What a new `Socket` or `ServerSocket` stands on.
    SocketImpl socketImpl(boolean server);

    /// What a new `DatagramSocket` or `MulticastSocket` hands its calls to; null if the JDK is to make it.
    ///
    /// @param local what it is bound to, or null
    /// @param type which of the two
    @Nullable DatagramSocket datagramSocket(@Nullable SocketAddress local, Class<?> type)
            throws SocketException;

    /// Sends bytes of a file without copying them through the program: how many, or negative if `to` is not a channel
    /// that can do it.
    long sendfile(FileChannel from, long position, int count, WritableByteChannel to)
            throws IOException;

    /// What the machine gave the program as its standard input; strict mode refuses it if it is a socket.
    @Nullable Channel inheritedChannel() throws IOException;

    /// `InetAddress.getLocalHost()`.
    InetAddress localHost() throws UnknownHostException;

    /// Whether an address answers an ICMP echo request within `timeout` milliseconds.
    ///
    /// @param from an interface to send from, or null
    /// @param ttl hops, 0 for the default
    boolean isReachable(InetAddress to, int timeout, @Nullable NetworkInterface from, int ttl)
            throws IOException;

    /// The interfaces that have an address.
    NetworkInterface[] interfaces() throws SocketException;

    /// `IFF_*` of an interface.
    int interfaceFlags(String name) throws SocketException;

    /// Bytes of the largest packet of an interface.
    int interfaceMtu(String name) throws SocketException;

    /// The hardware address of an interface, null if it has none.
    byte @Nullable [] interfaceMac(String name) throws SocketException;
}
