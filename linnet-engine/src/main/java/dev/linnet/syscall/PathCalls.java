package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Namei;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.Openat;
import dev.linnet.fs.PathLookup;
import dev.linnet.fs.Truncate;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.Statx;
import org.jspecify.annotations.Nullable;

/// The calls that take names (`fs/namei.c`, `fs/open.c`, `fs/stat.c`). `dirfd` is where names that do
/// not begin with `/` start: an open directory, or `AT_FDCWD`.
public final class PathCalls {
    private PathCalls() {}

    static Nameidata walk(TaskStruct task, int dirfd) {
        return new Nameidata(task.fs, task.cred(), task.files, dirfd);
    }

    /// `openat`: the new descriptor.
    @Kernel("do_sys_openat2")
    public static int openat(TaskStruct task, int dirfd, String name, int flags, int mode) {
        PathLookup own = task.paths;
        return install(
                task,
                (flags & Fcntl.O_CLOEXEC) != 0,
                err ->
                        own == null
                                ? Openat.open(walk(task, dirfd), name, flags, mode, err)
                                : own.open(name, err));
    }

    /// `mkdirat`.
    @Kernel("do_mkdirat")
    public static int mkdirat(TaskStruct task, int dirfd, String name, int mode) {
        return Namei.mkdir(walk(task, dirfd), name, mode);
    }

    /// `mknodat`.
    @Kernel("do_mknodat")
    public static int mknodat(TaskStruct task, int dirfd, String name, int mode, long rdev) {
        return Namei.mknod(walk(task, dirfd), name, mode, rdev);
    }

    /// `unlinkat`: `-EINVAL` for flags other than `AT_REMOVEDIR`.
    @Kernel({"do_unlinkat", "do_rmdir"})
    public static int unlinkat(TaskStruct task, int dirfd, String name, int flags) {
        if ((flags & ~Fcntl.AT_REMOVEDIR) != 0) {
            return -Errno.EINVAL;
        }
        Nameidata nd = walk(task, dirfd);
        return flags != 0 ? Namei.rmdir(nd, name) : Namei.unlink(nd, name);
    }

    /// `symlinkat`.
    @Kernel("do_symlinkat")
    public static int symlinkat(TaskStruct task, String target, int dirfd, String name) {
        return Namei.symlink(walk(task, dirfd), target, name);
    }

    /// `renameat2`.
    @Kernel("do_renameat2")
    public static int renameat2(
            TaskStruct task, int oldDir, String oldName, int newDir, String newName, int flags) {
        return Namei.rename(walk(task, oldDir), oldName, walk(task, newDir), newName, flags);
    }

    /// `linkat`: `-EINVAL` for unknown flags, `-ENOENT` for an empty name without `AT_EMPTY_PATH`.
    @Kernel("do_linkat")
    public static int linkat(
            TaskStruct task, int oldDir, String oldName, int newDir, String newName, int flags) {
        if ((flags & ~(Fcntl.AT_SYMLINK_FOLLOW | Fcntl.AT_EMPTY_PATH)) != 0) {
            return -Errno.EINVAL;
        }
        boolean empty = (flags & Fcntl.AT_EMPTY_PATH) != 0;
        if (empty && !task.cred().privileged()) {
            return -Errno.ENOENT;
        }
        int lookup = empty ? Nameidata.LOOKUP_EMPTY : 0;
        lookup |= (flags & Fcntl.AT_SYMLINK_FOLLOW) != 0 ? Nameidata.LOOKUP_FOLLOW : 0;
        Nameidata old = walk(task, oldDir);
        int err = old.lookup(oldName, lookup);
        return err < 0 ? err : Namei.link(old.path(), walk(task, newDir), newName);
    }

    /// What a name leads to, or null and `-errno` in `err[0]`.
    static @Nullable VfsPath find(
            TaskStruct task, int dirfd, String name, int lookupFlags, int[] err) {
        Nameidata nd = walk(task, dirfd);
        err[0] = nd.lookup(name, lookupFlags);
        return err[0] < 0 ? null : nd.path();
    }

    /// `newfstatat`: into `out[0]`. `flags`: `AT_SYMLINK_NOFOLLOW`, `AT_EMPTY_PATH`, `AT_NO_AUTOMOUNT`.
    @Kernel({"vfs_fstatat", "vfs_statx"})
    public static int fstatat(
            TaskStruct task, int dirfd, String name, Stat @Nullable [] out, int flags) {
        int known = Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_EMPTY_PATH | Fcntl.AT_NO_AUTOMOUNT;
        if ((flags & ~known) != 0) {
            return -Errno.EINVAL;
        }
        boolean empty = (flags & Fcntl.AT_EMPTY_PATH) != 0;
        if (empty && name.isEmpty() && dirfd != Fcntl.AT_FDCWD) {
            return fstat(task, dirfd, out);
        }
        int lookup = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Nameidata.LOOKUP_FOLLOW;
        lookup |= empty ? Nameidata.LOOKUP_EMPTY : 0;
        int[] err = new int[1];
        VfsPath path = find(task, dirfd, name, lookup, err);
        if (path != null && out != null) {
            out[0] = path.inode().getattr();
        }
        return err[0];
    }

    /// `statx`: into `out[0]`. Without a name what `dirfd` stands for. `-EINVAL` for unknown flags, or for what
    /// must not be asked for.
    ///
    /// @param mask what is asked for, `STATX_*`
    @Kernel({"do_statx", "vfs_statx"})
    public static int statx(
            TaskStruct task, int dirfd, @Nullable String name, int flags, int mask, Statx[] out) {
        int known = Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_EMPTY_PATH | Fcntl.AT_NO_AUTOMOUNT;
        if ((mask & Statx.STATX_RESERVED) != 0
                || (flags & Fcntl.AT_STATX_SYNC_TYPE) == Fcntl.AT_STATX_SYNC_TYPE
                || (flags & ~(known | Fcntl.AT_STATX_SYNC_TYPE)) != 0) {
            return -Errno.EINVAL;
        }
        boolean empty = (flags & Fcntl.AT_EMPTY_PATH) != 0;
        if (empty && (name == null || name.isEmpty()) && dirfd >= 0) {
            return fdStatx(task, dirfd, mask, out);
        }
        if (name == null) {
            return -Errno.EFAULT;
        }
        int lookup = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Nameidata.LOOKUP_FOLLOW;
        lookup |= empty ? Nameidata.LOOKUP_EMPTY : 0;
        int[] err = new int[1];
        VfsPath path = find(task, dirfd, name, lookup, err);
        if (path != null) {
            out[0] = statx(path, path.inode().getattr(), mask);
        }
        return err[0];
    }

    @Kernel("do_statx_fd")
    private static int fdStatx(TaskStruct task, int fd, int mask, Statx[] out) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            out[0] = statx(file.path, file.ops.stat(file), mask);
            return 0;
        } finally {
            file.put();
        }
    }

    private static Statx statx(@Nullable VfsPath path, Stat stat, int mask) {
        boolean unique = (mask & Statx.STATX_MNT_ID_UNIQUE) != 0;
        int given = unique ? Statx.STATX_MNT_ID_UNIQUE : Statx.STATX_MNT_ID;
        long known =
                Statx.STATX_ATTR_AUTOMOUNT | Statx.STATX_ATTR_MOUNT_ROOT | Statx.STATX_ATTR_DAX;
        if (path == null) {
            return new Statx(stat, given | Statx.STATX_BASIC_STATS, 0, known, 0);
        }
        int asked = Statx.STATX_MTIME_CTIME | Statx.STATX_BTIME;
        given |= Statx.STATX_BASIC_STATS & ~Statx.STATX_MTIME_CTIME | mask & asked;
        known |= Statx.STATX_ATTR_IMMUTABLE | Statx.STATX_ATTR_APPEND | Statx.STATX_ATTR_NODUMP;
        boolean top = path.dentry() == path.mnt().root;
        return new Statx(stat, given, top ? Statx.STATX_ATTR_MOUNT_ROOT : 0, known, path.mnt().id);
    }

    /// `fstat`: into `out[0]`.
    @Kernel("vfs_fstat")
    public static int fstat(TaskStruct task, int fd, Stat @Nullable [] out) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (out != null) {
                out[0] = file.ops.stat(file);
            }
            return 0;
        } finally {
            file.put();
        }
    }

    /// `truncate`: `-EINVAL` for a negative size.
    @Kernel("do_sys_truncate")
    public static int truncate(TaskStruct task, String name, long size) {
        if (size < 0) {
            return -Errno.EINVAL;
        }
        int[] err = new int[1];
        task.enter();
        VfsPath path = find(task, Fcntl.AT_FDCWD, name, Nameidata.LOOKUP_FOLLOW, err);
        return path == null ? err[0] : Truncate.truncate(path, size, task.cred());
    }

    /// `ftruncate`: `-EINVAL` for a negative size.
    @Kernel("do_sys_ftruncate")
    public static int ftruncate(TaskStruct task, int fd, long size) {
        if (size < 0) {
            return -Errno.EINVAL;
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            task.enter();
            return Truncate.ftruncate(file, size);
        } finally {
            file.put();
        }
    }

    /// `readlinkat`: what a symbolic link says, in `out[0]`; `-EINVAL` if it is none, `-ENOENT` if it is an
    /// open file that is none.
    @Kernel("do_readlinkat")
    public static int readlinkat(TaskStruct task, int dirfd, String name, String[] out) {
        int[] err = new int[1];
        VfsPath path = find(task, dirfd, name, Nameidata.LOOKUP_EMPTY, err);
        if (path == null) {
            return err[0];
        }
        String target = path.inode().getLink();
        if (target == null) {
            return name.isEmpty() ? -Errno.ENOENT : -Errno.EINVAL;
        }
        path.inode().accessed();
        out[0] = target;
        return 0;
    }

    /// `openat2`: `-EINVAL` for flags and modes that `openat` would ignore.
    ///
    /// @param resolve `RESOLVE_*`, what the walk must not do
    @Kernel("do_sys_openat2")
    public static int openat2(
            TaskStruct task, int dirfd, String name, long flags, long mode, long resolve) {
        int err = Openat.checkHow(flags, mode, resolve);
        if (err < 0) {
            return err;
        }
        return install(
                task,
                (flags & Fcntl.O_CLOEXEC) != 0,
                result ->
                        Openat.open(
                                walk(task, dirfd), name, (int) flags, (int) mode, resolve, result));
    }

    /// Opens a file: null and `-errno` in `err[0]`.
    interface Opener {
        @Nullable File open(int[] err);
    }

    /// A descriptor for a file that is opened then.
    static int install(TaskStruct task, boolean cloexec, Opener opener) {
        int fd = task.files.reserve(cloexec);
        if (fd < 0) {
            return fd;
        }
        task.enter();
        int[] err = new int[1];
        File file = opener.open(err);
        if (file == null) {
            task.files.unreserve(fd);
            return err[0];
        }
        task.files.install(fd, file);
        return fd;
    }
}
