package dev.linnet.uapi;

/// Value of the option SO_LINGER (`struct linger`).
///
/// @param onoff 0 for off, else on
/// @param seconds how long `close` may wait for the data to be acknowledged; 0 makes it send a reset
public record Linger(int onoff, int seconds) {
    /// Bytes of the C structure.
    public static final int SIZE = 8;

    /// Reads the C structure.
    public static Linger decode(byte[] buf, int off) {
        return new Linger(Abi.getInt(buf, off), Abi.getInt(buf, off + 4));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putInt(buf, off, onoff);
        Abi.putInt(buf, off + 4, seconds);
        return SIZE;
    }
}
