package dev.linnet.uapi;

/// A limit of [Resource] (`struct rlimit64`); both numbers are unsigned.
///
/// @param cur what counts (soft limit)
/// @param max how far the process may raise it (hard limit)
public record RLimit(long cur, long max) {
    /// Bytes of the C structure.
    public static final int SIZE = 16;

    /// Reads the C structure.
    public static RLimit decode(byte[] buf, int off) {
        return new RLimit(Abi.getLong(buf, off), Abi.getLong(buf, off + 8));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putLong(buf, off, cur);
        Abi.putLong(buf, off + 8, max);
        return SIZE;
    }
}
