package dev.linnet.wire;

/// Arithmetic on TCP sequence numbers: 32-bit counters that wrap (RFC 9293 section 3.4).
///
/// A sequence number is an `int` taken as raw bits. Two numbers can be ordered when they are less
/// than 2^31 apart; the functions below are the only legal comparisons, `<` and `>` on sequence
/// numbers are always wrong. At a distance of exactly 2^31 each number is both before and after the
/// other, as in Linux. Addition and subtraction are the plain `+` and `-` of `int`.
public final class Seq {

    private Seq() {}

    /// Whether `a` precedes `b`.
    public static boolean before(int a, int b) {
        return a - b < 0;
    }

    /// Whether `a` follows `b`.
    public static boolean after(int a, int b) {
        return b - a < 0;
    }

    /// Whether `low` ≤ `x` ≤ `high` when counting upwards from `low`; true for the whole circle
    /// when `high` is `low - 1`.
    public static boolean between(int x, int low, int high) {
        return Integer.compareUnsigned(high - low, x - low) >= 0;
    }

    /// The later of two sequence numbers.
    public static int max(int a, int b) {
        return before(a, b) ? b : a;
    }

    /// The earlier of two sequence numbers.
    public static int min(int a, int b) {
        return before(b, a) ? b : a;
    }
}
