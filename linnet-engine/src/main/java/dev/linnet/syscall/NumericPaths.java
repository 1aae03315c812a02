package dev.linnet.syscall;

import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.Statx;

/// The calls on names by number.
final class NumericPaths {
    private static final int CWD = Fcntl.AT_FDCWD;

    private NumericPaths() {}

    static long open(TaskStruct t, UserSpace mm, long ptr, int flags, int mode) {
        return openat(t, mm, CWD, ptr, flags, mode);
    }

    static long creat(TaskStruct t, UserSpace mm, long ptr, int mode) {
        int flags = Fcntl.O_CREAT | Fcntl.O_WRONLY | Fcntl.O_TRUNC;
        return openat(t, mm, CWD, ptr, flags, mode);
    }

    static long mkdir(TaskStruct t, UserSpace mm, long ptr, int mode) {
        return mkdirat(t, mm, CWD, ptr, mode);
    }

    static long mknod(TaskStruct t, UserSpace mm, long ptr, int mode, int rdev) {
        return mknodat(t, mm, CWD, ptr, mode, rdev);
    }

    static long unlink(TaskStruct t, UserSpace mm, long ptr) {
        return unlinkat(t, mm, CWD, ptr, 0);
    }

    static long rmdir(TaskStruct t, UserSpace mm, long ptr) {
        return unlinkat(t, mm, CWD, ptr, Fcntl.AT_REMOVEDIR);
    }

    static long symlink(TaskStruct t, UserSpace mm, long target, long ptr) {
        return symlinkat(t, mm, target, CWD, ptr);
    }

    static long link(TaskStruct t, UserSpace mm, long from, long to) {
        return linkat(t, mm, CWD, from, CWD, to, 0);
    }

    static long rename(TaskStruct t, UserSpace mm, long from, long to) {
        return renameat2(t, mm, CWD, from, CWD, to, 0);
    }

    static long renameat(TaskStruct t, UserSpace mm, int oldDir, long from, int newDir, long to) {
        return renameat2(t, mm, oldDir, from, newDir, to, 0);
    }

    static long stat(TaskStruct t, UserSpace mm, long ptr, long out) {
        return newfstatat(t, mm, CWD, ptr, out, 0);
    }

    static long lstat(TaskStruct t, UserSpace mm, long ptr, long out) {
        return newfstatat(t, mm, CWD, ptr, out, Fcntl.AT_SYMLINK_NOFOLLOW);
    }

    static long openat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int flags, int mode) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : PathCalls.openat(t, dirfd, name, flags, mode);
    }

    static long mkdirat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : PathCalls.mkdirat(t, dirfd, name, mode);
    }

    static long mknodat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode, long rdev) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : PathCalls.mknodat(t, dirfd, name, mode, rdev);
    }

    static long unlinkat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int flags) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : PathCalls.unlinkat(t, dirfd, name, flags);
    }

    static long symlinkat(TaskStruct t, UserSpace mm, long targetPtr, int dirfd, long ptr) {
        int[] err = new int[1];
        String target = Uaccess.path(mm, targetPtr, err);
        String name = target == null ? null : Uaccess.path(mm, ptr, err);
        return target == null || name == null
                ? err[0]
                : PathCalls.symlinkat(t, target, dirfd, name);
    }

    static long linkat(
            TaskStruct t, UserSpace mm, int oldDir, long from, int newDir, long to, int flags) {
        int[] err = new int[1];
        String oldName = Uaccess.path(mm, from, err);
        String newName = oldName == null ? null : Uaccess.path(mm, to, err);
        return oldName == null || newName == null
                ? err[0]
                : PathCalls.linkat(t, oldDir, oldName, newDir, newName, flags);
    }

    static long renameat2(
            TaskStruct t, UserSpace mm, int oldDir, long from, int newDir, long to, int flags) {
        int[] err = new int[1];
        String oldName = Uaccess.path(mm, from, err);
        String newName = oldName == null ? null : Uaccess.path(mm, to, err);
        return oldName == null || newName == null
                ? err[0]
                : PathCalls.renameat2(t, oldDir, oldName, newDir, newName, flags);
    }

    static long newfstatat(TaskStruct t, UserSpace mm, int dirfd, long ptr, long out, int flags) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        if (name == null) {
            return err[0];
        }
        Stat[] stat = new Stat[1];
        int result = PathCalls.fstatat(t, dirfd, name, stat, flags);
        return result < 0 ? result : put(mm, stat[0], out);
    }

    static long statx(
            TaskStruct t, UserSpace mm, int dirfd, long ptr, int flags, int mask, long out) {
        int[] err = new int[1];
        boolean nameless = ptr == 0 && (flags & Fcntl.AT_EMPTY_PATH) != 0;
        String name = nameless ? null : Uaccess.path(mm, ptr, err);
        if (name == null && !nameless) {
            return err[0];
        }
        Statx[] statx = new Statx[1];
        int result = PathCalls.statx(t, dirfd, name, flags, mask, statx);
        if (result < 0) {
            return result;
        }
        byte[] raw = new byte[Statx.SIZE];
        statx[0].encode(raw, 0);
        return mm.write(out, raw, raw.length) ? 0 : -Errno.EFAULT;
    }

    static long fstat(TaskStruct t, UserSpace mm, int fd, long out) {
        Stat[] stat = new Stat[1];
        int result = PathCalls.fstat(t, fd, stat);
        return result < 0 ? result : put(mm, stat[0], out);
    }

    private static long put(UserSpace mm, Stat stat, long out) {
        byte[] raw = new byte[Stat.SIZE];
        stat.encode(raw, 0);
        return mm.write(out, raw, raw.length) ? 0 : -Errno.EFAULT;
    }

    static long truncate(TaskStruct t, UserSpace mm, long ptr, long size) {
        if (size < 0) {
            return -Errno.EINVAL;
        }
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : PathCalls.truncate(t, name, size);
    }
}
