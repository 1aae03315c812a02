package dev.linnet.syscall;

import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.SockAddr;

/// The socket calls by number that have pointers; those with a message are in [NumericMsg].
final class NumericSockets {
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
        return SocketCalls.socketpair(
                task, domain, type, protocol, (a, b) -> Uaccess.putPair(mm, ptr, a, b));
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
        if (n >= 0 && addr != 0) {
            int err = Uaccess.putAddress(mm, msg.name, addr, lengthPtr);
            return err < 0 ? err : n;
        }
        return n;
    }
}
