package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Mib;
import dev.linnet.kernel.sysctl.Sysctl;
import dev.linnet.net.core.NetNamespace;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the buffers of all socks of a protocol take together, in pages, and how much that may be
/// (`net.ipv4.tcp_mem`, `net.ipv4.udp_mem`): above the second limit memory is short, until it is below
/// the first again; above the third nothing more is given.
///
/// Each sock has whole pages, and keeps count of them itself. For any thread.
public final class ProtoMemory {
    /// The unit of the limits, bytes.
    public static final int PAGE_BYTES = 4096;

    private static final int PRESSURE = 1;
    private static final int LIMIT = 2;

    private final NetNamespace net;
    private final Sysctl.ULongs limits;
    private final @Nullable Mib shortages;
    private final @Nullable Mib shortMillis;
    private final AtomicLong allocated = new AtomicLong();
    private volatile boolean pressure;
    private long sinceNs;

    /// @param limits three numbers of pages
    /// @param shortages counts how often memory becomes short; null for a protocol that does not
    ///     change its ways then, so that there is no such state
    /// @param shortMillis counts for how long it was
    public ProtoMemory(
            NetNamespace net,
            Sysctl.ULongs limits,
            @Nullable Mib shortages,
            @Nullable Mib shortMillis) {
        this.net = net;
        this.limits = limits;
        this.shortages = shortages;
        this.shortMillis = shortMillis;
    }

    /// Pages that `bytes` take.
    @HotPath
    public static int pages(int bytes) {
        return bytes + PAGE_BYTES - 1 >> 12;
    }

    /// Pages of all socks (`sk_memory_allocated`).
    @HotPath
    public long allocated() {
        return allocated.get();
    }

    /// True while memory is short (`sk_under_memory_pressure`).
    @HotPath
    public boolean underPressure() {
        return pressure;
    }

    /// True below the first limit, where buffers may be enlarged.
    @HotPath
    public boolean plenty() {
        return allocated.get() < net.sysctl.get(limits, 0);
    }

    /// True above the last limit.
    public boolean exhausted() {
        return allocated.get() > net.sysctl.get(limits, LIMIT);
    }

    /// Takes, or with a negative number gives back.
    @HotPath
    public void charge(int pages) {
        long now = allocated.addAndGet(pages);
        if (pressure && now < net.sysctl.get(limits, 0)) {
            leavePressure();
        }
    }

    /// What became of a wish for more.
    public enum Answer {
        /// There is plenty.
        GRANTED,

        /// Only a sock that has little may have more.
        SCARCE,

        DENIED
    }

    /// Whether a sock may have `pages` more.
    @Kernel("__sk_mem_raise_allocated")
    @HotPath
    public Answer ask(int pages) {
        long after = allocated.get() + pages;
        if (after <= net.sysctl.get(limits, 0)) {
            if (pressure) {
                leavePressure();
            }
            return Answer.GRANTED;
        }
        if (!pressure && after > net.sysctl.get(limits, PRESSURE)) {
            enterPressure();
        }
        return after > net.sysctl.get(limits, LIMIT) ? Answer.DENIED : Answer.SCARCE;
    }

    /// True if this many pages for each of `socks` would not reach the last limit.
    public boolean fairShare(long socks, int pages) {
        return net.sysctl.get(limits, LIMIT) > socks * pages;
    }

    /// Memory is short from now on.
    @Kernel("tcp_enter_memory_pressure")
    private synchronized void enterPressure() {
        if (shortages != null && !pressure) {
            pressure = true;
            sinceNs = net.clock.nowNs();
            net.mib.inc(shortages);
        }
    }

    @Kernel("tcp_leave_memory_pressure")
    private synchronized void leavePressure() {
        if (shortMillis != null && pressure) {
            pressure = false;
            net.mib.add(shortMillis, (net.clock.nowNs() - sinceNs) / 1_000_000);
        }
    }
}
