package dev.linnet.syscall;

import dev.linnet.fs.IovIter;
import dev.linnet.uapi.Errno;

/// The calls on files by number that have pointers.
final class NumericFiles {
    private static final int IOCTL_MAX = 256;

    private NumericFiles() {}

    static long read(TaskStruct task, UserSpace mm, int fd, long buf, long count) {
        return ReadWriteCalls.read(task, fd, buffer(mm, buf, count, true));
    }

    static long write(TaskStruct task, UserSpace mm, int fd, long buf, long count) {
        return ReadWriteCalls.write(task, fd, buffer(mm, buf, count, false));
    }

    static long pread64(TaskStruct task, UserSpace mm, int fd, long buf, long count, long pos) {
        return ReadWriteCalls.pread(task, fd, buffer(mm, buf, count, true), pos);
    }

    static long pwrite64(TaskStruct task, UserSpace mm, int fd, long buf, long count, long pos) {
        return ReadWriteCalls.pwrite(task, fd, buffer(mm, buf, count, false), pos);
    }

    static long readv(TaskStruct task, UserSpace mm, int fd, long iov, long count) {
        return ReadWriteCalls.readv(task, fd, vector(mm, iov, count, true), 0);
    }

    static long writev(TaskStruct task, UserSpace mm, int fd, long iov, long count) {
        return ReadWriteCalls.writev(task, fd, vector(mm, iov, count, false), 0);
    }

    /// The high half of the position is for machines with smaller registers.
    static long preadv(
            TaskStruct task, UserSpace mm, int fd, long iov, long count, long pos, long high) {
        return ReadWriteCalls.preadv(task, fd, vector(mm, iov, count, true), pos, 0);
    }

    static long pwritev(
            TaskStruct task, UserSpace mm, int fd, long iov, long count, long pos, long high) {
        return ReadWriteCalls.pwritev(task, fd, vector(mm, iov, count, false), pos, 0);
    }

    /// Position -1 is that of the file.
    static long preadv2(
            TaskStruct task,
            UserSpace mm,
            int fd,
            long iov,
            long count,
            long pos,
            long high,
            int flags) {
        IovIter iter = vector(mm, iov, count, true);
        return pos == -1
                ? ReadWriteCalls.readv(task, fd, iter, flags)
                : ReadWriteCalls.preadv(task, fd, iter, pos, flags);
    }

    static long pwritev2(
            TaskStruct task,
            UserSpace mm,
            int fd,
            long iov,
            long count,
            long pos,
            long high,
            int flags) {
        IovIter iter = vector(mm, iov, count, false);
        return pos == -1
                ? ReadWriteCalls.writev(task, fd, iter, flags)
                : ReadWriteCalls.pwritev(task, fd, iter, pos, flags);
    }

    private static IovIter buffer(UserSpace mm, long buf, long count, boolean toUser) {
        if (!UserSpace.accessOk(buf, count)) {
            IovIter bad = new IovIter();
            bad.error = -Errno.EFAULT;
            return bad;
        }
        return Uaccess.buffer(mm, buf, count, toUser, new IovIter());
    }

    private static IovIter vector(UserSpace mm, long iov, long count, boolean toUser) {
        IovIter iter = new IovIter();
        iter.error = Uaccess.iovec(mm, iov, count, toUser, iter);
        return iter;
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
