package dev.linnet.kernel.time;

import dev.linnet.kernel.SuppressForbidden;

/// The machine's own clock, counted from the moment this object was made.
@SuppressForbidden("the one place that asks the machine for its time")
public final class SystemClock extends Clock {
    /// Time never starts at zero: a stamp of 0 means "none" in many TCP fields.
    private static final long BOOT_NS = 100_000_000_000L;

    private final long originNs = System.nanoTime() - BOOT_NS;
    private final long realOffsetNs = System.currentTimeMillis() * 1_000_000L - BOOT_NS;

    @Override
    public long nowNs() {
        return System.nanoTime() - originNs;
    }

    @Override
    public long realNs() {
        return nowNs() + realOffsetNs;
    }
}
