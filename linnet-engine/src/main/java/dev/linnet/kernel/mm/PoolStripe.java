package dev.linnet.kernel.mm;

import dev.linnet.kernel.HotPath;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One stripe of a [PagePool]: stacks of free pages under a lock that is only tried
/// on the packets' way. Every method but the lock's needs the lock, except where it says so.
final class PoolStripe {
    private final AtomicBoolean locked = new AtomicBoolean();
    private final @Nullable Page[] free;
    private final int[] kept;
    private final int[] keep;
    private @Nullable Page frag;
    private int fragUsed;

    /// Pages taken from here less pages returned to here; only the sum over all stripes means
    /// something, because a page seldom comes back where it was taken.
    private long out;

    PoolStripe(int[] keep) {
        this.keep = keep;
        this.free = new Page[keep.length];
        this.kept = new int[keep.length];
    }

    @HotPath
    boolean tryLock() {
        return !locked.getPlain() && locked.compareAndSet(false, true);
    }

    void lock() {
        while (!tryLock()) {
            Thread.onSpinWait();
        }
    }

    @HotPath
    void unlock() {
        locked.setRelease(false);
    }

    /// A hint, without the lock.
    boolean hasPage(int sizeClass) {
        return free[sizeClass] != null;
    }

    @HotPath
    @Nullable Page popPage(int sizeClass) {
        Page page = free[sizeClass];
        if (page != null) {
            free[sizeClass] = page.nextFree;
            page.nextFree = null;
            kept[sizeClass]--;
            out++;
        }
        return page;
    }

    @HotPath
    boolean pushPage(Page page) {
        int sizeClass = page.sizeClass;
        if (kept[sizeClass] >= keep[sizeClass]) {
            return false;
        }
        page.nextFree = free[sizeClass];
        free[sizeClass] = page;
        kept[sizeClass]++;
        out--;
        return true;
    }

    @HotPath
    boolean reserve(int want, PageFrag out) {
        Page page = frag;
        if (page == null) {
            return false;
        }
        int left = page.data.length - fragUsed;
        if (left < Math.min(want, 64)) {
            return false;
        }
        int length = Math.min(want, left);
        page.get();
        out.set(page, fragUsed, length);
        fragUsed += length;
        return true;
    }

    /// Starts a new payload page; returns the used up one, whose reference the caller gives back.
    @HotPath
    @Nullable Page refill(Page page) {
        Page used = frag;
        frag = page;
        fragUsed = 0;
        return used;
    }

    long out() {
        return out;
    }

    @Nullable Page dropFrag() {
        Page page = frag;
        frag = null;
        return page;
    }
}
