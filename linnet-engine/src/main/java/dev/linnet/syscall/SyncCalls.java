package dev.linnet.syscall;

import dev.linnet.fs.Fallocate;
import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Mount;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;

/// The calls that write back, make room and give advice (`fs/sync.c`, `fs/open.c`, `mm/fadvise.c`,
/// `mm/readahead.c`).
public final class SyncCalls {
    private static final int FADV_MAX = 5;
    private static final int SYNC_FILE_RANGE_ALL = 7;

    private SyncCalls() {}

    private interface OnFile {
        int run(File file);
    }

    private static int with(TaskStruct task, int fd, OnFile call) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            task.enter();
            return call.run(file);
        } finally {
            file.put();
        }
    }

    /// `fsync`: `-EINVAL` for files that are kept nowhere, `-EIO`.
    @Kernel({"do_fsync", "vfs_fsync_range"})
    public static int fsync(TaskStruct task, int fd) {
        return with(task, fd, file -> file.ops.fsync(file, false));
    }

    /// `fdatasync`.
    public static int fdatasync(TaskStruct task, int fd) {
        return with(task, fd, file -> file.ops.fsync(file, true));
    }

    /// `sync`: everything of the host.
    @Kernel("ksys_sync")
    public static int sync(TaskStruct task) {
        task.fs.ns.mounts().forEach(mount -> mount.sb.sync());
        return 0;
    }

    /// `syncfs`: the file system that a file is on.
    @Kernel("sync_filesystem")
    public static int syncfs(TaskStruct task, int fd) {
        return with(
                task,
                fd,
                file -> {
                    Mount mnt = file.path == null ? null : file.path.mnt();
                    return mnt == null ? 0 : mnt.sb.sync();
                });
    }

    /// `sync_file_range`: `-EINVAL` for an impossible range or flags, `-ESPIPE` for files without pages.
    @Kernel("ksys_sync_file_range")
    public static int syncFileRange(TaskStruct task, int fd, long from, long count, int flags) {
        return with(
                task,
                fd,
                file -> {
                    if ((flags & ~SYNC_FILE_RANGE_ALL) != 0
                            || from < 0
                            || from + count < from
                            || count < 0) {
                        return -Errno.EINVAL;
                    }
                    int kind = file.ops.stat(file).kind();
                    if (kind != Stat.S_IFREG && kind != Stat.S_IFDIR && kind != Stat.S_IFLNK) {
                        return -Errno.ESPIPE;
                    }
                    return flags == 0 ? 0 : file.ops.fsync(file, true);
                });
    }

    /// `fadvise64`: `-ESPIPE` for a pipe, `-EINVAL` for unknown advice. Advice is taken or not, as on Linux.
    @Kernel("ksys_fadvise64_64")
    public static int fadvise64(TaskStruct task, int fd, long offset, long length, int advice) {
        return with(
                task,
                fd,
                file -> {
                    if (file.ops.stat(file).kind() == Stat.S_IFIFO) {
                        return -Errno.ESPIPE;
                    }
                    return length < 0 || advice < 0 || advice > FADV_MAX ? -Errno.EINVAL : 0;
                });
    }

    /// `readahead`: `-EBADF` unless open for reading, `-EINVAL` for files without pages.
    @Kernel("ksys_readahead")
    public static int readahead(TaskStruct task, int fd, long offset, long count) {
        return with(
                task,
                fd,
                file -> {
                    if (!file.readable()) {
                        return -Errno.EBADF;
                    }
                    Inode inode = file.inode();
                    return inode == null || !inode.isRegular() ? -Errno.EINVAL : 0;
                });
    }

    /// `fallocate`.
    @Kernel("ksys_fallocate")
    public static int fallocate(TaskStruct task, int fd, int mode, long offset, long length) {
        return with(task, fd, file -> Fallocate.fallocate(file, mode, offset, length));
    }
}
