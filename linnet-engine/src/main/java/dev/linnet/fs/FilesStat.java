package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.FsSysctls;
import dev.linnet.kernel.sysctl.SysctlValues;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many files are open on a host, and how many may be (`files_stat`). Thread-safe.
@Kernel("files_stat")
public final class FilesStat {
    private final LongAdder nrFiles = new LongAdder();
    /// Locks on the one inode of files that have none of their own.
    final FileLockContext anonymousLocks = new FileLockContext();

    private final SysctlValues sysctl;
    private final Map<Integer, EpollWatches> watches = new ConcurrentHashMap<>();

    public FilesStat(SysctlValues sysctl) {
        this.sysctl = sysctl;
    }

    /// Open files of all processes (`fs.file-nr`).
    @Kernel("get_nr_files")
    public long nrFiles() {
        return nrFiles.sum();
    }

    /// True if there are `fs.file-max` open files: without privileges there are no more (`ENFILE`).
    boolean full() {
        return nrFiles.sum() >= sysctl.get(FsSysctls.FILE_MAX);
    }

    /// Upper bound of every process's limit of descriptors (`fs.nr_open`).
    public int nrOpen() {
        return (int) sysctl.get(FsSysctls.NR_OPEN);
    }

    /// What the epoll instances of a user watch.
    public EpollWatches epollWatches(int uid) {
        return watches.computeIfAbsent(uid, user -> new EpollWatches(sysctl));
    }

    void opened() {
        nrFiles.increment();
    }

    void closed() {
        nrFiles.decrement();
    }
}
