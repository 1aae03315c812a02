package dev.linnet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Unsigned integers in network byte order (big-endian) inside a `byte[]`: the one primitive under
/// every header of this package.
///
/// A function named `uN` reads or writes an unsigned field of `N` bits. Values up to 24 bits come
/// back as a non-negative `int`. [#u32] returns the raw 32 bits as an `int` and [#u64] as a `long`,
/// because what lives in such fields (sequence numbers, addresses, timestamps) is compared modulo
/// or bit by bit, never as a magnitude; use [Integer#toUnsignedLong] where a magnitude is meant.
/// Setters write the low `N` bits of `value` and ignore the rest.
///
/// Offsets need no alignment. An access outside the array throws [IndexOutOfBoundsException];
/// nothing here allocates.
public final class Bytes {

    private static final VarHandle U16 = view(short[].class);
    private static final VarHandle U32 = view(int[].class);
    private static final VarHandle U64 = view(long[].class);

    private Bytes() {}

    private static VarHandle view(Class<?> arrayType) {
        return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.BIG_ENDIAN)
                .withInvokeExactBehavior();
    }

    /// The byte at `off`, 0..255.
    public static int u8(byte[] b, int off) {
        return b[off] & 0xff;
    }

    /// Writes one byte.
    public static void u8(byte[] b, int off, int value) {
        b[off] = (byte) value;
    }

    /// The two bytes at `off`, 0..65535.
    public static int u16(byte[] b, int off) {
        return (short) U16.get(b, off) & 0xffff;
    }

    /// Writes two bytes.
    public static void u16(byte[] b, int off, int value) {
        U16.set(b, off, (short) value);
    }

    /// The three bytes at `off`, 0..16777215.
    public static int u24(byte[] b, int off) {
        return u8(b, off) << 16 | u16(b, off + 1);
    }

    /// Writes three bytes.
    public static void u24(byte[] b, int off, int value) {
        u8(b, off, value >>> 16);
        u16(b, off + 1, value);
    }

    /// The four bytes at `off`, as raw bits.
    public static int u32(byte[] b, int off) {
        return (int) U32.get(b, off);
    }

    /// Writes four bytes.
    public static void u32(byte[] b, int off, int value) {
        U32.set(b, off, value);
    }

    /// The six bytes at `off` (an Ethernet address), 0..2^48-1.
    public static long u48(byte[] b, int off) {
        return (long) u16(b, off) << 32 | Integer.toUnsignedLong(u32(b, off + 2));
    }

    /// Writes six bytes.
    public static void u48(byte[] b, int off, long value) {
        u16(b, off, (int) (value >>> 32));
        u32(b, off + 2, (int) value);
    }

    /// The eight bytes at `off`, as raw bits.
    public static long u64(byte[] b, int off) {
        return (long) U64.get(b, off);
    }

    /// Writes eight bytes.
    public static void u64(byte[] b, int off, long value) {
        U64.set(b, off, value);
    }
}
