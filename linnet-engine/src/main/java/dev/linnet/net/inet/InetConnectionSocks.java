package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.RequestSockOps;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Listening and accepting, for any connection-oriented protocol
/// (`net/ipv4/inet_connection_sock.c`). What concerns requests of the SYN queue is in [InetReqsk].
public final class InetConnectionSocks {
    private InetConnectionSocks() {}

    // ---- accept --------------------------------------------------------------------------------

    /// Takes the first established connection of a listener, waiting for one unless `nonblock`.
    ///
    /// @return the connection, or null with the errno in `result[0]`: `-EINVAL` if the sock does not
    ///     listen (any more), `-EAGAIN` when nothing came in time, `-ERESTARTSYS` or `-EINTR` on a
    ///     signal
    @Kernel("inet_csk_accept")
    public static @Nullable InetConnectionSock accept(
            InetConnectionSock sk, boolean nonblock, int[] result) {
        RequestSock req = null;
        sk.lock.lock();
        try {
            int err = sk.state == TcpState.TCP_LISTEN ? 0 : -Errno.EINVAL;
            if (err == 0 && queue(sk).empty()) {
                err = nonblock ? -Errno.EAGAIN : waitForConnect(sk);
            }
            if (err != 0) {
                result[0] = err;
                return null;
            }
            req = queue(sk).remove();
            if (req == null) {
                result[0] = -Errno.EAGAIN;
                return null;
            }
            acceptqRemoved(sk);
        } finally {
            sk.lock.unlock();
        }
        result[0] = 0;
        InetConnectionSock child = req.sk;
        // A Fast Open request goes on until the handshake ends: it sees that its child is taken.
        req.sk = null;
        return child;
    }

    /// Sleeps until a connection is there; one connection wakes one sleeper. 0 or `-errno`; sock
    /// locked, released while asleep.
    @Kernel("inet_csk_wait_for_connect")
    private static int waitForConnect(InetConnectionSock sk) {
        WaitQueueHead wq = sk.wq();
        if (wq == null) {
            return -Errno.EINVAL;
        }
        long deadline = sk.rcvDeadline(false);
        ThreadWait wait = ThreadWait.of(sk.net.scheduler);
        try {
            while (true) {
                wq.prepareToWaitExclusive(wait);
                Wake wake = Wake.WOKEN;
                if (queue(sk).empty()) {
                    sk.lock.unlock();
                    try {
                        wake = wait.sleep(deadline);
                    } finally {
                        sk.lock.lock();
                    }
                }
                if (!queue(sk).empty()) {
                    return 0;
                }
                if (sk.state != TcpState.TCP_LISTEN) {
                    return -Errno.EINVAL;
                }
                if (wake == Wake.INTERRUPTED) {
                    return sockIntrErrno(deadline);
                }
                if (wake == Wake.TIMED_OUT) {
                    return -Errno.EAGAIN;
                }
            }
        } finally {
            wq.finishWait(wait);
        }
    }

    /// A call without a timeout is restarted after a signal, one with a timeout is not
    /// (`sock_intr_errno`).
    @Kernel("sock_intr_errno")
    public static int sockIntrErrno(long deadlineNs) {
        return deadlineNs == Long.MAX_VALUE ? -Errno.ERESTARTSYS : -Errno.EINTR;
    }

    // ---- the accept queue
    // ------------------------------------------------------------------------

    /// The queues of a listener.
    public static RequestSockQueue queue(InetConnectionSock sk) {
        RequestSockQueue queue = sk.acceptQueue;
        if (queue == null) {
            throw new IllegalStateException("the sock never listened");
        }
        return queue;
    }

    /// What the protocol of a listener, or of a connection from one, does with requests.
    static RequestSockOps ops(InetConnectionSock sk) {
        return Objects.requireNonNull(sk.prot.rskOps(), "the protocol cannot listen");
    }

    /// True if more connections wait than `listen` allows: the queue takes backlog + 1.
    @Kernel("sk_acceptq_is_full")
    public static boolean acceptqIsFull(Sock sk) {
        return Integer.compareUnsigned(sk.ackBacklog, sk.maxAckBacklog) > 0;
    }

    /// True if the SYN queue is full: it is as long as the accept queue.
    @Kernel("inet_csk_reqsk_queue_is_full")
    public static boolean reqskQueueIsFull(InetConnectionSock sk) {
        return Integer.compareUnsigned(queue(sk).len(), sk.maxAckBacklog) > 0;
    }

    @Kernel("sk_acceptq_removed")
    static void acceptqRemoved(InetConnectionSock sk) {
        synchronized (queue(sk)) {
            sk.ackBacklog = sk.ackBacklog - 1;
        }
    }

    // ---- listen
    // -----------------------------------------------------------------------------------

    /// Makes a bound or unbound sock listen; sock locked. 0, or `-EADDRINUSE` if its port has been
    /// taken by a listener meanwhile. The backlog is set before.
    @Kernel("inet_csk_listen_start")
    public static int listenStart(InetConnectionSock sk) {
        if (sk.acceptQueue == null) {
            sk.acceptQueue = new RequestSockQueue();
        }
        sk.ackBacklog = 0;
        ops(sk).listenState(sk, TcpState.TCP_LISTEN);
        // Between the change of state and the entry into the hash nobody can find the sock, but
        // other listeners on the port already see that this one is there.
        if (sk.prot.getPort(sk, sk.num) == 0) {
            sk.sport = sk.num;
            sk.dst = null;
            sk.prot.hash(sk);
            return 0;
        }
        ops(sk).listenState(sk, TcpState.TCP_CLOSE);
        return -Errno.EADDRINUSE;
    }

    /// A listener closes: the connections that nobody accepted move to another listener of its group,
    /// or are reset; its requests do so by themselves. Sock locked, already out of the listening hash.
    @Kernel("inet_csk_listen_stop")
    public static void listenStop(InetConnectionSock sk) {
        RequestSock req;
        while ((req = queue(sk).remove()) != null) {
            acceptqRemoved(sk);
            InetConnectionSock child = req.sk;
            if (child != null && !inherited(sk, child, req)) {
                forgetLocked(child, req);
            }
        }
        ops(sk).listenStop(sk);
    }

    /// True if another listener took a connection that nobody accepted, or could not and reset it.
    private static boolean inherited(
            InetConnectionSock sk, InetConnectionSock child, RequestSock req) {
        InetConnectionSock heir = InetReqsk.heir(sk, child.hash);
        if (heir == null) {
            return false;
        }
        req.listener = heir;
        if (req.tfoListener) {
            queue(sk).fastopenQlen.decrementAndGet();
            queue(heir).fastopenQlen.incrementAndGet();
        }
        child.lock.lock();
        try {
            boolean taken = InetReqsk.queueAdd(heir, req, child);
            sk.net.mib.inc(taken ? TcpExt.TCPMIGRATEREQSUCCESS : TcpExt.TCPMIGRATEREQFAILURE);
        } finally {
            child.lock.unlock();
        }
        heir.dataReady();
        return true;
    }

    private static void forgetLocked(InetConnectionSock child, RequestSock req) {
        child.lock.lock();
        try {
            childForget(child, req);
        } finally {
            child.lock.unlock();
        }
    }

    /// Resets a connection that nobody will accept; `child` is locked.
    @Kernel("inet_child_forget")
    static void childForget(InetConnectionSock child, RequestSock req) {
        child.prot.disconnect(child, 0);
        child.dead = true;
        child.socket = null;
        ops(child).forgotten(child, req);
        destroySock(child);
    }

    /// Ends a sock that nobody owns and that is closed: it leaves all tables. Sock locked.
    @Kernel("inet_csk_destroy_sock")
    public static void destroySock(InetConnectionSock sk) {
        assert sk.state == TcpState.TCP_CLOSE && sk.dead;
        if (sk.destroyed) {
            return;
        }
        sk.destroyed = true;
        sk.prot.destroy(sk);
        if (sk.num != 0) {
            InetBindHash.OF.of(sk.net).putPort(sk);
        }
        sk.dst = null;
    }
}
