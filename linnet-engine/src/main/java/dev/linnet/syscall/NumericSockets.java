package dev.linnet.syscall;

import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;

/// The socket calls by number that have pointers; those with a message are in [NumericMsg].
final class NumericSockets {
    private static final int OPTION_MAX = 1 << 16;

    private NumericSockets() {}

    static long bind(TaskStruct task, UserSpace mm, int fd, long ptr, int length) {
        int[] err = new int[1];
        SockAddr addr = Uaccess.address(mm, ptr, length, err);
        return addr == null ? Uaccess.orBadFd(task, fd, err[0]) : SocketCalls.bind(task, fd, addr);
    }

    static long connect(TaskStruct task, UserSpace mm, int fd, long ptr, int length) {
        int[] err = new int[1];
        SockAddr addr = Uaccess.address(mm, ptr, length, err);
        return addr == null
                ? Uaccess.orBadFd(task, fd, err[0])
                : SocketCalls.connect(task, fd, addr);
    }

    static long accept(TaskStruct task, UserSpace mm, int fd, long addr, long lengthPtr) {
        return accept4(task, mm, fd, addr, lengthPtr, 0);
    }

    static long accept4(
            TaskStruct task, UserSpace mm, int fd, long addr, long lengthPtr, int flags) {
        if (addr == 0) {
            return SocketCalls.accept4(task, fd, flags, null);
        }
        SockAddr[] peer = new SockAddr[1];
        int newFd = SocketCalls.accept4(task, fd, flags, peer);
        if (newFd < 0) {
            return newFd;
        }
        int err = Uaccess.putAddress(mm, peer[0], addr, lengthPtr);
        if (err < 0) {
            task.files.close(newFd);
            return err;
        }
        return newFd;
    }

    static long getsockname(TaskStruct task, UserSpace mm, int fd, long addr, long lengthPtr) {
        return getname(task, mm, fd, false, addr, lengthPtr);
    }

    static long getpeername(TaskStruct task, UserSpace mm, int fd, long addr, long lengthPtr) {
        return getname(task, mm, fd, true, addr, lengthPtr);
    }

    private static long getname(
            TaskStruct task, UserSpace mm, int fd, boolean peer, long addr, long lengthPtr) {
        SockAddr[] out = new SockAddr[1];
        int err = SocketCalls.getname(task, fd, peer, out);
        return err < 0 ? err : Uaccess.putAddress(mm, out[0], addr, lengthPtr);
    }

    static long socketpair(
            TaskStruct task, UserSpace mm, int domain, int type, int protocol, long ptr) {
        int[] fds = new int[2];
        int err = SocketCalls.socketpair(task, domain, type, protocol, fds);
        return err < 0 ? err : Uaccess.putPair(task, mm, ptr, fds);
    }

    static long setsockopt(
            TaskStruct task, UserSpace mm, int fd, int level, int name, long ptr, int length) {
        if (length < 0) {
            return Uaccess.orBadFd(task, fd, -Errno.EINVAL);
        }
        byte[] value = length == 0 ? new byte[0] : mm.read(ptr, Math.min(length, OPTION_MAX));
        return value == null
                ? Uaccess.orBadFd(task, fd, -Errno.EFAULT)
                : SocketCalls.setsockopt(task, fd, level, name, value);
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
        byte[] value = mm.read(ptr, Math.min(offered, OPTION_MAX));
        if (value == null) {
            return Uaccess.orBadFd(task, fd, -Errno.EFAULT);
        }
        int n = SocketCalls.getsockopt(task, fd, level, name, value);
        if (n < 0) {
            return n;
        }
        mm.write(ptr, value, n);
        Abi.putInt(room, 0, n);
        mm.write(lengthPtr, room, 4);
        return 0;
    }

    static long sendto(
            TaskStruct task,
            UserSpace mm,
            int fd,
            long buf,
            long count,
            int flags,
            long addr,
            int length) {
        MsgHdr msg = new MsgHdr();
        Uaccess.buffer(mm, buf, count, false, msg.iter);
        if (addr != 0) {
            int[] err = new int[1];
            SockAddr to = Uaccess.address(mm, addr, length, err);
            if (to == null) {
                return Uaccess.orBadFd(task, fd, err[0]);
            }
            msg.name = to;
        }
        return SocketCalls.sendmsg(task, fd, msg, flags);
    }

    static long recvfrom(
            TaskStruct task,
            UserSpace mm,
            int fd,
            long buf,
            long count,
            int flags,
            long addr,
            long lengthPtr) {
        MsgHdr msg = new MsgHdr();
        Uaccess.buffer(mm, buf, count, true, msg.iter);
        int n = SocketCalls.recvmsg(task, fd, msg, flags);
        if (n >= 0 && addr != 0 && msg.name != null) {
            int err = Uaccess.putAddress(mm, msg.name, addr, lengthPtr);
            return err < 0 ? err : n;
        }
        return n;
    }
}
