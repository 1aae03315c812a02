package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The ownership of one sock (`lock_sock`, `bh_lock_sock`, the backlog).
///
/// There is one owner at a time. A user thread that finds it owned waits. Soft-interrupt context
/// never waits: a packet goes to the backlog, a timer leaves a note ([#defer]), and the owner does
/// that work in [#unlock()] before it lets go. After letting go it looks once more, so work that
/// was left in between is not forgotten: whoever finds the lock free next, does it.
///
/// Not reentrant. Lock order and who may be held together: `docs/internals/locking.md`.
public final class SockLock extends AbstractQueuedSynchronizer implements Lock {
    private static final long serialVersionUID = 1L;
    private static final int USER = 1;
    private static final int SOFTIRQ = 2;

    /// Looks before a thread goes to sleep. Soft-interrupt context never waits while it is the
    /// owner, so it is worth more of them.
    private static final int SPINS = 200;
    private static final int SPINS_SOFTIRQ = 2000;

    private static final VarHandle BACKLOG;
    private static final VarHandle DEFERRED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BACKLOG = lookup.findVarHandle(SockLock.class, "backlog", SkBuff.class);
            DEFERRED = lookup.findVarHandle(SockLock.class, "deferred", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final transient Sock sk;

    /// Packets that came while somebody owned the sock, newest first, linked by `next`.
    private transient volatile @Nullable SkBuff backlog;

    /// Bits of work that came while somebody owned the sock.
    private volatile int deferred;

    /// Memory of the packets in the backlog, bytes (`sk_backlog.len`).
    private volatile int backlogLen;

    private transient @Nullable Thread owner;

    /// The owner is processing what was left for it; read and written by it only.
    private boolean draining;

    SockLock(Sock sk) {
        this.sk = sk;
    }

    // ---- user context ------------------------------------------------------------------------

    /// Becomes the owner, waiting for the present one (`lock_sock`).
    @Override
    @Kernel("lock_sock")
    @HotPath
    public void lock() {
        assert !ownedByMe() : "sock locked twice by one thread";
        if (!tryAcquire(USER) && !spin()) {
            acquire(USER);
        }
    }

    @HotPath
    private boolean spin() {
        for (int i = 0; i < SPINS_SOFTIRQ; i++) {
            int state = getState();
            if (state == 0 && tryAcquire(USER)) {
                return true;
            }
            if (state == USER && i >= SPINS) {
                return false;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /// Becomes the owner if nobody is; what soft-interrupt context does (`bh_lock_sock`).
    @Override
    @HotPath
    public boolean tryLock() {
        return getState() == 0 && tryAcquire(SOFTIRQ);
    }

    /// Does the work that came meanwhile and lets go (`release_sock`).
    @Override
    @Kernel({"release_sock", "bh_unlock_sock"})
    @HotPath
    public void unlock() {
        if (!hasWork()) {
            release(1);
            if (!hasWork() || !tryLock()) {
                return;
            }
        }
        SoftIrq irq = SoftIrq.current();
        irq.holdWakes();
        try {
            drainAndRelease();
        } finally {
            irq.letWakes();
        }
    }

    @HotPath
    private void drainAndRelease() {
        do {
            try {
                drain();
            } finally {
                release(1);
            }
        } while (hasWork() && tryLock());
    }

    /// True while the calling thread is the owner, for assertions.
    public boolean ownedByMe() {
        return owner == Thread.currentThread();
    }

    /// True while anybody is (`sock_owned_by_user`, seen from outside).
    public boolean owned() {
        return getState() != 0;
    }

    /// True if packets wait for the owner.
    public boolean hasBacklog() {
        return backlog != null;
    }

    private boolean hasWork() {
        return backlog != null || deferred != 0;
    }

    /// True while the owner processes what waited in the backlog (`sk_backlog.tail` set in
    /// `__release_sock`); for the owner only.
    public boolean draining() {
        return draining;
    }

    /// The backlog first, until there is none, then what timers left.
    @Kernel("__release_sock")
    @HotPath
    private void drain() {
        while (hasWork()) {
            draining = true;
            SkBuff skb;
            while ((skb = takeBacklog()) != null) {
                receiveAll(skb);
            }
            draining = false;
            backlogLen = 0;
            int bits = (int) DEFERRED.getAndSet(this, 0);
            if (bits != 0) {
                sk.releaseCb(bits);
            }
        }
    }

    private void receiveAll(SkBuff first) {
        SkBuff skb = first;
        while (skb != null) {
            SkBuff next = skb.next;
            skb.next = null;
            sk.backlogRcv(skb);
            skb = next;
        }
    }

    /// Takes the whole backlog, oldest first.
    private @Nullable SkBuff takeBacklog() {
        SkBuff newest = (SkBuff) BACKLOG.getAndSet(this, null);
        SkBuff oldest = null;
        while (newest != null) {
            SkBuff before = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = before;
        }
        return oldest;
    }

    /// Processes the backlog while the owner goes on owning (`sk_flush_backlog`), so that a long
    /// `sendmsg` sees the ACKs that it causes.
    @Kernel("sk_flush_backlog")
    @HotPath
    public void flushBacklog() {
        assert ownedByMe();
        if (backlog != null) {
            drain();
        }
    }

    // ---- soft-interrupt context ---------------------------------------------------------------

    /// Leaves a packet for the owner (`sk_add_backlog`); false, and the caller keeps the packet, if
    /// more than `limit` bytes wait already. The caller then tries [#tryLock()] once more, because
    /// the owner may be gone.
    @Kernel("sk_add_backlog")
    @HotPath
    public boolean addBacklog(SkBuff skb, int limit) {
        int waiting = backlogLen;
        if (waiting > limit) {
            return false;
        }
        backlogLen = waiting + skb.truesize;
        SkBuff newest;
        do {
            newest = backlog;
            skb.next = newest;
        } while (!BACKLOG.compareAndSet(this, newest, skb));
        return true;
    }

    /// Memory of the packets that wait for the owner, bytes; a hint.
    @HotPath
    public int backlogLen() {
        return backlogLen;
    }

    /// Leaves work for the owner, or does it now if there is none: `bits` reach
    /// [Sock#releaseCb(int)] on the owner's thread (the `TCP_*_DEFERRED` flags).
    public void defer(int bits) {
        DEFERRED.getAndBitwiseOr(this, bits);
        if (tryLock()) {
            unlock();
        }
    }

    // ---- AbstractQueuedSynchronizer -----------------------------------------------------------

    @Override
    @HotPath
    protected boolean tryAcquire(int context) {
        if (compareAndSetState(0, context)) {
            owner = Thread.currentThread();
            return true;
        }
        return false;
    }

    @Override
    @HotPath
    protected boolean tryRelease(int unused) {
        owner = null;
        setState(0);
        return true;
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquireInterruptibly(USER);
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquireNanos(USER, unit.toNanos(time));
    }

    /// Not supported: waiting goes through the sock's wait queue.
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("wait on the sock's wait queue instead");
    }
}
