package dev.linnet.syscall;

import dev.linnet.fs.EventPoll;
import dev.linnet.fs.EventPollFileOps;
import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import org.jspecify.annotations.Nullable;

/// The epoll calls (`fs/eventpoll.c`).
public final class EpollCalls {
    /// More than fit into an `int` of bytes are `EINVAL`.
    private static final int EP_MAX_EVENTS = Integer.MAX_VALUE / EpollEvent.SIZE;

    private static final Object NESTING = new Object();

    private EpollCalls() {}

    /// The older form: `size` says nothing any more, but must be positive (`-EINVAL`).
    public static int create(TaskStruct task, int size) {
        return size <= 0 ? -Errno.EINVAL : create1(task, 0);
    }

    /// A new instance's descriptor: `-EINVAL` for flags other than `EPOLL_CLOEXEC`, `-EMFILE`.
    @Kernel("do_epoll_create")
    public static int create1(TaskStruct task, int flags) {
        if ((flags & ~Epoll.EPOLL_CLOEXEC) != 0) {
            return -Errno.EINVAL;
        }
        int fd = task.files.reserve(flags != 0);
        if (fd >= 0) {
            EventPoll ep = new EventPoll(task.net.scheduler);
            task.files.install(fd, new File(EventPollFileOps.INSTANCE, ep, Fcntl.O_RDWR));
        }
        return fd;
    }

    /// `epoll_ctl`: `-EBADF`, `-EPERM` for a file that cannot be polled, `-EINVAL`, `-ELOOP`,
    /// `-EEXIST`, `-ENOENT`, `-EFAULT` without an event.
    @Kernel("do_epoll_ctl")
    public static int ctl(TaskStruct task, int epfd, int op, int fd, @Nullable EpollEvent event) {
        if (op != Epoll.EPOLL_CTL_DEL && event == null) {
            return -Errno.EFAULT;
        }
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
                return ctl(epFile, op, target, fd, event);
            } finally {
                target.put();
            }
        } finally {
            epFile.put();
        }
    }

    private static int ctl(File epFile, int op, File target, int fd, @Nullable EpollEvent event) {
        if (!target.ops.canPoll()) {
            return -Errno.EPERM;
        }
        EventPoll ep = EventPollFileOps.of(epFile);
        if (epFile == target || ep == null) {
            return -Errno.EINVAL;
        }
        int events = event == null ? 0 : event.events();
        EventPoll nested = EventPollFileOps.of(target);
        if (op != Epoll.EPOLL_CTL_DEL && (events & Epoll.EPOLLEXCLUSIVE) != 0) {
            boolean unfit = op == Epoll.EPOLL_CTL_MOD || nested != null;
            if (unfit || (events & ~Epoll.EPOLLEXCLUSIVE_OK_BITS) != 0) {
                return -Errno.EINVAL;
            }
        }
        long data = event == null ? 0 : event.data();
        if (op == Epoll.EPOLL_CTL_ADD && nested != null) {
            synchronized (NESTING) {
                return EventPollFileOps.loops(ep, nested)
                        ? -Errno.ELOOP
                        : ep.ctl(op, target, fd, events, data);
            }
        }
        return ep.ctl(op, target, fd, events, data);
    }

    /// `epoll_wait`: `-EINVAL` unless 0 < max, or if the descriptor is no epoll instance.
    @Kernel("do_epoll_wait")
    public static int wait(
            TaskStruct task, int epfd, EpollEvent[] events, int max, long timeoutNs) {
        if (max <= 0 || max > EP_MAX_EVENTS) {
            return -Errno.EINVAL;
        }
        File file = task.files.get(epfd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            EventPoll ep = EventPollFileOps.of(file);
            return ep == null ? -Errno.EINVAL : ep.wait(events, max, timeoutNs);
        } finally {
            file.put();
        }
    }
}
