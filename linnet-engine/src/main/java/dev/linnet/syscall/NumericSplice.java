package dev.linnet.syscall;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;

/// The calls by number that move data between files.
final class NumericSplice {
    private NumericSplice() {}

    static long sendfile(
            TaskStruct task, UserSpace mm, int out, int in, long offsetPtr, long count) {
        if (offsetPtr == 0) {
            return SendfileCalls.sendfile(task, out, in, null, count);
        }
        byte[] raw = mm.read(offsetPtr, 8);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        long[] offset = {Abi.getLong(raw, 0)};
        long n = SendfileCalls.sendfile(task, out, in, offset, count);
        Abi.putLong(raw, 0, offset[0]);
        return mm.write(offsetPtr, raw, 8) ? n : -Errno.EFAULT;
    }

    static long splice(
            TaskStruct task,
            int in,
            long inOffset,
            int out,
            long outOffset,
            long count,
            int flags) {
        if (inOffset != 0 || outOffset != 0) {
            return -Errno.ESPIPE; // pipes and sockets have no positions
        }
        return SpliceCalls.splice(task, in, out, count, flags);
    }
}
