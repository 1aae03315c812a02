package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ucred;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open file (`struct file`): what descriptors refer to. Shared by all descriptors that were
/// duplicated from one another, with its flags and position.
///
/// Lives as long as somebody holds a reference; the last [#put()] releases it. Safe from any thread.
public final class File {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(File.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public final FileOperations ops;

    /// What the operations work on: a socket, a pipe, an epoll instance … (`private_data`).
    public final Object privateData;

    /// The name that it was opened by (`f_path`), or null.
    public final @Nullable VfsPath path;

    /// Who opened it (`f_cred`).
    public final Ucred cred;

    /// `O_*` without `O_CLOEXEC`, which belongs to the descriptor.
    public volatile int flags;

    /// Guarded by this object's monitor (`f_pos_lock`).
    @Kernel({"file_ppos", "fdget_pos", "fdput_pos"})
    public long pos;

    /// Whether opening it made it (`FMODE_CREATED`); set before it has a descriptor.
    public boolean created;

    /// `F_SET_RW_HINT`; has no effect.
    public volatile int writeHint;

    /// `F_SETOWN`, `F_SETSIG`.
    public volatile FOwner owner = FOwner.NOBODY;

    /// Locks, if nothing that several files share has them; made when first needed.
    private volatile @Nullable FileLockContext ownLocks;

    /// Where the file is counted; set when it gets its first descriptor.
    private volatile @Nullable FilesStat stat;

    /// The epoll items that watch the file (`f_ep`); guarded by the file's monitor.
    private @Nullable EpItem watchers;

    /// Made when the file is first read through the page cache (`f_ra`).
    private @Nullable FileRaState readahead;

    @SuppressWarnings("unused") // through COUNT
    private volatile int count = 1;

    /// A file that no name leads to: a socket, a pipe …
    public File(FileOperations ops, Object privateData, int flags) {
        this(ops, privateData, flags, null);
    }

    /// A file that was opened by its name.
    public File(FileOperations ops, Object privateData, int flags, @Nullable VfsPath path) {
        this.ops = ops;
        this.privateData = privateData;
        this.flags = flags & ~Fcntl.O_CLOEXEC;
        this.path = path;
        this.cred = CurrentTask.currentUcred();
        if (path != null) {
            path.mnt().users.incrementAndGet();
        }
    }

    /// Takes a reference unless the file is gone already (`get_file_rcu`).
    @Kernel("get_file_rcu")
    @HotPath
    public boolean get() {
        int seen;
        do {
            seen = (int) COUNT.getAcquire(this);
            if (seen == 0) {
                return false;
            }
        } while (!COUNT.compareAndSet(this, seen, seen + 1));
        return true;
    }

    /// Gives a reference back; the last one releases the file (`fput`).
    @Kernel({"fput", "__fput", "fput_light", "put_filp"})
    @HotPath
    public void put() {
        int before = (int) COUNT.getAndAdd(this, -1);
        assert before > 0 : "file released twice";
        if (before == 1) {
            releaseNow();
        }
    }

    FileRaState readahead() {
        FileRaState state = readahead;
        if (state == null) {
            state = new FileRaState();
            readahead = state;
        }
        return state;
    }

    /// Counts the file among the open ones of a host, once.
    void countIn(FilesStat files) {
        if (stat == null) {
            stat = files;
            files.opened();
        }
    }

    /// References that are held now (`file_count`).
    @Kernel("file_count")
    public int refs() {
        return count;
    }

    /// Locks on ranges of the file.
    public FileLocks locks() {
        return lockContext().ranges();
    }

    /// Locks on the whole file.
    public FileLocks wholeLocks() {
        return lockContext().whole();
    }

    private FileLockContext lockContext() {
        FileLockContext there = lockContextOrNull();
        if (there != null) {
            return there;
        }
        synchronized (this) {
            there = ownLocks;
            if (there == null) {
                there = new FileLockContext();
                ownLocks = there;
            }
            return there;
        }
    }

    /// Of the inode: the two ends of a pipe have one too, and anonymous files have one together.
    private @Nullable FileLockContext lockContextOrNull() {
        Inode inode = inode();
        if (inode != null) {
            return inode.lockContext;
        }
        if (privateData instanceof Pipe pipe) {
            return pipe.lockContext;
        }
        FilesStat host = stat;
        return host != null && ops.anonymous() ? host.anonymousLocks : ownLocks;
    }

    /// A process has closed a descriptor of the file: its locks on it end, whatever other descriptors it
    /// has.
    @Kernel("filp_flush")
    void closedBy(FileDescriptorTable process) {
        FileLockContext there = lockContextOrNull();
        if (there != null) {
            there.releaseRanges(process);
        }
    }

    private void releaseNow() {
        EpItem item;
        while ((item = firstWatcher()) != null) {
            item.ep.fileGone(item);
        }
        FileLockContext held = lockContextOrNull();
        if (held != null) {
            held.releaseAll(this);
        }
        ops.release(this);
        if (path != null) {
            path.mnt().users.decrementAndGet();
        }
        FilesStat counted = stat;
        if (counted != null) {
            counted.closed();
        }
    }

    private synchronized @Nullable EpItem firstWatcher() {
        return watchers;
    }

    synchronized void watch(EpItem item) {
        item.nextOfFile = watchers;
        watchers = item;
    }

    synchronized void unwatch(EpItem item) {
        EpItem before = null;
        for (EpItem at = watchers; at != null; before = at, at = at.nextOfFile) {
            if (at == item) {
                if (before == null) {
                    watchers = item.nextOfFile;
                } else {
                    before.nextOfFile = item.nextOfFile;
                }
                item.nextOfFile = null;
                return;
            }
        }
    }

    /// The epoll instances that watch the file, each as often as it does.
    synchronized List<EventPoll> epolls() {
        List<EventPoll> all = new ArrayList<>();
        for (EpItem at = watchers; at != null; at = at.nextOfFile) {
            all.add(at.ep);
        }
        return all;
    }

    /// True if an epoll instance watches the file.
    synchronized boolean isWatched() {
        return watchers != null;
    }

    public boolean nonblock() {
        return (flags & Fcntl.O_NONBLOCK) != 0;
    }

    /// The file that a name led to, or null (`file_inode`).
    @Kernel("file_inode")
    public @Nullable Inode inode() {
        return path == null ? null : path.inode();
    }

    /// True if it is only a place (`FMODE_PATH`).
    public boolean isPath() {
        return (flags & Fcntl.O_PATH) != 0;
    }

    public boolean readable() {
        return reads(flags);
    }

    public boolean writable() {
        return writes(flags);
    }

    /// Is a file that is opened with such flags open for reading (`FMODE_READ`)? Access mode 3 is neither.
    static boolean reads(int flags) {
        return (flags & Fcntl.O_PATH) == 0 && (flags + 1 & 1) != 0;
    }

    static boolean writes(int flags) {
        return (flags & Fcntl.O_PATH) == 0 && (flags + 1 & 2) != 0;
    }
}
