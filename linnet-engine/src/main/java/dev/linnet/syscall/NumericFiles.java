package dev.linnet.syscall;

import dev.linnet.fs.IovIter;
import dev.linnet.uapi.Errno;

/// The calls on files by number that have pointers.
final class NumericFiles {
    private static final int IOCTL_MAX = 256;

    private NumericFiles() {}

    static long read(TaskStruct task, UserSpace mm, int fd, long buf, long count) {
        return Uaccess.accessOk(buf, count)
                ? FileCalls.read(task, fd, Uaccess.buffer(mm, buf, count, true, new IovIter()))
                : Uaccess.orBadFd(task, fd, -Errno.EFAULT);
    }

    static long write(TaskStruct task, UserSpace mm, int fd, long buf, long count) {
        return Uaccess.accessOk(buf, count)
                ? FileCalls.write(task, fd, Uaccess.buffer(mm, buf, count, false, new IovIter()))
                : Uaccess.orBadFd(task, fd, -Errno.EFAULT);
    }

    static long readv(TaskStruct task, UserSpace mm, int fd, long iov, long count) {
        IovIter iter = new IovIter();
        int err = Uaccess.iovec(mm, iov, count, true, iter);
        return err < 0 ? Uaccess.orBadFd(task, fd, err) : FileCalls.read(task, fd, iter);
    }

    static long writev(TaskStruct task, UserSpace mm, int fd, long iov, long count) {
        IovIter iter = new IovIter();
        int err = Uaccess.iovec(mm, iov, count, false, iter);
        return err < 0 ? Uaccess.orBadFd(task, fd, err) : FileCalls.write(task, fd, iter);
    }

    static long ioctl(TaskStruct task, UserSpace mm, int fd, int cmd, long ptr) {
        int room = (int) mm.accessible(ptr, IOCTL_MAX);
        byte[] arg = room == 0 ? new byte[0] : mm.read(ptr, room);
        if (arg == null) {
            return -Errno.EFAULT;
        }
        int result = FileCalls.ioctl(task, fd, cmd, arg);
        if (result >= 0) {
            mm.write(ptr, arg, arg.length);
        }
        return result;
    }

    static long pipe(TaskStruct task, UserSpace mm, long ptr) {
        return pipe2(task, mm, ptr, 0);
    }

    static long pipe2(TaskStruct task, UserSpace mm, long ptr, int flags) {
        int[] fds = new int[2];
        int err = PipeCalls.pipe2(task, fds, flags);
        if (err == 0 && Uaccess.putPair(mm, ptr, fds[0], fds[1]) < 0) {
            task.files.close(fds[0]);
            task.files.close(fds[1]);
            return -Errno.EFAULT;
        }
        return err;
    }
}
