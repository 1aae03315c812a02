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

    /// What counts and limits the folios; null for a file that is only in memory.
    private final @Nullable PageCache cache;

    /// Folios that must be written, by index.
    private final TreeMap<Long, Folio> dirty = new TreeMap<>();

    private volatile long dirtySince;
    private int writeError;

    /// Held while dirty folios are written, so that whoever waits for that waits for all of them.
    private final Object writebackLock = new Object();

    /// A file that is only in memory.
    public AddressSpace(PagePool pool, AddressSpaceOperations ops) {
        this.pool = pool;
        this.ops = ops;
        this.cache = null;
    }

    /// A file that is kept elsewhere.
    public AddressSpace(PagePool pool, AddressSpaceOperations ops, PageCache cache) {
        this.pool = pool;
        this.ops = ops;
        this.cache = cache;
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
        if (folio == null || (folio.present & folio.bit(index)) == 0) {
            return null;
        }
        folio.page.get();
        return folio;
    }

    /// The folio that has a page, made if there is none, with a reference for the caller; null if there is
    /// no room (`__filemap_get_folio` with `FGP_CREAT`).
    ///
    /// @param large make eight pages at once if they are free
    @Kernel({"__filemap_get_folio", "filemap_add_folio"})
    public @Nullable Folio getOrAdd(long index, boolean large) {
        Folio folio = get(index);
        if (folio != null) {
            return folio;
        }
        folio = addOrGet(index, large);
        if (cache != null) {
            cache.shrink();
        }
        return folio;
    }

    private synchronized @Nullable Folio addOrGet(long index, boolean large) {
        Folio folio = at(index);
        if (folio == null) {
            if (ops.charge(1) < 0) {
                return null;
            }
            folio = add(index, large && isFree(index & -LARGE));
        } else if ((folio.present & folio.bit(index)) == 0) {
            if (ops.charge(1) < 0) {
                return null;
            }
            present(folio, folio.bit(index));
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
            present(folio, folio.bit(index));
        } else {
            present(folio, (1 << folio.pages()) - 1);
        }
        store(folio, folio);
        if (cache != null) {
            cache.add(folio);
        }
        return folio;
    }

    private void present(Folio folio, int bits) {
        folio.present |= bits;
        nrPages += Integer.bitCount(bits);
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
            forgetIn(entry.getValue(), entry.getKey() << CHUNK_SHIFT, first, end);
        }
        chunks.tailMap(key, false).values().removeIf(AddressSpace::isEmpty);
        lastKey = NOWHERE;
    }

    /// Forgets the pages from `first` up to `end` of a chunk whose first page is `base`.
    private void forgetIn(@Nullable Folio[] chunk, long base, long first, long end) {
        int last = (int) Math.min(CHUNK, end - base);
        for (int i = (int) Math.max(0, first - base); i < last; i++) {
            Folio folio = chunk[i];
            if (folio != null) {
                forget(folio, base + i, first, end);
            }
        }
    }

    private static boolean isEmpty(@Nullable Folio[] chunk) {
        for (Folio folio : chunk) {
            if (folio != null) {
                return false;
            }
        }
        return true;
    }

    /// Forgets one page of a range. Of a file that is kept elsewhere a folio goes as a whole or stays as a
    /// whole, with zeros.
    private void forget(Folio folio, long index, long first, long end) {
        int bit = folio.bit(index);
        if ((folio.present & bit) == 0) {
            return;
        }
        boolean whole = folio.index >= first && folio.index + folio.pages() <= end;
        if (whole && !ops.holes()) {
            forgetAll(folio);
            return;
        }
        if (ops.holes()) {
            folio.present &= ~bit;
            nrPages--;
            ops.uncharge(1);
        }
        if (folio.present == 0) {
            drop(folio);
        } else {
            int offset = (int) (index - folio.index) << PAGE_SHIFT;
            Arrays.fill(folio.page.data, offset, offset + PAGE_SIZE, (byte) 0);
        }
    }

    /// Takes a folio out (`filemap_remove_folio`).
    @Kernel("filemap_remove_folio")
    private void drop(Folio folio) {
        store(folio, null);
        clean(folio);
        folio.gone = true;
        if (cache != null) {
            cache.remove(folio);
        }
        folio.page.put();
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
                if (folio != null && (folio.present & folio.bit(base + i)) != 0) {
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
        while (folio != null && (folio.present & folio.bit(i)) != 0) {
            folio = at(++i);
        }
        return i;
    }

    // ---- write-back and reclaim
    // ----------------------------------------------------------------------

    /// A folio's content was changed (`folio_mark_dirty`); the caller has a reference.
    @Kernel("folio_mark_dirty")
    public void markDirty(Folio folio) {
        PageCache pages = cache;
        if (pages == null) {
            return;
        }
        synchronized (this) {
            if (folio.dirty || folio.gone) {
                return;
            }
            folio.dirty = true;
            if (dirty.isEmpty()) {
                dirtySince = pages.nowNs();
            }
            dirty.put(folio.index, folio);
            pages.account(this, folio.pages(), true);
        }
    }

    /// Lets what was written by the caller not grow without bounds; he holds no lock of this mapping.
    @Kernel("balance_dirty_pages_ratelimited")
    public void balanceDirty() {
        if (cache != null) {
            cache.balance(this);
        }
    }

    private void clean(Folio folio) {
        if (folio.dirty && cache != null) {
            folio.dirty = false;
            dirty.remove(folio.index);
            cache.account(this, -folio.pages(), !dirty.isEmpty());
        }
    }

    /// A mapping of the file begins (or ends) to write to a folio at any time.
    public void writer(Folio folio, boolean begins) {
        synchronized (this) {
            folio.writers += begins ? 1 : -1;
        }
        markDirty(folio);
    }

    /// When the oldest of what is dirty became so, on the stack's clock.
    long dirtySince() {
        return dirtySince;
    }

    /// True if something must be written.
    public synchronized boolean isDirty() {
        return !dirty.isEmpty();
    }

    /// Writes everything that is dirty, and waits for it: 0 or the error, which [#takeError] tells again
    /// (`filemap_write_and_wait`).
    @Kernel({"filemap_write_and_wait", "do_writepages"})
    public int writeback() {
        synchronized (writebackLock) {
            int result = 0;
            long next = 0;
            for (Folio folio = takeDirty(next); folio != null; folio = takeDirty(next)) {
                next = folio.index + 1;
                int err = write(folio);
                result = err < 0 ? err : result;
            }
            return result;
        }
    }

    private int write(Folio folio) {
        int err;
        synchronized (folio) {
            err = ops.writeFolio(folio);
        }
        boolean again;
        synchronized (this) {
            writeError = err < 0 ? err : writeError;
            again = folio.writers > 0;
        }
        if (again) {
            markDirty(folio);
        }
        folio.page.put();
        return err;
    }

    private synchronized @Nullable Folio takeDirty(long from) {
        Map.Entry<Long, Folio> entry = dirty.ceilingEntry(from);
        if (entry == null) {
            return null;
        }
        Folio folio = entry.getValue();
        clean(folio);
        folio.page.get();
        return folio;
    }

    /// The error of a write-back since the last time somebody asked, or 0
    /// (`file_check_and_advance_wb_err`).
    @Kernel("file_check_and_advance_wb_err")
    public synchronized int takeError() {
        int err = writeError;
        writeError = 0;
        return err;
    }

    /// Gives a folio up if nobody has used it lately or uses it now; a dirty one is written first.
    boolean reclaim(Folio folio) {
        if (folio.referenced) {
            folio.referenced = false;
            return false;
        }
        if (isDirty()) {
            writeback();
        }
        synchronized (this) {
            if (folio.gone) {
                return true;
            }
            if (folio.dirty || folio.writers > 0 || !folio.page.exclusive()) {
                return false;
            }
            forgetAll(folio);
            return true;
        }
    }

    private void forgetAll(Folio folio) {
        nrPages -= Integer.bitCount(folio.present);
        folio.present = 0;
        drop(folio);
    }

    /// Forgets what is neither dirty nor in use, because the file has changed where it is kept
    /// (`invalidate_mapping_pages`).
    @Kernel("invalidate_mapping_pages")
    public synchronized void invalidate() {
        for (@Nullable Folio[] chunk : chunks.values()) {
            for (Folio folio : chunk) {
                if (folio != null && !folio.dirty && folio.page.exclusive()) {
                    forgetAll(folio);
                } else if (folio != null && !folio.dirty) {
                    folio.uptodate = false;
                }
            }
        }
        chunks.values().removeIf(AddressSpace::isEmpty);
        lastKey = NOWHERE;
    }
}
