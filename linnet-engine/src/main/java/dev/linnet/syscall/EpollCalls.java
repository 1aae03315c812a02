package dev.linnet.syscall;

import dev.linnet.fs.EventPoll;
import dev.linnet.fs.EventPollFileOps;
import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TimeSpec;
import org.jspecify.annotations.Nullable;

/// The epoll calls (`fs/eventpoll.c`).
public final class EpollCalls {
    /// More than fit into an `int` of bytes are `EINVAL`.
    private static final int EP_MAX_EVENTS = Integer.MAX_VALUE / EpollEvent.SIZE;

    private EpollCalls() {}

    /// The older form: `size` says nothing any more, but must be positive (`-EINVAL`).
    public static int create(TaskStruct task, int size) {
        return size <= 0 ? -Errno.EINVAL : create1(task, 0);
    }

    /// A new instance's descriptor: `-EINVAL` for flags other than `EPOLL_CLOEXEC`, `-EMFILE`,
    /// `-ENFILE`.
    @Kernel("do_epoll_create")
    public static int create1(TaskStruct task, int flags) {
        if ((flags & ~Epoll.EPOLL_CLOEXEC) != 0) {
            return -Errno.EINVAL;
        }
        int fd = task.files.reserve(flags != 0);
        if (fd >= 0) {
            File file =
                    EventPoll.newFile(task.net.scheduler, task.net.files.epollWatches(task.uid));
            task.files.install(fd, file);
        }
        return fd;
    }

    /// `epoll_ctl`: `-EBADF`, `-EPERM` for a file that cannot be polled, `-EINVAL`, `-ELOOP`,
    /// `-EEXIST`, `-ENOENT`, `-ENOSPC`; `-EFAULT` without an event, whatever else is wrong.
    public static int ctl(TaskStruct task, int epfd, int op, int fd, @Nullable EpollEvent event) {
        if (op == Epoll.EPOLL_CTL_DEL) {
            return ctl(task, epfd, op, fd, 0, 0);
        }
        return event == null
                ? -Errno.EFAULT
                : ctl(task, epfd, op, fd, event.events(), event.data());
    }

    /// The same without an object.
    ///
    /// @param events bits of [Epoll]; 0 to take the descriptor out
    /// @param data what [#wait] gives to its sink
    public static int ctl(TaskStruct task, int epfd, int op, int fd, int events, long data) {
        File epFile = task.files.get(epfd);
        if (epFile == null) {
            return -Errno.EBADF;
        }
        try {
            File target = task.files.get(fd);
            if (target == null) {
                return -Errno.EBADF;
            }
            try {
                return ctl(epFile, op, target, fd, events, data);
            } finally {
                target.put();
            }
        } finally {
            epFile.put();
        }
    }

    @Kernel("do_epoll_ctl")
    private static int ctl(File epFile, int op, File target, int fd, int events, long data) {
        if (!target.ops.canPoll()) {
            return -Errno.EPERM;
        }
        EventPoll ep = EventPollFileOps.of(epFile);
        if (epFile == target || ep == null) {
            return -Errno.EINVAL;
        }
        if ((events & Epoll.EPOLLEXCLUSIVE) != 0) {
            boolean unfit = op == Epoll.EPOLL_CTL_MOD || EventPollFileOps.of(target) != null;
            if (unfit || (events & ~Epoll.EPOLLEXCLUSIVE_OK_BITS) != 0) {
                return -Errno.EINVAL;
            }
        }
        return ep.ctl(op, target, fd, events, data);
    }

    /// `epoll_wait`: `-EBADF`, `-EINVAL` unless 0 < max or if the descriptor is no epoll instance,
    /// `-EINTR`.
    ///
    /// @param timeoutNs negative waits for ever, 0 only looks
    public static int wait(
            TaskStruct task, int epfd, EpollEvent[] events, int max, long timeoutNs) {
        EventPoll.Sink sink =
                (i, ready, data) -> {
                    events[i] = new EpollEvent(ready, data);
                    return true;
                };
        return wait(task, epfd, sink, max, timeoutNs);
    }

    /// The same with events given to `sink` one by one.
    public static int wait(
            TaskStruct task, int epfd, EventPoll.Sink sink, int max, long timeoutNs) {
        long atNs = Deadline.at(task.net.scheduler, timeoutNs);
        return wait(task, epfd, sink, max, atNs, timeoutNs == 0, true);
    }

    /// `epoll_pwait2`: `-EINVAL` for a time that is none. The time is not changed.
    ///
    /// @param timeout null waits for ever
    public static int pwait2(
            TaskStruct task, int epfd, EpollEvent[] events, int max, @Nullable TimeSpec timeout) {
        if (timeout != null && !timeout.isValid()) {
            return -Errno.EINVAL;
        }
        return wait(task, epfd, events, max, timeout == null ? -1 : timeout.toNanos());
    }

    /// As [#wait], until a deadline.
    static int wait(
            TaskStruct task,
            int epfd,
            EventPoll.Sink sink,
            int max,
            Deadline deadline,
            boolean access) {
        return wait(task, epfd, sink, max, deadline.atNs(), deadline.poll(), access);
    }

    /// @param access false if events could be written nowhere (`access_ok`): `-EFAULT`
    @Kernel({"do_epoll_wait", "ep_check_params"})
    private static int wait(
            TaskStruct task,
            int epfd,
            EventPoll.Sink sink,
            int max,
            long atNs,
            boolean look,
            boolean access) {
        File file = task.files.get(epfd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (max <= 0 || max > EP_MAX_EVENTS) {
                return -Errno.EINVAL;
            }
            if (!access) {
                return -Errno.EFAULT;
            }
            EventPoll ep = EventPollFileOps.of(file);
            return ep == null ? -Errno.EINVAL : ep.wait(sink, max, atNs, look);
        } finally {
            file.put();
        }
    }
}
