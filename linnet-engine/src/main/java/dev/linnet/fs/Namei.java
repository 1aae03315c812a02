package dev.linnet.fs;

import dev.linnet.fs.Nameidata.LastType;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// Making, removing and moving names (`fs/namei.c`). Each call checks in Linux's order and returns 0 or
/// `-errno`.
public final class Namei {
    public static final int RENAME_NOREPLACE = 1;
    public static final int RENAME_EXCHANGE = 2;
    public static final int RENAME_WHITEOUT = 4;

    /// Names that a file can have (`LINK_MAX` of most file systems).
    private static final int LINK_MAX = 65000;

    private Namei() {}

    /// Makes a name at the end of a walk; the parent's namespace lock is held.
    @FunctionalInterface
    private interface Maker {
        int make(Inode dir, Dentry dentry);
    }

    /// `mkdir`.
    @Kernel({"do_mkdirat", "vfs_mkdir"})
    public static int mkdir(Nameidata nd, String name, int mode) {
        int bits = mode & ~nd.umask & (0777 | Stat.S_ISVTX);
        return create(nd, name, true, (dir, dentry) -> dir.mkdir(dentry, bits, nd.cred));
    }

    /// `mknod`: a regular file, FIFO, socket or device.
    @Kernel({"do_mknodat", "vfs_mknod"})
    public static int mknod(Nameidata nd, String name, int mode, long rdev) {
        int kind = mode & Stat.S_IFMT;
        switch (kind) {
            case 0, Stat.S_IFREG, Stat.S_IFCHR, Stat.S_IFBLK, Stat.S_IFIFO, Stat.S_IFSOCK -> {}
            case Stat.S_IFDIR -> {
                return -Errno.EPERM;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        int bits = kind | mode & ~nd.umask & Stat.S_IALLUGO;
        return create(
                nd,
                name,
                false,
                (dir, dentry) -> {
                    if (kind == 0 || kind == Stat.S_IFREG) {
                        return dir.create(dentry, bits & Stat.S_IALLUGO, nd.cred);
                    }
                    boolean device = kind == Stat.S_IFCHR || kind == Stat.S_IFBLK;
                    return device && !nd.cred.privileged()
                            ? -Errno.EPERM
                            : dir.mknod(dentry, bits, device ? rdev : 0, nd.cred);
                });
    }

    /// Makes a special file for a kernel user, such as a bound socket: its place, or null and `-errno` in
    /// `err[0]` (`kern_path_create`, `vfs_mknod`).
    @Kernel("kern_path_create")
    public static @Nullable VfsPath makeNode(
            FsStruct fs, Cred cred, String name, int mode, int[] err) {
        Nameidata nd = new Nameidata(fs, cred);
        err[0] = mknod(nd, name, mode, 0);
        return err[0] < 0 ? null : nd.path();
    }

    /// Finds a file for a kernel user: its place, or null and `-errno` in `err[0]` (`kern_path`).
    @Kernel("kern_path")
    public static @Nullable VfsPath find(FsStruct fs, Cred cred, String name, int[] err) {
        Nameidata nd = new Nameidata(fs, cred);
        err[0] = nd.lookup(name, Nameidata.LOOKUP_FOLLOW);
        return err[0] < 0 ? null : nd.path();
    }

    /// `symlink`: `-ENOENT` for an empty target.
    @Kernel({"do_symlinkat", "vfs_symlink"})
    public static int symlink(Nameidata nd, String target, String name) {
        if (target.isEmpty()) {
            return -Errno.ENOENT;
        }
        return create(nd, name, false, (dir, dentry) -> dir.symlink(dentry, target, nd.cred));
    }

    /// `link`: another name for `old`.
    @Kernel({"do_linkat", "vfs_link"})
    public static int link(VfsPath old, Nameidata nd, String name) {
        return create(
                nd,
                name,
                false,
                (dir, dentry) -> {
                    Inode file = old.inode();
                    if (old.mnt() != nd.mnt()) {
                        return -Errno.EXDEV;
                    }
                    if (file.isDir()) {
                        return -Errno.EPERM;
                    }
                    if (file.nlink == 0 && !(file.attached instanceof Linkable)) {
                        return -Errno.ENOENT;
                    }
                    return file.nlink >= LINK_MAX ? -Errno.EMLINK : dir.link(file, dentry);
                });
    }

    /// Mark of a file that was opened with `O_TMPFILE` and may be given a name (`I_LINKABLE`).
    enum Linkable {
        YES
    }

    /// Walks to the parent and makes a name there; the walk ends at what was made
    /// (`filename_create`, `may_create`).
    @Kernel({"filename_create", "may_create"})
    private static int create(Nameidata nd, String name, boolean directory, Maker maker) {
        int err = nd.parent(name);
        if (err < 0) {
            return err;
        }
        if (nd.lastType != LastType.NORM) {
            return -Errno.EEXIST;
        }
        int readOnly = nd.mnt().wantWrite();
        synchronized (nd.dentry().sb.namespaceLock) {
            VfsPath place = nd.step();
            if (place == null) {
                return nd.stepError();
            }
            if (!place.dentry().isNegative()) {
                return -Errno.EEXIST;
            }
            if (nd.trailingSlash && !directory) {
                return -Errno.ENOENT;
            }
            err = readOnly < 0 ? readOnly : mayCreate(nd);
            if (err == 0) {
                err = maker.make(nd.dentry().file(), place.dentry());
            }
            if (err == 0) {
                nd.arrive(place);
            }
            return err;
        }
    }

    /// May a name be made in the directory of the walk?
    static int mayCreate(Nameidata nd) {
        Inode dir = nd.dentry().file();
        return dir.nlink == 0
                ? -Errno.ENOENT
                : dir.permission(Inode.MAY_WRITE | Inode.MAY_EXEC, nd.cred);
    }

    /// May a name be removed from a directory? `-EPERM` in a sticky one that is not his
    /// (`may_delete`).
    @Kernel({"may_delete", "check_sticky"})
    private static int mayDelete(Inode dir, Dentry victim, boolean asDirectory, Cred cred) {
        int err = dir.permission(Inode.MAY_WRITE | Inode.MAY_EXEC, cred);
        if (err < 0) {
            return err;
        }
        Inode file = victim.file();
        if ((dir.mode & Stat.S_ISVTX) != 0
                && cred.uid() != file.uid
                && cred.uid() != dir.uid
                && !cred.privileged()) {
            return -Errno.EPERM;
        }
        if (asDirectory != file.isDir()) {
            return asDirectory ? -Errno.ENOTDIR : -Errno.EISDIR;
        }
        if (asDirectory && victim.isRoot()) {
            return -Errno.EBUSY;
        }
        return dir.nlink == 0 ? -Errno.ENOENT : 0;
    }

    /// `unlink`.
    @Kernel({"do_unlinkat", "vfs_unlink"})
    public static int unlink(Nameidata nd, String name) {
        int err = nd.parent(name);
        if (err < 0) {
            return err;
        }
        if (nd.lastType != LastType.NORM) {
            return -Errno.EISDIR;
        }
        err = nd.mnt().wantWrite();
        if (err < 0) {
            return err;
        }
        Inode gone;
        synchronized (nd.dentry().sb.namespaceLock) {
            Dentry victim = lookupVictim(nd);
            if (victim == null) {
                return nd.stepError();
            }
            if (victim.isNegative()) {
                return -Errno.ENOENT;
            }
            if (nd.trailingSlash) {
                return victim.isDir() ? -Errno.EISDIR : -Errno.ENOTDIR;
            }
            err = mayDelete(nd.dentry().file(), victim, false, nd.cred);
            if (err == 0) {
                err = victim.mounted != null ? -Errno.EBUSY : nd.dentry().file().unlink(victim);
            }
            if (err < 0) {
                return err;
            }
            gone = victim.file();
            victim.drop();
        }
        gone.evictIfUnused();
        return 0;
    }

    /// `rmdir`.
    @Kernel({"do_rmdir", "vfs_rmdir"})
    public static int rmdir(Nameidata nd, String name) {
        int err = nd.parent(name);
        if (err < 0) {
            return err;
        }
        switch (nd.lastType) {
            case DOTDOT -> err = -Errno.ENOTEMPTY;
            case DOT -> err = -Errno.EINVAL;
            case ROOT -> err = -Errno.EBUSY;
            case NORM -> err = nd.mnt().wantWrite();
        }
        if (err < 0) {
            return err;
        }
        synchronized (nd.dentry().sb.namespaceLock) {
            Dentry victim = lookupVictim(nd);
            if (victim == null) {
                return nd.stepError();
            }
            if (victim.isNegative()) {
                return -Errno.ENOENT;
            }
            err = mayDelete(nd.dentry().file(), victim, true, nd.cred);
            if (err == 0) {
                err = victim.mounted != null ? -Errno.EBUSY : nd.dentry().file().rmdir(victim);
            }
            if (err == 0) {
                victim.drop();
            }
            return err;
        }
    }

    /// The name itself, not what is mounted on it.
    private static @Nullable Dentry lookupVictim(Nameidata nd) {
        VfsPath place = nd.step();
        if (place == null) {
            return null;
        }
        return place.mnt() == nd.mnt() ? place.dentry() : coveredBy(place.mnt(), nd.mnt());
    }

    private static Dentry coveredBy(Mount top, Mount below) {
        Mount m = top;
        Mount next = m.parent();
        while (next != null && next != below) {
            m = next;
            next = m.parent();
        }
        return m.mountpoint();
    }

    /// `renameat2`: `-EINVAL` for flags that do not go together.
    @Kernel({"do_renameat2", "vfs_rename"})
    public static int rename(
            Nameidata from, String oldName, Nameidata to, String newName, int flags) {
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) != 0
                || exchange && (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) != 0) {
            return -Errno.EINVAL;
        }
        int err = from.parent(oldName);
        err = err < 0 ? err : to.parent(newName);
        if (err < 0) {
            return err;
        }
        if (from.mnt() != to.mnt()) {
            return -Errno.EXDEV;
        }
        if (from.lastType != LastType.NORM) {
            return -Errno.EBUSY;
        }
        if (to.lastType != LastType.NORM) {
            return (flags & RENAME_NOREPLACE) != 0 ? -Errno.EEXIST : -Errno.EBUSY;
        }
        err = from.mnt().wantWrite();
        if (err < 0) {
            return err;
        }
        Inode gone;
        synchronized (from.dentry().sb.namespaceLock) {
            Dentry source = lookupVictim(from);
            Dentry target = source == null ? null : lookupVictim(to);
            if (source == null || target == null) {
                return source == null ? from.stepError() : to.stepError();
            }
            gone = exchange ? null : target.inode();
            err = renameChecks(from, source, to, target, flags);
            if (err <= 0) {
                return err;
            }
            err = moveLocked(from, source, to, target, flags);
        }
        if (err == 0 && gone != null) {
            gone.evictIfUnused();
        }
        return err;
    }

    /// 1 to go on, 0 if both names are one file, or `-errno`.
    private static int renameChecks(
            Nameidata from, Dentry source, Nameidata to, Dentry target, int flags) {
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        if (source.isNegative()) {
            return -Errno.ENOENT;
        }
        if ((flags & RENAME_NOREPLACE) != 0 && !target.isNegative()) {
            return -Errno.EEXIST;
        }
        if (exchange && target.isNegative()) {
            return -Errno.ENOENT;
        }
        if (exchange && to.trailingSlash && !target.isDir()) {
            return -Errno.ENOTDIR;
        }
        if (!source.isDir() && (from.trailingSlash || !exchange && to.trailingSlash)) {
            return -Errno.ENOTDIR;
        }
        if (source.isAncestorOf(to.dentry())) {
            return -Errno.EINVAL;
        }
        if (!target.isNegative() && target.isAncestorOf(from.dentry())) {
            return exchange ? -Errno.EINVAL : -Errno.ENOTEMPTY;
        }
        return source.inode() == target.inode() ? 0 : 1;
    }

    private static int moveLocked(
            Nameidata from, Dentry source, Nameidata to, Dentry target, int flags) {
        Inode oldDir = from.dentry().file();
        Inode newDir = to.dentry().file();
        boolean exchange = (flags & RENAME_EXCHANGE) != 0;
        int err = mayDelete(oldDir, source, source.isDir(), from.cred);
        if (err == 0) {
            boolean asDirectory = exchange ? target.isDir() : source.isDir();
            err =
                    target.isNegative()
                            ? mayCreate(to)
                            : mayDelete(newDir, target, asDirectory, to.cred);
        }
        if (err == 0 && oldDir != newDir && source.isDir()) {
            err = source.file().permission(Inode.MAY_WRITE, from.cred);
        }
        if (err == 0 && oldDir != newDir && exchange && target.isDir()) {
            err = target.file().permission(Inode.MAY_WRITE, from.cred);
        }
        if (err == 0 && (source.mounted != null || target.mounted != null)) {
            err = -Errno.EBUSY;
        }
        if (err == 0) {
            err = oldDir.rename(source, target, flags);
        }
        if (err == 0 && exchange) {
            source.exchange(target);
        } else if (err == 0) {
            source.move(target);
        }
        return err;
    }
}
