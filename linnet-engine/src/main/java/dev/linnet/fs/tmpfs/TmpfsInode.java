package dev.linnet.fs.tmpfs;

import dev.linnet.fs.Dentry;
import dev.linnet.fs.DirContext;
import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Namei;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.AddressSpaceOperations;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A file of a [Tmpfs] (`struct shmem_inode_info`). Names of a directory are its dentries; each has an
/// offset, and listings begin with the newest, as Linux's do.
@Kernel("shmem_inode_info")
final class TmpfsInode extends Inode {
    /// What a directory grows by with each name (`BOGO_DIRENT_SIZE`).
    private static final int BOGO_DIRENT_SIZE = 20;

    /// Offsets 0 and 1 are `.` and `..`.
    private static final long FIRST_OFFSET = 2;

    private final Tmpfs tmpfs;
    private final String target;
    private final @Nullable AddressSpace mapping;

    /// Of a directory: its names by offset (`offset_ctx`).
    private final ConcurrentSkipListMap<Long, Dentry> entries = new ConcurrentSkipListMap<>();

    private long nextOffset = FIRST_OFFSET;

    TmpfsInode(Tmpfs sb, long ino, int mode, int uid, int gid, long rdev, String target) {
        super(sb, ino, mode, uid, gid, rdev);
        this.tmpfs = sb;
        this.target = target;
        this.mapping = isRegular() ? new AddressSpace(sb.pool, new Shmem(sb)) : null;
        if (isDir()) {
            nlink = 2;
            size = 2 * BOGO_DIRENT_SIZE;
        }
    }

    /// Pages that are the file: what was never written is zeros (`shmem_aops`).
    @Kernel("shmem_aops")
    private static final class Shmem extends AddressSpaceOperations {
        private final Tmpfs tmpfs;

        Shmem(Tmpfs tmpfs) {
            this.tmpfs = tmpfs;
        }

        @Override
        public int readFolio(Folio folio) {
            return 0;
        }

        @Override
        public boolean holes() {
            return true;
        }

        @Override
        public int charge(int pages) {
            return tmpfs.charge(pages);
        }

        @Override
        public void uncharge(int pages) {
            tmpfs.uncharge(pages);
        }
    }

    @Override
    public @Nullable AddressSpace mapping() {
        return mapping;
    }

    @Override
    protected long blocks() {
        return mapping == null ? 0 : mapping.nrPages() * (AddressSpace.PAGE_SIZE / 512);
    }

    @Override
    public @Nullable String getLink() {
        return isSymlink() ? target : null;
    }

    void dropPages() {
        if (mapping != null) {
            mapping.truncate(0);
        }
    }

    @Override
    @Kernel("shmem_evict_inode")
    protected void evict() {
        dropPages();
        tmpfs.removed(this);
    }

    // ---- names
    // ---------------------------------------------------------------------------------------

    /// A new file whose user and group are the maker's, or the directory's group where that says so
    /// (`inode_init_owner`).
    @Kernel({"shmem_get_inode", "inode_init_owner"})
    private TmpfsInode newInode(int mode, long rdev, String link, Cred cred) {
        boolean inherit = (this.mode & Stat.S_ISGID) != 0;
        boolean directory = (mode & Stat.S_IFMT) == Stat.S_IFDIR;
        int bits = inherit && directory ? mode | Stat.S_ISGID : mode;
        int group = inherit ? gid : cred.gid();
        TmpfsInode inode =
                new TmpfsInode(tmpfs, tmpfs.newIno(), bits, cred.uid(), group, rdev, link);
        tmpfs.added(inode);
        return inode;
    }

    private void add(Dentry dentry, Inode inode) {
        dentry.instantiate(inode);
        added(dentry);
        if (inode.isDir()) {
            nlink++;
        }
    }

    private void added(Dentry dentry) {
        entries.put(nextOffset++, dentry);
        size += BOGO_DIRENT_SIZE;
        modified();
    }

    private void removed(Dentry dentry) {
        entries.values().remove(dentry);
        size -= BOGO_DIRENT_SIZE;
        modified();
    }

    @Override
    @Kernel("shmem_create")
    public int create(Dentry dentry, int newMode, Cred cred) {
        add(dentry, newInode(Stat.S_IFREG | newMode, 0, "", cred));
        return 0;
    }

    @Override
    @Kernel("shmem_mkdir")
    public int mkdir(Dentry dentry, int newMode, Cred cred) {
        add(dentry, newInode(Stat.S_IFDIR | newMode, 0, "", cred));
        return 0;
    }

    @Override
    @Kernel("shmem_mknod")
    public int mknod(Dentry dentry, int newMode, long device, Cred cred) {
        add(dentry, newInode(newMode, device, "", cred));
        return 0;
    }

    @Override
    @Kernel("shmem_symlink")
    public int symlink(Dentry dentry, String link, Cred cred) {
        TmpfsInode inode = newInode(Stat.S_IFLNK | 0777, 0, link, cred);
        inode.size = link.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        add(dentry, inode);
        return 0;
    }

    @Override
    @Kernel("shmem_tmpfile")
    public @Nullable Inode tmpfile(int newMode, Cred cred, int[] err) {
        TmpfsInode inode = newInode(Stat.S_IFREG | newMode, 0, "", cred);
        inode.nlink = 0;
        return inode;
    }

    @Override
    @Kernel("shmem_link")
    public int link(Inode file, Dentry dentry) {
        dentry.instantiate(file);
        added(dentry);
        file.nlink++;
        file.ctime = ctime;
        return 0;
    }

    @Override
    @Kernel("shmem_unlink")
    public int unlink(Dentry dentry) {
        Inode file = dentry.file();
        removed(dentry);
        file.nlink--;
        file.ctime = ctime;
        return 0;
    }

    @Override
    @Kernel({"shmem_rmdir", "simple_empty"})
    public int rmdir(Dentry dentry) {
        TmpfsInode dir = (TmpfsInode) dentry.file();
        if (!dir.entries.isEmpty()) {
            return -Errno.ENOTEMPTY;
        }
        removed(dentry);
        nlink--;
        dir.nlink = 0;
        dir.ctime = ctime;
        tmpfs.removed(dir);
        return 0;
    }

    @Override
    @Kernel("shmem_rename2")
    public int rename(Dentry from, Dentry to, int flags) {
        TmpfsInode newDir = (TmpfsInode) to.parent().file();
        if ((flags & Namei.RENAME_EXCHANGE) != 0) {
            exchange(newDir, from, to);
            return 0;
        }
        if (!to.isNegative()) {
            Inode old = to.file();
            int err = old.isDir() ? newDir.rmdir(to) : newDir.unlink(to);
            if (err < 0) {
                return err;
            }
        }
        Inode moved = from.file();
        removed(from);
        newDir.added(from);
        if (moved.isDir()) {
            nlink--;
            newDir.nlink++;
        }
        moved.ctime = newDir.ctime;
        return 0;
    }

    private void exchange(TmpfsInode newDir, Dentry from, Dentry to) {
        removed(from);
        newDir.removed(to);
        added(to);
        newDir.added(from);
        int more = (to.isDir() ? 1 : 0) - (from.isDir() ? 1 : 0);
        nlink += more;
        newDir.nlink -= more;
        from.file().ctime = ctime;
        to.file().ctime = ctime;
    }

    @Override
    @Kernel({"offset_readdir", "offset_iterate_dir"})
    public int iterate(File file, DirContext ctx) {
        Dentry self = java.util.Objects.requireNonNull(file.path).dentry();
        if (ctx.pos == 0 && !ctx.emit(".", ino, Stat.S_IFDIR, 1)) {
            return 0;
        }
        if (ctx.pos == 1
                && !ctx.emit("..", self.parent().file().ino, Stat.S_IFDIR, Long.MAX_VALUE)) {
            return 0;
        }
        // The position is the offset of the entry that was listed last; the newest comes first.
        for (Map.Entry<Long, Dentry> entry : entries.headMap(ctx.pos).descendingMap().entrySet()) {
            Inode inode = entry.getValue().file();
            if (!ctx.emit(entry.getValue().name(), inode.ino, inode.kind(), entry.getKey())) {
                return 0;
            }
        }
        accessed();
        return 0;
    }
}
