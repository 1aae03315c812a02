package dev.linnet.net.core.sock;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.filter.BpfProgram;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Ucred;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A socket as the network sees it (`struct sock`).
///
/// Everything here is guarded by [#lock] unless its comment says otherwise.
public abstract non-sealed class Sock extends SockCommon {
    public static final int RCV_SHUTDOWN = 1;
    public static final int SEND_SHUTDOWN = 2;
    public static final int SHUTDOWN_MASK = 3;

    private static final VarHandle RMEM;
    private static final VarHandle WMEM;
    private static final VarHandle DROPS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RMEM = lookup.findVarHandle(Sock.class, "rmemAlloc", int.class);
            WMEM = lookup.findVarHandle(Sock.class, "wmemAlloc", int.class);
            DROPS = lookup.findVarHandle(Sock.class, "drops", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public final SockLock lock = new SockLock(this);

    /// The protocol's functions (`sk_prot`); others take their place while the sock is in a sockmap.
    /// Changed with the lock held; a call under way goes on with what it found.
    public Proto prot;

    /// What the sock has to do with sockmaps, or null; never taken away again.
    public volatile @Nullable SkPsock psock;

    /// `SOCK_STREAM` …, and `IPPROTO_*`.
    public final int type;

    public int protocol;

    /// Received and not yet read. TCP: guarded by `lock`. Datagram protocols: by the queue's monitor.
    public final SkBuffHead receiveQueue = new SkBuffHead();

    /// Errors and timestamps for `MSG_ERRQUEUE`; guarded by its own monitor; made when needed.
    public volatile @Nullable SkBuffHead errorQueue;

    /// Memory of packets in the receive queue, bytes of `truesize`; atomic.
    private volatile int rmemAlloc;

    /// Memory of packets on their way out, bytes of `truesize`; atomic.
    private volatile int wmemAlloc;

    /// Packets dropped because the receive queue was full; atomic.
    @SuppressWarnings("unused") // through DROPS
    private volatile int drops;

    /// Bytes queued for sending (`sk_wmem_queued`), read by anyone.
    public volatile int wmemQueued;

    /// Buffer limits (`SO_RCVBUF`, `SO_SNDBUF` doubled), bytes of `truesize`; read by anyone.
    public volatile int rcvbuf;

    public volatile int sndbuf;

    /// Set by the user, so not tuned (`SOCK_RCVBUF_LOCK`, `SOCK_SNDBUF_LOCK`).
    public boolean rcvbufLocked;

    public boolean sndbufLocked;

    /// `SO_RCVLOWAT`, at least 1.
    public volatile int rcvlowat = 1;

    /// `SO_RCVTIMEO`, `SO_SNDTIMEO` in jiffies, `Long.MAX_VALUE` for none.
    public long rcvtimeo = Long.MAX_VALUE;

    public long sndtimeo = Long.MAX_VALUE;

    /// `SO_LINGER`: on, and the time in jiffies.
    public boolean linger;

    public long lingertime;

    /// Positive errno to be reported once by the next call (`sk_err`), and the softer one that is
    /// only reported on timeout (`sk_err_soft`); read by anyone.
    public volatile int err;

    public volatile int errSoft;

    /// A set of `RCV_SHUTDOWN`, `SEND_SHUTDOWN`; read by anyone.
    public volatile int shutdown;

    /// Set when the user has gone (`SOCK_DEAD`): nobody is to be woken any more.
    public volatile boolean dead;

    /// The peer has sent its end, or there never was a connection (`SOCK_DONE`).
    public boolean done;

    /// The sock has left all tables for good.
    public boolean destroyed;

    /// `SO_REUSEADDR`, `SO_REUSEPORT`, `SO_KEEPALIVE`, `SO_BROADCAST`, `SO_OOBINLINE`, `SO_DEBUG`,
    /// `SO_DONTROUTE`, `SO_ZEROCOPY`, `SO_TIMESTAMP*`.
    public volatile boolean reuse;

    public volatile boolean reuseport;
    public boolean keepopen;
    public boolean broadcast;
    public boolean urginline;
    public boolean dbg;
    public boolean localroute;
    public boolean zerocopy;

    /// Number of the next zero-copy send (`sk_zckey`); guarded by the monitor of the sock.
    public int zckey;
    public volatile boolean rcvtstamp;
    public volatile boolean rcvtstampns;

    /// Time stamps are told in the form with 64-bit seconds (`SOCK_TSTAMP_NEW`).
    public volatile boolean tstampNew;

    /// `SO_TXTIME`, once it was set.
    volatile @Nullable SockTxtime txtime;

    /// `SOF_TIMESTAMPING_*` flags and the key of the next stamp.
    public volatile int tsflags;

    public int tskey;

    /// `SO_PRIORITY`, `SO_MARK`, `SO_INCOMING_CPU`, `SO_BUSY_POLL` …
    public volatile int priority;

    public volatile int mark;
    public int incomingCpu = -1;
    public int busyPoll;
    public boolean preferBusyPoll;
    public int busyPollBudget;

    /// `SO_NO_CHECK`, `SO_RXQ_OVFL`, `SO_RCVMARK`, `SO_RCVPRIORITY`, `SO_TXREHASH`.
    public boolean noCheckTx;

    public volatile boolean rxqOvfl;
    public volatile boolean rcvmark;
    public volatile boolean rcvpriority;
    public byte txrehash = 1;

    /// `SO_SELECT_ERR_QUEUE`: something in the error queue is also told as `POLLPRI`.
    public volatile boolean selectErrQueue;

    /// `SO_ATTACH_FILTER`: what keeps packets away from this socket, or null.
    public volatile @Nullable BpfProgram filter;

    /// `SO_LOCK_FILTER`: the filter, or that there is none, is for ever.
    public boolean filterLocked;

    /// `SO_WIFI_STATUS`, `SO_NOFCS`: for devices that Linnet has none of; kept for who asks.
    public boolean wifiStatus;

    public boolean nofcs;

    /// `SO_PEEK_OFF`, or -1.
    public volatile int peekOff = -1;

    /// `SO_MAX_PACING_RATE` and the current rate, bytes per second; unsigned maximum means none.
    public long maxPacingRate = -1L;

    public volatile long pacingRate = -1L;

    /// Who keeps to the rate: nobody, the sock with a timer of its own, or a fair queue below it.
    public static final int SK_PACING_NONE = 0;

    public static final int SK_PACING_NEEDED = 1;
    public static final int SK_PACING_FQ = 2;

    /// `SK_PACING_*` (`sk_pacing_status`).
    public volatile int pacingStatus;

    /// Established and unaccepted connections, and how many may wait (`sk_ack_backlog`,
    /// `sk_max_ack_backlog`).
    public volatile int ackBacklog;

    public volatile int maxAckBacklog;

    /// Route of the connection, checked for validity at each use (`sk_dst_cache`).
    public volatile @Nullable DstEntry dst;

    /// The next packet that is sent tells the neighbour's entry that it is reachable.
    private volatile boolean dstPendingConfirm;

    /// The user's end, or null before `accept` and after `close`; read by anyone.
    public volatile @Nullable Socket socket;

    /// The group with which it shares its address and port, or null (`sk_reuseport_cb`).
    public volatile @Nullable SockReuseport reuseportCb;

    /// The group that a listener was in until it closed.
    volatile @Nullable SockReuseport reuseportLeft;

    /// Who was at the other end when the connection was made (`sk_peer_pid`, `sk_peer_cred`).
    public volatile Ucred peerCred = Ucred.NONE;

    public volatile @Nullable CurrentTask peerTask;

    /// What AF_UNIX receives with data: a set of `SCM_RECV_*`.
    public volatile int scmRecvFlags;

    /// `SO_PASSCRED`, `SO_PASSSEC`, `SO_PASSPIDFD`, `SO_PASSRIGHTS` (`sk_scm_recv_flags`).
    public static final int SCM_RECV_CREDENTIALS = 1;

    public static final int SCM_RECV_SECURITY = 2;
    public static final int SCM_RECV_PIDFD = 4;
    public static final int SCM_RECV_RIGHTS = 8;

    /// User id of the owner, for `SO_PEERCRED`, `ss`, `/proc`.
    public int uid;

    /// Process that opened it.
    public int ownerPid;

    /// Inode of the user's end, kept for `/proc` (`sock_i_ino`).
    public volatile long inode;

    /// Wall-clock time of the last packet handed to the user, ns (`SIOCGSTAMP`).
    public volatile long stampNs;

    @Kernel({"sock_init_data", "sk_init_common"})
    protected Sock(NetNamespace net, int family, int type, int protocol, Proto prot) {
        super(net, family);
        this.type = type;
        this.protocol = protocol;
        this.prot = prot;
    }

    // ---- memory --------------------------------------------------------------------------------

    @HotPath
    public final int rmemAlloc() {
        return rmemAlloc;
    }

    @HotPath
    public final int wmemAlloc() {
        return wmemAlloc;
    }

    @HotPath
    public final void addRmem(int bytes) {
        RMEM.getAndAdd(this, bytes);
    }

    @HotPath
    public final void addWmem(int bytes) {
        WMEM.getAndAdd(this, bytes);
    }

    public final int drops() {
        return drops;
    }

    public final void countDrop() {
        DROPS.getAndAdd(this, 1);
    }

    /// As [#countDrop()], once for each segment that the packet stands for.
    @Kernel("sk_drops_skbadd")
    public final void countDrop(SkBuff skb) {
        DROPS.getAndAdd(this, Math.max(1, skb.gsoSegs));
    }

    /// Makes this sock answer for a packet's receive memory (`skb_set_owner_r`).
    @Kernel("skb_set_owner_r")
    @HotPath
    public final void setOwnerR(SkBuff skb) {
        skb.orphan();
        skb.sk = this;
        skb.destructor = SkBuff.Destructor.RFREE;
        addRmem(skb.truesize);
    }

    /// Makes this sock answer for a packet's send memory (`skb_set_owner_w`).
    @Kernel("skb_set_owner_w")
    @HotPath
    public final void setOwnerW(SkBuff skb) {
        skb.orphan();
        skb.sk = this;
        skb.destructor = SkBuff.Destructor.WFREE;
        addWmem(skb.truesize);
    }

    /// Called when a packet that this sock answered for ends (`sock_rfree`, `sock_wfree`).
    @Kernel({"sock_rfree", "sock_wfree"})
    @HotPath
    public final void skbFreed(SkBuff skb, SkBuff.Destructor how) {
        switch (how) {
            case RFREE -> addRmem(-skb.truesize);
            case WFREE -> {
                addWmem(-skb.truesize);
                wmemFreed();
            }
            case EDEMUX, NONE -> {}
        }
    }

    /// Send memory became free; a datagram protocol wakes its writers.
    protected void wmemFreed() {
        writeSpace();
    }

    // ---- called by the lock
    // ----------------------------------------------------------------------

    /// Processes a packet that waited for the owner (`sk_backlog_rcv`); takes ownership.
    protected abstract void backlogRcv(SkBuff skb);

    /// Does work that was deferred to the owner (`release_cb`).
    protected void releaseCb(int bits) {}

    // ---- wake-ups
    // ----------------------------------------------------------------------------------

    /// Where the user's threads wait, or null when there is no user's end.
    @HotPath
    @Kernel("sk_sleep")
    public final @Nullable WaitQueueHead wq() {
        Socket s = socket;
        return s == null ? null : s.wq;
    }

    private void wake(int key) {
        WaitQueueHead queue = wq();
        if (queue != null) {
            queue.wakeUp(key);
        }
    }

    /// Data arrived (`sk_data_ready`).
    @Kernel("sock_def_readable")
    @HotPath
    public void dataReady() {
        wake(
                PollEvents.POLLIN
                        | PollEvents.POLLPRI
                        | PollEvents.POLLRDNORM
                        | PollEvents.POLLRDBAND);
    }

    /// There may be room to write (`sk_write_space`).
    @Kernel("sock_def_write_space")
    public void writeSpace() {
        if (2 * wmemAlloc() <= sndbuf) {
            wake(PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLWRBAND);
        }
    }

    /// The state changed (`sk_state_change`).
    @Kernel("sock_def_wakeup")
    public void stateChange() {
        WaitQueueHead queue = wq();
        if (queue != null) {
            queue.wakeUpAll(0);
        }
    }

    /// [#err] was set, or the error queue has something (`sk_error_report`).
    @Kernel("sock_def_error_report")
    public void errorReport() {
        wake(PollEvents.POLLERR);
    }

    /// Takes the pending error: `-errno`, or 0 (`sock_error`).
    @Kernel("sock_error")
    public final int sockError() {
        int e = err;
        if (e == 0) {
            return 0;
        }
        err = 0;
        return -e;
    }

    // ---- the cached route
    // ------------------------------------------------------------------------

    /// The peer has shown that packets arrive: its neighbour entry need not be verified
    /// (`sk_dst_confirm`).
    @Kernel("sk_dst_confirm")
    @HotPath
    public final void dstConfirm() {
        if (!dstPendingConfirm) {
            dstPendingConfirm = true;
        }
    }

    /// Takes the news of [#dstConfirm].
    @HotPath
    public final boolean takeDstConfirm() {
        boolean pending = dstPendingConfirm;
        if (pending) {
            dstPendingConfirm = false;
        }
        return pending;
    }

    /// The cached route if it still holds, else null (`__sk_dst_check`).
    @Kernel("__sk_dst_check")
    @HotPath
    public final @Nullable DstEntry dstCheck() {
        DstEntry d = dst;
        if (d != null && !d.valid()) {
            dst = null;
            return null;
        }
        return d;
    }

    /// Deadline of a receive in ns of the clock; now for a non-blocking one (`sock_rcvtimeo`).
    @Kernel("sock_rcvtimeo")
    public final long rcvDeadline(boolean nonblock) {
        return deadline(nonblock ? 0 : rcvtimeo);
    }

    /// Deadline of a send in ns of the clock; now for a non-blocking one (`sock_sndtimeo`).
    public final long sndDeadline(boolean nonblock) {
        return deadline(nonblock ? 0 : sndtimeo);
    }

    private long deadline(long jiffies) {
        return jiffies == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : net.clock.nowNs() + jiffies * 1_000_000L;
    }
}
