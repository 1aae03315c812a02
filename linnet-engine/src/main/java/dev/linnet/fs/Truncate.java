package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.uapi.Errno;

/// Making files shorter or longer (`fs/open.c`, `mm/truncate.c`).
public final class Truncate {
    private Truncate() {}

    /// `truncate`, by name: `-EINVAL`, `-EISDIR`, `-EACCES`, `-EROFS`.
    @Kernel({"do_sys_truncate", "vfs_truncate"})
    public static int truncate(VfsPath path, long size, Cred cred) {
        Inode inode = path.inode();
        if (inode.isDir()) {
            return -Errno.EISDIR;
        }
        if (!inode.isRegular()) {
            return -Errno.EINVAL;
        }
        int err = path.mnt().wantWrite();
        err = err < 0 ? err : inode.permission(Inode.MAY_WRITE, cred);
        return err < 0 ? err : to(inode, size);
    }

    /// `ftruncate`: `-EINVAL` unless it is a regular file that is open for writing.
    @Kernel("do_sys_ftruncate")
    public static int ftruncate(File file, long size) {
        Inode inode = file.inode();
        if (inode == null || !inode.isRegular() || !file.writable()) {
            return -Errno.EINVAL;
        }
        return to(inode, size);
    }

    /// Sets the size (`do_truncate`).
    @Kernel({"do_truncate", "simple_setattr"})
    static int to(Inode inode, long size) {
        AddressSpace mapping = inode.mapping();
        if (mapping == null) {
            return inode.resize(size); // such as those of /proc, whose size is always 0
        }
        synchronized (inode.rwsem) {
            long old = inode.size;
            int err = inode.newSizeOk(size);
            if (err == 0) {
                inode.removePrivs();
                err = inode.resize(size);
            }
            if (err < 0) {
                return err;
            }
            inode.size = size;
            if (size < old) {
                mapping.truncate(size);
            }
            inode.modified();
            return 0;
        }
    }
}
