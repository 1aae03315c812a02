package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.Splice;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// `copy_file_range` (`fs/read_write.c`): between regular files of one file system.
public final class CopyRangeCalls {
    private CopyRangeCalls() {}

    /// Copies up to `count` bytes; how many, fewer at the end of the input.
    ///
    /// Checks in Linux's order: `-EBADF` for a descriptor, `-EINVAL` for any flag, `-EISDIR`, `-EINVAL`
    /// unless both are regular files, `-EBADF` for their modes and an append-only output, `-EXDEV`,
    /// `-EOVERFLOW` for a range beyond all numbers, `-EFBIG`, `-EINVAL` for ranges of one file that
    /// overlap.
    ///
    /// @param inOffset where to read, moved on in element 0; null to use the file's own position
    /// @param outOffset where to write, likewise
    @Kernel("copy_file_range")
    public static long copyFileRange(
            TaskStruct task,
            int inFd,
            long @Nullable [] inOffset,
            int outFd,
            long @Nullable [] outOffset,
            long count,
            int flags) {
        return SpliceCalls.withFiles(
                task,
                inFd,
                outFd,
                (in, out) -> {
                    if (flags != 0) {
                        return -Errno.EINVAL;
                    }
                    long[] inPos = {inOffset != null ? inOffset[0] : in.pos};
                    long[] outPos = {outOffset != null ? outOffset[0] : out.pos};
                    long n = copy(task, in, inPos, out, outPos, count);
                    if (n > 0) {
                        moveOn(in, inOffset, inPos[0]);
                        moveOn(out, outOffset, outPos[0]);
                    }
                    return n;
                });
    }

    private static void moveOn(File file, long @Nullable [] offset, long pos) {
        if (offset != null) {
            offset[0] = pos;
        } else {
            file.pos = pos;
        }
    }

    @Kernel("vfs_copy_file_range")
    private static long copy(
            TaskStruct task, File in, long[] inPos, File out, long[] outPos, long wanted) {
        int err = modeChecks(in, out);
        if (err < 0) {
            return err;
        }
        long count = rangeChecks(in, inPos[0], out, outPos[0], wanted);
        if (count >= 0) {
            err = SendfileCalls.rwVerifyArea(inPos[0], count);
            err = err < 0 ? err : SendfileCalls.rwVerifyArea(outPos[0], count);
        }
        if (count <= 0 || err < 0) {
            return err < 0 ? err : count;
        }
        Pipe own = task.takeSplicePipe();
        try {
            return Splice.direct(in, inPos, out, outPos, Math.min(count, Splice.MAX_RW_COUNT), own);
        } finally {
            task.giveSplicePipe(own);
        }
    }

    @Kernel("generic_file_rw_checks")
    private static int modeChecks(File in, File out) {
        int inKind = in.ops.stat(in).mode() & Stat.S_IFMT;
        int outKind = out.ops.stat(out).mode() & Stat.S_IFMT;
        if (inKind == Stat.S_IFDIR || outKind == Stat.S_IFDIR) {
            return -Errno.EISDIR;
        }
        if (inKind != Stat.S_IFREG || outKind != Stat.S_IFREG) {
            return -Errno.EINVAL;
        }
        boolean append = (out.flags & Fcntl.O_APPEND) != 0;
        if (!in.readable() || !out.writable() || append) {
            return -Errno.EBADF;
        }
        Inode from = in.inode();
        Inode to = out.inode();
        return from == null || to == null || from.sb != to.sb ? -Errno.EXDEV : 0;
    }

    /// The bytes to copy, or `-errno`. The range's end is an unsigned number.
    @Kernel({"generic_copy_file_checks", "generic_write_check_limits"})
    private static long rangeChecks(File in, long inPos, File out, long outPos, long wanted) {
        if (Long.compareUnsigned(inPos + wanted, inPos) < 0
                || Long.compareUnsigned(outPos + wanted, outPos) < 0) {
            return -Errno.EOVERFLOW;
        }
        long left = Math.max(in.ops.stat(in).size() - inPos, 0);
        long count = Long.compareUnsigned(wanted, left) < 0 ? wanted : left;
        long max = out.ops.maxBytes(out);
        if (outPos >= max) {
            return -Errno.EFBIG;
        }
        count = Math.min(count, Math.max(max - outPos, 0));
        boolean overlaps = outPos + count > inPos && outPos < inPos + count;
        return in.inode() == out.inode() && overlaps ? -Errno.EINVAL : count;
    }
}
