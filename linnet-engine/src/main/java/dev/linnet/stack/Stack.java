package dev.linnet.stack;

import dev.linnet.kernel.SuppressForbidden;
import dev.linnet.kernel.mm.FolioPool;
import dev.linnet.kernel.sched.RealScheduler;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.skb.SkBuffPool;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One running network stack: a clock, threads, packet memory, and any number of hosts.
///
/// In real time the threads are the JVM's and anybody may call in. In virtual time one thread runs
/// at a time, the clock jumps when all of them wait, and the same seed gives the same run; threads
/// that use the stack must then be started with [#start]. Thread-safe.
public final class Stack implements AutoCloseable {
    private final Scheduler scheduler;
    private final long seed;
    private final NetRandom random;
    private final SkBuffPool pool = new SkBuffPool();
    private final FolioPool folios = new FolioPool();
    private final AtomicLong inodes = new AtomicLong(1000);
    private final AtomicInteger hardwareAddresses = new AtomicInteger();
    private final AtomicInteger pids = new AtomicInteger(1);
    private final List<Host> hosts = new ArrayList<>();
    private volatile Thread.@Nullable UncaughtExceptionHandler uncaught;
    private boolean closed;

    Stack(Scheduler scheduler, long seed) {
        this.scheduler = scheduler;
        this.seed = seed;
        this.random = new NetRandom(seed);
    }

    /// A stack in real time, its random numbers seeded by the system.
    @SuppressForbidden("a run in real time is not repeatable, and its sequence numbers are secret")
    public static Stack create() {
        return new Stack(new RealScheduler(), new SecureRandom().nextLong());
    }

    /// A stack in real time with a given seed for its random numbers (sequence numbers, ports, link
    /// impairments).
    public static Stack create(long seed) {
        return new Stack(new RealScheduler(), seed);
    }

    /// A stack in virtual time. The calling thread is its first thread.
    public static Stack virtual(long seed) {
        return new Stack(new VirtualScheduler(seed), seed);
    }

    /// The seed that all of this stack's random numbers come from.
    public long seed() {
        return seed;
    }

    /// Adds a host: a network namespace of its own with a loopback device that is up.
    public synchronized Host newHost(String name) {
        if (closed) {
            throw new IllegalStateException("the stack is closed");
        }
        Host host = new Host(this, name);
        hosts.add(host);
        return host;
    }

    /// The hosts in the order in which they were made.
    public synchronized List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /// Starts a thread that may use the stack: a virtual thread in real time, a thread of the
    /// virtual scheduler in virtual time.
    public Thread start(String name, Runnable body) {
        return scheduler.start(name, () -> runThread(body));
    }

    /// Who is told when a thread of [#start] ends with an exception, on that thread; null, as at first, leaves it to
    /// the thread's own handler, which prints it.
    public void setUncaughtExceptionHandler(Thread.@Nullable UncaughtExceptionHandler handler) {
        uncaught = handler;
    }

    private void runThread(Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            Thread.UncaughtExceptionHandler handler = uncaught;
            if (handler == null) {
                throw e;
            }
            handler.uncaughtException(Thread.currentThread(), e);
        }
    }

    /// Waits for a span of this stack's time; false if the thread was interrupted.
    public boolean sleep(long ns) {
        return scheduler.sleep(ns);
    }

    /// Nanoseconds of this stack's clock, monotonic.
    public long nowNs() {
        return scheduler.clock().nowNs();
    }

    /// Nanoseconds since 1970 of this stack's wall clock.
    public long realNs() {
        return scheduler.clock().realNs();
    }

    /// True if time is virtual.
    public boolean isVirtual() {
        return scheduler instanceof VirtualScheduler;
    }

    /// Packets and pages that are in use; zero when every socket is closed and every packet has
    /// found its end.
    public long buffersInUse() {
        return pool.outstanding();
    }

    /// Folios of files that are in memory: in the page cache, and in packets and pipes.
    public long foliosInUse() {
        return folios.outstanding();
    }

    /// What packets of this stack died of, by reason; reasons that did not occur are left out.
    public Map<String, Long> drops() {
        Map<String, Long> counts = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            long n = pool.drops.count(reason);
            if (n != 0) {
                counts.put(reason.name(), n);
            }
        }
        return counts;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    NetRandom random() {
        return random;
    }

    SkBuffPool pool() {
        return pool;
    }

    FolioPool folios() {
        return folios;
    }

    AtomicLong inodes() {
        return inodes;
    }

    /// A locally administered Ethernet address that no other interface of this stack has.
    public byte[] newHardwareAddress() {
        int n = hardwareAddresses.incrementAndGet();
        return new byte[] {0x02, 0x4c, 0x4e, (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
    }

    int newPid() {
        return pids.incrementAndGet();
    }

    /// Closes every host (its tasks' files, its devices) and stops the timers.
    @Override
    public void close() {
        List<Host> all;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            all = List.copyOf(hosts);
        }
        all.forEach(Host::close);
        scheduler.close();
    }
}
