package dev.linnet.kernel.mm;

import dev.linnet.kernel.Kernel;

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

    /// Which pages hold data, a bit for each; the others are holes. Guarded by the mapping.
    int present;

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

    int pages() {
        return page.data.length >> AddressSpace.PAGE_SHIFT;
    }
}
