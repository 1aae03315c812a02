package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;

/// The multiplexer of all socket calls that architectures without a number for each have
/// (`sys_socketcall`). x86-64 has none; the entry of i386 has it under 102, see
/// [SyscallTable#int80]. The words that `args` points to are as wide here as everywhere, 8 bytes.
public final class Socketcall {
    public static final int SYS_SOCKET = 1;
    public static final int SYS_BIND = 2;
    public static final int SYS_CONNECT = 3;
    public static final int SYS_LISTEN = 4;
    public static final int SYS_ACCEPT = 5;
    public static final int SYS_GETSOCKNAME = 6;
    public static final int SYS_GETPEERNAME = 7;
    public static final int SYS_SOCKETPAIR = 8;
    public static final int SYS_SEND = 9;
    public static final int SYS_RECV = 10;
    public static final int SYS_SENDTO = 11;
    public static final int SYS_RECVFROM = 12;
    public static final int SYS_SHUTDOWN = 13;
    public static final int SYS_SETSOCKOPT = 14;
    public static final int SYS_GETSOCKOPT = 15;
    public static final int SYS_SENDMSG = 16;
    public static final int SYS_RECVMSG = 17;
    public static final int SYS_ACCEPT4 = 18;
    public static final int SYS_RECVMMSG = 19;
    public static final int SYS_SENDMMSG = 20;

    /// How many words each call has.
    private static final int[] ARGS = {
        0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4
    };

    /// The numbers of the same calls; `send` and `recv` have none, they are those with an address.
    private static final int[] NR = {
        -1,
        SyscallNumbers.NR_SOCKET,
        SyscallNumbers.NR_BIND,
        SyscallNumbers.NR_CONNECT,
        SyscallNumbers.NR_LISTEN,
        SyscallNumbers.NR_ACCEPT,
        SyscallNumbers.NR_GETSOCKNAME,
        SyscallNumbers.NR_GETPEERNAME,
        SyscallNumbers.NR_SOCKETPAIR,
        SyscallNumbers.NR_SENDTO,
        SyscallNumbers.NR_RECVFROM,
        SyscallNumbers.NR_SENDTO,
        SyscallNumbers.NR_RECVFROM,
        SyscallNumbers.NR_SHUTDOWN,
        SyscallNumbers.NR_SETSOCKOPT,
        SyscallNumbers.NR_GETSOCKOPT,
        SyscallNumbers.NR_SENDMSG,
        SyscallNumbers.NR_RECVMSG,
        SyscallNumbers.NR_ACCEPT4,
        SyscallNumbers.NR_RECVMMSG,
        SyscallNumbers.NR_SENDMMSG
    };

    private Socketcall() {}

    /// Makes the call with the words at `args`: `-EINVAL` if there is no such call, `-EFAULT` if the
    /// words cannot be read, else what the call gives.
    @Kernel("sys_socketcall")
    public static long call(TaskStruct task, UserSpace mm, int call, long args) {
        if (call < SYS_SOCKET || call > SYS_SENDMMSG) {
            return -Errno.EINVAL;
        }
        byte[] raw = mm.read(args, ARGS[call] * Long.BYTES);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        long[] words = new long[6];
        for (int i = 0; i < ARGS[call]; i++) {
            words[i] = Abi.getLong(raw, i * Long.BYTES);
        }
        return SyscallTable.syscall(task, mm, NR[call], PtRegs.of(words));
    }
}
