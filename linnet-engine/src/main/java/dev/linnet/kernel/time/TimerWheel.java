package dev.linnet.kernel.time;

import dev.linnet.kernel.HotPath;
import org.jspecify.annotations.Nullable;

/// A hierarchical timing wheel with exact expiry: 256 slots of one jiffy, then three levels of 64
/// slots that are cascaded down when their time comes. Filing, unfiling and expiry are O(1);
/// bitmaps tell when the next slot with a timer is due, so that virtual time can jump to it.
///
/// Timers due at the same jiffy run in the order in which they were filed.
public final class TimerWheel {
    private static final int LEVELS = 4;
    private static final int[] SHIFT = {0, 8, 14, 20};
    private static final int[] BITS = {8, 6, 6, 6};
    private static final int[] BASE = {0, 256, 320, 384};
    private static final int SLOTS = 448;

    /// Pseudo slot of the timers that are due and have not run yet.
    private static final int EXPIRING = SLOTS;

    /// As far ahead as a timer can be filed, wherever in a slot of the last level the present is.
    private static final long MAX_DELTA = 63L << 20;

    private final @Nullable KTimer[] head = new KTimer[SLOTS + 1];
    private final @Nullable KTimer[] tail = new KTimer[SLOTS + 1];
    private final long[] occupied = new long[SLOTS / 64 + 1];

    /// The next jiffy to be processed; everything before it has run.
    private long now;

    private final Runnable earlier;
    private volatile long nextWake = KTimer.NONE;

    /// @param startJiffies the jiffy at which the wheel starts
    /// @param earlier called, without the lock, when a timer was filed before the time at which
    ///     [#nextExpiry()] last said the wheel must be looked at
    public TimerWheel(long startJiffies, Runnable earlier) {
        this.now = startJiffies;
        this.earlier = earlier;
    }

    void file(KTimer timer) {
        boolean wake;
        synchronized (this) {
            if (timer.filedAt != KTimer.NONE) {
                unlink(timer);
            }
            long expires = timer.expires;
            if (expires == KTimer.NONE) {
                return;
            }
            long at = Math.max(expires, now);
            link(timer, slotFor(at), at);
            wake = expires < nextWake;
        }
        if (wake) {
            earlier.run();
        }
    }

    synchronized void unfile(KTimer timer) {
        if (timer.filedAt != KTimer.NONE) {
            unlink(timer);
        }
    }

    /// Runs every timer that is due at or before `jiffy`, in order. Called by the one thread that
    /// owns the passing of time at this moment.
    public void advance(long jiffy) {
        KTimer timer;
        while ((timer = takeExpired(jiffy)) != null) {
            timer.run();
        }
    }

    /// The next timer to run, or null when none is left that is due at or before `jiffy`. What a
    /// timer's function arms for the present jiffy runs in the next one, so no function can keep the
    /// wheel from moving on.
    @HotPath
    private synchronized @Nullable KTimer takeExpired(long jiffy) {
        while (true) {
            KTimer timer = head[EXPIRING];
            if (timer != null) {
                unlink(timer);
                if (claim(timer)) {
                    return timer;
                }
            } else if (now > jiffy) {
                return null;
            } else if (head[(int) (now & 255)] != null) {
                expireSlot((int) (now & 255));
            } else {
                step(Math.min(nextEvent(now + 1), jiffy + 1));
            }
        }
    }

    /// Takes the expiry of a timer that is due; one that was moved since it was filed is filed anew.
    private boolean claim(KTimer timer) {
        long expires = timer.expires;
        if (expires < now && timer.claim(expires)) {
            return true;
        }
        expires = timer.expires;
        if (expires != KTimer.NONE) {
            link(timer, slotFor(Math.max(expires, now)), Math.max(expires, now));
        }
        return false;
    }

    private void expireSlot(int slot) {
        KTimer timer;
        while ((timer = head[slot]) != null) {
            unlink(timer);
            link(timer, EXPIRING, now);
        }
        step(now + 1);
    }

    /// Moves on to a jiffy; there is nothing to do before it.
    private void step(long jiffy) {
        now = jiffy;
        cascade(jiffy);
    }

    private void cascade(long jiffy) {
        for (int level = 1; level < LEVELS; level++) {
            if ((jiffy & ((1L << SHIFT[level]) - 1)) != 0) {
                return;
            }
            int slot = BASE[level] + (int) ((jiffy >>> SHIFT[level]) & ((1 << BITS[level]) - 1));
            KTimer timer;
            while ((timer = head[slot]) != null) {
                unlink(timer);
                long expires = timer.expires;
                if (expires != KTimer.NONE) {
                    long at = Math.max(expires, jiffy);
                    link(timer, slotFor(at), at);
                }
            }
        }
    }

    /// The jiffy at which the wheel must next be advanced, or `Long.MAX_VALUE` when it is empty.
    /// It may be earlier than the first expiry (a cascade, or a timer that has been moved).
    public synchronized long nextExpiry() {
        nextWake = nextEvent(now);
        return nextWake;
    }

    /// The first jiffy at or after `from` that has a filed timer or a cascade of a filled slot.
    private long nextEvent(long from) {
        long best = KTimer.NONE;
        for (int level = 0; level < LEVELS; level++) {
            long step = 1L << SHIFT[level];
            long first = (from + step - 1) >>> SHIFT[level];
            int distance = distanceToOccupied(level, first);
            if (distance >= 0) {
                best = Math.min(best, (first + distance) << SHIFT[level]);
            }
        }
        return best;
    }

    private int distanceToOccupied(int level, long firstIndex) {
        int size = 1 << BITS[level];
        int start = (int) (firstIndex & (size - 1));
        for (int scanned = 0; scanned < size; ) {
            int slot = BASE[level] + ((start + scanned) & (size - 1));
            long word = occupied[slot >>> 6] >>> (slot & 63);
            if (word != 0) {
                int found = scanned + Long.numberOfTrailingZeros(word);
                return found < size ? found : -1;
            }
            scanned += 64 - (slot & 63);
        }
        return -1;
    }

    private void link(KTimer timer, int slot, long jiffy) {
        timer.filedAt = jiffy;
        timer.slot = slot;
        timer.next = null;
        timer.prev = tail[slot];
        if (tail[slot] == null) {
            head[slot] = timer;
            occupied[slot >>> 6] |= 1L << (slot & 63);
        } else {
            tail[slot].next = timer;
        }
        tail[slot] = timer;
    }

    private int slotFor(long jiffy) {
        long at = Math.min(jiffy, now + MAX_DELTA);
        for (int level = 0; level < LEVELS; level++) {
            long ahead = (at >>> SHIFT[level]) - (now >>> SHIFT[level]);
            if (ahead < (1L << BITS[level])) {
                return BASE[level] + (int) ((at >>> SHIFT[level]) & ((1 << BITS[level]) - 1));
            }
        }
        throw new AssertionError("slot of jiffy " + jiffy + " at " + now);
    }

    @SuppressWarnings("NullAway") // an empty slot is null
    private void unlink(KTimer timer) {
        int slot = timer.slot;
        KTimer next = timer.next;
        KTimer prev = timer.prev;
        if (prev == null) {
            head[slot] = next;
        } else {
            prev.next = next;
        }
        if (next == null) {
            tail[slot] = prev;
        } else {
            next.prev = prev;
        }
        if (head[slot] == null) {
            occupied[slot >>> 6] &= ~(1L << (slot & 63));
        }
        timer.next = null;
        timer.prev = null;
        timer.filedAt = KTimer.NONE;
    }
}
