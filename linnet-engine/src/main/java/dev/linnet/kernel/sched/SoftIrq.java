package dev.linnet.kernel.sched;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Timers;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The soft-interrupt context of one thread: what it still has to carry before it may go on.
///
/// Linnet runs to completion: a thread that sends a packet also receives it, at the moment at which
/// Linux would leave the `local_bh_disable` section. While a thread is inside such a section (or
/// is already running soft-interrupt work) new packets are only queued, so the stack depth stays
/// bounded and no lock is ever taken twice. Nothing that runs here may block.
public final class SoftIrq {
    /// Deferred work of one kind, owned by one thread.
    public abstract static class Vector {
        /// Does all the work there is; more may be queued while it runs.
        protected abstract void run();

        /// True while there is work.
        protected abstract boolean pending();
    }

    private static final ThreadLocal<SoftIrq> CURRENT = ThreadLocal.withInitial(SoftIrq::new);
    private static final AtomicInteger NEXT_STRIPE = new AtomicInteger();

    /// Which of the striped pools and counters this thread uses; any value, to be masked.
    public final int stripe = NEXT_STRIPE.getAndIncrement();

    /// What ends the thread's waits.
    final Signals signals = new Signals(Thread.currentThread());

    /// Free scratch objects of TCP's ACK processing, owned by it.
    public @Nullable Object ackScratch;

    /// The thread's own entry in wait queues, once it has waited.
    @Nullable ThreadWait wait;

    private int depth;
    private boolean running;
    private int holds;

    /// Threads whose waking was put off, `nrWakes` of them.
    private @Nullable Thread[] wakes = new Thread[4];
    private int nrWakes;
    private @Nullable Vector netRx;
    private @Nullable Vector tasklet;

    private SoftIrq() {}

    /// The calling thread's context.
    public static SoftIrq current() {
        return CURRENT.get();
    }

    /// This thread's packet queue, made by `maker` when first used.
    @SuppressWarnings("unchecked") // the only vector is the one that net.core.dev installs
    public <V extends Vector> V netRx(Supplier<V> maker) {
        Vector vector = netRx;
        if (vector == null) {
            vector = maker.get();
            netRx = vector;
        }
        return (V) vector;
    }

    /// This thread's list of work that has to be done outside of the locks that are held where it
    /// arises (`tasklet_schedule`), made by `maker` when first used.
    @SuppressWarnings("unchecked") // the only vector is the one that net.tcp installs
    public <V extends Vector> V tasklet(Supplier<V> maker) {
        Vector vector = tasklet;
        if (vector == null) {
            vector = maker.get();
            tasklet = vector;
        }
        return (V) vector;
    }

    /// Enters a section in which soft-interrupt work is only queued.
    @Kernel("local_bh_disable")
    @HotPath
    public void disable() {
        depth++;
    }

    /// Leaves the section; at the outermost level the queued work is done before it returns.
    @Kernel("local_bh_enable")
    @HotPath
    public void enable() {
        if (--depth == 0 && !running) {
            doSoftirq();
            if (nrWakes != 0 && holds == 0) {
                issueWakes();
            }
        }
    }

    /// True inside [#disable()] sections and while soft-interrupt work runs (`in_softirq`).
    public boolean inSoftirq() {
        return running || depth > 0;
    }

    /// Runs the queued work now, unless the thread is inside a section.
    @HotPath
    public void poke() {
        if (depth == 0 && !running) {
            depth++;
            enable();
        }
    }

    // ---- wake-ups ----------------------------------------------------------------------------

    /// Keeps wake-ups back until [#letWakes()]: the caller is about to let go of a lock that the
    /// woken thread will want. A thread that was woken earlier could take the processor from the
    /// one that holds the lock, and would have to go to sleep once more. May be nested.
    @HotPath
    public void holdWakes() {
        holds++;
    }

    /// Ends [#holdWakes()]; what was kept back happens now, or at the end of the soft-interrupt
    /// work.
    @HotPath
    public void letWakes() {
        if (--holds == 0 && nrWakes != 0 && depth == 0 && !running) {
            issueWakes();
        }
    }

    /// Takes over the waking of a thread if this is no moment for it: true, and it will be done at
    /// the end of the soft-interrupt work, when the socks' locks that it took are free.
    @HotPath
    boolean deferWake(Thread thread) {
        if (depth == 0 && !running && holds == 0) {
            return false;
        }
        if (nrWakes == wakes.length) {
            growWakes();
        }
        wakes[nrWakes++] = thread;
        return true;
    }

    private void growWakes() {
        wakes = Arrays.copyOf(wakes, 2 * nrWakes);
    }

    @HotPath
    private void issueWakes() {
        for (int i = 0; i < nrWakes; i++) {
            LockSupport.unpark(wakes[i]);
            wakes[i] = null;
        }
        nrWakes = 0;
    }

    // ---- running -----------------------------------------------------------------------------

    @Kernel("__do_softirq")
    private void doSoftirq() {
        if (!pending(netRx) && !pending(tasklet)) {
            return;
        }
        running = true;
        try {
            do {
                run(netRx);
                run(tasklet);
            } while (pending(netRx) || pending(tasklet));
        } finally {
            running = false;
        }
    }

    private static boolean pending(@Nullable Vector vector) {
        return vector != null && vector.pending();
    }

    private static void run(@Nullable Vector vector) {
        if (vector != null) {
            vector.run();
        }
    }

    /// Runs the timers that are due, then the packets that they caused.
    @Kernel("run_timer_softirq")
    public void runTimers(Timers timers) {
        disable();
        try {
            timers.run();
        } finally {
            enable();
        }
    }
}
