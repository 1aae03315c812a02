package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import org.jspecify.annotations.Nullable;

/// A socket as the user sees it (`struct socket`): the object behind a file descriptor.
public final class Socket {
    /// `socket_state`.
    public enum State {
        SS_FREE,
        SS_UNCONNECTED,
        SS_CONNECTING,
        SS_CONNECTED,
        SS_DISCONNECTING
    }

    /// Guarded by the sock's lock.
    public volatile State state = State.SS_UNCONNECTED;

    /// `SOCK_STREAM` ….
    public final int type;

    /// The address family's functions.
    public final ProtoOps ops;

    /// Where threads, epoll items and selectors wait for this socket.
    public final WaitQueueHead wq = new WaitQueueHead();

    /// Number of the socket's inode.
    public final long inode;

    /// The network's side; null once released.
    public volatile @Nullable Sock sk;

    /// `SOCK_NOSPACE`: a writer waits for room.
    public volatile boolean nospace;

    @Kernel("sock_alloc")
    public Socket(int type, ProtoOps ops, long inode) {
        this.type = type;
        this.ops = ops;
        this.inode = inode;
    }

    /// Sends what `msg` describes if the security modules let it: the bytes sent, or `-errno`.
    @Kernel("sock_sendmsg")
    @HotPath
    public int sendmsg(MsgHdr msg) {
        int err = Security.socketSendmsg(this, msg);
        return err != 0 ? err : ops.sendmsg(this, msg);
    }

    /// Receives into `msg` if the security modules let it: the bytes received, or `-errno`.
    @Kernel("sock_recvmsg")
    @HotPath
    public int recvmsg(MsgHdr msg, int flags) {
        int err = Security.socketRecvmsg(this, msg, flags);
        return err != 0 ? err : ops.recvmsg(this, msg, flags);
    }

    /// Ties the two ends together (`sock_graft`).
    @Kernel({"sock_graft", "sk_set_socket"})
    public void graft(Sock sock) {
        sk = sock;
        sock.inode = inode;
        sock.socket = this;
    }
}
