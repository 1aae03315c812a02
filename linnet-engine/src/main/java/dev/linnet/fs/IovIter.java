package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.uapi.Rwf;
import java.nio.ByteBuffer;

/// The user's buffers of one call and how far they are filled or read (`struct iov_iter`).
///
/// Segments are [ByteBuffer]s, heap or direct, used from position to limit by absolute access: the
/// positions themselves are not moved (the caller moves them by the result of the call). A segment
/// may be cut short by a bad user pointer, see [#faultAt]: copies then stop there and the
/// caller returns what was done before it, or `-EFAULT`. Used by one thread for one call; reusable.
public final class IovIter {
    private static final ByteBuffer NOTHING = ByteBuffer.wrap(new byte[0]);
    private static final ByteBuffer[] NONE = {};

    /// Where in the file the call began (`ki_pos`); a write that appends says so here.
    public long kiPos;

    /// What this call asks for beyond the file's flags (`ki_flags`), a set of `RWF_*`.
    public int rwFlags;

    /// What was wrong with the caller's memory when the buffers were set: 0, `-EINVAL` or `-EFAULT`; told
    /// after the checks that come before it.
    public int error;

    private ByteBuffer[] segments = NONE;
    private int count; // one past the last segment
    private int index;
    private int offset;
    private long remaining;
    private long goodBytes;
    private final ByteBuffer[] single = {NOTHING};

    /// One buffer, from its position to its limit.
    public IovIter set(ByteBuffer buffer) {
        single[0] = buffer;
        return set(single, 0, 1);
    }

    /// `length` buffers from index `from`.
    @Kernel("iov_iter_init")
    public IovIter set(ByteBuffer[] buffers, int from, int length) {
        segments = buffers;
        index = from;
        count = from + length;
        offset = 0;
        error = 0;
        rwFlags = 0;
        long sum = 0;
        for (int i = from; i < count; i++) {
            sum += buffers[i].remaining();
        }
        remaining = sum;
        goodBytes = sum;
        return this;
    }

    /// The same buffers and place as another iterator, which is then no longer used.
    public IovIter copyFrom(IovIter other) {
        segments = other.segments;
        count = other.count;
        index = other.index;
        offset = other.offset;
        remaining = other.remaining;
        goodBytes = other.goodBytes;
        rwFlags = other.rwFlags;
        return this;
    }

    /// No buffers at all.
    public IovIter clear() {
        single[0] = NOTHING;
        return set(NONE, 0, 0);
    }

    /// Says that the caller's memory is bad from byte `good` on although it named `total` bytes.
    public IovIter faultAt(long good, long total) {
        goodBytes = good;
        remaining = total;
        return this;
    }

    /// True if not all of the bytes that are left are good.
    public boolean faults() {
        return goodBytes < remaining;
    }

    /// True if this call must not wait although the file may (`IOCB_NOWAIT`).
    @HotPath
    public boolean nowait() {
        return (rwFlags & Rwf.RWF_NOWAIT) != 0;
    }

    /// Bytes that are left (`iov_iter_count`), bad ones included.
    @HotPath
    @Kernel("iov_iter_count")
    public long count() {
        return remaining;
    }

    /// Bytes that are left of the buffer in work.
    @HotPath
    public int segmentLeft() {
        int i = index;
        int left = i < count ? segments[i].remaining() - offset : 0;
        while (left == 0 && ++i < count) {
            left = segments[i].remaining();
        }
        return left;
    }

    /// Shortens what is left to at most `bytes` (`iov_iter_truncate`).
    public void truncate(long bytes) {
        if (bytes < remaining) {
            remaining = bytes;
            goodBytes = Math.min(goodBytes, bytes);
        }
    }

    /// Copies up to `length` bytes from the user; returns how many, fewer only at the end or at a bad
    /// pointer (`copy_from_iter`).
    @Kernel("copy_from_iter")
    @HotPath
    public int copyFromUser(byte[] dst, int dstOff, int length) {
        int todo = (int) Math.min(length, goodBytes);
        int done = 0;
        while (done < todo) {
            ByteBuffer segment = segments[index];
            int left = segment.remaining() - offset;
            int n = Math.min(left, todo - done);
            segment.get(segment.position() + offset, dst, dstOff + done, n);
            done += n;
            step(n, left);
        }
        return done;
    }

    /// Copies up to `length` bytes to the user; returns how many, fewer only at the end or at a bad
    /// pointer (`copy_to_iter`).
    @Kernel({"copy_to_iter", "copy_page_to_iter", "copy_page_to_iter_iovec"})
    @HotPath
    public int copyToUser(byte[] src, int srcOff, int length) {
        int todo = (int) Math.min(length, goodBytes);
        int done = 0;
        while (done < todo) {
            ByteBuffer segment = segments[index];
            int left = segment.remaining() - offset;
            int n = Math.min(left, todo - done);
            segment.put(segment.position() + offset, src, srcOff + done, n);
            done += n;
            step(n, left);
        }
        return done;
    }

    /// For [#userPage]: the bytes may cross any boundary.
    public static final int ANY_PLACE = Integer.MAX_VALUE;

    /// Takes the next bytes as a place in a page with a reference for the caller: heap buffers are the
    /// user's memory itself, others are copied.
    ///
    /// @param boundary the bytes do not cross a multiple of this in the user's array
    /// @return false at the end or at a bad pointer
    public boolean userPage(PagePool pool, int max, int boundary, PageFrag out) {
        int left = (int) Math.min(segmentLeft(), Math.min(goodBytes, max));
        if (left == 0) {
            return false;
        }
        advanceToData();
        ByteBuffer segment = segments[index];
        if (!segment.hasArray()) {
            pool.reserve(SoftIrq.current().stripe, left, out);
            copyFromUser(out.page.data, out.offset, out.length);
            return true;
        }
        int at = segment.arrayOffset() + segment.position() + offset;
        int n = Math.min(left, boundary - at % boundary);
        out.set(Page.ofUser(segment.array()), at, n);
        advance(n);
        return true;
    }

    /// The bytes that come next of the buffer in work, as a view to write into; empty at the end or at a bad pointer.
    /// What was written is then passed over with [#advance].
    public ByteBuffer segment() {
        int left = (int) Math.min(segmentLeft(), goodBytes);
        if (left == 0) {
            return NOTHING;
        }
        advanceToData();
        ByteBuffer segment = segments[index];
        return segment.duplicate()
                .position(segment.position() + offset)
                .limit(segment.position() + offset + left);
    }

    private void advanceToData() {
        while (offset == segments[index].remaining()) {
            index++;
            offset = 0;
        }
    }

    /// Passes over bytes without copying them (`iov_iter_advance`).
    public void advance(long bytes) {
        long todo = Math.min(bytes, goodBytes);
        while (todo > 0) {
            int left = segments[index].remaining() - offset;
            int n = (int) Math.min(left, todo);
            todo -= n;
            step(n, left);
        }
    }

    private void step(int n, int leftInSegment) {
        if (n == leftInSegment) {
            index++;
            offset = 0;
        } else {
            offset += n;
        }
        remaining -= n;
        goodBytes -= n;
    }

    /// Takes back the last `bytes` of progress (`iov_iter_revert`).
    @Kernel("iov_iter_revert")
    public void revert(long bytes) {
        long todo = bytes;
        remaining += bytes;
        goodBytes += bytes;
        while (todo > 0) {
            if (offset == 0) {
                offset = segments[--index].remaining();
            }
            int n = (int) Math.min(offset, todo);
            offset -= n;
            todo -= n;
        }
    }
}
