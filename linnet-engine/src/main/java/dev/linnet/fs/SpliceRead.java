package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.uapi.Errno;
import java.nio.ByteBuffer;

/// The ways into a pipe (`fs/splice.c`, `mm/filemap.c`). The pipe's mutex is held.
public final class SpliceRead {
    private SpliceRead() {}

    /// Pages of the page cache by reference, each slot a page of the file or a part of one: the bytes,
    /// 0 at the end of the file.
    @Kernel({"filemap_splice_read", "splice_folio_into_pipe"})
    static long filemap(PageReader reader, long[] pos, Pipe pipe, int length) {
        PageFrag run = new PageFrag();
        long done = 0;
        while (done < length && !pipe.ring.full()) {
            int n = reader.read(pos[0], (int) (length - done), run);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            int pushed = push(pipe, run, pos[0]);
            done += pushed;
            pos[0] += pushed;
        }
        return done;
    }

    /// Cuts a run at the pages of the file; gives its reference back.
    @Kernel("splice_to_pipe")
    private static int push(Pipe pipe, PageFrag run, long pos) {
        int done = 0;
        while (done < run.length && !pipe.ring.full()) {
            int inPage = (int) ((pos + done) & (Pipe.PAGE_SIZE - 1));
            int n = Math.min(Pipe.PAGE_SIZE - inPage, run.length - done);
            run.page.get();
            pipe.ring.push(run.page, run.offset + done, n, 0);
            done += n;
        }
        run.page.put();
        return done;
    }

    /// Adds a piece, taking over the reference to its page; false when there is no room.
    public static boolean push(Pipe pipe, Page page, int offset, int length) {
        if (pipe.ring.full()) {
            return false;
        }
        pipe.ring.push(page, offset, length, 0);
        return true;
    }

    /// Reads a file that has no pages of its own into new ones: the bytes, 0 at the end, `-errno`.
    @Kernel("copy_splice_read")
    public static long copy(File file, long[] pos, Pipe pipe, int length) {
        Page page = pipe.pool.alloc(SoftIrq.current().stripe, PagePool.JUMBO);
        try {
            int want = Math.min(length, pipe.ring.space() * Pipe.PAGE_SIZE);
            ByteBuffer buffer = ByteBuffer.wrap(page.data, 0, Math.min(want, 16 * Pipe.PAGE_SIZE));
            long n = file.ops.read(file, new IovIter().set(buffer), pos[0]);
            for (int at = 0; at < n; at += Pipe.PAGE_SIZE) {
                page.get();
                pipe.ring.push(page, at, (int) Math.min(Pipe.PAGE_SIZE, n - at), 0);
            }
            pos[0] += Math.max(n, 0);
            return n;
        } finally {
            page.put();
        }
    }

    /// The user's memory: heap buffers by reference, so that a later change of them is seen by the
    /// reader, direct ones by copy. Fills what room there is: the bytes, `-EPIPE`, `-EFAULT`.
    @Kernel({"iter_to_pipe", "add_to_pipe"})
    static long user(Pipe pipe, IovIter from, int flag) {
        PageFrag piece = new PageFrag();
        long done = 0;
        while (from.count() > 0) {
            if (pipe.readers() == 0) {
                return done > 0 ? done : -Errno.EPIPE;
            }
            if (pipe.ring.full()) {
                return done;
            }
            if (!from.userPage(pipe.pool, Pipe.PAGE_SIZE, Pipe.PAGE_SIZE, piece)) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            pipe.ring.push(piece.page, piece.offset, piece.length, flag);
            done += piece.length;
        }
        return done;
    }
}
