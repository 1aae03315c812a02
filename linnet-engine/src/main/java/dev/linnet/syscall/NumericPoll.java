package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.FdSet;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.TimeSpec;
import dev.linnet.uapi.TimeVal;

/// `poll`, `select` and their kin by number.
final class NumericPoll {
    private NumericPoll() {}

    static long poll(TaskStruct task, UserSpace mm, long ptr, int nfds, int timeoutMs) {
        return poll(task, mm, ptr, nfds, Deadline.inMillis(task.net.scheduler, timeoutMs));
    }

    static long ppoll(
            TaskStruct task,
            UserSpace mm,
            long ptr,
            int nfds,
            long timeoutPtr,
            long sigmask,
            long sigsetSize) {
        int[] bad = new int[1];
        Deadline deadline = Uaccess.deadline(task, mm, timeoutPtr, bad);
        if (deadline == null) {
            return bad[0];
        }
        int err = Uaccess.sigmask(mm, sigmask, sigsetSize);
        if (err < 0) {
            return err;
        }
        long n = poll(task, mm, ptr, nfds, deadline);
        putLeft(mm, timeoutPtr, deadline);
        return n;
    }

    /// All `revents` are written, also after an interrupt.
    @Kernel("do_sys_poll")
    private static long poll(TaskStruct task, UserSpace mm, long ptr, int nfds, Deadline deadline) {
        if (Integer.compareUnsigned(nfds, task.files.limit()) > 0) {
            return -Errno.EINVAL;
        }
        byte[] raw = mm.read(ptr, nfds * PollFd.SIZE);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        PollFd[] fds = new PollFd[nfds];
        for (int i = 0; i < nfds; i++) {
            fds[i] = PollFd.decode(raw, i * PollFd.SIZE);
        }
        int n = PollCalls.poll(task, fds, nfds, deadline);
        for (int i = 0; i < nfds; i++) {
            fds[i].encode(raw, i * PollFd.SIZE);
        }
        return mm.write(ptr, raw, raw.length) ? n : -Errno.EFAULT;
    }

    /// What is left of the time; that it cannot be written is no error. A call that only looked leaves
    /// it alone.
    @Kernel("poll_select_finish")
    private static void putLeft(UserSpace mm, long ptr, Deadline deadline) {
        if (ptr != 0 && !deadline.poll()) {
            byte[] raw = new byte[TimeSpec.SIZE];
            deadline.left().encode(raw, 0);
            mm.write(ptr, raw, raw.length);
        }
    }

    @Kernel("kern_select")
    static long select(
            TaskStruct task, UserSpace mm, int nfds, long in, long out, long ex, long timeoutPtr) {
        Deadline deadline = Deadline.never(task.net.scheduler);
        if (timeoutPtr != 0) {
            byte[] raw = mm.read(timeoutPtr, TimeVal.SIZE);
            if (raw == null) {
                return -Errno.EFAULT;
            }
            TimeSpec span = Deadline.span(TimeVal.decode(raw, 0));
            if (!span.isValid()) {
                return -Errno.EINVAL;
            }
            deadline = Deadline.in(task.net.scheduler, span.toNanos());
        }
        long n = select(task, mm, nfds, in, out, ex, deadline);
        if (timeoutPtr != 0 && !deadline.poll()) {
            byte[] raw = new byte[TimeVal.SIZE];
            TimeVal.ofNanos(deadline.left().toNanos()).encode(raw, 0);
            mm.write(timeoutPtr, raw, raw.length);
        }
        return n;
    }

    /// The sixth argument points to the set of signals and its size.
    static long pselect6(
            TaskStruct task,
            UserSpace mm,
            int nfds,
            long in,
            long out,
            long ex,
            long timeoutPtr,
            long sigPtr) {
        byte[] sig = sigPtr == 0 ? new byte[16] : mm.read(sigPtr, 16);
        if (sig == null) {
            return -Errno.EFAULT;
        }
        int[] bad = new int[1];
        Deadline deadline = Uaccess.deadline(task, mm, timeoutPtr, bad);
        if (deadline == null) {
            return bad[0];
        }
        int err = Uaccess.sigmask(mm, Abi.getLong(sig, 0), Abi.getLong(sig, 8));
        if (err < 0) {
            return err;
        }
        long n = select(task, mm, nfds, in, out, ex, deadline);
        putLeft(mm, timeoutPtr, deadline);
        return n;
    }

    @Kernel("core_sys_select")
    private static long select(
            TaskStruct task,
            UserSpace mm,
            int nfds,
            long in,
            long out,
            long ex,
            Deadline deadline) {
        if (nfds < 0) {
            return -Errno.EINVAL;
        }
        int bytes = FdSet.bytes(Math.min(nfds, task.files.size()));
        long[] at = {in, out, ex};
        FdSet[] sets = new FdSet[3];
        for (int i = 0; i < 3; i++) {
            byte[] raw = at[i] == 0 ? new byte[0] : mm.read(at[i], bytes);
            if (raw == null) {
                return -Errno.EFAULT;
            }
            sets[i] = FdSet.decode(raw);
        }
        int n =
                SelectCalls.select(
                        task, nfds, new SelectCalls.Sets(sets[0], sets[1], sets[2]), deadline);
        byte[] raw = new byte[bytes];
        for (int i = 0; i < 3 && n >= 0; i++) {
            sets[i].encode(raw);
            if (at[i] != 0 && !mm.write(at[i], raw, bytes)) {
                return -Errno.EFAULT;
            }
        }
        return n;
    }
}
