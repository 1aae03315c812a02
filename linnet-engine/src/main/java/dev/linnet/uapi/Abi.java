package dev.linnet.uapi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads and writes the C types of x86-64 (little-endian, LP64) in a byte array: option values,
/// control messages, `sockaddr`s and other memory that a program hands over. Headers of packets are
/// in network order and not read with this class; the two `…Be` pairs are for ports and addresses
/// inside a `sockaddr`.
///
/// No alignment is asked for. An offset outside the array gives IndexOutOfBoundsException.
public final class Abi {
    private static final VarHandle SHORT = view(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = view(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BE = view(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_BE = view(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG_BE = view(long[].class, ByteOrder.BIG_ENDIAN);

    private Abi() {}

    private static VarHandle view(Class<?> array, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(array, order).withInvokeExactBehavior();
    }

    /// An `unsigned short`.
    public static int getShort(byte[] buf, int off) {
        return (short) SHORT.get(buf, off) & 0xffff;
    }

    /// Writes the low 16 bits of a value.
    public static void putShort(byte[] buf, int off, int value) {
        SHORT.set(buf, off, (short) value);
    }

    /// An `int`.
    public static int getInt(byte[] buf, int off) {
        return (int) INT.get(buf, off);
    }

    /// Writes an `int`.
    public static void putInt(byte[] buf, int off, int value) {
        INT.set(buf, off, value);
    }

    /// A `long`.
    public static long getLong(byte[] buf, int off) {
        return (long) LONG.get(buf, off);
    }

    /// Writes a `long`.
    public static void putLong(byte[] buf, int off, long value) {
        LONG.set(buf, off, value);
    }

    /// A `__be16` as a number, such as a port.
    public static int getShortBe(byte[] buf, int off) {
        return (short) SHORT_BE.get(buf, off) & 0xffff;
    }

    /// Writes the low 16 bits of a value as a `__be16`.
    public static void putShortBe(byte[] buf, int off, int value) {
        SHORT_BE.set(buf, off, (short) value);
    }

    /// A `__be32` as a number, such as an IPv4 address.
    public static int getIntBe(byte[] buf, int off) {
        return (int) INT_BE.get(buf, off);
    }

    /// Writes a `__be32`.
    public static void putIntBe(byte[] buf, int off, int value) {
        INT_BE.set(buf, off, value);
    }

    /// Half of an IPv6 address.
    public static long getLongBe(byte[] buf, int off) {
        return (long) LONG_BE.get(buf, off);
    }

    /// Writes half of an IPv6 address.
    public static void putLongBe(byte[] buf, int off, long value) {
        LONG_BE.set(buf, off, value);
    }
}
