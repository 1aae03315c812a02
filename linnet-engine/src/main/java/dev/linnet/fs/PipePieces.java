package dev.linnet.fs;

import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PageSource;
import java.nio.ByteBuffer;

/// The first pieces of a pipe, for something to take bytes from. They stay in the pipe, whose mutex
/// is held, until it is known how many were taken.
public final class PipePieces extends PageSource {
    private final PipeRing ring;
    private int count;
    private long bytes;
    private long left;
    private int index;
    private int used;
    private boolean more;

    PipePieces(Pipe pipe) {
        this.ring = pipe.ring;
    }

    /// Begins with what the pipe holds now: at most `maxPieces` with at most `maxBytes`.
    void gather(int maxPieces, long maxBytes) {
        count = 0;
        bytes = 0;
        index = 0;
        used = 0;
        int there = ring.occupancy();
        while (count < there && count < maxPieces && bytes < maxBytes) {
            bytes += Math.min(ring.length(count++), maxBytes - bytes);
        }
        left = bytes;
        more = bytes < maxBytes && count == maxPieces;
    }

    /// Bytes in all pieces.
    public long bytes() {
        return bytes;
    }

    /// True if there were too many pieces for one time, so that others follow.
    public boolean more() {
        return more;
    }

    @Override
    public long remaining() {
        return left;
    }

    @Override
    public boolean next(int max, PageFrag out) {
        if (left == 0) {
            return false;
        }
        int length = ring.length(index);
        int n = (int) Math.min(Math.min(max, left), length - used);
        out.set(ring.page(index), ring.offset(index) + used, n);
        out.page.get();
        used += n;
        left -= n;
        if (used == length) {
            index++;
            used = 0;
        }
        return true;
    }

    /// Has an iterator go over the bytes themselves, for what copies them (`iov_iter_bvec`).
    public void over(IovIter iter) {
        ByteBuffer[] views = new ByteBuffer[count];
        long rest = bytes;
        for (int i = 0; i < count; i++) {
            int n = (int) Math.min(ring.length(i), rest);
            views[i] = ByteBuffer.wrap(ring.page(i).data, ring.offset(i), n);
            rest -= n;
        }
        iter.set(views, 0, count);
    }

    /// Drops the first bytes from the pipe: they were taken.
    void dismiss(long taken) {
        long rest = taken;
        while (rest > 0) {
            int n = (int) Math.min(ring.length(0), rest);
            ring.consume(n);
            rest -= n;
        }
    }
}
