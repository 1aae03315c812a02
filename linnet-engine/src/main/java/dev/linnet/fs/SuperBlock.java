package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.StatFs;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A file system (`struct super_block`): a tree of names, and where its inodes come from.
///
/// Changes of its directories are made one at a time, under [#namespaceLock]; walks take no lock
/// where the name is known already.
@Kernel("super_block")
public abstract class SuperBlock {
    /// Name of the kind of file system, `tmpfs` …
    public final String type;

    /// What `statfs` calls the kind.
    public final long magic;

    /// What `stat` calls the file system, see [Stat#makedev].
    public final long dev;

    public final Scheduler scheduler;
    public final PagePool pool;

    /// Guards names: creating, removing, moving (`i_rwsem` of directories, `s_vfs_rename_mutex`).
    /// Nobody sleeps while he holds it.
    public final Object namespaceLock = new Object();

    /// No change at all (`SB_RDONLY`).
    public volatile boolean readOnly;

    private final AtomicLong inodes = new AtomicLong();
    private @Nullable Dentry root;

    protected SuperBlock(MntNamespace ns, String type, long magic) {
        this.type = type;
        this.magic = magic;
        this.dev = Stat.makedev(0, ns.newMinor());
        this.scheduler = ns.scheduler;
        this.pool = ns.pool;
    }

    /// The directory at the top.
    public final Dentry root() {
        Dentry top = root;
        if (top == null) {
            throw new IllegalStateException(type + " has no root yet");
        }
        return top;
    }

    /// Makes the top (`d_make_root`); once, by the constructor of a kind of file system.
    @Kernel("d_make_root")
    protected final void makeRoot(Inode inode) {
        root = Dentry.root(this, inode);
    }

    /// A number for a new inode.
    public final long newIno() {
        return inodes.incrementAndGet();
    }

    /// The time that changes are stamped with.
    public final long now() {
        return scheduler.clock().realNs();
    }

    /// Sizes (`statfs`).
    public StatFs statfs() {
        return new StatFs(magic, 4096, 0, 0, 0, 0, 0, dev, 255, 4096, 0);
    }

    /// Writes everything that is dirty to where it belongs (`sync_fs`); 0 or `-EIO`.
    public int sync() {
        return 0;
    }

    /// The last mount has gone (`kill_sb`): nothing is used any more.
    public void kill() {}

    /// What changes answer: 0, or `-EROFS`.
    final int wantWrite() {
        return readOnly ? -Errno.EROFS : 0;
    }
}
