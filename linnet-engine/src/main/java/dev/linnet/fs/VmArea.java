package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A mapping of a file, or of zeros (`struct vm_area_struct`): pages that are brought in when they are touched.
///
/// A shared mapping gives the pages of the page cache themselves: what is written here is read by `read`, and the
/// other way round. A private one gives them as long as they are only read, and a copy of its own from the first write
/// on. Pages behind the end of the file cannot be touched ([#fault] gives null, which is Linux's `SIGBUS`).
///
/// What may be written through a shared mapping counts as dirty as long as it is mapped, because nobody notices when
/// it is written. Thread-safe.
@Kernel("vm_area_struct")
public final class VmArea {
    private static final int PAGE_SIZE = AddressSpace.PAGE_SIZE;

    private final @Nullable File file;
    private final @Nullable Inode inode;
    private final @Nullable AddressSpace mapping;
    private final long firstPage;
    private final boolean shared;

    /// By page: the folio that it is in, with a reference; null if it has not been touched.
    private final @Nullable Folio[] folios;

    /// By page: it may be written to in the page cache.
    private final boolean[] writes;

    /// By page: memory of its own, instead of the folio.
    private final byte[] @Nullable [] own;

    private int pages;

    private VmArea(@Nullable File file, long firstPage, int pages, boolean shared) {
        this.file = file;
        this.inode = file == null ? null : file.inode();
        this.mapping = inode == null ? null : inode.mapping();
        this.firstPage = firstPage;
        this.shared = shared;
        this.folios = new Folio[pages];
        this.writes = new boolean[pages];
        this.own = new byte[pages][];
        this.pages = pages;
    }

    /// Zeros of no file; shared ones differ only in who sees them.
    public static VmArea anonymous(int pages) {
        return new VmArea(null, 0, pages, false);
    }

    /// Maps a file: `-EACCES` for what it is not open for, `-ENODEV` if its kind cannot be mapped, as
    /// `err[0]` when null is returned. Takes a reference to the file.
    @Kernel({"mmap_region", "generic_file_mmap", "shmem_mmap"})
    public static @Nullable VmArea of(
            File file, int prot, boolean shared, long firstPage, int pages, int[] err) {
        boolean writes = shared && (prot & Mman.PROT_WRITE) != 0;
        if (writes && !file.writable() || !file.readable()) {
            err[0] = -Errno.EACCES;
            return null;
        }
        if (file.ops == MemDevice.of(MemDevice.ZERO_MINOR)) {
            return anonymous(pages);
        }
        Inode inode = file.inode();
        if (inode == null || inode.mapping() == null || !file.get()) {
            err[0] = -Errno.ENODEV;
            return null;
        }
        inode.accessed();
        return new VmArea(file, firstPage, pages, shared);
    }

    /// Pages of the whole mapping.
    public int pages() {
        return folios.length;
    }

    /// The memory of a page, to be read or also to be written; null behind the end of the file, or if the page
    /// cannot be had (`SIGBUS`).
    @Kernel({"handle_mm_fault", "filemap_fault", "do_cow_fault", "do_shared_fault"})
    public synchronized @Nullable ByteBuffer fault(int page, boolean write) {
        AddressSpace from = mapping;
        if (from == null || inode == null) {
            return ByteBuffer.wrap(ownPage(page));
        }
        if (firstPage + page << AddressSpace.PAGE_SHIFT >= inode.size) {
            zap(page); // the file has become shorter since
            return null;
        }
        byte[] copy = own[page];
        if (copy != null) {
            return ByteBuffer.wrap(copy);
        }
        Folio folio = folio(from, page);
        if (folio == null) {
            return null;
        }
        int offset = (int) (firstPage + page - folio.index) << AddressSpace.PAGE_SHIFT;
        if (write && !shared) {
            copy = ownPage(page);
            System.arraycopy(folio.page.data, offset, copy, 0, PAGE_SIZE);
            dropFolio(page);
            return ByteBuffer.wrap(copy);
        }
        if (write && !writes[page]) {
            writes[page] = true;
            from.writer(folio, true);
            inode.modified();
        }
        return ByteBuffer.wrap(folio.page.data, offset, PAGE_SIZE);
    }

    private byte[] ownPage(int page) {
        byte[] memory = own[page];
        if (memory == null) {
            memory = new byte[PAGE_SIZE];
            own[page] = memory;
        }
        return memory;
    }

    private @Nullable Folio folio(AddressSpace from, int page) {
        Folio folio = folios[page];
        if (folio != null && folio.isGone()) {
            dropFolio(page);
            folio = null;
        }
        if (folio == null) {
            folio = from.getOrAdd(firstPage + page, true);
            folios[page] = folio;
        }
        if (folio != null && from.fill(folio) < 0) {
            dropFolio(page);
            return null;
        }
        return folio;
    }

    private void dropFolio(int page) {
        Folio folio = folios[page];
        if (folio != null && mapping != null) {
            folios[page] = null;
            if (writes[page]) {
                writes[page] = false;
                mapping.writer(folio, false);
            }
            folio.page.put();
        }
    }

    private void zap(int page) {
        dropFolio(page);
        own[page] = null;
    }

    /// Takes pages away (`unmap_page_range`); when all have gone, so has the reference to the file.
    @Kernel("unmap_page_range")
    public void unmap(int from, int count) {
        boolean last;
        synchronized (this) {
            for (int page = from; page < from + count; page++) {
                zap(page);
            }
            pages -= count;
            last = pages == 0;
        }
        if (last && file != null) {
            file.put();
        }
    }

    /// Writes to where the file is kept what was changed through a shared mapping: 0 or `-EIO`.
    @Kernel("vfs_fsync_range")
    public int sync() {
        return shared && inode != null ? inode.fsync() : 0;
    }
}
