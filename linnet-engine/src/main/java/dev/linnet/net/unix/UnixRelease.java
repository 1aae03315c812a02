package dev.linnet.net.unix;

import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// The end of a socket (`unix_release_sock`).
final class UnixRelease {
    private UnixRelease() {}

    /// Ends a socket: its name is free, writers to it wake, the other end of its connection sees the
    /// end, with `ECONNRESET` if something had not been read.
    ///
    /// @param embryo a connection that nobody accepted
    @Kernel("unix_release_sock")
    static void release(UnixSock sk, boolean embryo) {
        UnixTable.OF.of(sk.net).remove(sk);
        boolean listening;
        UnixSock other;
        synchronized (sk.stateLock) {
            sk.dead = true;
            sk.socket = null;
            sk.shutdown = Sock.SHUTDOWN_MASK;
            listening = sk.state == TcpState.TCP_LISTEN;
            sk.state = TcpState.TCP_CLOSE;
            other = sk.peer;
            sk.peer = null;
        }
        freeName(sk);
        sk.peerWait.wakeUpAll(0);
        if (other != null) {
            if (sk.type != SocketType.SOCK_DGRAM) {
                tellPeer(sk, other, embryo);
            }
            sk.peerWake.disconnect(other);
        }
        flush(sk, listening);
        ScmFpList.searchAfterwards(UnixGc.OF.of(sk.net));
    }

    private static void freeName(UnixSock sk) {
        VfsPath place = sk.path;
        if (place != null && place.inode().attached == sk) {
            place.inode().attached = null;
        }
    }

    private static void tellPeer(UnixSock sk, UnixSock other, boolean embryo) {
        boolean unread = UnixOob.unread(sk);
        synchronized (other.stateLock) {
            other.shutdown = Sock.SHUTDOWN_MASK;
            if (unread || embryo) {
                other.err = Errno.ECONNRESET;
            }
        }
        other.stateChange();
    }

    /// Drops what was not read; connections that were not accepted end, too.
    private static void flush(UnixSock sk, boolean listening) {
        SkBuff skb;
        while ((skb = take(sk)) != null) {
            if (listening && skb.sk instanceof UnixSock child) {
                release(child, true);
            }
            skb.drop(DropReason.SOCKET_CLOSE);
        }
    }

    private static @Nullable SkBuff take(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            sk.oobSkb = null;
            return sk.receiveQueue.dequeue();
        }
    }
}
