package dev.linnet.kernel.time;

/// A clock that stands still until its scheduler moves it.
public final class VirtualClock extends Clock {
    private static final long BOOT_NS = 100_000_000_000L;

    /// 2025-01-01T00:00:00Z, the date on which every virtual world boots.
    private static final long BOOT_REAL_NS = 1_735_689_600_000_000_000L;

    private volatile long nowNs = BOOT_NS;

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long realNs() {
        return BOOT_REAL_NS + (nowNs - BOOT_NS);
    }

    /// Moves the clock to `ns`; a time that has passed already leaves it where it is.
    ///
    /// Only the thread that holds the scheduler's baton may call this.
    public void advanceTo(long ns) {
        if (ns > nowNs) {
            nowNs = ns;
        }
    }
}
