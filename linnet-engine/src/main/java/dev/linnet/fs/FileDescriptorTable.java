package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The descriptors of one process (`struct files_struct`): small numbers that stand for open files.
///
/// A new descriptor is the lowest free one. Lookups are lock-free; changes are made under this
/// object's monitor (`file_lock`). A slot that is reserved but not yet installed is taken, and a
/// lookup of it fails with `EBADF`, as on Linux.
public final class FileDescriptorTable {
    private volatile @Nullable File[] files = new File[16];
    private final BitSet open = new BitSet();
    private final BitSet closeOnExec = new BitSet();
    private volatile int limit;

    /// @param limit `RLIMIT_NOFILE`: descriptors are smaller than this
    public FileDescriptorTable(int limit) {
        this.limit = limit;
    }

    /// `RLIMIT_NOFILE`, soft limit.
    public int limit() {
        return limit;
    }

    public void setLimit(int newLimit) {
        limit = newLimit;
    }

    /// Reserves the lowest free descriptor, or `-EMFILE` (`get_unused_fd_flags`).
    @Kernel({"get_unused_fd_flags", "alloc_fd"})
    public int reserve(boolean cloexec) {
        return reserveFrom(0, cloexec);
    }

    /// Reserves the lowest free descriptor that is not below `min` (`F_DUPFD`): `-EINVAL` if `min`
    /// is beyond the limit, `-EMFILE` if there is none.
    public synchronized int reserveFrom(int min, boolean cloexec) {
        if (min < 0 || min >= limit && min > 0) {
            return -Errno.EINVAL;
        }
        int fd = open.nextClearBit(min);
        if (fd >= limit) {
            return -Errno.EMFILE;
        }
        grow(fd);
        open.set(fd);
        closeOnExec.set(fd, cloexec);
        return fd;
    }

    private void grow(int fd) {
        if (fd >= files.length) {
            files = Arrays.copyOf(files, Math.max(fd + 1, files.length * 2));
        }
    }

    /// Makes a reserved descriptor stand for a file; takes over the caller's reference
    /// (`fd_install`).
    @Kernel("fd_install")
    public synchronized void install(int fd, File file) {
        assert open.get(fd) && files[fd] == null;
        store(fd, file);
    }

    /// A new array for each change would be costly; publication by the volatile field suffices.
    private void store(int fd, @Nullable File file) {
        @Nullable File[] table = files;
        table[fd] = file;
        files = table;
    }

    /// Gives a reserved descriptor back (`put_unused_fd`).
    @Kernel("put_unused_fd")
    public synchronized void unreserve(int fd) {
        assert files[fd] == null;
        open.clear(fd);
        closeOnExec.clear(fd);
    }

    /// The file of a descriptor with a reference for the caller, or null: `EBADF`. One that was opened
    /// with `O_PATH` is none (`fget`).
    @Kernel("fget")
    @HotPath
    public @Nullable File get(int fd) {
        File file = getRaw(fd);
        if (file != null && file.isPath()) {
            file.put();
            return null;
        }
        return file;
    }

    /// The same with those of `O_PATH` (`fget_raw`).
    @Kernel("fget_raw")
    @HotPath
    public @Nullable File getRaw(int fd) {
        while (true) {
            @Nullable File[] table = files;
            if (fd < 0 || fd >= table.length) {
                return null;
            }
            File file = table[fd];
            if (file == null) {
                return null;
            }
            // The slot may have been closed and reused between the look and the reference.
            if (file.get()) {
                if (files[fd] == file) {
                    return file;
                }
                file.put();
            }
        }
    }

    /// Closes a descriptor; 0 or `-EBADF` (`close_fd`).
    @Kernel({"close_fd", "filp_close"})
    public int close(int fd) {
        File file;
        synchronized (this) {
            file = take(fd);
        }
        if (file == null) {
            return -Errno.EBADF;
        }
        file.put();
        return 0;
    }

    private @Nullable File take(int fd) {
        if (fd < 0 || fd >= files.length || files[fd] == null) {
            return null;
        }
        File file = files[fd];
        store(fd, null);
        open.clear(fd);
        closeOnExec.clear(fd);
        return file;
    }

    /// Closes all descriptors from `first` to `last`, or marks them close-on-exec
    /// (`close_range`); 0 or `-EINVAL`.
    @Kernel("close_range")
    public int closeRange(int first, int last, boolean onlyCloexec) {
        if (Integer.compareUnsigned(first, last) > 0) {
            return -Errno.EINVAL;
        }
        int end = Integer.compareUnsigned(last, files.length - 1) < 0 ? last : files.length - 1;
        for (int fd = first; fd >= 0 && fd <= end; fd++) {
            if (onlyCloexec) {
                setCloexec(fd, true);
            } else {
                close(fd);
            }
        }
        return 0;
    }

    /// Another descriptor for the file of `oldFd`, the lowest not below `min` (`dup`, `F_DUPFD`).
    @Kernel("f_dupfd")
    public int dup(int oldFd, int min, boolean cloexec) {
        File file = getRaw(oldFd);
        if (file == null) {
            return -Errno.EBADF;
        }
        int fd = reserveFrom(min, cloexec);
        if (fd < 0) {
            file.put();
            return fd;
        }
        install(fd, file);
        return fd;
    }

    /// Makes `newFd` stand for the file of `oldFd`, closing what it stood for (`dup3`):
    /// `-EBADF`, or `-EBUSY` while another thread has reserved `newFd` but not installed it.
    @Kernel({"do_dup2", "ksys_dup3"})
    public int dup2(int oldFd, int newFd, boolean cloexec) {
        if (newFd < 0 || newFd >= limit) {
            return -Errno.EBADF;
        }
        File file = getRaw(oldFd);
        if (file == null) {
            return -Errno.EBADF;
        }
        File closed;
        synchronized (this) {
            grow(newFd);
            if (open.get(newFd) && files[newFd] == null) {
                file.put();
                return -Errno.EBUSY;
            }
            closed = files[newFd];
            open.set(newFd);
            closeOnExec.set(newFd, cloexec);
            store(newFd, file);
        }
        if (closed != null) {
            closed.put();
        }
        return newFd;
    }

    /// `FD_CLOEXEC`, or `-EBADF`.
    public synchronized int cloexec(int fd) {
        if (fd < 0 || fd >= files.length || files[fd] == null) {
            return -Errno.EBADF;
        }
        return closeOnExec.get(fd) ? 1 : 0;
    }

    /// Sets `FD_CLOEXEC`; 0 or `-EBADF`.
    public synchronized int setCloexec(int fd, boolean on) {
        if (fd < 0 || fd >= files.length || files[fd] == null) {
            return -Errno.EBADF;
        }
        closeOnExec.set(fd, on);
        return 0;
    }

    /// A copy for a child process: same files, same close-on-exec marks (`dup_fd`).
    @Kernel("dup_fd")
    public synchronized FileDescriptorTable fork() {
        FileDescriptorTable child = new FileDescriptorTable(limit);
        child.files = Arrays.copyOf(files, files.length);
        for (int fd = 0; fd < files.length; fd++) {
            File file = files[fd];
            if (file != null && file.get()) {
                child.open.set(fd);
                child.closeOnExec.set(fd, closeOnExec.get(fd));
            } else {
                child.files[fd] = null;
            }
        }
        return child;
    }

    /// Closes what is marked close-on-exec (`do_close_on_exec`).
    @Kernel("do_close_on_exec")
    public void exec() {
        for (int fd = 0; fd < files.length; fd++) {
            if (cloexec(fd) == 1) {
                close(fd);
            }
        }
    }

    /// Closes everything: the process ends (`exit_files`).
    @Kernel("exit_files")
    public void closeAll() {
        closeRange(0, Integer.MAX_VALUE, false);
    }

    /// Descriptors that stand for a file.
    public synchronized int[] openFds() {
        return open.stream().filter(fd -> files[fd] != null).toArray();
    }
}
