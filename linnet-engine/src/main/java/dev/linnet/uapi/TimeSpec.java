package dev.linnet.uapi;

/// Seconds and nanoseconds (`struct timespec`).
public record TimeSpec(long sec, long nsec) {
    /// Bytes of the C structure.
    public static final int SIZE = 16;

    private static final long NSEC_PER_SEC = 1_000_000_000L;

    /// A time in nanoseconds.
    public static TimeSpec ofNanos(long ns) {
        return new TimeSpec(Math.floorDiv(ns, NSEC_PER_SEC), Math.floorMod(ns, NSEC_PER_SEC));
    }

    /// Reads the C structure.
    public static TimeSpec decode(byte[] buf, int off) {
        return new TimeSpec(Abi.getLong(buf, off), Abi.getLong(buf, off + 8));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putLong(buf, off, sec);
        Abi.putLong(buf, off + 8, nsec);
        return SIZE;
    }

    /// True if it can be a span of time: not negative, and less than a second of nanoseconds
    /// (`timespec64_valid`).
    public boolean isValid() {
        return sec >= 0 && nsec >= 0 && nsec < NSEC_PER_SEC;
    }

    /// The same time in nanoseconds, held at the end of the range.
    public long toNanos() {
        return sec > Long.MAX_VALUE / NSEC_PER_SEC - 1 ? Long.MAX_VALUE : sec * NSEC_PER_SEC + nsec;
    }
}
