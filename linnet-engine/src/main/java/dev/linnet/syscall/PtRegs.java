package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;

/// The registers of a system call, in the order of its arguments (`struct pt_regs`). The number is in
/// rax, and so is the result.
@Kernel("pt_regs")
public record PtRegs(long rdi, long rsi, long rdx, long r10, long r8, long r9) {
    /// The first six arguments; those that are missing are 0.
    public static PtRegs of(long... args) {
        return new PtRegs(
                at(args, 0), at(args, 1), at(args, 2), at(args, 3), at(args, 4), at(args, 5));
    }

    private static long at(long[] args, int i) {
        return i < args.length ? args[i] : 0;
    }
}
