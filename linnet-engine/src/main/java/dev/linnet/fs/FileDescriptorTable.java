package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// The descriptors of one process (`struct files_struct`): small numbers that stand for open files.
/// Processes can share one.
///
/// A new descriptor is the lowest free one. Lookups are lock-free; changes are made under this
/// object's monitor (`file_lock`). A slot that is reserved but not yet installed is taken, and a
/// lookup of it fails with `EBADF`, as on Linux.
public final class FileDescriptorTable {
    /// Descriptors that a table has room for at first, and when it grows for the first time.
    private static final int MIN_SIZE = 64;

    private static final int GROWN_SIZE = 128;

    private final FilesStat stat;

    @Kernel("files_fdtable")
    private volatile @Nullable File[] files = new File[MIN_SIZE];

    private final BitSet open = new BitSet();
    private final BitSet closeOnExec = new BitSet();
    private volatile int limit;

    /// Whether `fs.file-max` does not count for the user (`CAP_SYS_ADMIN`).
    private volatile boolean privileged = true;

    /// No descriptor below this one is free (`next_fd`).
    private int nextFd;

    /// Processes that have this table.
    private int users = 1;

    /// @param stat the host's open files
    /// @param limit `RLIMIT_NOFILE`: descriptors are smaller than this
    public FileDescriptorTable(FilesStat stat, int limit) {
        this.stat = stat;
        this.limit = limit;
    }

    /// `RLIMIT_NOFILE`, soft limit; compare unsigned.
    public int limit() {
        return limit;
    }

    public void setLimit(int newLimit) {
        limit = newLimit;
    }

    /// Sets whether the user may open more than `fs.file-max` files.
    public void setPrivileged(boolean on) {
        privileged = on;
    }

    // ---- new descriptors
    // ---------------------------------------------------------------------------

    /// Reserves the lowest free descriptor for a new file: `-EMFILE`, or `-ENFILE` if the host has as
    /// many files as it may.
    @Kernel({"get_unused_fd_flags", "alloc_empty_file"})
    public int reserve(boolean cloexec) {
        int fd = reserveFrom(0, cloexec);
        if (fd >= 0 && !privileged && stat.full()) {
            unreserve(fd);
            return -Errno.ENFILE;
        }
        return fd;
    }

    /// Reserves the lowest free descriptor that is not below `min`, for a file that there is already:
    /// `-EMFILE`.
    @Kernel("alloc_fd")
    public synchronized int reserveFrom(int min, boolean cloexec) {
        int fd = open.nextClearBit(Math.max(min, nextFd));
        if (Integer.compareUnsigned(fd, limit) >= 0 || fd >= stat.nrOpen()) {
            return -Errno.EMFILE;
        }
        if (min <= nextFd) {
            nextFd = fd + 1;
        }
        grow(fd);
        open.set(fd);
        closeOnExec.set(fd, cloexec);
        return fd;
    }

    @Kernel("expand_files")
    private void grow(int fd) {
        if (fd >= files.length) {
            files = Arrays.copyOf(files, sizeFor(fd + 1));
        }
    }

    @Kernel({"alloc_fdtable", "sane_fdtable_size"})
    private static int sizeFor(int descriptors) {
        if (descriptors <= MIN_SIZE) {
            return MIN_SIZE;
        }
        return Math.max(GROWN_SIZE, 2 * Integer.highestOneBit(descriptors - 1));
    }

    /// Descriptors that there is room for (`max_fds`): `select` does not look beyond.
    public int size() {
        return files.length;
    }

    /// One more than the greatest of the descriptors below `n` that are wanted, or `-EBADF` if one of
    /// them is free.
    ///
    /// @param wanted 64 descriptors from 64 times its argument on
    @Kernel("max_select_fd")
    public synchronized int selectEnd(int n, IntToLongFunction wanted) {
        int end = 0;
        for (int base = 0; base < n; base += Long.SIZE) {
            long left = wanted.applyAsLong(base / Long.SIZE);
            if (n - base < Long.SIZE) {
                left &= (1L << n) - 1;
            }
            for (; left != 0; left &= left - 1) {
                int fd = base + Long.numberOfTrailingZeros(left);
                if (!open.get(fd)) {
                    return -Errno.EBADF;
                }
                end = fd + 1;
            }
        }
        return end;
    }

    /// Makes a reserved descriptor stand for a file; takes over the caller's reference
    /// (`fd_install`).
    @Kernel("fd_install")
    public synchronized void install(int fd, File file) {
        assert open.get(fd) && files[fd] == null;
        file.countIn(stat);
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
        free(fd);
    }

    private void free(int fd) {
        open.clear(fd);
        closeOnExec.clear(fd);
        nextFd = Math.min(nextFd, fd);
    }

    // ---- lookups
    // -----------------------------------------------------------------------------------

    /// The file of a descriptor with a reference for the caller, or null: `EBADF`. A descriptor that
    /// only names a place (`O_PATH`) has no file here.
    @Kernel({"fget", "fdget"})
    @HotPath
    public @Nullable File get(int fd) {
        File file = getRaw(fd);
        if (file != null && file.isPath()) {
            file.put();
            return null;
        }
        return file;
    }

    /// The same, with `O_PATH` descriptors too.
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

    /// True if both descriptors are open and stand for the same file.
    public boolean same(int fd, File file) {
        @Nullable File[] table = files;
        return fd >= 0 && fd < table.length && table[fd] == file;
    }

    /// Descriptors that stand for a file, in order.
    public synchronized int[] openFds() {
        return open.stream().filter(fd -> files[fd] != null).toArray();
    }

    // ---- close
    // -------------------------------------------------------------------------------------

    /// Closes a descriptor; 0 or `-EBADF` (`close_fd`). A call that is using the file goes on: the
    /// file lives until it returns.
    @Kernel({"close_fd", "filp_close"})
    public int close(int fd) {
        File file;
        synchronized (this) {
            file = take(fd);
        }
        if (file == null) {
            return -Errno.EBADF;
        }
        file.closedBy(this);
        file.put();
        return 0;
    }

    private @Nullable File take(int fd) {
        if (fd < 0 || fd >= files.length || files[fd] == null) {
            return null;
        }
        File file = files[fd];
        store(fd, null);
        free(fd);
        return file;
    }

    /// Closes all descriptors from `first` to `last`, or marks them close-on-exec; both are unsigned.
    @Kernel({"__range_close", "__range_cloexec"})
    public void closeRange(int first, int last, boolean onlyCloexec) {
        int end = Integer.compareUnsigned(last, files.length - 1) < 0 ? last : files.length - 1;
        for (int fd = first; fd >= 0 && fd <= end; fd++) {
            if (onlyCloexec) {
                setCloexec(fd, true);
            } else {
                close(fd);
            }
        }
    }

    // ---- duplicates
    // --------------------------------------------------------------------------------

    /// Another descriptor for the file of `oldFd`, the lowest: `-EBADF`, `-EMFILE` (`dup`).
    public int dup(int oldFd) {
        File file = getRaw(oldFd);
        return file == null ? -Errno.EBADF : share(file, 0, false);
    }

    /// Another descriptor for a file, the lowest not below `min`: `-EINVAL` if that is beyond the
    /// limit, `-EMFILE`.
    @Kernel("f_dupfd")
    public int dupFrom(File file, int min, boolean cloexec) {
        if (Integer.compareUnsigned(min, limit) >= 0) {
            return -Errno.EINVAL;
        }
        return file.get() ? share(file, min, cloexec) : -Errno.EBADF;
    }

    private int share(File file, int min, boolean cloexec) {
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
        if (Integer.compareUnsigned(newFd, limit) >= 0 || newFd < 0) {
            return -Errno.EBADF;
        }
        File file = getRaw(oldFd);
        if (file == null) {
            return -Errno.EBADF;
        }
        File closed;
        synchronized (this) {
            int err = mayReplace(newFd);
            if (err < 0) {
                file.put();
                return err;
            }
            grow(newFd);
            closed = files[newFd];
            open.set(newFd);
            closeOnExec.set(newFd, cloexec);
            store(newFd, file);
        }
        if (closed != null) {
            closed.closedBy(this);
            closed.put();
        }
        return newFd;
    }

    private int mayReplace(int fd) {
        if (fd >= files.length) {
            return fd >= stat.nrOpen() ? -Errno.EBADF : 0;
        }
        return open.get(fd) && files[fd] == null ? -Errno.EBUSY : 0;
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

    // ---- processes
    // ---------------------------------------------------------------------------------

    /// A copy for a child process or for one that no longer wants to share: same files, same
    /// close-on-exec marks.
    @Kernel("dup_fd")
    public synchronized FileDescriptorTable fork() {
        FileDescriptorTable child = new FileDescriptorTable(stat, limit);
        child.privileged = privileged;
        int end = Math.min(open.length(), files.length);
        child.files = Arrays.copyOf(files, sizeFor(end));
        for (int fd = 0; fd < end; fd++) {
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

    /// This table for one more process (`CLONE_FILES`).
    public synchronized FileDescriptorTable share() {
        users++;
        return this;
    }

    /// True if another process has this table too.
    public synchronized boolean isShared() {
        return users > 1;
    }

    /// Closes what is marked close-on-exec.
    @Kernel("do_close_on_exec")
    public void exec() {
        int[] marked;
        synchronized (this) {
            marked = closeOnExec.stream().toArray();
        }
        for (int fd : marked) {
            close(fd);
        }
    }

    /// A process gives the table up; the last one closes everything.
    @Kernel({"exit_files", "put_files_struct"})
    public void exit() {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
        }
        closeRange(0, Integer.MAX_VALUE, false);
    }
}
