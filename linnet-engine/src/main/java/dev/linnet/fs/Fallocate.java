package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;

/// Making room in files and holes in them (`vfs_fallocate`, `shmem_fallocate`).
public final class Fallocate {
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    /// What the interface knows; files in memory know the first two (`FALLOC_FL_SUPPORTED_MASK`).
    private static final int KNOWN = 0xfb;

    private Fallocate() {}

    /// `-EINVAL` for an impossible range, `-EOPNOTSUPP`, `-EBADF` unless open for writing, `-ESPIPE`,
    /// `-EISDIR`, `-ENODEV`, `-EFBIG`, `-ENOSPC`.
    @Kernel("vfs_fallocate")
    public static int fallocate(File file, int mode, long offset, long length) {
        if (offset < 0 || length <= 0) {
            return -Errno.EINVAL;
        }
        boolean punch = (mode & PUNCH_HOLE) != 0;
        if ((mode & ~KNOWN) != 0 || punch && (mode & KEEP_SIZE) == 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (!file.writable()) {
            return -Errno.EBADF;
        }
        Inode inode = file.inode();
        int kind = inode == null ? file.ops.stat(file).kind() : inode.kind();
        if (kind == Stat.S_IFIFO) {
            return -Errno.ESPIPE;
        }
        if (inode == null || !inode.isRegular()) {
            return -Errno.ENODEV;
        }
        if (offset + length < 0) {
            return -Errno.EFBIG;
        }
        AddressSpace mapping = inode.mapping();
        boolean only = (mode & ~(KEEP_SIZE | PUNCH_HOLE)) == 0;
        if (mapping == null || !mapping.ops().holes() || !only) {
            return -Errno.EOPNOTSUPP;
        }
        synchronized (inode.rwsem) {
            int err = !punch ? inode.newSizeOk(offset + length) : 0;
            if (err < 0) {
                return err;
            }
            return punch
                    ? punch(inode, mapping, offset, length)
                    : allocate(inode, mapping, offset, length, (mode & KEEP_SIZE) == 0);
        }
    }

    private static int punch(Inode inode, AddressSpace mapping, long offset, long length) {
        mapping.punch(offset, offset + length);
        inode.modified();
        return 0;
    }

    /// Pages for the whole range; if there is no room for all, those that were made go again.
    @Kernel("shmem_fallocate")
    private static int allocate(
            Inode inode, AddressSpace mapping, long offset, long length, boolean grow) {
        long first = offset >> AddressSpace.PAGE_SHIFT;
        long end = offset + length + AddressSpace.PAGE_SIZE - 1 >> AddressSpace.PAGE_SHIFT;
        for (long index = first; index < end; index++) {
            if (mapping.nextHole(index) != index) {
                continue;
            }
            Folio folio = mapping.getOrAdd(index, true);
            if (folio == null) {
                undo(mapping, inode, first, index);
                return -Errno.ENOSPC;
            }
            folio.page.put();
        }
        if (grow && offset + length > inode.size) {
            inode.size = offset + length;
        }
        inode.modified();
        return 0;
    }

    private static void undo(AddressSpace mapping, Inode inode, long first, long end) {
        long kept = inode.size + AddressSpace.PAGE_SIZE - 1 >> AddressSpace.PAGE_SHIFT;
        long from = Math.max(first, kept);
        if (from < end) {
            mapping.punch(from << AddressSpace.PAGE_SHIFT, end << AddressSpace.PAGE_SHIFT);
        }
    }
}
