package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.PollWqueues;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.TimeSpec;
import org.jspecify.annotations.Nullable;

/// `poll` and `ppoll` (`fs/select.c`).
public final class PollCalls {
    private PollCalls() {}

    /// Waits for one of `nfds` descriptors: how many have something to tell; 0 at the time-out;
    /// `-EINVAL` for more than `RLIMIT_NOFILE`, `-EINTR`.
    ///
    /// @param timeoutNs negative waits for ever, 0 only looks
    public static int poll(TaskStruct task, PollFd[] fds, int nfds, long timeoutNs) {
        return poll(task, fds, nfds, Deadline.in(task.net.scheduler, timeoutNs));
    }

    /// `ppoll`: the same, with what is left of the time in `timeout[0]` afterwards. `-EINVAL` for a time
    /// that is none.
    ///
    /// @param timeout null waits for ever
    @Kernel("do_compat_ppoll")
    public static int ppoll(
            TaskStruct task, PollFd[] fds, int nfds, TimeSpec @Nullable [] timeout) {
        if (timeout == null) {
            return poll(task, fds, nfds, Deadline.never(task.net.scheduler));
        }
        if (!timeout[0].isValid()) {
            return -Errno.EINVAL;
        }
        Deadline deadline = Deadline.in(task.net.scheduler, timeout[0].toNanos());
        int n = poll(task, fds, nfds, deadline);
        timeout[0] = deadline.left();
        return n;
    }

    @Kernel({"do_sys_poll", "do_poll"})
    static int poll(TaskStruct task, PollFd[] fds, int nfds, Deadline deadline) {
        if (Integer.compareUnsigned(nfds, task.files.limit()) > 0) {
            return -Errno.EINVAL;
        }
        PollWqueues table = new PollWqueues(deadline.scheduler());
        if (deadline.poll()) {
            table.stopRegistering();
        }
        try {
            while (true) {
                table.rearm();
                int ready = scan(task, fds, nfds, table);
                table.stopRegistering();
                if (ready > 0 || deadline.poll()) {
                    return ready;
                }
                Wake wake = table.sleep(deadline.atNs());
                if (wake == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
                if (wake == Wake.TIMED_OUT) {
                    return scan(task, fds, nfds, table);
                }
            }
        } finally {
            table.free();
        }
    }

    private static int scan(TaskStruct task, PollFd[] fds, int nfds, PollWqueues table) {
        int ready = 0;
        for (int i = 0; i < nfds; i++) {
            fds[i].revents = pollOne(task, fds[i], table);
            if (fds[i].revents != 0) {
                ready++;
                table.stopRegistering();
            }
        }
        return ready;
    }

    @Kernel("do_pollfd")
    private static int pollOne(TaskStruct task, PollFd pfd, PollWqueues table) {
        if (pfd.fd < 0) {
            return 0;
        }
        File file = task.files.get(pfd.fd);
        if (file == null) {
            return PollEvents.POLLNVAL;
        }
        try {
            int filter = pfd.events | PollEvents.POLLERR | PollEvents.POLLHUP;
            table.interest(filter);
            return file.ops.poll(file, table) & filter;
        } finally {
            file.put();
        }
    }
}
