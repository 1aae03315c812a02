package dev.linnet.kernel.mm;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A pooled piece of packet memory with a reference count (`struct page`).
///
/// Bytes that a reference covers are never written again while anybody else may hold one: a packet
/// in the retransmit queue, on a device and in the peer's receive queue are the same bytes. Pages of files and of
/// users are the exception: their owners may write to them at any time, and who holds a reference sees it.
public final class Page {
    private static final VarHandle REFS;

    static {
        try {
            REFS = MethodHandles.lookup().findVarHandle(Page.class, "refs", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// The memory; its length is the size of its class, see [PagePool].
    public final byte[] data;

    final @Nullable PagePool pool;
    final int sizeClass;

    @SuppressWarnings("unused") // through REFS
    private volatile int refs;

    @Nullable Page nextFree;

    /// Stands in unused places of a list of pages: no memory, in no pool.
    public static final Page NONE = new Page();

    /// A page of zeros that stands for holes in files (`ZERO_PAGE`). Nobody writes to it, and it never goes:
    /// references to it are counted like others, and one always remains.
    @Kernel("ZERO_PAGE")
    public static final Page ZERO = new Page(new byte[4096]);

    private Page() {
        this.pool = null;
        this.sizeClass = 0;
        this.data = new byte[0];
    }

    private Page(byte[] memory) {
        this.pool = null;
        this.sizeClass = 0;
        this.data = memory;
        REFS.setRelease(this, 1);
    }

    /// A user's memory as a page with one reference (`get_user_pages`): what the user changes in it,
    /// whoever holds the page sees.
    @Kernel("get_user_pages_fast")
    public static Page ofUser(byte[] memory) {
        return new Page(memory);
    }

    /// True if the memory is a user's.
    public boolean isUsers() {
        return pool == null;
    }

    /// True if the memory can be mapped a page of 4 KB at a time, like Linux's pages that are not part of
    /// a compound one. Set by whoever fills a new page, before others see it.
    public boolean mappable;

    Page(PagePool pool, int sizeClass, int size) {
        this.pool = pool;
        this.sizeClass = sizeClass;
        this.data = new byte[size];
    }

    /// Takes another reference (`get_page`).
    @HotPath
    public void get() {
        int before = (int) REFS.getAndAdd(this, 1);
        assert before > 0 : "reference taken to a free page";
    }

    /// Gives a reference back; the last one returns the page to its pool (`put_page`).
    @HotPath
    public void put() {
        if ((int) REFS.getAcquire(this) == 1) {
            REFS.setRelease(this, 0);
        } else {
            int before = (int) REFS.getAndAdd(this, -1);
            if (before > 1) {
                return;
            }
            assert before == 1 : "page freed twice";
        }
        if (pool != null) {
            pool.release(this);
        }
    }

    /// True if nobody else holds a reference, so the bytes may be changed.
    public boolean exclusive() {
        return (int) REFS.getAcquire(this) == 1;
    }

    void firstReference() {
        assert (int) REFS.getAcquire(this) == 0 : "page handed out twice";
        mappable = false;
        REFS.setRelease(this, 1);
    }
}
