package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.Folio;

/// How far an open file reads ahead (`struct file_ra_state`, `mm/readahead.c`). Whoever reads one page
/// after the other gets a window that doubles up to 128 KB; whoever jumps gets what he asked for. The reader
/// fills the window himself. Unsynchronized: a wrong guess costs time, nothing else. Units are pages.
@Kernel("file_ra_state")
final class FileRaState {
    /// `read_ahead_kb` is 128.
    private static final long MAX = 32;

    private long start;
    private long size;
    private long asyncSize;
    private long prev = -1;

    /// A page that is asked for is not there (`page_cache_sync_ra`).
    ///
    /// @param wanted pages that the call asks for
    /// @param pages of the whole file
    @Kernel({"page_cache_sync_ra", "get_init_ra_size"})
    void miss(AddressSpace mapping, long index, long wanted, long pages) {
        if (index != 0 && index - prev > 1) {
            return;
        }
        long window = Long.highestOneBit(Math.max(1, Math.min(wanted, MAX)) * 2 - 1);
        start = index;
        size = window <= MAX / 4 ? window * 4 : MAX;
        asyncSize = size > wanted ? size - Math.min(wanted, size) : size;
        submit(mapping, pages);
    }

    /// A page was read that is there; at the mark in the window the next one is read
    /// (`page_cache_async_ra`).
    @Kernel({"page_cache_async_ra", "get_next_ra_size"})
    void hit(AddressSpace mapping, long index, long pages) {
        boolean mark = size > 0 && index >= start + size - asyncSize && index < start + size;
        if (mark && start + size < pages) {
            start += size;
            size = Math.min(size * 2, MAX);
            asyncSize = size;
            submit(mapping, pages);
        }
        prev = index;
    }

    @Kernel("do_page_cache_ra")
    private void submit(AddressSpace mapping, long pages) {
        long end = Math.min(start + size, pages);
        long index = start;
        while (index < end) {
            Folio folio = mapping.getOrAdd(index, true);
            if (folio == null) {
                return;
            }
            try {
                if (mapping.fill(folio) < 0) {
                    return;
                }
                index = folio.index + (folio.size() >> AddressSpace.PAGE_SHIFT);
            } finally {
                folio.page.put();
            }
        }
    }
}
