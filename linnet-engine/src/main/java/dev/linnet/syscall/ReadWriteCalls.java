package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.FileOperations;
import dev.linnet.fs.IovIter;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Rwf;
import java.nio.ByteBuffer;

/// Reading and writing (`fs/read_write.c`). The checks are in Linux's order: the descriptor, a position
/// where there is none, the mode, what the kind of file can do, the caller's memory, the range.
public final class ReadWriteCalls {
    /// Most bytes that one call moves (`MAX_RW_COUNT`).
    private static final int MAX_RW_COUNT = 0x7ffff000;

    private static final int UIO_MAXIOV = 1024;

    /// In place of a position: that of the file.
    private static final long OWN = -1;

    private static final int SEEK_MAX = 4;
    private static final ThreadLocal<IovIter> ITER = ThreadLocal.withInitial(IovIter::new);

    private ReadWriteCalls() {}

    /// The calling thread's iterator over one buffer.
    public static IovIter iter(ByteBuffer data) {
        return ITER.get().set(data);
    }

    /// The same over several; more than 1024 are an error.
    public static IovIter iter(ByteBuffer[] data) {
        IovIter iter = ITER.get().set(data, 0, data.length);
        if (data.length > UIO_MAXIOV) {
            iter.error = -Errno.EINVAL;
        }
        return iter;
    }

    /// `read`.
    @Kernel("ksys_read")
    @HotPath
    public static long read(TaskStruct task, int fd, IovIter to) {
        return call(task, fd, to, true, OWN, false, 0);
    }

    /// `write`.
    @Kernel("ksys_write")
    @HotPath
    public static long write(TaskStruct task, int fd, IovIter from) {
        return call(task, fd, from, false, OWN, false, 0);
    }

    /// `readv`; with `flags`: `preadv2` at the file's own position.
    @Kernel("do_readv")
    public static long readv(TaskStruct task, int fd, IovIter to, int flags) {
        return call(task, fd, to, true, OWN, true, flags);
    }

    /// `writev`; with `flags`: `pwritev2` at the file's own position.
    @Kernel("do_writev")
    public static long writev(TaskStruct task, int fd, IovIter from, int flags) {
        return call(task, fd, from, false, OWN, true, flags);
    }

    /// `pread64`: `-EINVAL` for a negative position, `-ESPIPE` for a file without one.
    @Kernel("ksys_pread64")
    public static long pread(TaskStruct task, int fd, IovIter to, long pos) {
        return pos < 0 ? -Errno.EINVAL : call(task, fd, to, true, pos, false, 0);
    }

    /// `pwrite64`.
    @Kernel("ksys_pwrite64")
    public static long pwrite(TaskStruct task, int fd, IovIter from, long pos) {
        return pos < 0 ? -Errno.EINVAL : call(task, fd, from, false, pos, false, 0);
    }

    /// `preadv2`, and with no flags `preadv`.
    @Kernel("do_preadv")
    public static long preadv(TaskStruct task, int fd, IovIter to, long pos, int flags) {
        return pos < 0 ? -Errno.EINVAL : call(task, fd, to, true, pos, true, flags);
    }

    /// `pwritev2`, and with no flags `pwritev`.
    @Kernel("do_pwritev")
    public static long pwritev(TaskStruct task, int fd, IovIter from, long pos, int flags) {
        return pos < 0 ? -Errno.EINVAL : call(task, fd, from, false, pos, true, flags);
    }

    @Kernel({"fdget_pos", "__fdget_pos"})
    @HotPath
    private static long call(
            TaskStruct task,
            int fd,
            IovIter iter,
            boolean in,
            long pos,
            boolean vector,
            int flags) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            task.enter();
            if (pos != OWN && !file.ops.seekable()) {
                return -Errno.ESPIPE;
            }
            int bad = check(file, iter, in);
            if (bad < 0 || vector && iter.count() == 0) {
                return bad;
            }
            if (!file.ops.seekable()) {
                bad = flags == 0 ? 0 : setRwFlags(file, iter, flags);
                iter.truncate(MAX_RW_COUNT);
                return bad < 0 ? bad : transfer(file, iter, in, 0);
            }
            if (pos != OWN) {
                return checkedTransfer(file, iter, in, pos, flags);
            }
            synchronized (file) {
                long n = checkedTransfer(file, iter, in, file.pos, flags);
                if (n > 0) {
                    file.pos = iter.kiPos + n;
                }
                return n;
            }
        } finally {
            file.put();
        }
    }

    /// The mode, what the file can do, the caller's memory (the beginning of `vfs_read`, `vfs_write`).
    @Kernel({"vfs_read", "vfs_write"})
    @HotPath
    private static int check(File file, IovIter iter, boolean in) {
        if (!(in ? file.readable() : file.writable())) {
            return -Errno.EBADF;
        }
        return file.ops.canReadWrite() ? iter.error : -Errno.EINVAL;
    }

    @HotPath
    private static long checkedTransfer(File file, IovIter iter, boolean in, long pos, int flags) {
        int bad = verifyArea(pos, iter.count());
        if (bad == 0 && flags != 0) {
            bad = setRwFlags(file, iter, flags);
        }
        if (bad < 0) {
            return bad;
        }
        iter.truncate(MAX_RW_COUNT);
        iter.kiPos = pos;
        return transfer(file, iter, in, pos);
    }

    /// Is the range one that a file can have? 0 or `-EINVAL`.
    @Kernel("rw_verify_area")
    @HotPath
    private static int verifyArea(long pos, long count) {
        return pos < 0 || pos + count < 0 ? -Errno.EINVAL : 0;
    }

    @Kernel({"new_sync_read", "new_sync_write"})
    @HotPath
    private static long transfer(File file, IovIter iter, boolean in, long pos) {
        FileOperations ops = file.ops;
        return in ? ops.read(file, iter, pos) : ops.write(file, iter, pos);
    }

    /// What the flags of `preadv2` and `pwritev2` ask for: 0, `-EOPNOTSUPP` for what the kernel or the file
    /// does not know, `-EINVAL` for what contradicts itself.
    @Kernel("kiocb_set_rw_flags")
    private static int setRwFlags(File file, IovIter iter, int flags) {
        boolean more = (flags & ~Rwf.RWF_HIPRI) != 0;
        if ((flags & ~Rwf.SUPPORTED) != 0 || more && !file.ops.hasIter()) {
            return -Errno.EOPNOTSUPP;
        }
        int both = Rwf.RWF_APPEND | Rwf.RWF_NOAPPEND;
        if ((flags & both) == both) {
            return -Errno.EINVAL;
        }
        boolean nowait = (flags & Rwf.RWF_NOWAIT) != 0;
        if (nowait && !file.ops.canNowait()
                || (flags & Rwf.RWF_ATOMIC) != 0
                || (flags & Rwf.RWF_DONTCACHE) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        iter.rwFlags = flags;
        return 0;
    }

    /// `lseek`: `-EINVAL` for an unknown `whence`, `-ESPIPE` for files without a position.
    @Kernel({"ksys_lseek", "vfs_llseek"})
    public static long lseek(TaskStruct task, int fd, long offset, int whence) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (whence < 0 || whence > SEEK_MAX) {
                return -Errno.EINVAL;
            }
            synchronized (file) {
                return file.ops.llseek(file, offset, whence);
            }
        } finally {
            file.put();
        }
    }
}
