package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.IovIter;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.PipeFileOps;
import dev.linnet.fs.Splice;
import dev.linnet.fs.SplicePipes;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import org.jspecify.annotations.Nullable;

/// `splice`, `tee` and `vmsplice` (`fs/splice.c`): pages move by reference.
public final class SpliceCalls {
    private static final int SPLICE_F_ALL = 15;

    private SpliceCalls() {}

    /// What is done with two open files.
    interface Between {
        long apply(File in, File out);
    }

    static long withFiles(TaskStruct task, int inFd, int outFd, Between action) {
        task.enter();
        File in = task.files.get(inFd);
        if (in == null) {
            return -Errno.EBADF;
        }
        try {
            File out = task.files.get(outFd);
            if (out == null) {
                return -Errno.EBADF;
            }
            try {
                return action.apply(in, out);
            } finally {
                out.put();
            }
        } finally {
            in.put();
        }
    }

    /// Moves up to `count` bytes from or to a pipe: how many, 0 at the end, `-EBADF`, `-EINVAL` unless
    /// one end is a pipe, `-ESPIPE` for an offset into a pipe, `-EAGAIN`, `-EPIPE`, `-EINTR`.
    ///
    /// @param inOffset where to read, moved on in element 0; null to use the file's own position
    /// @param outOffset where to write, likewise
    @Kernel("__do_splice")
    public static long splice(
            TaskStruct task,
            int inFd,
            long @Nullable [] inOffset,
            int outFd,
            long @Nullable [] outOffset,
            long count,
            int flags) {
        int err = precheck(task, inFd, inOffset != null, outFd, outOffset != null, count, flags);
        return count == 0 || err < 0
                ? err
                : withFiles(
                        task,
                        inFd,
                        outFd,
                        (in, out) -> splice(in, inOffset, out, outOffset, count, flags));
    }

    /// What is checked before the offsets are looked at: 0, `-EINVAL`, `-EBADF`, `-ESPIPE`.
    static int precheck(
            TaskStruct task,
            int inFd,
            boolean inOffset,
            int outFd,
            boolean outOffset,
            long count,
            int flags) {
        if (count == 0) {
            return 0;
        }
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        return (int)
                withFiles(
                        task,
                        inFd,
                        outFd,
                        (in, out) ->
                                inOffset && PipeFileOps.of(in) != null
                                                || outOffset && PipeFileOps.of(out) != null
                                        ? -Errno.ESPIPE
                                        : 0);
    }

    @Kernel("do_splice")
    private static long splice(
            File in,
            long @Nullable [] inOffset,
            File out,
            long @Nullable [] outOffset,
            long count,
            int flags) {
        if (!in.readable() || !out.writable()) {
            return -Errno.EBADF;
        }
        Pipe from = PipeFileOps.of(in);
        Pipe to = PipeFileOps.of(out);
        if (from != null && to != null) {
            return from == to
                    ? -Errno.EINVAL
                    : SplicePipes.splice(from, to, count, pipeFlags(flags, in, out));
        }
        if (from != null) {
            return fromPipe(from, out, outOffset, count, pipeFlags(flags, in, in));
        }
        return to != null
                ? toPipe(in, inOffset, to, count, pipeFlags(flags, out, out))
                : -Errno.EINVAL;
    }

    /// A non-blocking end of a pipe makes the splice one that does not wait for the pipe.
    private static int pipeFlags(int flags, File a, File b) {
        return a.nonblock() || b.nonblock() ? flags | Fcntl.SPLICE_F_NONBLOCK : flags;
    }

    @Kernel("do_splice_from")
    private static long fromPipe(
            Pipe from, File out, long @Nullable [] offset, long count, int flags) {
        if (offset != null && !out.ops.seekable()) {
            return -Errno.EINVAL;
        }
        if ((out.flags & Fcntl.O_APPEND) != 0) {
            return -Errno.EINVAL;
        }
        long[] pos = offset != null ? offset : new long[] {out.pos};
        int err = SendfileCalls.rwVerifyArea(pos[0], count);
        if (err < 0) {
            return err;
        }
        long n = out.ops.spliceWrite(from, out, pos, count, flags);
        if (offset == null) {
            out.pos = pos[0];
        }
        return n;
    }

    private static long toPipe(File in, long @Nullable [] offset, Pipe to, long count, int flags) {
        if (offset != null && !in.ops.seekable()) {
            return -Errno.EINVAL;
        }
        long[] pos = offset != null ? offset : new long[] {in.pos};
        int err = SendfileCalls.rwVerifyArea(pos[0], count);
        if (err < 0) {
            return err;
        }
        long n = Splice.fileToPipe(in, pos, to, count, flags);
        if (offset == null) {
            in.pos = pos[0];
        }
        return n;
    }

    /// Shares up to `count` bytes of one pipe with another: how many, 0 at the end, `-EBADF`, `-EINVAL`
    /// unless both are pipes and not the same one, `-EAGAIN`, `-EPIPE`, `-EINTR`.
    @Kernel("tee")
    public static long tee(TaskStruct task, int inFd, int outFd, long count, int flags) {
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        if (count == 0) {
            return 0;
        }
        return withFiles(
                task,
                inFd,
                outFd,
                (in, out) -> {
                    if (!in.readable() || !out.writable()) {
                        return -Errno.EBADF;
                    }
                    Pipe from = PipeFileOps.of(in);
                    Pipe to = PipeFileOps.of(out);
                    return from == null || to == null || from == to
                            ? -Errno.EINVAL
                            : SplicePipes.tee(from, to, count, pipeFlags(flags, in, out));
                });
    }

    /// From the user's memory into a pipe, or with a pipe's reading end the other way: how many bytes,
    /// `-EBADF` unless it is a pipe, `-EAGAIN`, `-EPIPE`, `-EFAULT`, `-EINTR`.
    ///
    /// Heap buffers go into the pipe by reference: they belong to the reader until it has read them.
    @Kernel("vmsplice")
    public static long vmsplice(TaskStruct task, int fd, IovIter user, int flags) {
        int err = vmspliceCheck(task, fd, flags);
        File file = err < 0 ? null : task.files.get(fd);
        if (file == null) {
            return err < 0 ? err : -Errno.EBADF;
        }
        try {
            Pipe pipe = PipeFileOps.of(file);
            if (user.count() == 0) {
                return 0;
            }
            if (pipe == null) {
                return -Errno.EBADF;
            }
            return file.writable()
                    ? Splice.userToPipe(user, pipe, flags)
                    : Splice.pipeToUser(pipe, user, flags);
        } finally {
            file.put();
        }
    }

    /// What is checked before the buffers are looked at: 0, `-EINVAL`, `-EBADF`.
    static int vmspliceCheck(TaskStruct task, int fd, int flags) {
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        boolean open = file.writable() || file.readable();
        file.put();
        return open ? 0 : -Errno.EBADF;
    }
}
