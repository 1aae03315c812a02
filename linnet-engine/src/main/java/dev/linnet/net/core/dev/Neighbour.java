package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.Sysctl;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// Another machine on a link and what is known of its link-layer address (`struct neighbour`).
///
/// The state machine of RFC 4861 section 7.3, which Linux uses for ARP as well. State changes happen
/// under this object's monitor, which is never held while a packet is sent or reported.
public final class Neighbour {
    /// Flags of [#update] (`NEIGH_UPDATE_F_*`): a different address may replace the known one; it
    /// makes the known one stale; an administrator says so; `isRouter` is meant.
    public static final int UPDATE_OVERRIDE = 1;

    public static final int UPDATE_WEAK_OVERRIDE = 2;
    public static final int UPDATE_OVERRIDE_ISROUTER = 4;
    public static final int UPDATE_ISROUTER = 1 << 6;
    public static final int UPDATE_ADMIN = 1 << 31;

    /// In place of an address in [#update]: the message carried none.
    public static final long NO_LLADDR = -1;

    /// Least span of a timer: a hundredth of a second.
    private static final long MIN_PROBE_JIFFIES = 10;

    private static final KTimer.Function EXPIRE = owner -> ((Neighbour) owner).timer();

    public final NetDevice dev;

    /// The neighbour's network address, IPv4 mapped.
    public final long hi;

    public final long lo;
    private final NeighTable table;
    private final KTimer timer;

    /// Chain of the hash bucket; readers follow it without a lock.
    volatile @Nullable Neighbour hashNext;

    private volatile int nudState = Nud.NONE;
    private volatile long lladdr;
    private volatile boolean router;

    /// Jiffies of the last sign of life, use, change; reachable until `confirmed` plus this.
    private volatile long confirmed;

    private volatile long used;
    private volatile long updated;
    private int reachableTime;
    private int probes;
    private boolean dead;
    private final SkBuffHead waiting = new SkBuffHead();
    private int waitingBytes;

    Neighbour(NeighTable table, NetDevice dev, long hi, long lo) {
        this.table = table;
        this.dev = dev;
        this.hi = hi;
        this.lo = lo;
        this.timer = dev.net.timers.timer(EXPIRE, this);
        long now = now();
        this.used = now;
        this.updated = now;
        this.confirmed = now;
        drawReachableTime();
    }

    /// One of the states of [Nud].
    public int nudState() {
        return nudState;
    }

    /// The link-layer address, meaningful in [Nud#VALID] states.
    public long lladdr() {
        return lladdr;
    }

    /// True if it said that it is a router (IPv6).
    public boolean isRouter() {
        return router;
    }

    /// Jiffies of the last change.
    public long updated() {
        return updated;
    }

    long used() {
        return used;
    }

    private long now() {
        return dev.net.clock.jiffies();
    }

    private int parm(Sysctl.Dev row) {
        return table.ops.parms(dev).get(row);
    }

    /// Between half and one and a half of the base time (RFC 4861 section 6.3.2).
    @Kernel("neigh_rand_reach_time")
    private void drawReachableTime() {
        int base = parm(table.rows.baseReachableTime);
        reachableTime = base <= 0 ? 0 : base / 2 + dev.net.random.below(base);
    }

    private long probeDelay() {
        return Math.max(parm(table.rows.retransTime), MIN_PROBE_JIFFIES);
    }

    // ---- output
    // ----------------------------------------------------------------------------------

    /// Sends a packet at its network header, now or when the address is known; takes ownership
    /// (`neigh_resolve_output`).
    @Kernel({"neigh_resolve_output", "neigh_connected_output", "neigh_hh_output"})
    @HotPath
    int output(SkBuff skb) {
        if ((nudState & Nud.CONNECTED) == 0 && !eventSend(skb)) {
            return 0;
        }
        return NeighOutput.direct(skb, dev, lladdr);
    }

    /// True if the packet may go out at once. Else it waits for an answer, or was dropped.
    @Kernel({"neigh_event_send", "__neigh_event_send"})
    private boolean eventSend(SkBuff skb) {
        boolean ask = false;
        DropReason drop = null;
        synchronized (this) {
            used = now();
            int state = nudState;
            if (dead) {
                drop = DropReason.NEIGH_DEAD;
            } else if ((state & (Nud.CONNECTED | Nud.DELAY | Nud.PROBE)) != 0) {
                return true;
            } else if (state == Nud.STALE) {
                enter(Nud.DELAY, now() + parm(table.rows.delayFirstProbeTime));
                return true;
            } else if (state == Nud.INCOMPLETE || startAsking()) {
                ask = state != Nud.INCOMPLETE;
                enqueue(skb);
            } else {
                drop = DropReason.NEIGH_FAILED;
            }
        }
        if (drop != null) {
            skb.drop(drop);
        } else if (ask) {
            probe();
        }
        return false;
    }

    private void enter(int state, long expires) {
        nudState = state;
        updated = now();
        timer.mod(expires);
    }

    private boolean startAsking() {
        if (parm(table.rows.mcastSolicit) + parm(table.rows.appSolicit) <= 0) {
            nudState = Nud.FAILED;
            updated = now();
            return false;
        }
        probes = parm(table.rows.ucastSolicit);
        enter(Nud.INCOMPLETE, now() + probeDelay());
        return true;
    }

    /// The oldest packets make room for a new one.
    private void enqueue(SkBuff skb) {
        int limit = parm(table.rows.unresQlenBytes);
        while (waitingBytes + skb.truesize > limit && !waiting.isEmpty()) {
            SkBuff oldest = dequeue();
            if (oldest != null) {
                oldest.drop(DropReason.NEIGH_QUEUEFULL);
            }
        }
        waiting.queueTail(skb);
        waitingBytes += skb.truesize;
    }

    private @Nullable SkBuff dequeue() {
        SkBuff skb = waiting.dequeue();
        if (skb != null) {
            waitingBytes -= skb.truesize;
        }
        return skb;
    }

    /// Asks for the address once more.
    @Kernel("neigh_probe")
    private void probe() {
        SkBuff copy = null;
        int asked;
        synchronized (this) {
            SkBuff newest = waiting.peekTail();
            if (newest != null) {
                copy = newest.clone(SoftIrq.current().stripe);
            }
            asked = probes++;
        }
        table.ops.solicit(this, copy, asked - parm(table.rows.ucastSolicit));
        if (copy != null) {
            copy.consume();
        }
    }

    // ---- the passing of time
    // ---------------------------------------------------------------------

    @Kernel("neigh_timer_handler")
    private void timer() {
        boolean ask = false;
        boolean failed = false;
        synchronized (this) {
            if ((nudState & Nud.IN_TIMER) == 0 || dead) {
                return;
            }
            long now = now();
            long next = advance(now);
            int asking = nudState & (Nud.INCOMPLETE | Nud.PROBE);
            if (asking != 0 && probes >= maxProbes()) {
                nudState = Nud.FAILED;
                updated = now;
                failed = true;
            } else if ((nudState & Nud.IN_TIMER) != 0) {
                timer.mod(Math.max(next, now + MIN_PROBE_JIFFIES));
                ask = asking != 0;
            }
        }
        if (failed) {
            invalidate();
        } else if (ask) {
            probe();
        }
    }

    /// Moves on from a state whose time is over; when to look again.
    private long advance(long now) {
        long delay = parm(table.rows.delayFirstProbeTime);
        if (nudState == Nud.REACHABLE) {
            if (now <= confirmed + reachableTime) {
                return confirmed + reachableTime;
            }
            if (now <= used + delay) {
                nudState = Nud.DELAY;
                updated = now;
                return now + delay;
            }
            nudState = Nud.STALE;
            updated = now;
            return 0;
        }
        if (nudState == Nud.DELAY) {
            updated = now;
            if (now <= confirmed + delay) {
                nudState = Nud.REACHABLE;
                return confirmed + reachableTime;
            }
            nudState = Nud.PROBE;
            probes = 0;
        }
        return now + probeDelay();
    }

    @Kernel("neigh_max_probes")
    private int maxProbes() {
        boolean known = nudState == Nud.PROBE;
        int again = parm(known ? table.rows.mcastResolicit : table.rows.mcastSolicit);
        return parm(table.rows.ucastSolicit) + parm(table.rows.appSolicit) + again;
    }

    /// Gives back the packets that waited for a neighbour that does not answer.
    @Kernel("neigh_invalidate")
    private void invalidate() {
        SkBuff skb;
        while ((skb = takeWaiting(Nud.FAILED)) != null) {
            table.ops.errorReport(this, skb);
        }
    }

    private synchronized @Nullable SkBuff takeWaiting(int states) {
        return (nudState & states) == 0 ? null : dequeue();
    }

    /// A protocol above has heard of the neighbour: it is reachable (`neigh_confirm`).
    @Kernel("neigh_confirm")
    @HotPath
    public void confirm() {
        confirmed = now();
    }

    // ---- what messages say
    // -----------------------------------------------------------------------

    /// Learns a state and perhaps an address: 0, `-EPERM` for an entry that an administrator set,
    /// `-EINVAL` if a valid state needs an address and there is none (`neigh_update`).
    ///
    /// @param newLladdr the address, or [#NO_LLADDR]
    /// @param flags a set of `UPDATE_*`
    @Kernel({"neigh_update", "__neigh_update"})
    public int update(long newLladdr, int newState, int flags) {
        int err;
        boolean nowFailed;
        synchronized (this) {
            int old = nudState;
            if ((flags & UPDATE_ADMIN) == 0 && (old & (Nud.NOARP | Nud.PERMANENT)) != 0) {
                return -Errno.EPERM;
            }
            if (dead) {
                return -Errno.EINVAL;
            }
            if ((newState & Nud.VALID) == 0) {
                timer.del();
                nudState = newState;
                nowFailed = newState == Nud.FAILED && (old & (Nud.INCOMPLETE | Nud.PROBE)) != 0;
                err = 0;
            } else {
                nowFailed = false;
                err = learn(newLladdr, newState, flags);
            }
        }
        if (nowFailed) {
            invalidate();
        }
        SkBuff skb;
        while ((skb = takeWaiting(Nud.VALID)) != null) {
            output(skb);
        }
        return err;
    }

    /// The part of [#update] for states with an address; the monitor is held.
    private int learn(long newLladdr, int wanted, int flags) {
        int old = nudState;
        boolean wasValid = (old & Nud.VALID) != 0;
        if (newLladdr == NO_LLADDR && !wasValid) {
            return -Errno.EINVAL;
        }
        long address = newLladdr == NO_LLADDR ? lladdr : newLladdr;
        boolean differs = !wasValid || address != lladdr;
        int state = wanted;
        if ((state & Nud.CONNECTED) != 0) {
            confirmed = now();
        }
        if (wasValid && differs && (flags & UPDATE_OVERRIDE) == 0) {
            if ((flags & UPDATE_WEAK_OVERRIDE) == 0 || (old & Nud.CONNECTED) == 0) {
                return 0; // the known address stays
            }
            address = lladdr;
            differs = false;
            state = Nud.STALE;
        } else if (wasValid && !differs && state == Nud.STALE && (flags & UPDATE_ADMIN) == 0) {
            state = old;
        }
        apply(address, differs, state);
        if ((flags & UPDATE_OVERRIDE_ISROUTER) != 0) {
            router = (flags & UPDATE_ISROUTER) != 0;
        }
        return 0;
    }

    private void apply(long address, boolean differs, int state) {
        long now = now();
        int old = nudState;
        if (state != old || differs) {
            updated = now;
        }
        if (differs) {
            lladdr = address;
            if ((state & Nud.CONNECTED) == 0) {
                // Long enough ago that the entry is verified when it is next used.
                confirmed = now - 2L * parm(table.rows.baseReachableTime);
            }
        }
        if (state == old) {
            return;
        }
        timer.del();
        if (state == Nud.PROBE) {
            probes = 0;
        }
        if (state == Nud.REACHABLE) {
            drawReachableTime();
        }
        nudState = state;
        if ((state & Nud.IN_TIMER) != 0) {
            timer.mod(state == Nud.REACHABLE ? now + reachableTime : now);
        }
    }

    // ---- the end
    // -----------------------------------------------------------------------------------

    /// True if nothing would be lost with this entry.
    boolean collectable(long now, long idle) {
        int state = nudState;
        return (state & (Nud.IN_TIMER | Nud.PERMANENT | Nud.NOARP)) == 0
                && (state == Nud.FAILED || now > used + idle);
    }

    /// The table has let go of the entry.
    void die() {
        SkBuffHead dropped = new SkBuffHead();
        synchronized (this) {
            dead = true;
            nudState = Nud.NONE;
            timer.shutdown();
            SkBuff skb;
            while ((skb = dequeue()) != null) {
                dropped.queueTail(skb);
            }
        }
        dropped.purge(DropReason.NEIGH_DEAD);
    }
}
