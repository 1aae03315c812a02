package dev.linnet.kernel.mm;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.sched.SoftIrq;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The memory of one stack that packets, pipes and the page cache are made of: pages of four sizes,
/// reused.
///
/// Free ones are kept in stripes, each with a lock of its own that is only ever tried: a thread
/// uses the stripe of its [dev.linnet.kernel.sched.SoftIrq] first and looks further when that is
/// empty or taken. In steady state nothing is allocated. What is out is counted: a test that ends
/// with [#outstanding()] other than zero has a leak.
public class PagePool {
    /// For headers that are prepended to a packet whose payload is elsewhere.
    public static final int HEAD = 0;

    /// For one packet of an Ethernet's size.
    public static final int MTU = 1;

    /// For payload on its way down from a `sendmsg` (Linux's order-3 page fragments).
    public static final int FRAG = 2;

    /// For a whole packet of up to 64 KB with headroom, as it comes from a TUN device.
    public static final int JUMBO = 3;

    private static final int[] SIZE = {320, 2304, 32768, 66560};
    private static final int[] KEEP = {1024, 512, 256, 32};
    private static final int STRIPES = 8;

    private final int[] size;
    private final PoolStripe[] stripes = new PoolStripe[STRIPES];

    /// Pages made less pages left to the garbage collector; the stripes count the others.
    private final LongAdder made = new LongAdder();

    public PagePool() {
        this(SIZE, KEEP);
    }

    /// A pool of pages of other sizes.
    ///
    /// @param keep how many free ones a stripe keeps of each size
    PagePool(int[] size, int[] keep) {
        this.size = size;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new PoolStripe(keep);
        }
    }

    /// The size in bytes of a class of pages.
    public static int sizeOf(int sizeClass) {
        return SIZE[sizeClass];
    }

    /// The smallest class that holds `bytes`; more than the largest is an error of the caller.
    public static int classFor(int bytes) {
        for (int i = 0; i < SIZE.length; i++) {
            if (bytes <= SIZE[i]) {
                return i;
            }
        }
        throw new IllegalArgumentException(bytes + " bytes exceed the largest page");
    }

    /// A page with one reference; its content is arbitrary.
    @HotPath
    public Page alloc(int stripe, int sizeClass) {
        Page page = takePage(stripe, sizeClass);
        if (page == null) {
            page = newPage(sizeClass);
        }
        page.firstReference();
        return page;
    }

    private Page newPage(int sizeClass) {
        made.increment();
        return new Page(this, sizeClass, size[sizeClass]);
    }

    private @Nullable Page takePage(int stripe, int sizeClass) {
        for (int i = 0; i < STRIPES; i++) {
            PoolStripe s = stripes[(stripe + i) & (STRIPES - 1)];
            if (s.hasPage(sizeClass) && s.tryLock()) {
                try {
                    Page page = s.popPage(sizeClass);
                    if (page != null) {
                        return page;
                    }
                } finally {
                    s.unlock();
                }
            }
        }
        return null;
    }

    @HotPath
    void release(Page page) {
        int home = SoftIrq.current().stripe;
        for (int i = 0; i < STRIPES; i++) {
            PoolStripe s = stripes[(home + i) & (STRIPES - 1)];
            if (s.tryLock()) {
                boolean kept;
                try {
                    kept = s.pushPage(page);
                } finally {
                    s.unlock();
                }
                if (kept) {
                    return;
                }
            }
        }
        made.decrement();
    }

    /// Reserves up to `want` bytes of the stripe's current payload page for one packet: the
    /// page has a reference for the caller, the place is in `out`.
    ///
    /// Successive reservations on one thread are adjacent, so small writes to one socket grow one
    /// fragment (`sk_page_frag`).
    @HotPath
    public void reserve(int stripe, int want, PageFrag out) {
        PoolStripe s = stripes[stripe & (STRIPES - 1)];
        if (!s.tryLock()) {
            out.set(alloc(stripe, FRAG), 0, Math.min(want, SIZE[FRAG]));
            return;
        }
        Page used = null;
        try {
            if (!s.reserve(want, out)) {
                Page fresh = s.popPage(FRAG); // alloc would find this stripe locked
                if (fresh != null) {
                    fresh.firstReference();
                }
                used = s.refill(fresh != null ? fresh : alloc(stripe, FRAG));
                s.reserve(want, out);
            }
        } finally {
            s.unlock();
        }
        if (used != null) {
            used.put();
        }
    }

    /// Gives up the partly used payload pages of all stripes, so that [#outstanding()] counts only
    /// what packets hold.
    public void trim() {
        for (PoolStripe s : stripes) {
            s.lock();
            Page page;
            try {
                page = s.dropFrag();
            } finally {
                s.unlock();
            }
            if (page != null) {
                page.put();
            }
        }
    }

    /// Pages that are out of the pool: zero when everything that held one has found its end.
    public long outstanding() {
        trim();
        long out = made.sum();
        for (PoolStripe s : stripes) {
            s.lock();
            out += s.out();
            s.unlock();
        }
        return out;
    }
}
