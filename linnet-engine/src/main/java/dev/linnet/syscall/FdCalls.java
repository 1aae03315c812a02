package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// The calls on descriptors (`fs/file.c`).
public final class FdCalls {
    private FdCalls() {}

    /// `close`: `-EBADF`.
    public static int close(TaskStruct task, int fd) {
        return task.files.close(fd);
    }

    /// `close_range`: closes descriptors or marks them close-on-exec, after it ended the sharing of the
    /// table if that is asked for. `-EINVAL` for unknown flags or a range that is upside down.
    @Kernel("close_range")
    public static int closeRange(TaskStruct task, int first, int last, int flags) {
        boolean unknown = (flags & ~(Fcntl.CLOSE_RANGE_UNSHARE | Fcntl.CLOSE_RANGE_CLOEXEC)) != 0;
        if (unknown || Integer.compareUnsigned(first, last) > 0) {
            return -Errno.EINVAL;
        }
        if ((flags & Fcntl.CLOSE_RANGE_UNSHARE) != 0) {
            task.unshareFiles();
        }
        task.files.closeRange(first, last, (flags & Fcntl.CLOSE_RANGE_CLOEXEC) != 0);
        return 0;
    }

    /// `dup`: the lowest free descriptor for the same open file.
    public static int dup(TaskStruct task, int fd) {
        return task.files.dup(fd);
    }

    /// `dup2`: the same descriptor twice only checks it.
    @Kernel("ksys_dup2")
    public static int dup2(TaskStruct task, int fd, int newFd) {
        if (fd != newFd) {
            return task.files.dup2(fd, newFd, false);
        }
        File file = task.files.getRaw(fd);
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
}
