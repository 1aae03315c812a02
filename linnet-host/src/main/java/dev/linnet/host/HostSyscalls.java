package dev.linnet.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The host kernel's system calls, as the kernel defines them.
///
/// One function: a number from [Nr], up to six words, and a result that is at least 0 or `-errno`.
/// Structures are marshalled into native memory by the caller (see [NativeMemory]) and passed by
/// address. What comes back is what the kernel says, which makes this the oracle that Linnet is
/// compared with.
///
/// Any thread may call, platform or virtual; a call that blocks holds its carrier thread. Nothing
/// is allocated per call. There is no way to interrupt a blocked call other than to make the kernel
/// return (`shutdown`, a write to an eventfd in the same poll set, a timeout).
public final class HostSyscalls {
    /// `AT_FDCWD` of `openat`.
    private static final long AT_FDCWD = -100;

    private static final long O_CLOEXEC = 0x80000;

    /// Where libc's `errno` is delivered. So many calls can be in progress at once without
    /// allocating; only threads blocked in the kernel hold one for long.
    private static final int ERRNO_SLOT_COUNT = 256;

    private static final long ERRNO_BYTES = Linker.Option.captureStateLayout().byteSize();

    static final NativeSlots ERRNO_SLOTS =
            new NativeSlots(Arena.global(), ERRNO_SLOT_COUNT, ERRNO_BYTES);

    /// `long syscall(long number, ...)`.
    private static final MethodHandle SYSCALL =
            LibC.link(
                    "syscall",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));

    private HostSyscalls() {}

    /// Calls the kernel.
    ///
    /// @param nr the call's number, see [Nr]
    /// @return the call's result, at least 0, or `-errno`
    public static long syscall(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        int slot = ERRNO_SLOTS.claim();
        if (slot == NativeSlots.NONE) {
            return syscallWithOwnErrno(nr, a0, a1, a2, a3, a4, a5);
        }
        try {
            return invoke(ERRNO_SLOTS.segment(slot), nr, a0, a1, a2, a3, a4, a5);
        } finally {
            ERRNO_SLOTS.release(slot);
        }
    }

    /// [#syscall(int, long, long, long, long, long, long)] without arguments.
    public static long syscall(int nr) {
        return syscall(nr, 0, 0, 0, 0, 0, 0);
    }

    /// [#syscall(int, long, long, long, long, long, long)] with one argument.
    public static long syscall(int nr, long a0) {
        return syscall(nr, a0, 0, 0, 0, 0, 0);
    }

    /// [#syscall(int, long, long, long, long, long, long)] with two arguments.
    public static long syscall(int nr, long a0, long a1) {
        return syscall(nr, a0, a1, 0, 0, 0, 0);
    }

    /// [#syscall(int, long, long, long, long, long, long)] with three arguments.
    public static long syscall(int nr, long a0, long a1, long a2) {
        return syscall(nr, a0, a1, a2, 0, 0, 0);
    }

    /// [#syscall(int, long, long, long, long, long, long)] with four arguments.
    public static long syscall(int nr, long a0, long a1, long a2, long a3) {
        return syscall(nr, a0, a1, a2, a3, 0, 0);
    }

    /// [#syscall(int, long, long, long, long, long, long)] with five arguments.
    public static long syscall(int nr, long a0, long a1, long a2, long a3, long a4) {
        return syscall(nr, a0, a1, a2, a3, a4, 0);
    }

    /// Opens a file, close-on-exec.
    ///
    /// @param flags the `O_` flags
    /// @return the descriptor or `-errno`
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path).address();
            return (int) syscall(Nr.OPENAT, AT_FDCWD, name, flags | O_CLOEXEC, 0);
        }
    }

    /// Closes a descriptor.
    ///
    /// @return 0 or `-errno`; the descriptor is gone in either case, except for `-EBADF`
    static int close(int fd) {
        return (int) syscall(Nr.CLOSE, fd);
    }

    private static long syscallWithOwnErrno(
            int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        try (Arena arena = Arena.ofConfined()) {
            return invoke(arena.allocate(ERRNO_BYTES), nr, a0, a1, a2, a3, a4, a5);
        }
    }

    private static long invoke(
            MemorySegment errno, long nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(errno, nr, a0, a1, a2, a3, a4, a5);
        } catch (Throwable e) {
            throw new AssertionError("syscall(2) does not throw", e);
        }
        return result == -1 ? -errno.get(JAVA_INT, 0) : result;
    }
}
