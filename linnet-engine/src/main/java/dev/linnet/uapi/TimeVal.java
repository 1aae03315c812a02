package dev.linnet.uapi;

/// Seconds and microseconds (`struct timeval`): the value of SO_RCVTIMEO and SO_SNDTIMEO and of the
/// control message SCM_TIMESTAMP. The fields are not checked here; `setsockopt` answers EDOM to
/// microseconds outside 0 to 999,999.
public record TimeVal(long sec, long usec) {
    /// Bytes of the C structure.
    public static final int SIZE = 16;

    /// The value of a time in nanoseconds, cut to microseconds.
    public static TimeVal ofNanos(long ns) {
        return new TimeVal(
                Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L) / 1000);
    }

    /// Reads the C structure.
    public static TimeVal decode(byte[] buf, int off) {
        return new TimeVal(Abi.getLong(buf, off), Abi.getLong(buf, off + 8));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putLong(buf, off, sec);
        Abi.putLong(buf, off + 8, usec);
        return SIZE;
    }

    /// The same time in nanoseconds, held at the ends of the range.
    public long toNanos() {
        try {
            return Math.addExact(
                    Math.multiplyExact(sec, 1_000_000_000L), Math.multiplyExact(usec, 1000L));
        } catch (ArithmeticException e) {
            return sec < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
