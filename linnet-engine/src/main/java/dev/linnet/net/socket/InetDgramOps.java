package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.inet.InetAutobind;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;

/// Datagram, ping and raw sockets of the Internet families (`inet_dgram_ops`, `inet_sockraw_ops` and
/// IPv6's).
public final class InetDgramOps extends InetOps {
    /// @param family `AF_INET` or `AF_INET6`
    public InetDgramOps(int family) {
        super(family);
    }

    @Override
    @Kernel("inet_dgram_connect")
    public int connect(Socket sock, SockAddr addr, boolean nonblock) {
        if (addr.length() < Short.BYTES) {
            return -Errno.EINVAL;
        }
        InetSock sk = sock(sock);
        sk.lock.lock();
        try {
            if (addr.family() == Af.AF_UNSPEC) {
                return sk.prot.disconnect(sk, 0);
            }
            if (sk.num == 0 && sk.type != SocketType.SOCK_RAW) {
                int err = InetAutobind.autobindLocked(sk);
                if (err != 0) {
                    return err;
                }
            }
            return connectTo(sk, addr);
        } finally {
            sk.lock.unlock();
        }
    }
}
