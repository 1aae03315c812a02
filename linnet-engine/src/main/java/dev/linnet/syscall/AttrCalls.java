package dev.linnet.syscall;

import dev.linnet.fs.Attr;
import dev.linnet.fs.File;
import dev.linnet.fs.Iattr;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Mount;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.StatFs;
import org.jspecify.annotations.Nullable;

/// The calls on what files are: permissions, owners, times, sizes of file systems (`fs/open.c`,
/// `fs/utimes.c`, `fs/statfs.c`).
public final class AttrCalls {
    /// In place of nanoseconds: the present moment.
    public static final long UTIME_NOW = 0x3fffffff;

    /// In place of nanoseconds: leave it.
    public static final long UTIME_OMIT = 0x3ffffffe;

    private static final long NSEC = 1_000_000_000L;
    private static final int LINK_FLAGS = Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_EMPTY_PATH;
    private static final long SOCKFS_MAGIC = 0x534f434b;
    private static final long PIPEFS_MAGIC = 0x50495045;
    private static final long ANON_INODE_FS_MAGIC = 0x09041934;

    private AttrCalls() {}

    private static int lookupFlags(int flags) {
        int follow = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Nameidata.LOOKUP_FOLLOW;
        return (flags & Fcntl.AT_EMPTY_PATH) != 0 ? follow | Nameidata.LOOKUP_EMPTY : follow;
    }

    /// What is done to the place that a name or a descriptor leads to.
    @FunctionalInterface
    private interface Change {
        int on(VfsPath path);
    }

    private static int byName(
            TaskStruct task, int dirfd, String name, int lookupFlags, Change change) {
        int[] err = new int[1];
        VfsPath path = PathCalls.find(task, dirfd, name, lookupFlags, err);
        return path == null ? err[0] : change.on(path);
    }

    private static int byDescriptor(TaskStruct task, int fd, Change change) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            // D-040: sockets and pipes have no attributes that can be changed.
            return file.path == null ? 0 : change.on(file.path);
        } finally {
            file.put();
        }
    }

    /// `fchmodat2`: `-EINVAL` for unknown flags.
    @Kernel("do_fchmodat")
    public static int fchmodat(TaskStruct task, int dirfd, String name, int mode, int flags) {
        return (flags & ~LINK_FLAGS) != 0
                ? -Errno.EINVAL
                : byName(
                        task,
                        dirfd,
                        name,
                        lookupFlags(flags),
                        path -> Attr.chmod(path, mode, task.cred()));
    }

    /// `fchmod`.
    @Kernel("vfs_fchmod")
    public static int fchmod(TaskStruct task, int fd, int mode) {
        return byDescriptor(task, fd, path -> Attr.chmod(path, mode, task.cred()));
    }

    /// `fchownat`: `-EINVAL` for unknown flags.
    @Kernel("do_fchownat")
    public static int fchownat(
            TaskStruct task, int dirfd, String name, int uid, int gid, int flags) {
        return (flags & ~LINK_FLAGS) != 0
                ? -Errno.EINVAL
                : byName(
                        task,
                        dirfd,
                        name,
                        lookupFlags(flags),
                        path -> Attr.chown(path, uid, gid, task.cred()));
    }

    /// `fchown`.
    @Kernel("ksys_fchown")
    public static int fchown(TaskStruct task, int fd, int uid, int gid) {
        return byDescriptor(task, fd, path -> Attr.chown(path, uid, gid, task.cred()));
    }

    /// `umask`: the one before.
    public static int umask(TaskStruct task, int mask) {
        int old = task.fs.umask;
        task.fs.umask = mask & 0777;
        return old;
    }

    /// `utimensat`: of the name, or of `dirfd` itself if that is null. `times` are seconds and nanoseconds
    /// of access and change, or null for the present moment.
    @Kernel("do_utimes")
    public static int utimensat(
            TaskStruct task, int dirfd, @Nullable String name, long @Nullable [] times, int flags) {
        if (times != null && times[1] == UTIME_OMIT && times[3] == UTIME_OMIT) {
            return 0;
        }
        if (times != null && !(validNanos(times[1]) && validNanos(times[3]))) {
            return -Errno.EINVAL;
        }
        Change change =
                path -> {
                    Iattr attr = times(path.dentry().sb.now(), times);
                    boolean now = times == null || times[1] == UTIME_NOW && times[3] == UTIME_NOW;
                    return Attr.utimes(path, attr, now, task.cred());
                };
        if (name == null && dirfd != Fcntl.AT_FDCWD) {
            return flags != 0 ? -Errno.EINVAL : byDescriptor(task, dirfd, change);
        }
        if ((flags & ~LINK_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        return name == null ? -Errno.EFAULT : byName(task, dirfd, name, lookupFlags(flags), change);
    }

    @Kernel("nsec_valid")
    private static boolean validNanos(long ns) {
        return ns == UTIME_NOW || ns == UTIME_OMIT || ns >= 0 && ns < NSEC;
    }

    private static Iattr times(long now, long @Nullable [] times) {
        Iattr attr = new Iattr();
        attr.hasAtime = times == null || times[1] != UTIME_OMIT;
        attr.atime = times == null || times[1] == UTIME_NOW ? now : times[0] * NSEC + times[1];
        attr.hasMtime = times == null || times[3] != UTIME_OMIT;
        attr.mtime = times == null || times[3] == UTIME_NOW ? now : times[2] * NSEC + times[3];
        return attr;
    }

    /// `faccessat2`: may he read (4), write (2), run (1) it, or is it there (0)? `-EINVAL` for other modes
    /// and flags, `-EROFS`.
    @Kernel("do_faccessat")
    public static int faccessat(TaskStruct task, int dirfd, String name, int mode, int flags) {
        if ((mode & ~7) != 0 || (flags & ~(LINK_FLAGS | Fcntl.AT_EACCESS)) != 0) {
            return -Errno.EINVAL;
        }
        return byName(
                task,
                dirfd,
                name,
                lookupFlags(flags),
                path -> {
                    Inode inode = path.inode();
                    int err = inode.permission(mode, task.cred());
                    boolean stored = inode.isRegular() || inode.isDir() || inode.isSymlink();
                    boolean write = (mode & Inode.MAY_WRITE) != 0 && stored;
                    return err < 0 || !write ? err : path.mnt().wantWrite();
                });
    }

    /// `statfs`: into `out[0]`.
    @Kernel("user_statfs")
    public static int statfs(TaskStruct task, String name, StatFs[] out) {
        return byName(
                task,
                Fcntl.AT_FDCWD,
                name,
                Nameidata.LOOKUP_FOLLOW,
                path -> {
                    out[0] = statfs(path.mnt());
                    return 0;
                });
    }

    @Kernel({"vfs_statfs", "calculate_f_flags"})
    private static StatFs statfs(Mount mnt) {
        boolean readOnly = mnt.readOnly || mnt.sb.readOnly;
        int flags = StatFs.ST_VALID | StatFs.ST_RELATIME | (readOnly ? StatFs.ST_RDONLY : 0);
        return mnt.sb.statfs().withFlags(flags);
    }

    /// `fstatfs`: into `out[0]`.
    @Kernel("fd_statfs")
    public static int fstatfs(TaskStruct task, int fd, StatFs[] out) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            out[0] =
                    file.path != null
                            ? statfs(file.path.mnt())
                            : new StatFs(magic(file), 4096, 0, 0, 0, 0, 0, 0, 255, 4096, 0x20);
            return 0;
        } finally {
            file.put();
        }
    }

    private static long magic(File file) {
        return switch (file.ops.stat(file).kind()) {
            case Stat.S_IFSOCK -> SOCKFS_MAGIC;
            case Stat.S_IFIFO -> PIPEFS_MAGIC;
            default -> ANON_INODE_FS_MAGIC;
        };
    }
}
