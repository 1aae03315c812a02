package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// The calls on descriptors (`fs/file.c`, `fs/fcntl.c`).
public final class FdCalls {
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private FdCalls() {}

    /// `close`: `-EBADF`.
    public static int close(TaskStruct task, int fd) {
        return task.files.close(fd);
    }

    /// `close_range`: `-EINVAL` for unknown flags or a range that is upside down.
    public static int closeRange(TaskStruct task, int first, int last, int flags) {
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0) {
            return -Errno.EINVAL;
        }
        return task.files.closeRange(first, last, (flags & CLOSE_RANGE_CLOEXEC) != 0);
    }

    /// `dup`: the lowest free descriptor for the same open file.
    public static int dup(TaskStruct task, int fd) {
        return task.files.dup(fd, 0, false);
    }

    /// `dup2`: the same descriptor twice only checks it.
    @Kernel("ksys_dup2")
    public static int dup2(TaskStruct task, int fd, int newFd) {
        if (fd != newFd) {
            return task.files.dup2(fd, newFd, false);
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        file.put();
        return newFd;
    }

    /// `dup3`: `-EINVAL` for the same descriptor twice and for flags other than `O_CLOEXEC`.
    @Kernel("ksys_dup3")
    public static int dup3(TaskStruct task, int fd, int newFd, int flags) {
        if ((flags & ~Fcntl.O_CLOEXEC) != 0 || fd == newFd) {
            return -Errno.EINVAL;
        }
        return task.files.dup2(fd, newFd, flags != 0);
    }

    /// `fcntl`: `F_DUPFD`, `F_DUPFD_CLOEXEC`, `F_GETFD`, `F_SETFD`, `F_GETFL`, `F_SETFL`; else
    /// `-EINVAL`.
    @Kernel("do_fcntl")
    public static int fcntl(TaskStruct task, int fd, int cmd, long arg) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            return switch (cmd) {
                case Fcntl.F_DUPFD -> task.files.dup(fd, (int) arg, false);
                case Fcntl.F_DUPFD_CLOEXEC -> task.files.dup(fd, (int) arg, true);
                case Fcntl.F_GETFD -> task.files.cloexec(fd);
                case Fcntl.F_SETFD -> task.files.setCloexec(fd, (arg & Fcntl.FD_CLOEXEC) != 0);
                case Fcntl.F_GETFL -> file.flags;
                case Fcntl.F_SETFL -> setFlags(file, (int) arg);
                default -> -Errno.EINVAL;
            };
        } finally {
            file.put();
        }
    }

    @Kernel("setfl")
    static int setFlags(File file, int arg) {
        int settable = Fcntl.O_APPEND | Fcntl.O_NONBLOCK | Fcntl.O_DIRECT | Fcntl.O_NOATIME;
        file.flags = (arg & settable) | (file.flags & ~settable);
        return 0;
    }
}
