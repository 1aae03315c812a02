package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Rwf;
import org.jspecify.annotations.Nullable;

/// Reading and writing files through the page cache (`mm/filemap.c`).
final class Filemap {
    private static final int LARGE = 8 * AddressSpace.PAGE_SIZE;
    private static final int SYNC_FLAGS = Rwf.RWF_DSYNC | Rwf.RWF_SYNC;
    private static final byte[] ZEROS = new byte[AddressSpace.PAGE_SIZE];

    private Filemap() {}

    /// Reads from a position: the bytes, 0 at the end, `-EFAULT`, `-EIO` (`filemap_read`).
    @Kernel({"filemap_read", "generic_file_read_iter"})
    @HotPath
    static long read(File file, Inode inode, AddressSpace mapping, IovIter to, long pos) {
        long done = 0;
        while (to.count() > 0 && pos + done < inode.size) {
            long at = pos + done;
            long most = Math.min(to.count(), inode.size - at);
            int n = readOnce(file, inode, mapping, to, at, most);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += n;
        }
        if ((file.flags & Fcntl.O_NOATIME) == 0) {
            inode.accessed();
        }
        return done;
    }

    @HotPath
    private static int readOnce(
            File file, Inode inode, AddressSpace mapping, IovIter to, long at, long most) {
        Folio folio = mapping.get(at >> AddressSpace.PAGE_SHIFT);
        if (folio == null && mapping.ops().holes()) {
            int offset = (int) at & AddressSpace.PAGE_SIZE - 1;
            int want = (int) Math.min(most, AddressSpace.PAGE_SIZE - offset);
            int copied = to.copyToUser(ZEROS, 0, want);
            return copied > 0 ? copied : -Errno.EFAULT;
        }
        if (folio == null || !folio.uptodate) {
            folio = readIn(file, inode, mapping, folio, at, most);
            if (folio == null) {
                return -Errno.EIO;
            }
        }
        try {
            folio.accessed();
            int offset = (int) (at - folio.pos());
            int want = (int) Math.min(most, folio.size() - offset);
            int copied = to.copyToUser(folio.page.data, offset, want);
            noteRead(file, inode, mapping, at);
            return copied > 0 ? copied : -Errno.EFAULT;
        } finally {
            folio.page.put();
        }
    }

    /// Brings a page in, and with it what will be wanted next; null: `EIO`. Takes over the reference.
    @Kernel("filemap_get_pages")
    private static @Nullable Folio readIn(
            File file,
            Inode inode,
            AddressSpace mapping,
            @Nullable Folio found,
            long at,
            long most) {
        long index = at >> AddressSpace.PAGE_SHIFT;
        Folio folio = found;
        if (folio == null) {
            long wanted = most + AddressSpace.PAGE_SIZE - 1 >> AddressSpace.PAGE_SHIFT;
            file.readahead().miss(mapping, index, wanted, pages(inode));
            folio = mapping.getOrAdd(index, true);
        }
        if (folio != null && mapping.fill(folio) < 0) {
            folio.page.put();
            return null;
        }
        return folio;
    }

    private static void noteRead(File file, Inode inode, AddressSpace mapping, long at) {
        if (!mapping.ops().holes()) {
            file.readahead().hit(mapping, at >> AddressSpace.PAGE_SHIFT, pages(inode));
        }
    }

    private static long pages(Inode inode) {
        return inode.size + AddressSpace.PAGE_SIZE - 1 >> AddressSpace.PAGE_SHIFT;
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
            long limit = Math.min(Inode.MAX_BYTES, CurrentTask.currentFileSizeLimit());
            if (at >= limit) {
                return -Errno.EFBIG;
            }
            from.truncate(limit - at);
            inode.removePrivs();
            inode.modified();
            long n = performWrite(inode, mapping, from, at);
            boolean sync = (file.flags & Fcntl.O_DSYNC) != 0 || (from.rwFlags & SYNC_FLAGS) != 0;
            int err = n > 0 && sync ? inode.fsync() : 0;
            mapping.balanceDirty();
            return err < 0 ? err : n;
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
            done += Math.max(n, 0);
            // A write from bad memory beyond the end moves the end: its page has been prepared.
            if ((n > 0 || n == -Errno.EFAULT) && pos + done > inode.size) {
                inode.size = pos + done;
            }
            if (n <= 0) {
                return done > 0 ? done : n;
            }
        }
        return done;
    }

    private static int writeOnce(AddressSpace mapping, IovIter from, long at) {
        boolean large = at >= LARGE || from.count() >= LARGE || !mapping.ops().holes();
        Folio folio = mapping.getOrAdd(at >> AddressSpace.PAGE_SHIFT, large);
        if (folio == null) {
            return -Errno.ENOSPC;
        }
        try {
            int offset = (int) (at - folio.pos());
            int room =
                    mapping.ops().holes()
                            ? AddressSpace.PAGE_SIZE - ((int) at & AddressSpace.PAGE_SIZE - 1)
                            : folio.size() - offset;
            int want = (int) Math.min(from.count(), room);
            // What is overwritten as a whole need not be read first.
            if (want < folio.size()) {
                int err = mapping.fill(folio);
                if (err < 0) {
                    return err;
                }
            }
            return copyIn(mapping, folio, offset, from, want);
        } finally {
            folio.page.put();
        }
    }

    private static int copyIn(
            AddressSpace mapping, Folio folio, int offset, IovIter from, int want) {
        synchronized (folio) {
            int n = from.copyFromUser(folio.page.data, offset, want);
            if (n == 0) {
                return -Errno.EFAULT;
            }
            if (n == folio.size()) {
                folio.uptodate = true;
            }
            if (folio.uptodate) {
                folio.accessed();
                mapping.markDirty(folio);
                return n;
            }
        }
        // The caller's memory ended early and the rest of the folio was never read.
        return -Errno.EFAULT;
    }

    /// The bytes at a position by reference, for `splice_read`: see [PageReader#read].
    @Kernel("filemap_splice_read")
    static int page(File file, Inode inode, AddressSpace mapping, long pos, int max, PageFrag out) {
        long left = inode.size - pos;
        if (left <= 0) {
            return 0;
        }
        Folio folio = mapping.get(pos >> AddressSpace.PAGE_SHIFT);
        if (folio == null && mapping.ops().holes()) {
            int offset = (int) pos & AddressSpace.PAGE_SIZE - 1;
            int n = (int) Math.min(Math.min(left, max), AddressSpace.PAGE_SIZE - offset);
            Page.ZERO.get();
            out.set(Page.ZERO, 0, n);
            return n;
        }
        if (folio == null || !folio.uptodate) {
            folio = readIn(file, inode, mapping, folio, pos, max);
            if (folio == null) {
                return -Errno.EIO;
            }
        }
        folio.accessed();
        noteRead(file, inode, mapping, pos);
        int offset = (int) (pos - folio.pos());
        int n = (int) Math.min(Math.min(left, max), folio.size() - offset);
        out.set(folio.page, offset, n);
        return n;
    }
}
