package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.UserMapping;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Bpf;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;

/// `setsockopt` and `getsockopt` of the numeric entry. A value is a block of memory, but for the
/// filters: their value is a `struct sock_fprog`, which points to the program.
final class NumericSockopt {
    /// No option takes more.
    private static final int OPTION_MAX = 1 << 16;

    private static final byte[] NOTHING = {};

    private NumericSockopt() {}

    static long setsockopt(
            TaskStruct task, UserSpace mm, int fd, int level, int name, long ptr, int length) {
        if (length < 0) {
            return Uaccess.orBadFd(task, fd, -Errno.EINVAL);
        }
        byte[] value = length == 0 ? NOTHING : mm.read(ptr, Math.min(length, OPTION_MAX));
        if (value == null) {
            return Uaccess.orBadFd(task, fd, -Errno.EFAULT);
        }
        boolean takesProgram =
                level == Sol.SOL_SOCKET
                        && (name == So.SO_ATTACH_FILTER || name == So.SO_ATTACH_REUSEPORT_CBPF);
        return takesProgram
                ? setProgram(task, mm, fd, name, value)
                : SocketCalls.setsockopt(task, fd, level, name, value);
    }

    /// Follows the pointer to the program; what is no program is told apart below.
    @Kernel("copy_bpf_fprog_from_user")
    private static long setProgram(TaskStruct task, UserSpace mm, int fd, int name, byte[] fprog) {
        if (fprog.length != Bpf.SOCK_FPROG_SIZE) {
            return Uaccess.orBadFd(task, fd, -Errno.EINVAL);
        }
        int instructions = Abi.getShort(fprog, 0) & 0xFFFF;
        long pointer = Abi.getLong(fprog, 8);
        boolean named = pointer != 0 && instructions <= Bpf.MAXINSNS;
        byte[] program = named ? mm.read(pointer, instructions * Bpf.SOCK_FILTER_SIZE) : NOTHING;
        byte[] checked = program == null ? NOTHING : program;
        int result = SocketCalls.setsockopt(task, fd, Sol.SOL_SOCKET, name, checked);
        return program == null && result == -Errno.EINVAL ? -Errno.EFAULT : result;
    }

    static long getsockopt(
            TaskStruct task, UserSpace mm, int fd, int level, int name, long ptr, long lengthPtr) {
        byte[] room = mm.read(lengthPtr, 4);
        if (room == null) {
            return Uaccess.orBadFd(task, fd, -Errno.EFAULT);
        }
        int offered = Abi.getInt(room, 0);
        if (offered < 0) {
            return Uaccess.orBadFd(task, fd, -Errno.EINVAL);
        }
        // The length of a filter is counted in instructions.
        boolean filter = level == Sol.SOL_SOCKET && name == So.SO_GET_FILTER;
        int unit = filter ? Bpf.SOCK_FILTER_SIZE : 1;
        int bytes = Math.min(offered, OPTION_MAX) * unit;
        byte[] value = mm.read(ptr, filter ? (int) mm.accessible(ptr, bytes) : bytes);
        if (value == null) {
            return Uaccess.orBadFd(task, fd, -Errno.EFAULT);
        }
        UserMapping.use(level == Sol.SOL_TCP ? mm.sockets : null);
        int n = SocketCalls.getsockopt(task, fd, level, name, value);
        UserMapping.use(null);
        if (n < 0) {
            return n;
        }
        mm.write(ptr, value, Math.min(n, value.length));
        Abi.putInt(room, 0, n / unit);
        mm.write(lengthPtr, room, 4);
        return 0;
    }
}
