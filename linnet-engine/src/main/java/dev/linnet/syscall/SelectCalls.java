package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.PollWqueues;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.FdSet;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.TimeSpec;
import dev.linnet.uapi.TimeVal;
import org.jspecify.annotations.Nullable;

/// `select` and `pselect` (`fs/select.c`).
public final class SelectCalls {
    private static final int POLLIN_SET =
            PollEvents.POLLRDNORM
                    | PollEvents.POLLRDBAND
                    | PollEvents.POLLIN
                    | PollEvents.POLLHUP
                    | PollEvents.POLLERR
                    | PollEvents.POLLNVAL;

    private static final int POLLOUT_SET =
            PollEvents.POLLWRBAND
                    | PollEvents.POLLWRNORM
                    | PollEvents.POLLOUT
                    | PollEvents.POLLERR
                    | PollEvents.POLLNVAL;

    private static final int POLLEX_SET = PollEvents.POLLPRI | PollEvents.POLLNVAL;

    /// The three sets of a call: what is waited for, and what is ready. A set that is null is empty.
    record Sets(@Nullable FdSet in, @Nullable FdSet out, @Nullable FdSet ex) {
        long wanted(int word) {
            return word(in, word) | word(out, word) | word(ex, word);
        }

        static long word(@Nullable FdSet set, int word) {
            return set == null ? 0 : set.word(word);
        }
    }

    private SelectCalls() {}

    /// Waits for descriptors below `nfds` that can be read (`in`), written (`out`) or have urgent data
    /// (`ex`), and leaves in the sets those that are ready: how many bits these are; 0 at the time-out.
    /// What is left of the time is in `timeout[0]`. After an error the sets are as before: `-EINVAL` for a
    /// negative number or time, `-EBADF` for a descriptor that is not open, `-EINTR`.
    ///
    /// @param timeout null waits for ever
    @Kernel({"kern_select", "sys_select"})
    public static int select(
            TaskStruct task,
            int nfds,
            @Nullable FdSet in,
            @Nullable FdSet out,
            @Nullable FdSet ex,
            TimeVal @Nullable [] timeout) {
        if (timeout == null) {
            return pselect(task, nfds, in, out, ex, null);
        }
        TimeSpec[] span = {Deadline.span(timeout[0])};
        int n = pselect(task, nfds, in, out, ex, span);
        if (span[0].isValid()) {
            timeout[0] = TimeVal.ofNanos(span[0].toNanos());
        }
        return n;
    }

    /// The same with nanoseconds.
    @Kernel("do_pselect")
    public static int pselect(
            TaskStruct task,
            int nfds,
            @Nullable FdSet in,
            @Nullable FdSet out,
            @Nullable FdSet ex,
            TimeSpec @Nullable [] timeout) {
        Sets sets = new Sets(in, out, ex);
        if (timeout == null) {
            return select(task, nfds, sets, Deadline.never(task.net.scheduler));
        }
        if (!timeout[0].isValid()) {
            return -Errno.EINVAL;
        }
        Deadline deadline = Deadline.in(task.net.scheduler, timeout[0].toNanos());
        int n = select(task, nfds, sets, deadline);
        timeout[0] = deadline.left();
        return n;
    }

    @Kernel("core_sys_select")
    static int select(TaskStruct task, int nfds, Sets sets, Deadline deadline) {
        if (nfds < 0) {
            return -Errno.EINVAL;
        }
        int n = Math.min(nfds, task.files.size());
        int end = task.files.selectEnd(n, sets::wanted);
        if (end < 0) {
            return end;
        }
        Sets ready = new Sets(new FdSet(), new FdSet(), new FdSet());
        int count = doSelect(task, end, sets, ready, deadline);
        if (count >= 0) {
            copy(sets.in, ready.in, n);
            copy(sets.out, ready.out, n);
            copy(sets.ex, ready.ex, n);
        }
        return count;
    }

    /// Descriptors from the next multiple of 64 on are left as they are.
    private static void copy(@Nullable FdSet to, @Nullable FdSet from, int n) {
        for (int i = 0; to != null && i < FdSet.bytes(n) / Long.BYTES; i++) {
            if (to.word(i) != 0) {
                to.setWord(i, Sets.word(from, i));
            }
        }
    }

    @Kernel("do_select")
    private static int doSelect(
            TaskStruct task, int end, Sets sets, Sets ready, Deadline deadline) {
        PollWqueues table = new PollWqueues(deadline.scheduler());
        if (deadline.poll()) {
            table.stopRegistering();
        }
        try {
            while (true) {
                table.rearm();
                int n = scan(task, end, sets, ready, table);
                table.stopRegistering();
                if (n > 0 || deadline.poll()) {
                    return n;
                }
                Wake wake = table.sleep(deadline.atNs());
                if (wake == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
                if (wake == Wake.TIMED_OUT) {
                    return scan(task, end, sets, ready, table);
                }
            }
        } finally {
            table.free();
        }
    }

    private static int scan(TaskStruct task, int end, Sets sets, Sets ready, PollWqueues table) {
        int n = 0;
        for (int i = 0; i * Long.SIZE < end; i++) {
            for (long left = sets.wanted(i); left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                int fd = i * Long.SIZE + bit;
                if (fd >= end) {
                    break;
                }
                n += pollOne(task, fd, sets, ready, table);
                if (n > 0) {
                    table.stopRegistering();
                }
            }
        }
        return n;
    }

    /// Asks one file and notes what it is ready for; how many of the sets that are.
    private static int pollOne(TaskStruct task, int fd, Sets sets, Sets ready, PollWqueues table) {
        boolean in = sets.in != null && sets.in.isSet(fd);
        boolean out = sets.out != null && sets.out.isSet(fd);
        int mask = PollEvents.POLLNVAL;
        File file = task.files.get(fd);
        if (file != null) {
            try {
                table.interest(POLLEX_SET | (in ? POLLIN_SET : 0) | (out ? POLLOUT_SET : 0));
                mask = file.ops.poll(file, table);
            } finally {
                file.put();
            }
        }
        boolean ex = sets.ex != null && sets.ex.isSet(fd);
        return note(ready.in, fd, in && (mask & POLLIN_SET) != 0)
                + note(ready.out, fd, out && (mask & POLLOUT_SET) != 0)
                + note(ready.ex, fd, ex && (mask & POLLEX_SET) != 0);
    }

    private static int note(@Nullable FdSet set, int fd, boolean on) {
        if (on && set != null) {
            set.set(fd);
            return 1;
        }
        return 0;
    }
}
