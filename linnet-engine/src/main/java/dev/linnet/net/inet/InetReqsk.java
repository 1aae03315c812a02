package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.RequestSockOps;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.net.core.sock.SockReuseport;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// Requests in a SYN queue: how they enter it, their SYN-ACK timers, how they leave it
/// (`net/ipv4/inet_connection_sock.c`). The listener's lock is not needed.
public final class InetReqsk {
    private static final KTimer.Function TIMER = owner -> timerHandler((RequestSock) owner);

    /// Longest wait, jiffies (`TCP_RTO_MAX`): the listener's own limit (`TCP_RTO_MAX_MS`) is for its
    /// connections.
    private static final long TIMEOUT_MAX = 120_000;

    private InetReqsk() {}

    // ---- in and out -----------------------------------------------------------------------------

    /// Puts a request into the SYN queue and starts its timer; false if the quadruple is there
    /// already, from the same SYN on another thread.
    @Kernel({"inet_csk_reqsk_queue_hash_add", "reqsk_queue_hash_req"})
    public static boolean queueHashAdd(
            InetConnectionSock sk, RequestSock req, long timeoutJiffies) {
        req.timeoutJiffies = timeoutJiffies;
        KTimer timer = sk.net.timers.timer(TIMER, req);
        req.timer = timer;
        if (InetHashtables.OF.of(sk.net).ehash.insertUnlessFound(req) != null) {
            req.timer = null;
            return false;
        }
        InetConnectionSocks.queue(sk).added();
        timer.mod(sk.net.clock.jiffies() + timeout(req));
        return true;
    }

    /// How long the next SYN-ACK is waited for, jiffies (`tcp_reqsk_timeout`).
    @Kernel("tcp_reqsk_timeout")
    public static long timeout(RequestSock req) {
        long timeout = req.timeoutJiffies << Math.min(req.numTimeout, 24);
        return Math.min(timeout, TIMEOUT_MAX);
    }

    /// Takes a request out of the SYN queue; false if somebody else did.
    @Kernel({"inet_csk_reqsk_queue_drop", "reqsk_queue_unlink"})
    public static boolean queueDrop(RequestSock req) {
        boolean unlinked = InetHashtables.OF.of(req.net).ehash.remove(req);
        if (unlinked) {
            InetConnectionSocks.queue(req.listener).removed(req);
        }
        stopTimer(req);
        return unlinked;
    }

    /// Stops the SYN-ACK timer of a request that left the queue or never needs it again.
    public static void stopTimer(RequestSock req) {
        KTimer timer = req.timer;
        if (timer != null) {
            timer.shutdown(); // else the wheel keeps the request for a second
        }
    }

    /// The ACK came: `child` goes to the accept queue in the place of `req`, if the caller won the
    /// request; returns the child, still locked, or null if it had to be given up.
    @Kernel("inet_csk_complete_hashdance")
    public static @Nullable InetConnectionSock completeHashdance(
            InetConnectionSock sk, InetConnectionSock child, RequestSock req, boolean ownReq) {
        if (ownReq) {
            stopTimer(req);
            InetConnectionSocks.queue(sk).removed(req);
            if (queueAdd(sk, req, child)) {
                return child;
            }
            child.lock.unlock();
        } else {
            InetConnectionSocks.ops(sk).discard(child);
        }
        return null;
    }

    /// Puts a connection at the end of the accept queue; false, and the child is gone, if the
    /// listener closed meanwhile. The child is locked.
    @Kernel("inet_csk_reqsk_queue_add")
    public static boolean queueAdd(
            InetConnectionSock sk, RequestSock req, InetConnectionSock child) {
        RequestSockQueue queue = InetConnectionSocks.queue(sk);
        synchronized (queue) {
            if (sk.state == TcpState.TCP_LISTEN) {
                req.sk = child;
                queue.add(req);
                sk.ackBacklog = sk.ackBacklog + 1;
                return true;
            }
        }
        InetConnectionSocks.childForget(child, req);
        return false;
    }

    // ---- migration
    // -----------------------------------------------------------------------------------

    /// The listener of a request has closed: moves it to another one of its group
    /// (`net.ipv4.tcp_migrate_req`), which is returned; null if there is none.
    @Kernel({"inet_reqsk_clone", "reqsk_queue_migrated"})
    public static @Nullable InetConnectionSock migrate(RequestSock req) {
        synchronized (req) {
            InetConnectionSock from = req.listener;
            if (from.state == TcpState.TCP_LISTEN) {
                return from; // another thread was faster
            }
            InetConnectionSock to = heir(from, req.hash);
            if (to == null) {
                return null;
            }
            req.listener = to;
            InetConnectionSocks.queue(from).removed(req);
            RequestSockQueue queue = InetConnectionSocks.queue(to);
            queue.added();
            if (req.numTimeout != 0) {
                queue.aged();
            }
            from.net.mib.inc(TcpExt.TCPMIGRATEREQSUCCESS);
            return to;
        }
    }

    /// Who takes over what waits at a listener that closes, or null; counts it if nobody is left.
    static @Nullable InetConnectionSock heir(InetConnectionSock from, int hash) {
        if (!SockReuseport.hasLeft(from)) {
            return null;
        }
        InetConnectionSock to = (InetConnectionSock) SockReuseport.migrate(from, hash);
        if (to == null) {
            from.net.mib.inc(TcpExt.TCPMIGRATEREQFAILURE);
        }
        return to;
    }

    // ---- the SYN-ACK timer
    // ---------------------------------------------------------------------------

    @Kernel("reqsk_timer_handler")
    private static void timerHandler(RequestSock req) {
        InetConnectionSock sk = req.listener;
        if (!req.hashed) {
            return;
        }
        if (sk.state != TcpState.TCP_LISTEN) {
            sk = migrate(req);
            if (sk == null) {
                queueDrop(req);
                return;
            }
        }
        RequestSockOps ops = InetConnectionSocks.ops(sk);
        ops.synAckTimeout(req);
        if (!expired(sk, req) && resentOrWaiting(sk, req, ops)) {
            if (req.numTimeout == 0) {
                InetConnectionSocks.queue(sk).aged();
            }
            int timeouts = req.numTimeout + 1;
            req.numTimeout = timeouts;
            KTimer timer = req.timer;
            if (timer != null && req.hashed) {
                timer.mod(sk.net.clock.jiffies() + timeout(req));
            }
            return;
        }
        queueDrop(req);
    }

    /// A request whose ACK came waits for data (`TCP_DEFER_ACCEPT`) and needs no SYN-ACK until that
    /// time is nearly over.
    @Kernel("syn_ack_recalc")
    private static boolean resentOrWaiting(
            InetConnectionSock sk, RequestSock req, RequestSockOps ops) {
        int defer = InetConnectionSocks.queue(sk).deferAccept;
        boolean resend = defer == 0 || !req.acked || req.numTimeout >= defer - 1;
        return !resend || ops.rtxSynAck(sk, req) == 0 || req.acked;
    }

    @Kernel("syn_ack_recalc")
    private static boolean expired(InetConnectionSock sk, RequestSock req) {
        if (req.numTimeout < maxSynAckRetries(sk)) {
            return false;
        }
        int defer = InetConnectionSocks.queue(sk).deferAccept;
        return defer == 0 || !req.acked || req.numTimeout >= defer;
    }

    /// How often a SYN-ACK is sent again. With the queue more than half full of requests that are
    /// not young, fewer times: old ones make room.
    private static int maxSynAckRetries(InetConnectionSock sk) {
        int retries =
                sk.synRetries != 0 ? sk.synRetries : sk.net.sysctl.get(TcpSysctls.SYNACK_RETRIES);
        RequestSockQueue queue = InetConnectionSocks.queue(sk);
        int qlen = queue.len();
        if (qlen << 1 > Math.max(8, sk.maxAckBacklog)) {
            int young = queue.lenYoung() << 1;
            while (retries > 2 && qlen >= young) {
                retries--;
                young <<= 1;
            }
        }
        return retries;
    }
}
