package dev.linnet.kernel.mm;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.KTimer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What all files of a host that are kept elsewhere have in memory: how much, which was used last, what
/// must still be written (`mm/vmscan.c`, `mm/page-writeback.c`, `fs/fs-writeback.c`).
///
/// Folios stand in a list; when there are too many, those at its end go, unless they were used since they
/// came there, which gives them a second chance. What has been dirty for half a minute is written back by
/// a thread that a timer starts, as soon as too much is dirty by the one who writes.
///
/// The monitor guards the list; it is taken inside that of an [AddressSpace], never around it.
public final class PageCache {
    /// How often the timer looks (`dirty_writeback_centisecs`), in jiffies.
    private static final long WRITEBACK_INTERVAL = 5 * Clock.HZ;

    /// How long a folio may be dirty (`dirty_expire_centisecs`), in nanoseconds.
    private static final long DIRTY_EXPIRE_NS = 30_000_000_000L;

    /// Part of the limit that may be dirty (`dirty_ratio`, a fifth).
    private static final int DIRTY_PART = 5;

    /// Folios that are looked at in vain before the limit is exceeded.
    private static final int MAX_SCAN = 1024;

    private final Scheduler scheduler;
    private volatile long limit;
    private final KTimer timer;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final Set<AddressSpace> dirty = ConcurrentHashMap.newKeySet();
    private @Nullable Folio newest;
    private @Nullable Folio oldest;
    private long pages;
    private long dirtyPages;
    private long evicted;

    /// @param limitBytes what is kept at most, unless all of it is in use
    public PageCache(Scheduler scheduler, long limitBytes) {
        this.scheduler = scheduler;
        this.limit = limitBytes >> AddressSpace.PAGE_SHIFT;
        this.timer = scheduler.timers().timer(cache -> ((PageCache) cache).tick(), this);
    }

    /// Sets what is kept at most; what is too much goes when the next page comes.
    public void setLimit(long limitBytes) {
        limit = limitBytes >> AddressSpace.PAGE_SHIFT;
    }

    /// Pages in memory.
    public synchronized long pages() {
        return pages;
    }

    /// Pages that have been given up for others.
    public synchronized long evictedPages() {
        return evicted;
    }

    long nowNs() {
        return scheduler.clock().nowNs();
    }

    // ---- least recently used
    // -------------------------------------------------------------------------

    @Kernel("folio_add_lru")
    synchronized void add(Folio folio) {
        if (folio.gone) {
            return;
        }
        folio.newer = null;
        folio.older = newest;
        if (newest == null) {
            oldest = folio;
        } else {
            newest.newer = folio;
        }
        newest = folio;
        folio.listed = true;
        pages += folio.pages();
    }

    @Kernel("lruvec_del_folio")
    synchronized void remove(Folio folio) {
        if (!folio.listed) {
            return;
        }
        Folio newer = folio.newer;
        Folio older = folio.older;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        folio.newer = null;
        folio.older = null;
        folio.listed = false;
        pages -= folio.pages();
    }

    private synchronized @Nullable Folio takeOldest() {
        Folio folio = pages > limit ? oldest : null;
        if (folio != null) {
            remove(folio);
        }
        return folio;
    }

    /// Gives folios up until the limit is kept; no lock is held.
    @Kernel({"shrink_folio_list", "try_to_free_pages"})
    void shrink() {
        for (int scanned = 0; scanned < MAX_SCAN; scanned++) {
            Folio folio = takeOldest();
            if (folio == null) {
                return;
            }
            if (folio.mapping.reclaim(folio)) {
                synchronized (this) {
                    evicted += folio.pages();
                }
            } else {
                add(folio);
            }
        }
    }

    // ---- write-back
    // ----------------------------------------------------------------------------------

    /// Something in a file became dirty, or was written.
    void account(AddressSpace mapping, long change, boolean isDirty) {
        synchronized (this) {
            dirtyPages += change;
        }
        if (!isDirty) {
            dirty.remove(mapping);
        } else if (dirty.add(mapping) && !timer.pending()) {
            arm();
        }
    }

    private void arm() {
        timer.mod(scheduler.clock().jiffies() + WRITEBACK_INTERVAL);
    }

    /// Makes a writer wait until what is dirty is again less than its part (`balance_dirty_pages`).
    @Kernel("balance_dirty_pages")
    void balance(AddressSpace mapping) {
        boolean tooMuch;
        synchronized (this) {
            tooMuch = dirtyPages > limit / DIRTY_PART;
        }
        if (tooMuch) {
            mapping.writeback();
        }
    }

    /// The timer must not wait for a disk, so a thread does.
    private void tick() {
        if (!dirty.isEmpty() && flushing.compareAndSet(false, true)) {
            scheduler.start("writeback", this::flush);
        }
    }

    @Kernel("wb_workfn")
    private void flush() {
        long before = nowNs() - DIRTY_EXPIRE_NS;
        for (AddressSpace mapping : List.copyOf(dirty)) {
            if (mapping.dirtySince() <= before) {
                mapping.writeback();
            }
        }
        flushing.set(false);
        if (!dirty.isEmpty()) {
            arm();
        }
    }

    /// No timer any more.
    public void close() {
        timer.shutdown();
    }
}
