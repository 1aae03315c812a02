package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.PollWqueues;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;

/// `poll` (`fs/select.c`).
public final class PollCalls {
    private PollCalls() {}

    /// Waits for one of `nfds` descriptors: how many have something to tell; 0 at the time-out;
    /// `-EINVAL` for more than `RLIMIT_NOFILE`, `-EINTR`.
    ///
    /// @param timeoutNs negative waits for ever, 0 only looks
    @Kernel({"do_sys_poll", "do_poll"})
    public static int poll(TaskStruct task, PollFd[] fds, int nfds, long timeoutNs) {
        if (nfds < 0 || nfds > task.files.limit()) {
            return -Errno.EINVAL;
        }
        Scheduler scheduler = task.net.scheduler;
        long deadline = timeoutNs < 0 ? Scheduler.FOREVER : scheduler.clock().nowNs() + timeoutNs;
        PollWqueues table = new PollWqueues(scheduler);
        if (timeoutNs == 0) {
            table.stopRegistering();
        }
        try {
            while (true) {
                table.rearm();
                int ready = scan(task, fds, nfds, table);
                table.stopRegistering();
                if (ready > 0 || timeoutNs == 0) {
                    return ready;
                }
                Wake wake = table.sleep(deadline);
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
