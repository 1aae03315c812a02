package dev.linnet.kernel.time;

/// The time of one stack: monotonic nanoseconds since its boot, real or virtual.
///
/// One of the two seams of the engine (the other is the scheduler): nothing else in it may ask the
/// operating system what time it is. Values never decrease. All methods are safe from any thread.
public abstract class Clock {
    /// Nanoseconds in a jiffy. Linnet ticks at `HZ` = 1000.
    public static final long NSEC_PER_JIFFY = 1_000_000L;

    /// Jiffies in a second.
    public static final int HZ = 1000;

    /// Monotonic time in nanoseconds (`ktime_get_ns`), always positive.
    public abstract long nowNs();

    /// Wall-clock time in nanoseconds since 1970 (`ktime_get_real_ns`), for packet captures and
    /// `SO_TIMESTAMP`. In virtual time a fixed date plus the virtual time that has passed.
    public abstract long realNs();

    /// Ticks of one millisecond since boot.
    public final long jiffies() {
        return nowNs() / NSEC_PER_JIFFY;
    }

    /// The low 32 bits of [#jiffies()], compared only by difference (`tcp_jiffies32`).
    public final int jiffies32() {
        return (int) jiffies();
    }

    /// Microseconds since boot.
    public final long nowUs() {
        return nowNs() / 1000;
    }

    /// Milliseconds as jiffies, rounded up.
    public static long msecsToJiffies(long ms) {
        return ms;
    }

    /// Microseconds as jiffies, rounded up (`usecs_to_jiffies`).
    public static long usecsToJiffies(long us) {
        return (us + 999) / 1000;
    }

    /// Jiffies as microseconds.
    public static long jiffiesToUsecs(long jiffies) {
        return jiffies * 1000;
    }
}
