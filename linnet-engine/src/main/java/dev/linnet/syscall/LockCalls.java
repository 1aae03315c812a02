package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.FileLocks;
import dev.linnet.fs.FileLocks.Lock;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import org.jspecify.annotations.Nullable;

/// Locks on ranges of files by `fcntl`, and on whole files by `flock` (`fs/locks.c`).
///
/// A range is a `struct flock`: 0 l_type, 2 l_whence, 8 l_start, 16 l_len, 24 l_pid.
public final class LockCalls {
    static final int FLOCK_SIZE = 32;

    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int LOCK_MAND = 32;

    private LockCalls() {}

    static boolean isCommand(int cmd) {
        return cmd >= Fcntl.F_GETLK && cmd <= Fcntl.F_SETLKW
                || cmd >= Fcntl.F_OFD_GETLK && cmd <= Fcntl.F_OFD_SETLKW;
    }

    /// `F_GETLK` and its kin. Locks of a process end when it closes any descriptor of the file, those of an
    /// open file (`F_OFD_*`) with it. `-EINVAL`, `-EOVERFLOW`, `-EBADF` if the file is not open for what the
    /// lock is for, `-EAGAIN`, `-EDEADLK`, `-EINTR`.
    static int fcntl(TaskStruct task, File file, int cmd, byte[] flock) {
        boolean ofd = cmd >= Fcntl.F_OFD_GETLK;
        int[] err = new int[1];
        boolean get = cmd == Fcntl.F_GETLK || cmd == Fcntl.F_OFD_GETLK;
        int type = Abi.getShort(flock, 0);
        if (cmd == Fcntl.F_GETLK && type == Fcntl.F_UNLCK) {
            return -Errno.EINVAL;
        }
        Lock wish = wish(task, file, ofd, flock, err);
        if (wish == null) {
            return err[0];
        }
        if (!get && !mayLock(file, type)) {
            return -Errno.EBADF;
        }
        if (ofd && Abi.getInt(flock, 24) != 0) {
            return -Errno.EINVAL;
        }
        FileLocks locks = file.locks();
        return switch (cmd) {
            case Fcntl.F_GETLK, Fcntl.F_OFD_GETLK -> get(locks.conflict(wish), flock);
            case Fcntl.F_SETLK, Fcntl.F_OFD_SETLK -> locks.set(wish);
            default -> locks.setAndWait(wish, task.net.scheduler);
        };
    }

    @Kernel("check_fmode_for_setlk")
    private static boolean mayLock(File file, int type) {
        return type == Fcntl.F_UNLCK || (type == Fcntl.F_RDLCK ? file.readable() : file.writable());
    }

    @Kernel("flock_to_posix_lock")
    private static @Nullable Lock wish(
            TaskStruct task, File file, boolean ofd, byte[] flock, int[] err) {
        long base =
                switch (Abi.getShort(flock, 2)) {
                    case SEEK_SET -> 0;
                    case SEEK_CUR -> file.pos;
                    case SEEK_END -> file.ops.stat(file).size();
                    default -> -1;
                };
        long start = Abi.getLong(flock, 8);
        long length = Abi.getLong(flock, 16);
        if (base < 0) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        if (start > Long.MAX_VALUE - base) {
            err[0] = -Errno.EOVERFLOW;
            return null;
        }
        start += base;
        long end = length > 0 ? start + length - 1 : length < 0 ? start - 1 : Long.MAX_VALUE;
        if (start < 0 || length < 0 && start + length < 0) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        if (length > 0 && end < start) {
            err[0] = -Errno.EOVERFLOW;
            return null;
        }
        int type = Abi.getShort(flock, 0);
        if (type > Fcntl.F_UNLCK) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        long from = length < 0 ? start + length : start;
        return ofd
                ? new Lock(file, -1, type, from, end)
                : new Lock(task.files, task.pid, type, from, end);
    }

    private static int get(@Nullable Lock lock, byte[] flock) {
        if (lock == null) {
            Abi.putShort(flock, 0, Fcntl.F_UNLCK);
            return 0;
        }
        Abi.putShort(flock, 0, lock.type());
        Abi.putShort(flock, 2, SEEK_SET);
        Abi.putLong(flock, 8, lock.start());
        Abi.putLong(flock, 16, lock.end() == Long.MAX_VALUE ? 0 : lock.end() - lock.start() + 1);
        Abi.putInt(flock, 24, lock.pid());
        return 0;
    }

    /// `flock`: a lock of the open file on the whole file. One of another type takes the place of the one
    /// there is, which is gone even if the new one is not to be had. `-EAGAIN` with `LOCK_NB`.
    @Kernel("flock_lock_inode")
    public static int flock(TaskStruct task, int fd, int operation) {
        int kind = operation & ~LOCK_NB;
        if ((operation & LOCK_MAND) != 0) {
            return 0; // locks of a kind that is no more; asking for them does nothing
        }
        if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN) {
            return -Errno.EINVAL;
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            int type = kind == LOCK_SH ? Fcntl.F_RDLCK : Fcntl.F_WRLCK;
            FileLocks locks = file.wholeLocks();
            Lock wish = new Lock(file, -1, type, 0, Long.MAX_VALUE);
            if (kind == LOCK_UN) {
                locks.release(file);
                return 0;
            }
            if (locks.set(wish) == 0) {
                return 0;
            }
            locks.release(file);
            return (operation & LOCK_NB) != 0
                    ? locks.set(wish)
                    : locks.setAndWait(wish, task.net.scheduler);
        } finally {
            file.put();
        }
    }
}
