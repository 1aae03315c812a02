package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Rwf;

/// Reading and writing files through the page cache (`mm/filemap.c`).
final class Filemap {
    private static final int LARGE = 8 * AddressSpace.PAGE_SIZE;
    private static final byte[] ZEROS = new byte[AddressSpace.PAGE_SIZE];

    private Filemap() {}

    /// Reads from a position: the bytes, 0 at the end, `-EFAULT`, `-EIO` (`filemap_read`).
    @Kernel({"filemap_read", "generic_file_read_iter"})
    @HotPath
    static long read(Inode inode, AddressSpace mapping, IovIter to, long pos) {
        long done = 0;
        while (to.count() > 0 && pos + done < inode.size) {
            long at = pos + done;
            long most = Math.min(to.count(), inode.size - at);
            int n = readOnce(mapping, to, at, most);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += n;
        }
        inode.accessed();
        return done;
    }

    @HotPath
    private static int readOnce(AddressSpace mapping, IovIter to, long at, long most) {
        long index = at >> AddressSpace.PAGE_SHIFT;
        Folio folio = mapping.get(index);
        if (folio == null && mapping.ops().holes()) {
            int offset = (int) at & AddressSpace.PAGE_SIZE - 1;
            int want = (int) Math.min(most, AddressSpace.PAGE_SIZE - offset);
            int copied = to.copyToUser(ZEROS, 0, want);
            return copied > 0 ? copied : -Errno.EFAULT;
        }
        if (folio == null) {
            folio = mapping.getOrAdd(index, true);
            if (folio == null) {
                return -Errno.ENOMEM;
            }
        }
        try {
            int err = mapping.fill(folio);
            if (err < 0) {
                return err;
            }
            int offset = (int) (at - folio.pos());
            int want = (int) Math.min(most, folio.size() - offset);
            int copied = to.copyToUser(folio.page.data, offset, want);
            return copied > 0 ? copied : -Errno.EFAULT;
        } finally {
            folio.page.put();
        }
    }

    /// Writes at a position, or at the end with `O_APPEND`: the bytes, `-EFAULT`, `-ENOSPC`, `-EFBIG`.
    /// Where the write began is in `from.kiPos` (`generic_file_write_iter`).
    @Kernel({"generic_file_write_iter", "generic_write_checks"})
    static long write(File file, Inode inode, AddressSpace mapping, IovIter from, long pos) {
        synchronized (inode.rwsem) {
            if (from.count() == 0) {
                return 0;
            }
            long at = appends(file, from) ? inode.size : pos;
            from.kiPos = at;
            if (at >= Inode.MAX_BYTES) {
                return -Errno.EFBIG;
            }
            from.truncate(Inode.MAX_BYTES - at);
            inode.modified();
            return performWrite(inode, mapping, from, at);
        }
    }

    private static boolean appends(File file, IovIter from) {
        return (from.rwFlags & Rwf.RWF_APPEND) != 0
                || (file.flags & Fcntl.O_APPEND) != 0 && (from.rwFlags & Rwf.RWF_NOAPPEND) == 0;
    }

    @Kernel("generic_perform_write")
    private static long performWrite(Inode inode, AddressSpace mapping, IovIter from, long pos) {
        long done = 0;
        while (from.count() > 0) {
            int n = writeOnce(mapping, from, pos + done);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += n;
            if (pos + done > inode.size) {
                inode.size = pos + done;
            }
        }
        return done;
    }

    private static int writeOnce(AddressSpace mapping, IovIter from, long at) {
        boolean large = at >= LARGE || from.count() >= LARGE;
        int inPage = (int) at & AddressSpace.PAGE_SIZE - 1;
        Folio folio = mapping.getOrAdd(at >> AddressSpace.PAGE_SHIFT, large);
        if (folio == null) {
            return -Errno.ENOSPC;
        }
        try {
            int err = mapping.fill(folio);
            if (err < 0) {
                return err;
            }
            int want = (int) Math.min(from.count(), AddressSpace.PAGE_SIZE - inPage);
            int n = from.copyFromUser(folio.page.data, (int) (at - folio.pos()), want);
            return n > 0 ? n : -Errno.EFAULT;
        } finally {
            folio.page.put();
        }
    }

    /// The bytes at a position by reference, for `splice_read`: see [PageReader#read].
    @Kernel("filemap_splice_read")
    static int page(Inode inode, AddressSpace mapping, long pos, int max, PageFrag out) {
        long left = inode.size - pos;
        if (left <= 0) {
            return 0;
        }
        Folio folio = mapping.getOrAdd(pos >> AddressSpace.PAGE_SHIFT, true);
        if (folio == null) {
            return -Errno.ENOMEM;
        }
        int err = mapping.fill(folio);
        if (err < 0) {
            folio.page.put();
            return err;
        }
        int offset = (int) (pos - folio.pos());
        int n = (int) Math.min(Math.min(left, max), folio.size() - offset);
        out.set(folio.page, offset, n);
        return n;
    }
}
