package dev.linnet.oracle.target;

import dev.linnet.host.HostException;
import dev.linnet.host.HostSignal;
import dev.linnet.host.HostSyscalls;
import dev.linnet.host.Nr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that makes system calls for others, one at a time.
///
/// Its descriptor table is not the JVM's, so it must not load classes or do anything else with the
/// JVM's files: it runs nothing but the loop in [#serve], all of which [#warmUp] has run before.
final class HostWorker implements Worker {
    /// What a new worker does first.
    interface Entry {
        void run() throws HostException;
    }

    private static final long CLONE_FILES_AND_FS = 0x600;
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final long SPIN_NS = 20_000;
    private static final long NAP_NS = 20_000;
    private static final long END_NS = 3_000_000_000L;

    /// A number that no call has.
    private static final int NO_CALL = 4000;

    /// Orders of [#order] that are not numbers of calls.
    private static final int NOTHING = -1;

    private static final int SPAWN = -2;
    private static final int FORK = -3;
    private static final int EXIT = -4;

    private static final int WARM_CALLS = 40_000;
    private static boolean warm;

    private final Entry entry;
    private final Thread thread;
    private volatile int tid;
    private volatile int order = NOTHING;
    private volatile boolean done = true;
    private volatile @Nullable Throwable failure;
    private long[] args = new long[6];
    private long result;
    private int started;
    private @Nullable HostWorker child;

    HostWorker(Entry entry) {
        this.entry = entry;
        this.thread = Thread.ofPlatform().daemon().name("oracle-host").unstarted(this::serve);
    }

    /// Lets everything that a worker executes be loaded and linked, by one that keeps the JVM's
    /// descriptors; and so often that method handles, which are specialised when they have been used
    /// some time, have been.
    static synchronized void warmUp() {
        if (warm) {
            return;
        }
        warm = true;
        for (int i = 0; i < WARM_CALLS; i++) {
            HostSyscalls.syscall(i % 2 == 0 ? Nr.GETPID : NO_CALL, 0, 0, 0, 0, 0, 0);
        }
        HostWorker worker = new HostWorker(() -> {});
        worker.begin();
        HostWorker forked = worker.spawn(true);
        worker.spawn(false).end();
        forked.call(Nr.GETPID, new long[6]);
        forked.call(NO_CALL, new long[6]); // the way of an error
        forked.start(Nr.GETPID, new long[6]);
        forked.signal();
        forked.finish();
        forked.end();
        worker.end();
    }

    /// Starts the thread and waits until it is ready.
    void begin() {
        done = false;
        thread.start();
        await("the thread does not begin");
        Throwable why = failure;
        if (why != null) {
            throw new IllegalStateException("cannot set up a worker on the host", why);
        }
    }

    // ---- on the thread
    // -------------------------------------------------------------------------------

    private void serve() {
        tid = HostSignal.currentThread();
        try {
            entry.run();
        } catch (HostException | RuntimeException e) {
            failure = e;
            order = EXIT;
        }
        done = true;
        while (order != EXIT) {
            int nr = order;
            if (nr == NOTHING) {
                LockSupport.park(this);
                continue;
            }
            order = NOTHING;
            if (nr == SPAWN || nr == FORK) {
                HostWorker next = child;
                if (next != null) {
                    next.thread.start();
                }
            } else {
                long[] a = args;
                result = HostSyscalls.syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
            }
            done = true;
        }
    }

    private static void leaveParent() {
        long result = HostSyscalls.syscall(Nr.UNSHARE, CLONE_FILES_AND_FS);
        if (result < 0) {
            throw new IllegalStateException("unshare: " + result);
        }
    }

    private static void stayWithParent() {}

    // ---- for others
    // ----------------------------------------------------------------------------------

    private void give(int newOrder) {
        done = false;
        order = newOrder;
        LockSupport.unpark(thread);
    }

    private void await(String otherwise) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        long spin = System.nanoTime() + SPIN_NS;
        while (!done) {
            long now = System.nanoTime();
            if (now > deadline) {
                throw new BlockedException(otherwise);
            }
            if (now > spin) {
                LockSupport.parkNanos(NAP_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /// A thread that this one starts inherits its namespaces and descriptors.
    HostWorker spawn(boolean fork) {
        HostWorker worker =
                new HostWorker(fork ? HostWorker::leaveParent : HostWorker::stayWithParent);
        child = worker;
        worker.done = false;
        give(fork ? FORK : SPAWN);
        await("the thread does not start another");
        worker.await("the new thread does not begin");
        return worker;
    }

    @Override
    public long call(int nr, long[] registers) {
        args = registers;
        give(nr);
        await("it never returns");
        return result;
    }

    @Override
    public void start(int nr, long[] registers) {
        args = registers;
        give(nr);
        rest(nr);
        started = nr;
    }

    @Override
    public boolean blocked() {
        return rest(started);
    }

    /// Waits until the call has returned (false) or sleeps in the kernel (true).
    private boolean rest(int nr) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!done) {
            if (sleepsIn(nr)) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                throw new BlockedException("it neither sleeps nor returns");
            }
        }
        return false;
    }

    /// The kernel says in which call a thread sleeps, and `running` while it does not sleep.
    private boolean sleepsIn(int nr) {
        try {
            String state =
                    Files.readString(
                            Path.of("/proc/self/task/" + tid + "/syscall"),
                            StandardCharsets.US_ASCII);
            return state.startsWith(nr + " ");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long finish() {
        await("it does not return");
        return result;
    }

    @Override
    public void signal() {
        HostSignal.send(tid);
    }

    @Override
    public void becomeUser(int uid) {
        call(Nr.SETRESGID, new long[] {uid, uid, uid, 0, 0, 0});
        call(Nr.SETRESUID, new long[] {uid, uid, uid, 0, 0, 0});
    }

    @Override
    public void exit() {
        if (!end()) {
            throw new BlockedException("the process does not end");
        }
    }

    /// Ends the thread, out of a call that it is blocked in if need be; false if it does not end.
    boolean end() {
        long deadline = System.nanoTime() + END_NS;
        try {
            do {
                order = EXIT;
                LockSupport.unpark(thread);
                if (!done) {
                    signal();
                }
            } while (!thread.join(Duration.ofMillis(1)) && System.nanoTime() < deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
