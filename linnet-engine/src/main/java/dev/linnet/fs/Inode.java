package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A file (`struct inode`): what it is, whose it is, how large it is; its methods are Linux's
/// `inode_operations`. What a kind of file system does not override, it cannot do, with the error
/// that Linux gives for that. Results are ≥ 0 or `-errno`.
///
/// Methods that change names are called with [SuperBlock#namespaceLock] held. Fields may be read
/// at any time; size and content are changed under [#rwsem].
@Kernel({"inode", "inode_operations"})
public abstract class Inode {
    public static final int MAY_EXEC = 1;
    public static final int MAY_WRITE = 2;
    public static final int MAY_READ = 4;

    /// Longest file (`MAX_LFS_FILESIZE`).
    public static final long MAX_BYTES = Long.MAX_VALUE;

    public final SuperBlock sb;
    public final long ino;

    /// `S_IF*` and permission bits.
    public volatile int mode;

    public volatile int uid;
    public volatile int gid;

    /// How many names the file has; 0 when the last one has gone.
    public volatile int nlink = 1;

    public volatile long size;

    /// Nanoseconds since 1970, as the other times.
    public volatile long atime;

    public volatile long mtime;
    public volatile long ctime;
    public final long btime;

    /// The device that a special file stands for.
    public final long rdev;

    /// Held while content or size change (`i_rwsem`).
    public final Object rwsem = new Object();

    /// Open files and mappings (`i_count`): a file without names lives until the last has gone.
    private final AtomicInteger users = new AtomicInteger();

    /// A socket that is bound to the file, a pipe that it stands for …
    public volatile @Nullable Object attached;

    /// Locks on the file (`i_flctx`).
    final FileLockContext lockContext = new FileLockContext();

    protected Inode(SuperBlock sb, long ino, int mode, int uid, int gid, long rdev) {
        this.sb = sb;
        this.ino = ino;
        this.mode = mode;
        this.uid = uid;
        this.gid = gid;
        this.rdev = rdev;
        this.btime = sb.now();
        this.atime = btime;
        this.mtime = btime;
        this.ctime = btime;
    }

    /// The kind of file, `S_IF*`.
    public final int kind() {
        return mode & Stat.S_IFMT;
    }

    public final boolean isDir() {
        return kind() == Stat.S_IFDIR;
    }

    public final boolean isSymlink() {
        return kind() == Stat.S_IFLNK;
    }

    public final boolean isRegular() {
        return kind() == Stat.S_IFREG;
    }

    /// Pages of a regular file, or null for what has none.
    public @Nullable AddressSpace mapping() {
        return null;
    }

    // ---- directories
    // ---------------------------------------------------------------------------------

    /// Finds a name in this directory and makes its dentry positive with [Dentry#instantiate]; leaves it
    /// negative if there is none.
    public int lookup(Dentry dentry) {
        return 0;
    }

    /// True if what a dentry says is still so (`d_revalidate`).
    public boolean revalidate(Dentry dentry) {
        return true;
    }

    /// Makes a regular file. `mode` has no umask to be taken off any more, here and below.
    public int create(Dentry dentry, int newMode, Cred cred) {
        return -Errno.EACCES;
    }

    public int mkdir(Dentry dentry, int newMode, Cred cred) {
        return -Errno.EPERM;
    }

    /// Makes a special file: a FIFO, a socket, a device.
    public int mknod(Dentry dentry, int newMode, long device, Cred cred) {
        return -Errno.EPERM;
    }

    public int symlink(Dentry dentry, String target, Cred cred) {
        return -Errno.EPERM;
    }

    /// Gives a file another name.
    public int link(Inode file, Dentry dentry) {
        return -Errno.EPERM;
    }

    public int unlink(Dentry dentry) {
        return -Errno.EPERM;
    }

    public int rmdir(Dentry dentry) {
        return -Errno.EPERM;
    }

    /// Moves `from`, which is in this directory, to `to`; the dentries are moved by the caller.
    public int rename(Dentry from, Dentry to, int flags) {
        return -Errno.EPERM;
    }

    /// A regular file without a name, or null and `-errno` in `err[0]`.
    public @Nullable Inode tmpfile(int newMode, Cred cred, int[] err) {
        err[0] = -Errno.EOPNOTSUPP;
        return null;
    }

    /// Lists the directory from `ctx.pos` on (`iterate_shared`), `.` and `..` included.
    public int iterate(File file, DirContext ctx) {
        return -Errno.ENOTDIR;
    }

    // ---- files
    // ---------------------------------------------------------------------------------------

    /// What a symbolic link says, or null if this is none.
    public @Nullable String getLink() {
        return null;
    }

    /// Where a link leads that does not go by its name, such as those of `/proc/self/fd`
    /// (`nd_jump_link`); null for an ordinary one.
    public @Nullable VfsPath jump() {
        return null;
    }

    /// May he? 0 or `-EACCES`; `-EROFS` for writing what nobody may (`inode_permission`).
    @Kernel({"inode_permission", "generic_permission"})
    public int permission(int mask, Cred cred) {
        if ((mask & MAY_WRITE) != 0 && sb.readOnly && (isRegular() || isDir() || isSymlink())) {
            return -Errno.EROFS;
        }
        if (cred.privileged()) {
            boolean runs = (mask & MAY_EXEC) == 0 || isDir() || (mode & 0111) != 0;
            return runs ? 0 : -Errno.EACCES;
        }
        int bits = mode;
        if (cred.uid() == uid) {
            bits >>= 6;
        } else if (cred.gid() == gid) {
            bits >>= 3;
        }
        return (mask & ~bits & 7) == 0 ? 0 : -Errno.EACCES;
    }

    /// True if he may do what only owners may (`inode_owner_or_capable`).
    @Kernel("inode_owner_or_capable")
    public final boolean ownedBy(Cred cred) {
        return cred.uid() == uid || cred.privileged();
    }

    /// What `stat` tells.
    public Stat getattr() {
        return new Stat(
                sb.dev, ino, mode, nlink, uid, gid, rdev, size, 4096, blocks(), atime, mtime, ctime,
                btime);
    }

    /// Units of 512 bytes that the content takes.
    protected long blocks() {
        return 0;
    }

    /// Changes attributes (`notify_change`); rights are checked already.
    @Kernel("setattr_copy")
    public int setattr(Iattr attr) {
        attr.copyTo(this);
        return 0;
    }

    /// Opens the file (`do_dentry_open`); rights are checked already. Null and `-errno` in `err[0]`.
    @Kernel("do_dentry_open")
    public @Nullable File open(VfsPath path, int flags, int[] err) {
        return SpecialFiles.open(this, path, flags, err);
    }

    /// What an open directory needs besides its inode.
    public Object openDirectory(VfsPath path) {
        return this;
    }

    /// Writes the content to where the file is kept (`fsync`); 0 or `-EIO`.
    public int fsync() {
        return 0;
    }

    /// The size is about to change; pages in memory are taken care of by the caller.
    public int resize(long newSize) {
        return 0;
    }

    /// The content is about to change: unless root does it, the file no longer runs as its owner
    /// (`file_remove_privs`).
    @Kernel({"file_remove_privs", "setattr_should_drop_suidgid"})
    final void removePrivs() {
        int bits = mode;
        int drop = bits & Stat.S_ISUID;
        drop |= (bits & 0010) != 0 ? bits & Stat.S_ISGID : 0;
        if (drop != 0 && !CurrentTask.currentPrivileged()) {
            Iattr attr = new Iattr();
            attr.hasMode = true;
            attr.mode = bits & Stat.S_IALLUGO & ~drop;
            setattr(attr);
        }
    }

    /// May the file become so long? 0 or `-EFBIG` (`inode_newsize_ok`).
    @Kernel("inode_newsize_ok")
    final int newSizeOk(long newSize) {
        return newSize > size && newSize > CurrentTask.currentFileSizeLimit() ? -Errno.EFBIG : 0;
    }

    /// The content was changed (`inode_set_mtime_to_ts`).
    public final void modified() {
        long now = sb.now();
        mtime = now;
        ctime = now;
    }

    /// The content was read (`touch_atime`): the time is changed only if it is older than the last
    /// change or than a day (`relatime`).
    @Kernel({"touch_atime", "relatime_need_update", "file_accessed"})
    public final void accessed() {
        if (sb.readOnly) {
            return;
        }
        long now = sb.now();
        if (atime <= mtime || atime <= ctime || now - atime >= 86_400_000_000_000L) {
            atime = now;
        }
    }

    /// One more open file or mapping uses the inode (`ihold`).
    @Kernel("ihold")
    public final void use() {
        users.incrementAndGet();
    }

    /// One user less; the last one of a file without names ends it (`iput`).
    @Kernel("iput")
    public final void unuse() {
        if (users.decrementAndGet() == 0) {
            lastClose();
            evictIfUnused();
        }
    }

    /// True if nobody has it open or mapped.
    public final boolean isUnused() {
        return users.get() == 0;
    }

    /// The last one who had it open has closed it.
    protected void lastClose() {}

    final void evictIfUnused() {
        if (nlink == 0 && users.get() == 0) {
            evict();
        }
    }

    /// The last name has gone and nobody has it open (`evict_inode`).
    @Kernel("evict_inode")
    protected void evict() {}
}
