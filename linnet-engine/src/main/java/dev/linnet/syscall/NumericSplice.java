package dev.linnet.syscall;

import dev.linnet.fs.IovIter;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// The calls by number that move data between files.
final class NumericSplice {
    private NumericSplice() {}

    /// An offset that a call may read and move on: false for a bad pointer.
    ///
    /// @param offset null if the call has none
    private static boolean get(UserSpace mm, long ptr, long @Nullable [] offset) {
        if (offset == null) {
            return true;
        }
        byte[] raw = mm.read(ptr, 8);
        if (raw == null) {
            return false;
        }
        offset[0] = Abi.getLong(raw, 0);
        return true;
    }

    private static boolean put(UserSpace mm, long ptr, long @Nullable [] offset) {
        if (offset == null) {
            return true;
        }
        byte[] raw = new byte[8];
        Abi.putLong(raw, 0, offset[0]);
        return mm.write(ptr, raw, 8);
    }

    static long sendfile(
            TaskStruct task, UserSpace mm, int out, int in, long offsetPtr, long count) {
        if (offsetPtr == 0) {
            return SendfileCalls.sendfile(task, out, in, null, count);
        }
        long[] offset = new long[1];
        if (!get(mm, offsetPtr, offset)) {
            return -Errno.EFAULT;
        }
        long n = SendfileCalls.sendfile(task, out, in, offset, count);
        return put(mm, offsetPtr, offset) ? n : -Errno.EFAULT;
    }

    static long splice(
            TaskStruct task,
            UserSpace mm,
            int in,
            long inPtr,
            int out,
            long outPtr,
            long count,
            int flags) {
        long[] inOffset = inPtr == 0 ? null : new long[1];
        long[] outOffset = outPtr == 0 ? null : new long[1];
        if (!get(mm, inPtr, inOffset) || !get(mm, outPtr, outOffset)) {
            int err = SpliceCalls.precheck(task, in, inPtr != 0, out, outPtr != 0, count, flags);
            return count == 0 || err < 0 ? err : -Errno.EFAULT;
        }
        long n = SpliceCalls.splice(task, in, inOffset, out, outOffset, count, flags);
        if (n >= 0 && count != 0 && !(put(mm, inPtr, inOffset) && put(mm, outPtr, outOffset))) {
            return -Errno.EFAULT;
        }
        return n;
    }

    static long copyFileRange(
            TaskStruct task,
            UserSpace mm,
            int in,
            long inPtr,
            int out,
            long outPtr,
            long count,
            int flags) {
        long[] inOffset = inPtr == 0 ? null : new long[1];
        long[] outOffset = outPtr == 0 ? null : new long[1];
        if (!get(mm, inPtr, inOffset) || !get(mm, outPtr, outOffset)) {
            return SpliceCalls.withFiles(task, in, out, (a, b) -> -Errno.EFAULT);
        }
        long n = CopyRangeCalls.copyFileRange(task, in, inOffset, out, outOffset, count, flags);
        boolean stored = n <= 0 || put(mm, inPtr, inOffset) && put(mm, outPtr, outOffset);
        return stored ? n : -Errno.EFAULT;
    }

    static long vmsplice(TaskStruct task, UserSpace mm, int fd, long iov, long count, int flags) {
        IovIter iter = new IovIter();
        int err = Uaccess.iovec(mm, iov, count, false, iter);
        if (err < 0) {
            int before = SpliceCalls.vmspliceCheck(task, fd, flags);
            return before < 0 ? before : err;
        }
        return SpliceCalls.vmsplice(task, fd, iter, flags);
    }
}
