package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Linger;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import java.net.SocketException;

/// How a channel's descriptor is closed.
final class ChannelEnd {
    private ChannelEnd() {}

    /// Closes it. A connection that a selector still knows stays a descriptor until the key has gone; so that the peer
    /// sees its end at once, it is shut down for writing, unless it shall be reset.
    static void close(SocketFd fd, boolean shutdownFirst) {
        if (!shutdownFirst || !fd.begin(SocketFd.ANY)) {
            fd.close();
            return;
        }
        try {
            fd.close();
            shutdownWrite(fd);
        } finally {
            fd.end(SocketFd.ANY);
        }
    }

    /// Ends a direction; a connection that the peer has ended is shut down already.
    static void shutdown(SocketFd fd, int how) throws SocketException {
        int err = fd.quick(() -> fd.task().shutdown(fd.fd(), how));
        if (err != -Errno.ENOTCONN) {
            SocketErrors.check(err);
        }
    }

    private static void shutdownWrite(SocketFd fd) {
        byte[] value = new byte[Linger.SIZE];
        int n = fd.task().getsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_LINGER, value);
        boolean lingers = n == Linger.SIZE && Abi.getInt(value, 0) != 0;
        if (lingers && Linger.decode(value, 0).seconds() == 0) {
            return;
        }
        if (lingers) {
            fd.task().setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_LINGER, new byte[Linger.SIZE]);
        }
        fd.task().shutdown(fd.fd(), Shut.SHUT_WR);
    }
}
