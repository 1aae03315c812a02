package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// From one pipe to another (`fs/splice.c`): by moving the pieces, or with `tee` by sharing them.
public final class SplicePipes {
    /// Nothing could be done and somebody else was quicker: wait again.
    private static final int RETRY = Integer.MIN_VALUE;

    private SplicePipes() {}

    /// Moves up to `length` bytes, waiting for the first of them and for room: the bytes, 0 without a
    /// writer, `-EPIPE` without a reader, `-EAGAIN`, `-EINTR`.
    @Kernel("splice_pipe_to_pipe")
    public static long splice(Pipe in, Pipe out, long length, int flags) {
        while (true) {
            int err = prepare(in, out, flags);
            if (err != 0) {
                return err;
            }
            Pipe.lockBoth(in, out);
            int before = in.ring.occupancy();
            long n;
            boolean freed;
            try {
                n = move(in, out, length, flags);
                freed = in.ring.occupancy() < before;
            } finally {
                Pipe.unlockBoth(in, out);
            }
            if (n > 0) {
                out.rdWait.wakeUp(Pipe.IN);
                if (freed) {
                    in.wrWait.wakeUp(Pipe.OUT);
                }
            }
            if (n != RETRY) {
                return n;
            }
        }
    }

    /// Waits for data in one and for room in the other: 0 or what ends the call.
    @Kernel({"ipipe_prep", "opipe_prep"})
    private static int prepare(Pipe in, Pipe out, int flags) {
        boolean nonblock = (flags & Fcntl.SPLICE_F_NONBLOCK) != 0;
        while (in.ring.empty() && in.writers() > 0) {
            if (nonblock) {
                return -Errno.EAGAIN;
            }
            if (!in.waitReadable(false)) {
                return -Errno.EINTR;
            }
        }
        while (out.ring.full()) {
            if (out.readers() == 0) {
                return -Errno.EPIPE;
            }
            if (nonblock) {
                return -Errno.EAGAIN;
            }
            if (!out.waitWritable(false)) {
                return -Errno.EINTR;
            }
        }
        return 0;
    }

    private static long move(Pipe in, Pipe out, long length, int flags) {
        long done = 0;
        while (done < length) {
            if (out.readers() == 0) {
                return done > 0 ? done : -Errno.EPIPE;
            }
            if (in.ring.empty() && in.writers() == 0) {
                return done;
            }
            if (in.ring.empty() || out.ring.full()) {
                boolean nonblock = (flags & Fcntl.SPLICE_F_NONBLOCK) != 0;
                return done > 0 ? done : nonblock ? -Errno.EAGAIN : RETRY;
            }
            int whole = in.ring.length(0);
            if (length - done >= whole) {
                in.ring.moveTo(out.ring);
                done += whole;
            } else {
                int part = (int) (length - done);
                share(in.ring, 0, part, out.ring);
                in.ring.consume(part);
                done += part;
            }
        }
        return done;
    }

    private static void share(PipeRing in, int index, int length, PipeRing out) {
        Page page = in.page(index);
        page.get();
        out.push(page, in.offset(index), length, in.sharedFlags(index));
    }

    /// Shares up to `length` bytes of one pipe with another, where they can be read too: the bytes,
    /// otherwise as [#splice].
    @Kernel({"do_tee", "link_pipe"})
    public static long tee(Pipe in, Pipe out, long length, int flags) {
        int err = prepare(in, out, flags);
        if (err != 0) {
            return err;
        }
        Pipe.lockBoth(in, out);
        long n;
        try {
            n = link(in, out, length);
        } finally {
            Pipe.unlockBoth(in, out);
        }
        if (n > 0) {
            out.rdWait.wakeUp(Pipe.IN);
        }
        return n;
    }

    private static long link(Pipe in, Pipe out, long length) {
        long done = 0;
        int there = in.ring.occupancy();
        for (int i = 0; done < length; i++) {
            if (out.readers() == 0) {
                return done > 0 ? done : -Errno.EPIPE;
            }
            if (i == there || out.ring.full()) {
                break;
            }
            int n = (int) Math.min(in.ring.length(i), length - done);
            share(in.ring, i, n, out.ring);
            done += n;
        }
        return done;
    }
}
