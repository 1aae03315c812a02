package dev.linnet.kernel.time;

/// The machine's own clock, counted from the moment this object was made.
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
