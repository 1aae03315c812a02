package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueEntry;
import dev.linnet.kernel.sched.WaitQueueHead;
import org.jspecify.annotations.Nullable;

/// Tells those who poll a datagram socket that its peer's queue has room again
/// (`unix_dgram_peer_wake_relay`). In at most one queue: that of the peer at the time.
final class UnixPeerWake extends WaitQueueEntry {
    private final UnixSock owner;

    /// In whose queue it is; changed under the monitor of that queue.
    private volatile @Nullable UnixSock target;

    UnixPeerWake(UnixSock owner) {
        this.owner = owner;
    }

    /// Joins the queue of the peer; false if it is in one already.
    @Kernel("unix_dgram_peer_wake_connect")
    private boolean connect(UnixSock other) {
        synchronized (other.peerWait) {
            if (target != null) {
                return false;
            }
            target = other;
            other.peerWait.add(this);
            return true;
        }
    }

    /// Leaves the queue of a peer; true if it was in it.
    @Kernel("unix_dgram_peer_wake_disconnect")
    boolean disconnect(UnixSock other) {
        synchronized (other.peerWait) {
            if (target != other) {
                return false;
            }
            other.peerWait.remove(this);
            target = null;
            return true;
        }
    }

    /// Leaves the queue, and who polls looks again.
    @Kernel("unix_dgram_peer_wake_disconnect_wakeup")
    void disconnectAndWake(UnixSock other) {
        if (disconnect(other)) {
            wakeOwner(UnixSock.POLL_OUT);
        }
    }

    /// True if the queue of the peer is full and news of it will come.
    @Kernel("unix_dgram_peer_wake_me")
    boolean wakeMe(UnixSock other) {
        boolean joined = connect(other);
        if (other.recvqFull() && !other.dead) {
            return true;
        }
        if (joined) {
            disconnect(other);
        }
        return false;
    }

    @Override
    protected boolean wake(int key) {
        autoremove();
        target = null;
        wakeOwner(key);
        return false;
    }

    private void wakeOwner(int key) {
        WaitQueueHead queue = owner.wq();
        if (queue != null) {
            queue.wakeUp(key);
        }
    }
}
