package dev.linnet.kernel.mm;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// A run of pages of a file in memory (`struct folio`): one page of 4 KB or eight, aligned.
///
/// Whoever has a reference to its [#page] may read and write the bytes, whatever happens to the file
/// meanwhile; bytes of a packet on its way that came from here change with the file, as on Linux.
@Kernel("folio")
public final class Folio {
    final AddressSpace mapping;

    /// Of the first page, in pages.
    public final long index;

    public final Page page;

    /// The content is there; filled under the folio's monitor (the folio lock).
    public volatile boolean uptodate;

    /// Used since it was looked at the last time (`PG_referenced`).
    volatile boolean referenced;

    /// Which pages hold data, a bit for each; the others are holes. Guarded by the mapping, as the next
    /// three.
    int present;

    /// Must be written to where the file is kept (`PG_dirty`).
    boolean dirty;

    /// Mappings that may write to it at any time, so that it is always dirty.
    int writers;

    /// No longer in the mapping.
    volatile boolean gone;

    /// In the list of a [PageCache], which guards these.
    boolean listed;

    @Nullable Folio newer;
    @Nullable Folio older;

    Folio(AddressSpace mapping, long index, Page page) {
        this.mapping = mapping;
        this.index = index;
        this.page = page;
    }

    /// Position in the file of the first byte.
    @Kernel("folio_pos")
    public long pos() {
        return index << AddressSpace.PAGE_SHIFT;
    }

    /// Bytes.
    @Kernel("folio_size")
    public int size() {
        return page.data.length;
    }

    /// The file was read or written here (`folio_mark_accessed`).
    @Kernel("folio_mark_accessed")
    public void accessed() {
        if (!referenced) {
            referenced = true;
        }
    }

    /// True if the file has forgotten it, so that another look-up gives another folio.
    public boolean isGone() {
        return gone;
    }

    int pages() {
        return page.data.length >> AddressSpace.PAGE_SHIFT;
    }

    /// Which bit of [#present] stands for a page.
    int bit(long pageIndex) {
        return 1 << (int) (pageIndex - index);
    }
}
