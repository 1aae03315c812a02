package dev.linnet.net.ipv4;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;

/// Multicast groups of sockets and devices (IGMP).
public final class IpMulticast {
    private IpMulticast() {}

    public static void init(NetNamespace net) {
        throw new UnsupportedOperationException();
    }

    /// ip_mc_sf_allow: may a datagram from source to group on the interface be given to this socket.
    public static boolean allows(InetSock sk, int group, int source, int ifindex) {
        throw new UnsupportedOperationException();
    }

    /// ip_mc_drop_socket: leaves all groups.
    public static void dropSocket(InetSock sk) {
        throw new UnsupportedOperationException();
    }
}
