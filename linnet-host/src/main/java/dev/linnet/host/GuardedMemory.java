package dev.linnet.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Native memory whose every block ends where a page ends, with an inaccessible page behind it: a
/// system call that goes one byte too far meets `EFAULT`. For tests of what the kernel does with bad
/// pointers.
///
/// Blocks live until [#close], and are aligned to nothing. Thread-safe.
public final class GuardedMemory implements AutoCloseable {
    private static final long PROT_NONE = 0;
    private static final long PROT_READ_WRITE = 3;
    private static final long MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int PAGE = 4096;

    private final long base;
    private final long size;
    private final MemorySegment all;
    private long next;

    /// @param bytes address space to reserve; a block takes its size, rounded up to pages, and one
    ///     page more
    /// @throws HostException if the kernel gives none
    public GuardedMemory(long bytes) throws HostException {
        size = (bytes + PAGE - 1) / PAGE * PAGE;
        long map =
                HostSyscalls.syscall(
                        Nr.MMAP, 0, size, PROT_NONE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
        if (map < 0) {
            throw HostException.of("reserve memory", map);
        }
        base = map;
        all = LibC.memory(base, size);
    }

    /// Allocates a block of zeros; one of no bytes is an address that cannot be accessed.
    public synchronized long allocate(long bytes) {
        long pages = (bytes + PAGE - 1) / PAGE * PAGE;
        long first = base + next;
        if (next + pages + PAGE > size) {
            throw new IllegalStateException("the " + size + " bytes of this memory are used up");
        }
        next += pages + PAGE;
        if (pages > 0) {
            long result = HostSyscalls.syscall(Nr.MPROTECT, first, pages, PROT_READ_WRITE);
            if (result < 0) {
                throw new IllegalStateException("mprotect: " + HostErrno.name((int) -result));
            }
        }
        return first + pages - bytes;
    }

    public void put(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, all, JAVA_BYTE, address - base, bytes.length);
    }

    public byte[] get(long address, int length) {
        return all.asSlice(address - base, length).toArray(JAVA_BYTE);
    }

    /// Gives the memory back. No address of it may be used any more.
    @Override
    public void close() {
        HostSyscalls.syscall(Nr.MUNMAP, base, size);
    }
}
