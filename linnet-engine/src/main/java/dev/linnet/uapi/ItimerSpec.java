package dev.linnet.uapi;

import org.jspecify.annotations.Nullable;

/// When a timer expires first and how often then (`struct itimerspec`), in nanoseconds.
///
/// Source: `include/uapi/linux/time.h`, `timerfd.h`.
///
/// @param intervalNs between expiries; 0 for a timer that expires once
/// @param valueNs the first expiry; 0 for a timer that is not armed
public record ItimerSpec(long intervalNs, long valueNs) {
    /// Bytes of the structure.
    public static final int SIZE = 32;

    // Flags of `timerfd_create`.

    public static final int TFD_CLOEXEC = 0x80000;
    public static final int TFD_NONBLOCK = 0x800;

    // Flags of `timerfd_settime`.

    /// The value is a time of the clock, not a span.
    public static final int TFD_TIMER_ABSTIME = 1;

    /// A read ends when the clock is set.
    public static final int TFD_TIMER_CANCEL_ON_SET = 2;

    private static final long NSEC = 1_000_000_000L;

    /// Reads the structure; null if a time is negative or has too many nanoseconds: `EINVAL`. Times
    /// beyond what a `long` of nanoseconds holds are as far as that goes.
    public static @Nullable ItimerSpec decode(byte[] raw) {
        long interval = nanos(raw, 0);
        long value = nanos(raw, 16);
        return interval < 0 || value < 0 ? null : new ItimerSpec(interval, value);
    }

    private static long nanos(byte[] raw, int at) {
        long sec = Abi.getLong(raw, at);
        long nsec = Abi.getLong(raw, at + 8);
        if (sec < 0 || nsec < 0 || nsec >= NSEC) {
            return -1;
        }
        return sec >= Long.MAX_VALUE / NSEC ? Long.MAX_VALUE : sec * NSEC + nsec;
    }

    /// The structure's bytes.
    public byte[] encode() {
        byte[] raw = new byte[SIZE];
        Abi.putLong(raw, 0, intervalNs / NSEC);
        Abi.putLong(raw, 8, intervalNs % NSEC);
        Abi.putLong(raw, 16, valueNs / NSEC);
        Abi.putLong(raw, 24, valueNs % NSEC);
        return raw;
    }

    /// A time as `/proc` shows it: `(seconds, nanoseconds)`.
    public static String show(long ns) {
        return "(" + ns / NSEC + ", " + ns % NSEC + ")";
    }
}
