package dev.linnet.kernel.mm;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The pages of one file that are in memory (`struct address_space`).
///
/// The monitor guards which folios there are. A folio that is handed out comes with a reference to its
/// page, so it can be used without the lock; its content may change at any time, as that of a file that
/// others write.
@Kernel("address_space")
public final class AddressSpace {
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;

    /// Pages of a large folio.
    private static final int LARGE = 8;

    private static final int CHUNK_SHIFT = 9;
    private static final int CHUNK = 1 << CHUNK_SHIFT;

    /// No chunk.
    private static final long NOWHERE = -1;

    private final PagePool pool;
    private final AddressSpaceOperations ops;

    /// Folios by page index, 512 pages in a chunk.
    private final TreeMap<Long, @Nullable Folio[]> chunks = new TreeMap<>();

    private long lastKey = NOWHERE;
    private @Nullable Folio[] lastChunk = {};
    private long nrPages;

    public AddressSpace(PagePool pool, AddressSpaceOperations ops) {
        this.pool = pool;
        this.ops = ops;
    }

    public AddressSpaceOperations ops() {
        return ops;
    }

    /// Pages that hold data (`nrpages`).
    public synchronized long nrPages() {
        return nrPages;
    }

    private @Nullable Folio @Nullable [] chunk(long key) {
        if (key == lastKey) {
            return lastChunk;
        }
        @Nullable Folio[] found = chunks.get(key);
        if (found != null) {
            lastKey = key;
            lastChunk = found;
        }
        return found;
    }

    private @Nullable Folio at(long index) {
        @Nullable Folio[] chunk = chunk(index >> CHUNK_SHIFT);
        return chunk == null ? null : chunk[(int) index & CHUNK - 1];
    }

    private void store(Folio folio, @Nullable Folio what) {
        long key = folio.index >> CHUNK_SHIFT;
        @Nullable Folio[] chunk = chunk(key);
        if (chunk == null) {
            chunk = new Folio[CHUNK];
            chunks.put(key, chunk);
        }
        int from = (int) folio.index & CHUNK - 1;
        Arrays.fill(chunk, from, from + folio.pages(), what);
    }

    /// The folio that has a page, with a reference to its memory for the caller; null if the page is not
    /// in memory (`filemap_get_folio`).
    @Kernel("filemap_get_folio")
    public synchronized @Nullable Folio get(long index) {
        Folio folio = at(index);
        if (folio == null || (folio.present & bit(folio, index)) == 0) {
            return null;
        }
        folio.page.get();
        return folio;
    }

    private static int bit(Folio folio, long index) {
        return 1 << (int) (index - folio.index);
    }

    /// The folio that has a page, made if there is none, with a reference for the caller; null if there is
    /// no room (`__filemap_get_folio` with `FGP_CREAT`).
    ///
    /// @param large make eight pages at once if they are free
    @Kernel({"__filemap_get_folio", "filemap_add_folio"})
    public synchronized @Nullable Folio getOrAdd(long index, boolean large) {
        Folio folio = at(index);
        if (folio == null) {
            if (ops.charge(1) < 0) {
                return null;
            }
            folio = add(index, large && isFree(index & -LARGE));
        } else if ((folio.present & bit(folio, index)) == 0) {
            if (ops.charge(1) < 0) {
                return null;
            }
            present(folio, index);
        }
        folio.page.get();
        return folio;
    }

    private boolean isFree(long from) {
        for (long i = from; i < from + LARGE; i++) {
            if (at(i) != null) {
                return false;
            }
        }
        return true;
    }

    private Folio add(long index, boolean large) {
        int order = large ? FolioPool.ORDER_3 : FolioPool.ORDER_0;
        Page page = pool.alloc(SoftIrq.current().stripe, order);
        Folio folio = new Folio(this, large ? index & -LARGE : index, page);
        if (ops.holes()) {
            Arrays.fill(page.data, (byte) 0);
            folio.uptodate = true;
        }
        present(folio, index);
        store(folio, folio);
        return folio;
    }

    private void present(Folio folio, long index) {
        folio.present |= bit(folio, index);
        nrPages++;
    }

    /// Makes sure that a folio's content is there: 0 or `-EIO` (`filemap_read_folio`).
    @Kernel("filemap_read_folio")
    public int fill(Folio folio) {
        if (folio.uptodate) {
            return 0;
        }
        synchronized (folio) {
            if (folio.uptodate) {
                return 0;
            }
            int err = ops.readFolio(folio);
            folio.uptodate = err >= 0;
            return Math.min(err, 0);
        }
    }

    /// Forgets everything from a position on; the rest of the page that it is in becomes zeros
    /// (`truncate_inode_pages`).
    @Kernel({"truncate_inode_pages", "truncate_pagecache"})
    public void truncate(long size) {
        punch(size, Long.MAX_VALUE);
    }

    /// Forgets the bytes from `from` up to `to`: whole pages go, parts of pages become zeros
    /// (`truncate_inode_pages_range`).
    @Kernel("truncate_inode_pages_range")
    public synchronized void punch(long from, long to) {
        long first = from + PAGE_SIZE - 1 >> PAGE_SHIFT;
        long end = to >> PAGE_SHIFT;
        if (first > end) {
            zero(from, to);
            return;
        }
        zero(from, first << PAGE_SHIFT);
        if (to != Long.MAX_VALUE) {
            zero(end << PAGE_SHIFT, to);
        }
        long key = first >> CHUNK_SHIFT;
        for (Map.Entry<Long, @Nullable Folio[]> entry = chunks.ceilingEntry(key);
                entry != null && entry.getKey() << CHUNK_SHIFT < end;
                entry = chunks.higherEntry(entry.getKey())) {
            long base = entry.getKey() << CHUNK_SHIFT;
            int last = (int) Math.min(CHUNK, end - base);
            for (int i = (int) Math.max(0, first - base); i < last; i++) {
                Folio folio = entry.getValue()[i];
                if (folio != null) {
                    forget(folio, base + i);
                }
            }
        }
        chunks.tailMap(key, false).values().removeIf(AddressSpace::isEmpty);
        lastKey = NOWHERE;
    }

    private static boolean isEmpty(@Nullable Folio[] chunk) {
        for (Folio folio : chunk) {
            if (folio != null) {
                return false;
            }
        }
        return true;
    }

    private void forget(Folio folio, long index) {
        int bit = bit(folio, index);
        if ((folio.present & bit) == 0) {
            return;
        }
        int offset = (int) (index - folio.index) << PAGE_SHIFT;
        folio.present &= ~bit;
        nrPages--;
        ops.uncharge(1);
        if (folio.present == 0) {
            store(folio, null);
            folio.page.put();
        } else {
            Arrays.fill(folio.page.data, offset, offset + PAGE_SIZE, (byte) 0);
        }
    }

    /// Zeros inside of one page.
    private void zero(long from, long to) {
        Folio folio = from < to ? at(from >> PAGE_SHIFT) : null;
        if (folio != null) {
            int offset = (int) (from - folio.pos());
            Arrays.fill(folio.page.data, offset, offset + (int) (to - from), (byte) 0);
        }
    }

    /// The first page from `index` on that holds data, or `Long.MAX_VALUE`.
    public synchronized long nextData(long index) {
        for (Map.Entry<Long, @Nullable Folio[]> entry = chunks.ceilingEntry(index >> CHUNK_SHIFT);
                entry != null;
                entry = chunks.higherEntry(entry.getKey())) {
            long base = entry.getKey() << CHUNK_SHIFT;
            for (int i = (int) Math.max(0, index - base); i < CHUNK; i++) {
                Folio folio = entry.getValue()[i];
                if (folio != null && (folio.present & bit(folio, base + i)) != 0) {
                    return base + i;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /// The first page from `index` on that holds none.
    public synchronized long nextHole(long index) {
        long i = index;
        Folio folio = at(i);
        while (folio != null && (folio.present & bit(folio, i)) != 0) {
            folio = at(++i);
        }
        return i;
    }
}
