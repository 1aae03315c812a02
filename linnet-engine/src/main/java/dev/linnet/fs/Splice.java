package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// Moving data between files through pipes (`fs/splice.c`). What is open for what, and whether the
/// offsets make sense, has been checked by the caller.
public final class Splice {
    /// Most bytes that one call moves (`MAX_RW_COUNT`).
    public static final int MAX_RW_COUNT = 0x7ffff000;

    private Splice() {}

    /// From a file into a pipe, once there is room: the bytes, 0 at the end, `-EPIPE` without a reader,
    /// `-EAGAIN`, `-EINTR`.
    ///
    /// @param pos where to read, moved on
    @Kernel("splice_file_to_pipe")
    public static long fileToPipe(File in, long[] pos, Pipe out, long length, int flags) {
        long n;
        out.mutex.lock();
        try {
            n = waitForSpace(out, flags);
            if (n == 0) {
                n = read(in, pos, out, length, flags);
            }
        } finally {
            out.mutex.unlock();
        }
        if (n > 0) {
            out.rdWait.wakeUp(Pipe.IN);
        }
        return n;
    }

    @Kernel("do_splice_read")
    private static long read(File in, long[] pos, Pipe pipe, long length, int flags) {
        long room = (long) pipe.ring.space() * Pipe.PAGE_SIZE;
        int most = (int) Math.min(Math.min(length, room), MAX_RW_COUNT);
        return most == 0 ? 0 : in.ops.spliceRead(in, pos, pipe, most, flags);
    }

    /// Waits for a free slot, letting go of the mutex meanwhile: 0, `-EPIPE`, `-EAGAIN`, `-EINTR`.
    @Kernel("wait_for_space")
    private static int waitForSpace(Pipe pipe, int flags) {
        while (true) {
            if (pipe.readers() == 0) {
                return -Errno.EPIPE;
            }
            if (!pipe.ring.full()) {
                return 0;
            }
            if ((flags & Fcntl.SPLICE_F_NONBLOCK) != 0) {
                return -Errno.EAGAIN;
            }
            pipe.mutex.unlock();
            boolean woken = pipe.waitWritable(false);
            pipe.mutex.lock();
            if (!woken) {
                return -Errno.EINTR;
            }
        }
    }

    /// From a seekable file to another file, through a pipe that nobody else has: the bytes, fewer at
    /// the end of the file or when the target takes no more. What follows in the same call is announced
    /// with `SPLICE_F_MORE`; a file that ends before what was asked for takes the announcement back.
    ///
    /// @param pos where to read, moved on
    /// @param outPos where to write, moved on
    @Kernel({"do_splice_direct", "splice_direct_to_actor", "direct_splice_actor"})
    public static long direct(
            File in, long[] pos, File out, long[] outPos, long length, Pipe pipe) {
        if ((out.flags & Fcntl.O_APPEND) != 0 || !in.ops.seekable()) {
            return -Errno.EINVAL;
        }
        long done = 0;
        long[] readPos = {pos[0]};
        try {
            while (done < length) {
                long n = read(in, readPos, pipe, length - done, 0);
                if (n <= 0) {
                    if (n == 0 && done > 0) {
                        out.ops.spliceEof(out);
                    }
                    return done > 0 ? done : n;
                }
                int flags = done + n < length ? Fcntl.SPLICE_F_MORE : 0;
                long taken = out.ops.spliceWrite(pipe, out, outPos, n, flags);
                if (taken <= 0) {
                    return done > 0 ? done : taken;
                }
                done += taken;
                if (taken < n) {
                    pos[0] += taken;
                    return done;
                }
                pos[0] = readPos[0];
            }
            return done;
        } finally {
            pipe.drop();
        }
    }

    /// From the user's memory into a pipe (`vmsplice` on its writing end).
    @Kernel("vmsplice_to_pipe")
    public static long userToPipe(IovIter from, Pipe pipe, int flags) {
        long n;
        pipe.mutex.lock();
        try {
            n = waitForSpace(pipe, flags);
            if (n == 0) {
                boolean gift = (flags & Fcntl.SPLICE_F_GIFT) != 0;
                n = SpliceRead.user(pipe, from, gift ? PipeRing.GIFT : 0);
            }
        } finally {
            pipe.mutex.unlock();
        }
        if (n > 0) {
            pipe.rdWait.wakeUp(Pipe.IN);
        }
        return n;
    }

    /// From a pipe to the user's memory (`vmsplice` on its reading end).
    public static long pipeToUser(Pipe pipe, IovIter to, int flags) {
        return SpliceWrite.toUser(pipe, to, flags);
    }
}
