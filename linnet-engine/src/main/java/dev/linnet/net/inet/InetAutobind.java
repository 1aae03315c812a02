package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SocketType;

/// Gives a socket a port when it is first used without one.
public final class InetAutobind {
    private InetAutobind() {}

    /// Binds any port if the sock has none: 0 or `-EAGAIN` (`inet_autobind`).
    @Kernel("inet_autobind")
    public static int autobind(InetSock sk) {
        sk.lock.lock();
        try {
            return autobindLocked(sk);
        } finally {
            sk.lock.unlock();
        }
    }

    /// The same with the lock held.
    public static int autobindLocked(InetSock sk) {
        if (sk.num == 0) {
            if (sk.prot.getPort(sk, 0) != 0) {
                return -Errno.EAGAIN;
            }
            sk.sport = sk.num;
        }
        return 0;
    }

    /// What a send needs before the protocol sees it: a datagram socket is bound (`inet_send_prepare`);
    /// TCP binds in `connect`, raw sockets have no ports.
    @Kernel("inet_send_prepare")
    public static int sendPrepare(InetSock sk) {
        boolean needsPort =
                sk.num == 0 && sk.type != SocketType.SOCK_STREAM && sk.type != SocketType.SOCK_RAW;
        return needsPort ? autobind(sk) : 0;
    }
}
