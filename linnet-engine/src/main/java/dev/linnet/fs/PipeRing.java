package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;

/// The pieces of a pipe in their order (`pipe->bufs`): places in pages, each with a reference.
///
/// Head and tail count all pieces that ever came and went, so their difference is the number that is
/// there. Changed under the pipe's lock; how many there are may be read without it.
final class PipeRing {
    /// What is written next may go behind this piece, in its page (`PIPE_BUF_FLAG_CAN_MERGE`).
    static final int CAN_MERGE = 1;

    /// A read ends with this piece and drops its rest (`PIPE_BUF_FLAG_PACKET`).
    static final int PACKET = 2;

    /// The giver has no use for the page any more (`PIPE_BUF_FLAG_GIFT`).
    static final int GIFT = 4;

    private Page[] pages;
    private int[] offsets;
    private int[] lengths;
    private int[] flags;

    private volatile int head;
    private volatile int tail;

    /// @param slots a power of two
    PipeRing(int slots) {
        pages = new Page[slots];
        offsets = new int[slots];
        lengths = new int[slots];
        flags = new int[slots];
    }

    int slots() {
        return pages.length;
    }

    int occupancy() {
        return head - tail;
    }

    @Kernel("pipe_empty")
    boolean empty() {
        return head == tail;
    }

    boolean full() {
        return occupancy() >= pages.length;
    }

    /// Free slots.
    int space() {
        return pages.length - occupancy();
    }

    private int slot(int count) {
        return count & (pages.length - 1);
    }

    // ---- the newest piece

    /// Appends a piece, taking over the reference to its page; there is room.
    void push(Page page, int offset, int length, int flag) {
        int at = slot(head);
        pages[at] = page;
        offsets[at] = offset;
        lengths[at] = length;
        flags[at] = flag;
        head = head + 1;
    }

    /// True if `bytes` can go behind the newest piece, in its page of `pageSize` bytes.
    boolean canMerge(int bytes, int pageSize) {
        if (empty()) {
            return false;
        }
        int at = slot(head - 1);
        int end = offsets[at] % pageSize + lengths[at];
        return (flags[at] & CAN_MERGE) != 0 && end + bytes <= pageSize;
    }

    Page newestPage() {
        return pages[slot(head - 1)];
    }

    int newestEnd() {
        int at = slot(head - 1);
        return offsets[at] + lengths[at];
    }

    void extendNewest(int bytes) {
        lengths[slot(head - 1)] += bytes;
    }

    // ---- the oldest piece, and those behind it

    Page page(int i) {
        return pages[slot(tail + i)];
    }

    int offset(int i) {
        return offsets[slot(tail + i)];
    }

    int length(int i) {
        return lengths[slot(tail + i)];
    }

    boolean packet(int i) {
        return (flags[slot(tail + i)] & PACKET) != 0;
    }

    /// Flags of a piece as its copy in another pipe has them: it is neither written behind nor given
    /// away.
    int sharedFlags(int i) {
        return flags[slot(tail + i)] & ~(CAN_MERGE | GIFT);
    }

    /// Passes over the first bytes of the oldest piece, which goes when it is empty.
    void consume(int bytes) {
        int at = slot(tail);
        offsets[at] += bytes;
        lengths[at] -= bytes;
        if (lengths[at] == 0) {
            pop();
        }
    }

    /// Moves the oldest piece to another ring that has room, as it is.
    void moveTo(PipeRing other) {
        int at = slot(tail);
        other.push(pages[at], offsets[at], lengths[at], flags[at]);
        pages[at] = Page.NONE;
        tail = tail + 1;
    }

    /// Drops the oldest piece.
    @Kernel("pipe_buf_release")
    void pop() {
        int at = slot(tail);
        Page page = pages[at];
        pages[at] = Page.NONE;
        tail = tail + 1;
        page.put();
    }

    int bytes() {
        int sum = 0;
        for (int i = 0; i < occupancy(); i++) {
            sum += length(i);
        }
        return sum;
    }

    /// Moves the pieces to a ring of another size, a power of two that holds them. The counts stay.
    void resize(int slots) {
        Page[] newPages = new Page[slots];
        int[] newOffsets = new int[slots];
        int[] newLengths = new int[slots];
        int[] newFlags = new int[slots];
        for (int count = tail; count != head; count++) {
            int to = count & (slots - 1);
            int from = slot(count);
            newPages[to] = pages[from];
            newOffsets[to] = offsets[from];
            newLengths[to] = lengths[from];
            newFlags[to] = flags[from];
        }
        pages = newPages;
        offsets = newOffsets;
        lengths = newLengths;
        flags = newFlags;
    }
}
