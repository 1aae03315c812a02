package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.PipeFileOps;
import dev.linnet.fs.Splice;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import org.jspecify.annotations.Nullable;

/// `sendfile` (`fs/read_write.c`): pages of a file go to a socket, a pipe or another file.
public final class SendfileCalls {
    private SendfileCalls() {}

    /// Sends up to `count` bytes of a file; the bytes sent, fewer at the end of the file or when a
    /// non-blocking target is full.
    ///
    /// Checks in Linux's order: `-EBADF` for the input or its mode, `-ESPIPE` for an offset into a file
    /// without positions, `-EINVAL` for a negative one or a negative count, `-EBADF` for the output or
    /// its mode, `-EOVERFLOW` for a position where no file has bytes, `-EINVAL` for an append-only
    /// output or an input without positions; then `-EAGAIN`, `-EPIPE` … from the output.
    ///
    /// @param offset where to start, moved on in `offset[0]`; null to use the file's own position
    @Kernel("do_sendfile")
    public static long sendfile(
            TaskStruct task, int outFd, int inFd, long @Nullable [] offset, long count) {
        task.enter();
        File in = task.files.get(inFd);
        if (in == null) {
            return -Errno.EBADF;
        }
        try {
            if (!in.readable()) {
                return -Errno.EBADF;
            }
            if (offset != null && !in.ops.seekable()) {
                return -Errno.ESPIPE;
            }
            long pos = offset != null ? offset[0] : in.pos;
            int err = rwVerifyArea(pos, count);
            if (err < 0) {
                return err;
            }
            File out = task.files.get(outFd);
            if (out == null) {
                return -Errno.EBADF;
            }
            try {
                return send(task, in, offset, out, Math.min(count, Splice.MAX_RW_COUNT));
            } finally {
                out.put();
            }
        } finally {
            in.put();
        }
    }

    /// 0, or `-EINVAL` for a negative position, a negative count, or an end beyond all numbers.
    @Kernel("rw_verify_area")
    static int rwVerifyArea(long pos, long count) {
        return count < 0 || pos < 0 || pos + count < 0 ? -Errno.EINVAL : 0;
    }

    private static long send(
            TaskStruct task, File in, long @Nullable [] offset, File out, long wanted) {
        if (!out.writable()) {
            return -Errno.EBADF;
        }
        long[] pos = offset != null ? offset : new long[] {in.pos};
        long max = Math.min(in.ops.maxBytes(in), out.ops.maxBytes(out));
        if (pos[0] + wanted > max && pos[0] >= max) {
            return -Errno.EOVERFLOW;
        }
        long count = Math.min(wanted, max - pos[0]);
        long n = transfer(task, in, pos, out, count);
        if (n > 0 && offset == null) {
            in.pos = pos[0];
        }
        return n;
    }

    private static long transfer(TaskStruct task, File in, long[] pos, File out, long count) {
        Pipe pipe = PipeFileOps.of(out);
        if (pipe != null) {
            int flags = out.nonblock() ? Fcntl.SPLICE_F_NONBLOCK : 0;
            return Splice.fileToPipe(in, pos, pipe, count, flags);
        }
        int err = rwVerifyArea(out.pos, count);
        if (err < 0) {
            return err;
        }
        long[] outPos = {out.pos};
        Pipe own = task.takeSplicePipe();
        try {
            long n = Splice.direct(in, pos, out, outPos, count, own);
            if (n > 0) {
                out.pos = outPos[0];
            }
            return n;
        } finally {
            task.giveSplicePipe(own);
        }
    }
}
