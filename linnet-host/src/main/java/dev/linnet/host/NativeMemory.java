package dev.linnet.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Native memory by address, for the structures that [HostSyscalls] passes to the kernel.
///
/// Behaves as a small address space of its own: every access must fall inside one block that this
/// object allocated, else it throws [IndexOutOfBoundsException] where C would corrupt memory.
/// Integers are in the machine's byte order unless the method says big-endian (`Be`), and may be
/// unaligned. Thread-safe; all blocks are freed by [#close].
public final class NativeMemory implements AutoCloseable {
    /// malloc's alignment, enough for every structure of the kernel's interface.
    private static final long ALIGNMENT = 16;

    private final Arena arena = Arena.ofShared();
    private final ConcurrentSkipListMap<Long, MemorySegment> blocks = new ConcurrentSkipListMap<>();

    /// Allocates a block of zeros.
    ///
    /// @param bytes its size; 0 gives a valid address at which nothing may be accessed
    /// @return its address, a multiple of 16
    public long allocate(long bytes) {
        MemorySegment block = arena.allocate(Math.max(bytes, 1), ALIGNMENT);
        blocks.put(block.address(), block.asSlice(0, bytes));
        return block.address();
    }

    /// Allocates a block that holds these bytes.
    public long allocate(byte[] content) {
        long address = allocate(content.length);
        put(address, content);
        return address;
    }

    /// Allocates a C string: the characters in UTF-8 and a final zero.
    public long allocate(String text) {
        byte[] characters = text.getBytes(StandardCharsets.UTF_8);
        long address = allocate(characters.length + 1L);
        put(address, characters);
        return address;
    }

    public byte getByte(long address) {
        return at(address, 1).get(JAVA_BYTE, 0);
    }

    public void putByte(long address, int value) {
        at(address, 1).set(JAVA_BYTE, 0, (byte) value);
    }

    public short getShort(long address) {
        return at(address, 2).get(JAVA_SHORT_UNALIGNED, 0);
    }

    public void putShort(long address, int value) {
        at(address, 2).set(JAVA_SHORT_UNALIGNED, 0, (short) value);
    }

    public int getInt(long address) {
        return at(address, 4).get(JAVA_INT_UNALIGNED, 0);
    }

    public void putInt(long address, int value) {
        at(address, 4).set(JAVA_INT_UNALIGNED, 0, value);
    }

    public long getLong(long address) {
        return at(address, 8).get(JAVA_LONG_UNALIGNED, 0);
    }

    public void putLong(long address, long value) {
        at(address, 8).set(JAVA_LONG_UNALIGNED, 0, value);
    }

    /// A 16-bit number in network byte order, as a port in `sockaddr_in`; 0 to 65535.
    public int getShortBe(long address) {
        return Short.toUnsignedInt(
                at(address, 2).get(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0));
    }

    public void putShortBe(long address, int value) {
        at(address, 2).set(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0, (short) value);
    }

    /// A 32-bit number in network byte order, as an IPv4 address in `sockaddr_in`.
    public int getIntBe(long address) {
        return at(address, 4).get(JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0);
    }

    public void putIntBe(long address, int value) {
        at(address, 4).set(JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0, value);
    }

    public void put(long address, byte[] bytes) {
        MemorySegment target = at(address, bytes.length);
        MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 0, bytes.length);
    }

    public byte[] get(long address, int length) {
        return at(address, length).toArray(JAVA_BYTE);
    }

    /// Sets a range of bytes to one value.
    public void fill(long address, long length, int value) {
        at(address, length).fill((byte) value);
    }

    /// Frees all blocks. Addresses must no longer be used by any call in progress.
    @Override
    public void close() {
        blocks.clear();
        arena.close();
    }

    private MemorySegment at(long address, long length) {
        Map.Entry<Long, MemorySegment> block = blocks.floorEntry(address);
        if (block == null) {
            throw new IndexOutOfBoundsException("no block at 0x" + Long.toHexString(address));
        }
        return block.getValue().asSlice(address - block.getKey(), length);
    }
}
