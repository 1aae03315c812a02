package dev.linnet.syscall;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.StatFs;
import java.nio.charset.StandardCharsets;

/// The calls on attributes and directories by number that have pointers.
final class NumericAttrs {
    private static final int CWD = Fcntl.AT_FDCWD;
    private static final int OPEN_HOW = 24;
    private static final int PAGE_SIZE = 4096;

    private NumericAttrs() {}

    static long chmod(TaskStruct t, UserSpace mm, long ptr, int mode) {
        return fchmodat2(t, mm, CWD, ptr, mode, 0);
    }

    static long fchmodat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode) {
        return fchmodat2(t, mm, dirfd, ptr, mode, 0);
    }

    static long fchmodat2(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode, int flags) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : AttrCalls.fchmodat(t, dirfd, name, mode, flags);
    }

    static long chown(TaskStruct t, UserSpace mm, long ptr, int uid, int gid) {
        return fchownat(t, mm, CWD, ptr, uid, gid, 0);
    }

    static long lchown(TaskStruct t, UserSpace mm, long ptr, int uid, int gid) {
        return fchownat(t, mm, CWD, ptr, uid, gid, Fcntl.AT_SYMLINK_NOFOLLOW);
    }

    static long fchownat(
            TaskStruct t, UserSpace mm, int dirfd, long ptr, int uid, int gid, int flags) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : AttrCalls.fchownat(t, dirfd, name, uid, gid, flags);
    }

    static long access(TaskStruct t, UserSpace mm, long ptr, int mode) {
        return faccessat2(t, mm, CWD, ptr, mode, 0);
    }

    static long faccessat(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode) {
        return faccessat2(t, mm, dirfd, ptr, mode, 0);
    }

    static long faccessat2(TaskStruct t, UserSpace mm, int dirfd, long ptr, int mode, int flags) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : AttrCalls.faccessat(t, dirfd, name, mode, flags);
    }

    static long utimensat(
            TaskStruct t, UserSpace mm, int dirfd, long ptr, long timesPtr, int flags) {
        long[] times = null;
        if (timesPtr != 0) {
            byte[] raw = mm.read(timesPtr, 32);
            if (raw == null) {
                return -Errno.EFAULT;
            }
            times = new long[4];
            for (int i = 0; i < times.length; i++) {
                times[i] = Abi.getLong(raw, 8 * i);
            }
        }
        int[] err = new int[1];
        String name = ptr == 0 ? null : Uaccess.path(mm, ptr, err);
        return name == null && ptr != 0
                ? err[0]
                : AttrCalls.utimensat(t, dirfd, name, times, flags);
    }

    static long statfs(TaskStruct t, UserSpace mm, long ptr, long out) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        if (name == null) {
            return err[0];
        }
        StatFs[] result = new StatFs[1];
        int n = AttrCalls.statfs(t, name, result);
        return n < 0 ? n : put(mm, result[0], out);
    }

    static long fstatfs(TaskStruct t, UserSpace mm, int fd, long out) {
        StatFs[] result = new StatFs[1];
        int n = AttrCalls.fstatfs(t, fd, result);
        return n < 0 ? n : put(mm, result[0], out);
    }

    private static long put(UserSpace mm, StatFs statfs, long out) {
        byte[] raw = new byte[StatFs.SIZE];
        statfs.encode(raw, 0);
        return mm.write(out, raw, raw.length) ? 0 : -Errno.EFAULT;
    }

    static long chdir(TaskStruct t, UserSpace mm, long ptr) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : DirCalls.chdir(t, name);
    }

    static long chroot(TaskStruct t, UserSpace mm, long ptr) {
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        return name == null ? err[0] : DirCalls.chroot(t, name);
    }

    static long getcwd(TaskStruct t, UserSpace mm, long ptr, long room) {
        String[] out = new String[1];
        int length = DirCalls.getcwd(t, room, out);
        if (length < 0) {
            return length;
        }
        byte[] raw = (out[0] + "\0").getBytes(StandardCharsets.UTF_8);
        return mm.write(ptr, raw, raw.length) ? length : -Errno.EFAULT;
    }

    static long readlink(TaskStruct t, UserSpace mm, long ptr, long out, int room) {
        return readlinkat(t, mm, CWD, ptr, out, room);
    }

    /// What the link says, without a zero byte, cut off where the room ends.
    static long readlinkat(TaskStruct t, UserSpace mm, int dirfd, long ptr, long out, int room) {
        if (room <= 0) {
            return -Errno.EINVAL;
        }
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        if (name == null) {
            return err[0];
        }
        String[] target = new String[1];
        int n = PathCalls.readlinkat(t, dirfd, name, target);
        if (n < 0) {
            return n;
        }
        byte[] raw = target[0].getBytes(StandardCharsets.UTF_8);
        int length = Math.min(raw.length, room);
        return mm.write(out, raw, length) ? length : -Errno.EFAULT;
    }

    /// As many entries as fit; `-EINVAL` if not even one does.
    static long getdents64(TaskStruct t, UserSpace mm, int fd, long out, int room) {
        int[] used = new int[1];
        int[] failed = new int[1];
        int err =
                DirCalls.getdents(
                        t,
                        fd,
                        entry -> {
                            int size = entry.size();
                            if (size > room - used[0]) {
                                failed[0] = -Errno.EINVAL;
                                return false;
                            }
                            byte[] raw = new byte[size];
                            entry.encode(raw, 0);
                            if (!mm.write(out + used[0], raw, size)) {
                                failed[0] = -Errno.EFAULT;
                                return false;
                            }
                            used[0] += size;
                            return true;
                        });
        if (err < 0) {
            return err;
        }
        return used[0] > 0 ? used[0] : failed[0];
    }

    /// `-EINVAL` for a structure that is too short, `-E2BIG` for one with fields that are not known.
    static long openat2(TaskStruct t, UserSpace mm, int dirfd, long ptr, long howPtr, long size) {
        if (size < OPEN_HOW) {
            return -Errno.EINVAL;
        }
        if (size > PAGE_SIZE) {
            return -Errno.E2BIG;
        }
        byte[] how = mm.read(howPtr, (int) size);
        if (how == null) {
            return -Errno.EFAULT;
        }
        for (int i = OPEN_HOW; i < how.length; i++) {
            if (how[i] != 0) {
                return -Errno.E2BIG;
            }
        }
        int[] err = new int[1];
        String name = Uaccess.path(mm, ptr, err);
        long flags = Abi.getLong(how, 0);
        return name == null
                ? err[0]
                : PathCalls.openat2(
                        t, dirfd, name, flags, Abi.getLong(how, 8), Abi.getLong(how, 16));
    }
}
