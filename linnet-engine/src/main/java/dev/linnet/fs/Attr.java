package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;

/// Changing permissions, owners and times (`fs/attr.c`, `chmod_common`, `chown_common`, `vfs_utimes`).
public final class Attr {
    /// In place of a user or group: leave it.
    private static final int NO_CHANGE = -1;

    private Attr() {}

    /// `chmod`: `-EPERM` unless it is his file, `-EROFS`, `-EOPNOTSUPP` for a symbolic link.
    @Kernel("chmod_common")
    public static int chmod(VfsPath path, int mode, Cred cred) {
        Iattr attr = new Iattr();
        attr.hasMode = true;
        attr.mode = mode & Stat.S_IALLUGO;
        Inode inode = path.inode();
        int err = path.mnt().wantWrite();
        if (err < 0) {
            return err;
        }
        if (inode.isSymlink()) {
            return -Errno.EOPNOTSUPP;
        }
        if (!inode.ownedBy(cred)) {
            return -Errno.EPERM;
        }
        if (cred.gid() != inode.gid && !cred.privileged()) {
            attr.mode &= ~Stat.S_ISGID;
        }
        return inode.setattr(attr);
    }

    /// `chown`; -1 leaves the user or the group as it is. A program loses the right to run as its owner.
    @Kernel("chown_common")
    public static int chown(VfsPath path, int uid, int gid, Cred cred) {
        Iattr attr = new Iattr();
        Inode inode = path.inode();
        attr.hasUid = uid != NO_CHANGE;
        attr.uid = uid;
        attr.hasGid = gid != NO_CHANGE;
        attr.gid = gid;
        int err = path.mnt().wantWrite();
        if (err < 0) {
            return err;
        }
        boolean owner = cred.uid() == inode.uid;
        boolean uidOk = uid == NO_CHANGE || owner && uid == inode.uid;
        boolean gidOk = gid == NO_CHANGE || owner && (gid == inode.gid || gid == cred.gid());
        if (!(uidOk && gidOk) && !cred.privileged()) {
            return -Errno.EPERM;
        }
        if (!inode.isDir()) {
            attr.hasMode = true;
            attr.mode = inode.mode & Stat.S_IALLUGO & ~Stat.S_ISUID;
            if ((inode.mode & 0010) != 0) {
                attr.mode &= ~Stat.S_ISGID;
            }
        }
        return inode.setattr(attr);
    }

    /// `utimensat`: sets the times that `attr` has. `now` says that they are the present moment, which
    /// whoever may write the file may ask for: `-EACCES`; for other times it must be his: `-EPERM`.
    @Kernel("vfs_utimes")
    public static int utimes(VfsPath path, Iattr attr, boolean now, Cred cred) {
        int err = path.mnt().wantWrite();
        if (err < 0) {
            return err;
        }
        Inode inode = path.inode();
        if (!inode.ownedBy(cred)) {
            if (!now) {
                return -Errno.EPERM;
            }
            err = inode.permission(Inode.MAY_WRITE, cred);
        }
        return err < 0 ? err : inode.setattr(attr);
    }
}
