package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.SockReuseport;

/// Which sockets with `SO_REUSEPORT` share a group: those of one user with the same local address.
public final class InetReuseport {
    private InetReuseport() {}

    /// Puts a sock into the group of its address and port, or makes it the first of one. Under the
    /// table's lock.
    ///
    /// @param bucket the socks that may have the same
    @Kernel({"inet_reuseport_add_sock", "udp_reuseport_add_sock"})
    public static void join(InetSock sk, InetSock[] bucket) {
        for (InetSock other : bucket) {
            SockReuseport group = other.reuseportCb;
            if (group != null && sameBinding(sk, other)) {
                group.add(sk);
                return;
            }
        }
        SockReuseport.alloc(sk);
    }

    private static boolean sameBinding(InetSock a, InetSock b) {
        return a.num == b.num
                && a.family == b.family
                && a.ipv6only == b.ipv6only
                && a.uid == b.uid
                && a.boundDevIf == b.boundDevIf
                && a.rcvSaddrHi == b.rcvSaddrHi
                && a.rcvSaddrLo == b.rcvSaddrLo;
    }
}
