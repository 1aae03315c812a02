package dev.linnet.fs.hostfs;

import dev.linnet.fs.Dentry;
import dev.linnet.fs.DirContext;
import dev.linnet.fs.File;
import dev.linnet.fs.Iattr;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Namei;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A file of a [HostFs] (`struct hostfs_inode_info`). Attributes are asked of the machine at each look-up, unless
/// something is here that it does not know yet.
@Kernel("hostfs_inode_info")
final class HostInode extends Inode {
    final Object key;
    private final HostFs hostfs;
    private final @Nullable HostContent content;

    /// What the machine said of the content the last time; guarded by `rwsem`.
    private long seenSize;

    private long seenMtime;

    /// One of the names of the file, to find it on the machine.
    private volatile @Nullable Dentry name;

    HostInode(HostFs sb, HostAttributes attributes) {
        super(
                sb,
                attributes.ino(),
                attributes.mode(),
                attributes.uid(),
                attributes.gid(),
                attributes.rdev());
        this.hostfs = sb;
        this.key = attributes.key();
        this.content = isRegular() ? new HostContent(this, sb) : null;
        take(attributes);
    }

    void named(Dentry dentry) {
        name = dentry;
    }

    /// Where the file is on the machine, or null if none of its names is known any more.
    @Nullable Path path() {
        Dentry dentry = name;
        return dentry == null ? null : hostfs.path(dentry);
    }

    private void take(HostAttributes a) {
        mode = a.mode();
        uid = a.uid();
        gid = a.gid();
        nlink = a.nlink();
        atime = a.atime();
        mtime = a.mtime();
        ctime = a.ctime();
        size = a.size();
        seenSize = a.size();
        seenMtime = a.mtime();
    }

    /// Asks the machine what the file of a name is: false if that is not this one. What the machine has
    /// changed in it is no longer in the page cache; what is here and not there yet stays.
    private boolean refresh(Path path) {
        synchronized (rwsem) {
            try {
                HostAttributes a = HostAttributes.of(path);
                if (!a.key().equals(key) || (a.mode() & Stat.S_IFMT) != kind()) {
                    return false;
                }
                HostContent own = content;
                if (own == null || !own.mapping.isDirty()) {
                    boolean changed = a.size() != seenSize || a.mtime() != seenMtime;
                    take(a);
                    if (changed && own != null) {
                        own.mapping.invalidate();
                    }
                }
                return true;
            } catch (IOException | InvalidPathException e) {
                return false;
            }
        }
    }

    /// After a write: what the machine knows now is what is here.
    void written() {
        Path path = path();
        if (path == null) {
            return;
        }
        try {
            HostAttributes a = HostAttributes.of(path);
            if (a.key().equals(key)) {
                seenSize = a.size();
                seenMtime = a.mtime();
                mtime = a.mtime();
                ctime = a.ctime();
            }
        } catch (IOException e) {
            // Nobody has the file under this name any more; what is known of it stays.
        }
    }

    @Override
    public @Nullable AddressSpace mapping() {
        return content == null ? null : content.mapping;
    }

    @Override
    protected long blocks() {
        return (size + 511) / 512;
    }

    @Override
    public Stat getattr() {
        Path path = path();
        if (path != null) {
            refresh(path); // if it is gone, what is known of it stays, for those who have it open
        }
        return super.getattr();
    }

    @Override
    public @Nullable String getLink() {
        Path path = path();
        if (!isSymlink() || path == null) {
            return null;
        }
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }

    // ---- names
    // ---------------------------------------------------------------------------------------

    @Override
    @Kernel("hostfs_lookup")
    public int lookup(Dentry dentry) {
        try {
            adopt(dentry);
            return 0;
        } catch (InvalidPathException e) {
            return -Errno.ENOENT;
        } catch (IOException e) {
            int err = HostErrors.errno(e);
            return err == -Errno.ENOENT ? 0 : err;
        }
    }

    private void adopt(Dentry dentry) throws IOException {
        Path path = hostfs.path(dentry);
        HostInode inode = hostfs.inode(HostAttributes.of(path));
        inode.refresh(path);
        inode.named(dentry);
        dentry.instantiate(inode);
    }

    @Override
    public boolean revalidate(Dentry dentry) {
        return refresh(hostfs.path(dentry));
    }

    /// Makes something on the machine, then looks it up.
    private int make(Dentry dentry, HostErrors.Call call) {
        return HostErrors.result(
                () -> {
                    call.run();
                    adopt(dentry);
                });
    }

    private static void setMode(Path path, int bits) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Files.setAttribute(path, "unix:mode", bits, LinkOption.NOFOLLOW_LINKS);
        }
    }

    @Override
    @Kernel("hostfs_create")
    public int create(Dentry dentry, int newMode, Cred cred) {
        Path path = hostfs.path(dentry);
        return make(
                dentry,
                () -> {
                    Files.createFile(path);
                    setMode(path, newMode & Stat.S_IALLUGO);
                });
    }

    @Override
    @Kernel("hostfs_mkdir")
    public int mkdir(Dentry dentry, int newMode, Cred cred) {
        Path path = hostfs.path(dentry);
        return make(
                dentry,
                () -> {
                    Files.createDirectory(path);
                    setMode(path, newMode & Stat.S_IALLUGO);
                });
    }

    @Override
    @Kernel("hostfs_symlink")
    public int symlink(Dentry dentry, String target, Cred cred) {
        Path path = hostfs.path(dentry);
        return make(dentry, () -> Files.createSymbolicLink(path, Path.of(target)));
    }

    @Override
    @Kernel("hostfs_link")
    public int link(Inode file, Dentry dentry) {
        Path old = ((HostInode) file).path();
        return old == null
                ? -Errno.ENOENT
                : make(dentry, () -> Files.createLink(hostfs.path(dentry), old));
    }

    @Override
    @Kernel("hostfs_unlink")
    public int unlink(Dentry dentry) {
        return remove(dentry);
    }

    @Override
    @Kernel("hostfs_rmdir")
    public int rmdir(Dentry dentry) {
        return remove(dentry);
    }

    private int remove(Dentry dentry) {
        HostInode file = (HostInode) dentry.file();
        int err = HostErrors.result(() -> Files.delete(hostfs.path(dentry)));
        if (err == 0) {
            file.nlink = file.isDir() ? 0 : file.nlink - 1;
            if (file.name == dentry) {
                file.name = null;
            }
        }
        return err;
    }

    @Override
    @Kernel("hostfs_rename2")
    public int rename(Dentry from, Dentry to, int flags) {
        if ((flags & ~Namei.RENAME_NOREPLACE) != 0) {
            return -Errno.EINVAL;
        }
        if (!to.isNegative() && to.isDir()) {
            int err = remove(to);
            if (err < 0) {
                return err;
            }
        } else if (!to.isNegative()) {
            to.file().nlink--;
        }
        HostInode moved = (HostInode) from.file();
        int err =
                HostErrors.result(
                        () ->
                                Files.move(
                                        hostfs.path(from),
                                        hostfs.path(to),
                                        StandardCopyOption.ATOMIC_MOVE));
        if (err == 0) {
            moved.named(from); // the dentry is about to be moved itself
        }
        return err;
    }

    @Override
    @Kernel("hostfs_readdir")
    public int iterate(File file, DirContext ctx) {
        return ((HostDirectory) file.privateData).iterate(this, ctx);
    }

    // ---- content
    // -------------------------------------------------------------------------------------

    @Override
    public Object openDirectory(VfsPath place) {
        return new HostDirectory(hostfs, place.dentry());
    }

    @Override
    @Kernel("hostfs_file_open")
    public @Nullable File open(VfsPath place, int flags, int[] err) {
        HostContent own = content;
        if (own != null) {
            named(place.dentry());
            boolean writes = (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
            use();
            err[0] = own.open(hostfs.path(place.dentry()), writes);
            File file = err[0] < 0 ? null : super.open(place, flags, err);
            unuse();
            return file;
        }
        return super.open(place, flags, err);
    }

    @Override
    public int fsync() {
        return content == null ? 0 : content.fsync();
    }

    @Override
    public int resize(long newSize) {
        Path path = path();
        if (content == null || path == null && !content.isOpen()) {
            return -Errno.EINVAL;
        }
        int err = content.resize(path, newSize);
        written();
        return err;
    }

    /// Nobody has the file open any more: what is dirty is written.
    @Override
    protected void lastClose() {
        if (content != null) {
            content.close();
        }
    }

    @Override
    protected void evict() {
        dropAll();
        hostfs.forget(this);
    }

    void dropAll() {
        if (content != null) {
            content.drop();
        }
    }

    @Override
    @Kernel("hostfs_setattr")
    public int setattr(Iattr attr) {
        Path path = path();
        if (path == null) {
            return super.setattr(attr);
        }
        int err = HostErrors.result(() -> setOnHost(path, attr));
        return err < 0 ? err : super.setattr(attr);
    }

    private static void setOnHost(Path path, Iattr attr) throws IOException {
        if (attr.hasUid) {
            Files.setAttribute(path, "unix:uid", attr.uid, LinkOption.NOFOLLOW_LINKS);
        }
        if (attr.hasGid) {
            Files.setAttribute(path, "unix:gid", attr.gid, LinkOption.NOFOLLOW_LINKS);
        }
        if (attr.hasMode) {
            setMode(path, attr.mode & Stat.S_IALLUGO);
        }
        if (attr.hasAtime) {
            setTime(path, "lastAccessTime", attr.atime);
        }
        if (attr.hasMtime) {
            setTime(path, "lastModifiedTime", attr.mtime);
        }
    }

    private static void setTime(Path path, String which, long ns) throws IOException {
        FileTime time = FileTime.from(ns, TimeUnit.NANOSECONDS);
        Files.setAttribute(path, which, time, LinkOption.NOFOLLOW_LINKS);
    }
}
