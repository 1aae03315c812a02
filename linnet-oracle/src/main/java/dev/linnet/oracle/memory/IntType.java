package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.FactException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A number in memory: its bytes, their order, and whether it has a sign.
enum IntType {
    I8(1, true, false),
    U8(1, false, false),
    I16(2, true, false),
    U16(2, false, false),
    I32(4, true, false),
    U32(4, false, false),
    I64(8, true, false),
    U64(8, true, false),
    BE16(2, false, true),
    BE32(4, false, true);

    final int bytes;
    private final boolean signed;
    private final boolean bigEndian;

    IntType(int bytes, boolean signed, boolean bigEndian) {
        this.bytes = bytes;
        this.signed = signed;
        this.bigEndian = bigEndian;
    }

    static IntType of(String name) {
        for (IntType type : values()) {
            if (type.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
                return type;
            }
        }
        throw new FactException("no type or structure " + name);
    }

    void put(byte[] memory, int at, long value) {
        ByteBuffer buffer = ByteBuffer.wrap(memory).order(order());
        switch (bytes) {
            case 1 -> buffer.put(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value);
            case 4 -> buffer.putInt(at, (int) value);
            default -> buffer.putLong(at, value);
        }
    }

    long get(byte[] memory, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(memory).order(order());
        return switch (bytes) {
            case 1 -> canonical(buffer.get(at));
            case 2 -> canonical(buffer.getShort(at));
            case 4 -> canonical(buffer.getInt(at));
            default -> buffer.getLong(at);
        };
    }

    /// The value as this type shows it: cut off, with a sign or without.
    long canonical(long value) {
        int unused = Long.SIZE - bytes * Byte.SIZE;
        return signed ? value << unused >> unused : value << unused >>> unused;
    }

    private ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }
}
