package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;

/// The numeric entry: a call by its x86-64 number with six registers, and structures in the memory
/// of the process.
///
/// The build makes the dispatch from `src/main/syscalls/syscall_64.tbl`, as Linux does: a row names
/// the function and the types of its arguments. A row without a function, and every other number, is
/// [#sysNiSyscall]. Functions that need no memory are those of the typed calls; the `Numeric…`
/// classes decode structures for the others and then call the same.
public final class SyscallTable {
    private SyscallTable() {}

    /// Makes a call: ≥ 0 or `-errno`; `-ENOSYS` for a number that has no call.
    @Kernel({"do_syscall_64", "do_syscall_x64", "x64_sys_call", "sys_call_table"})
    public static long syscall(TaskStruct task, UserSpace mm, int nr, PtRegs regs) {
        return restarted(SyscallDispatch.x64SysCall(task, mm, nr, regs));
    }

    /// The same, with registers that are not named 0.
    public static long syscall(TaskStruct task, UserSpace mm, int nr, long... regs) {
        return syscall(task, mm, nr, PtRegs.of(regs));
    }

    /// The entry of i386 (`int 0x80`), which has only what x86-64 has no number for: its numbers are
    /// those of `syscall_32.tbl`, its arguments as wide as those of x86-64.
    @Kernel({"do_int80_emulation", "ia32_sys_call"})
    public static long int80(TaskStruct task, UserSpace mm, int nr, long... regs) {
        return restarted(SyscallDispatch.ia32SysCall(task, mm, nr, PtRegs.of(regs)));
    }

    /// There are no handlers of signals after which a call could be made again (D-004).
    @Kernel("syscall_exit_to_user_mode")
    private static long restarted(long result) {
        return result == -Errno.ERESTARTSYS ? -Errno.EINTR : result;
    }

    /// Where the numbers lead that have no call.
    @Kernel({"sys_ni_syscall", "__x64_sys_ni_syscall"})
    @SuppressWarnings("unused") // the number is for the tracer
    static long sysNiSyscall(int nr) {
        return -Errno.ENOSYS;
    }
}
