package dev.linnet.net.unix;

import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A socket of AF_UNIX (`struct unix_sock`).
///
/// The receive queue is guarded by its own monitor. Of the inherited fields `state`, `shutdown` and
/// `dead` are written under [#stateLock]; [#lock] is for socket options only.
public final class UnixSock extends Sock {
    static final int POLL_OUT = PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLWRBAND;

    private static final AtomicLong ORDER = new AtomicLong();

    /// Order in which two state locks are taken.
    final long order = ORDER.getAndIncrement();

    /// Guards [#peer] and the state (`unix_state_lock`).
    final Object stateLock = new Object();

    /// Held while a name is given (`bindlock`).
    final Object bindLock = new Object();

    /// Held by a reader while it takes data out of the queue or looks at it, not while it waits
    /// (`iolock`).
    final ReentrantLock readLock = new ReentrantLock();

    /// The name, once bound; then it stays (`addr`).
    volatile @Nullable SockAddrUn addr;

    /// The file that the name is, for a name in the file system.
    volatile @Nullable VfsPath path;

    /// Where data goes (`peer`). Of a stream it stays after the peer has gone.
    volatile @Nullable UnixSock peer;

    /// Writers that wait for room in this socket's queue (`peer_wait`).
    final WaitQueueHead peerWait = new WaitQueueHead();

    /// Passes on news from the queue of the peer (`peer_wake`).
    final UnixPeerWake peerWake = new UnixPeerWake(this);

    /// The urgent byte in the queue, or null; guarded by the queue's monitor (`oob_skb`).
    volatile @Nullable SkBuff oobSkb;

    /// Packets that were ever queued, modulo 2^32; written under the queue's monitor.
    volatile int queued;

    /// Bytes of a stream that were queued and not read; guarded by the queue's monitor (`inq_len`).
    int inq;

    /// `SO_INQ`: how much is left is told with each receive.
    volatile boolean recvmsgInq;

    /// How often descriptors of this socket are in flight; guarded by [UnixGc].
    int inflight;

    UnixSock(NetNamespace net, int type, UnixProto prot) {
        super(net, Af.AF_UNIX, type, 0, prot);
    }

    /// The sock behind a socket in use.
    static UnixSock of(Socket sock) {
        Sock sk = sock.sk;
        assert sk != null : "socket was released";
        return (UnixSock) sk;
    }

    /// The name, as `/proc/net/unix` and `ss` show it, or null.
    public @Nullable SockAddrUn name() {
        return addr;
    }

    /// The socket that it is connected to, or null.
    public @Nullable UnixSock peer() {
        return peer;
    }

    // ---- room ----------------------------------------------------------------------------------

    /// Whether a writer is told that there is room: when a quarter of the send buffer is used at most.
    @Kernel("unix_writable")
    boolean writable() {
        return state != TcpState.TCP_LISTEN && (long) wmemAlloc() << 2 <= sndbuf;
    }

    @Override
    @Kernel("unix_write_space")
    public void writeSpace() {
        WaitQueueHead queue = wq();
        if (queue != null && queue.active() && writable()) {
            queue.wakeUp(POLL_OUT);
        }
    }

    /// More packets wait than the queue is for: connections of a listener, datagrams otherwise.
    @Kernel("unix_recvq_full")
    boolean recvqFull() {
        return Integer.compareUnsigned(receiveQueue.qlen(), maxAckBacklog) > 0;
    }

    /// A socket that is connected elsewhere takes datagrams from there only.
    @Kernel("unix_may_send")
    boolean acceptsFrom(UnixSock sender) {
        UnixSock p = peer;
        return p == null || p == sender;
    }

    // ---- the queue -----------------------------------------------------------------------------

    /// Appends a packet; the state lock is held.
    ///
    /// @param urgent it is an urgent byte
    @HotPath
    void enqueue(SkBuff skb, boolean urgent) {
        synchronized (receiveQueue) {
            if (urgent) {
                oobSkb = skb;
            }
            receiveQueue.queueTail(skb);
            queued = queued + 1;
            inq += skb.len;
        }
    }

    /// Bytes that can be read, of all packets. A stream counts an urgent byte that was left out for ever,
    /// as Linux does.
    @Kernel("unix_inq_len")
    public int unread() {
        synchronized (receiveQueue) {
            if (type == SocketType.SOCK_STREAM) {
                return inq;
            }
            int bytes = 0;
            for (SkBuff skb = receiveQueue.peek(); skb != null; skb = skb.next) {
                bytes += UnixSkbParms.unread(skb);
            }
            return bytes;
        }
    }

    @Override
    protected void backlogRcv(SkBuff skb) {
        prot.backlogRcv(this, skb);
    }
}
