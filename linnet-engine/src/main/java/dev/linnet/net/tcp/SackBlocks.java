package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.wire.Seq;

/// A few ranges of sequence numbers, each from `start` up to but not including `end` (RFC 2018).
/// Guarded by its owner's lock. Most connections never have any, so the arrays come with the first one.
public final class SackBlocks {
    private static final int[] NONE = {};

    public int[] start = NONE;
    public int[] end = NONE;

    /// How many of the ranges are meant.
    public int count;

    private final int capacity;

    public SackBlocks(int capacity) {
        this.capacity = capacity;
    }

    private void allocate() {
        start = new int[capacity];
        end = new int[capacity];
    }

    public void clear() {
        count = 0;
    }

    /// Writes range `i` without touching [#count].
    @HotPath
    public void set(int i, int from, int to) {
        if (start.length == 0) {
            allocate();
        }
        start[i] = from;
        end[i] = to;
    }

    /// Appends a range; there must be room.
    @HotPath
    public void add(int from, int to) {
        set(count, from, to);
        count++;
    }

    /// Copies range `from` over range `to`.
    @HotPath
    public void copy(int from, int to) {
        start[to] = start[from];
        end[to] = end[from];
    }

    @HotPath
    public void swap(int i, int j) {
        int s = start[i];
        int e = end[i];
        copy(j, i);
        set(j, s, e);
    }

    /// Takes range `i` out and closes the gap.
    @HotPath
    public void remove(int i) {
        count--;
        for (int j = i; j < count; j++) {
            copy(j + 1, j);
        }
    }

    /// Puts a range at the front; the last one is forgotten when there is no room.
    @HotPath
    public void addFirst(int from, int to) {
        int last = Math.min(count, capacity - 1);
        for (int i = last; i > 0; i--) {
            copy(i - 1, i);
        }
        set(0, from, to);
        count = last + 1;
    }

    /// Makes range `i` cover `[from, to)` too if the two touch; false, and nothing changed, if there
    /// is a gap between them.
    @HotPath
    public boolean extend(int i, int from, int to) {
        if (Seq.after(from, end[i]) || Seq.after(start[i], to)) {
            return false;
        }
        start[i] = Seq.min(start[i], from);
        end[i] = Seq.max(end[i], to);
        return true;
    }

    /// Moves range `i` to the front; the ones before it move back by one.
    @HotPath
    public void moveToFront(int i) {
        for (int j = i; j > 0; j--) {
            swap(j, j - 1);
        }
    }

    /// The place of the first range that is exactly `[from, to)`, or -1.
    @HotPath
    public int indexOf(int from, int to) {
        for (int i = 0; i < count; i++) {
            if (start[i] == from && end[i] == to) {
                return i;
            }
        }
        return -1;
    }

    /// Sorts the ranges by their starts; those with the same start keep their order.
    @HotPath
    public void sort() {
        for (int i = 1; i < count; i++) {
            for (int j = i; j > 0 && Seq.after(start[j - 1], start[j]); j--) {
                swap(j, j - 1);
            }
        }
    }
}
