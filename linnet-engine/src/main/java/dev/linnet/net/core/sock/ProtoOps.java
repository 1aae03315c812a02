package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import org.jspecify.annotations.Nullable;

/// What an address family does for a type of its sockets (`struct proto_ops`).
///
/// Results are ≥ 0 or `-errno`. Called on the user's thread.
public abstract class ProtoOps {
    /// `AF_*`.
    public final int family;

    protected ProtoOps(int family) {
        this.family = family;
    }

    /// The last reference to the socket has gone.
    public abstract void release(Socket sock);

    public abstract int bind(Socket sock, SockAddr addr);

    public abstract int connect(Socket sock, SockAddr addr, boolean nonblock);

    /// Connects on behalf of a send that opens its connection; the sock is locked and is unlocked
    /// while this waits. `addr` may be null if `connect` was called before.
    public int connectLocked(Socket sock, Sock sk, @Nullable SockAddr addr, boolean nonblock) {
        return -Errno.EOPNOTSUPP;
    }

    public abstract int socketpair(Socket a, Socket b);

    /// Accepts a connection into `newsock`; 0 or `-errno`.
    public abstract int accept(Socket sock, Socket newsock, boolean nonblock);

    /// The local address, or with `peer` the foreign one; null with the `-errno` in `result[0]`.
    public abstract @Nullable SockAddr getname(Socket sock, boolean peer, int[] result);

    /// The foreign address that `accept` tells, also of a connection that was reset meanwhile; null
    /// with the `-errno` in `result[0]`.
    public @Nullable SockAddr acceptedName(Socket sock, int[] result) {
        return getname(sock, true, result);
    }

    public abstract int poll(Socket sock);

    public abstract int ioctl(Socket sock, int cmd, byte[] arg);

    public abstract int listen(Socket sock, int backlog);

    public abstract int shutdown(Socket sock, int how);

    public abstract int setsockopt(Socket sock, int level, int name, byte[] value);

    public abstract int getsockopt(Socket sock, int level, int name, byte[] value);

    public abstract int sendmsg(Socket sock, MsgHdr msg);

    /// Takes a piece of a page, and with it the caller's reference; false when it has no room.
    @FunctionalInterface
    public interface PageSink {
        boolean push(Page page, int offset, int length);
    }

    /// True if messages are made of pages by reference: [#spliceRead] gives them and [MsgHdr#pages] is
    /// understood. Others are given and asked for bytes.
    public boolean movesPages() {
        return false;
    }

    /// True if received pages can be mapped (`mmap`).
    @Kernel("sock_no_mmap")
    public boolean canMap() {
        return false;
    }

    /// Moves received data to a sink by reference, at most `count` bytes (`splice_read`).
    public int spliceRead(Socket sock, PageSink sink, int count, boolean nonblock) {
        return -Errno.EINVAL;
    }

    /// True if `SPLICE_F_NONBLOCK` makes [#spliceRead] not wait; else only the file's own flag does.
    public boolean heedsSpliceNonblock() {
        return false;
    }

    /// Adds the family's lines to what `/proc/self/fdinfo` shows (`show_fdinfo`).
    public void showFdinfo(Socket sock, StringBuilder out) {}

    /// A transfer that announced more with `MSG_MORE` has come to its end before (`splice_eof`).
    public void spliceEof(Socket sock) {}

    public abstract int recvmsg(Socket sock, MsgHdr msg, int flags);
}
