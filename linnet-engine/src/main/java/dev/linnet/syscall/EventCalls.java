package dev.linnet.syscall;

import dev.linnet.fs.EventFd;
import dev.linnet.fs.File;
import dev.linnet.fs.TimerFd;
import dev.linnet.fs.TimerFdFileOps;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.Pernet;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.ItimerSpec;
import java.util.concurrent.atomic.AtomicInteger;

/// Counters and timers that are waited for (`fs/eventfd.c`, `fs/timerfd.c`).
public final class EventCalls {
    private static final Pernet<AtomicInteger> IDS = new Pernet<>(net -> new AtomicInteger());

    private EventCalls() {}

    /// `eventfd`.
    static int eventfd(TaskStruct task, int count) {
        return eventfd2(task, count, 0);
    }

    /// A counter's descriptor: `-EINVAL` for flags other than `EFD_*`, `-EMFILE`.
    @Kernel("do_eventfd")
    public static int eventfd2(TaskStruct task, int count, int flags) {
        int known = Fcntl.EFD_SEMAPHORE | Fcntl.EFD_CLOEXEC | Fcntl.EFD_NONBLOCK;
        if ((flags & ~known) != 0) {
            return -Errno.EINVAL;
        }
        int fd = task.files.reserve((flags & Fcntl.EFD_CLOEXEC) != 0);
        if (fd >= 0) {
            task.files.install(
                    fd,
                    EventFd.newFile(
                            task.net.scheduler, IDS.of(task.net).incrementAndGet(), count, flags));
        }
        return fd;
    }

    /// A timer's descriptor: `-EINVAL` for flags other than `TFD_CLOEXEC`, `TFD_NONBLOCK` and for a
    /// clock that timers cannot go by, `-EPERM` for one that wakes the machine, `-EMFILE`.
    @Kernel("timerfd_create")
    public static int timerfdCreate(TaskStruct task, int clockId, int flags) {
        int known = ItimerSpec.TFD_CLOEXEC | ItimerSpec.TFD_NONBLOCK;
        if ((flags & ~known) != 0 || !TimerFd.knows(clockId)) {
            return -Errno.EINVAL;
        }
        if (TimerFd.wakes(clockId) && task.uid != 0) {
            return -Errno.EPERM;
        }
        int fd = task.files.reserve((flags & ItimerSpec.TFD_CLOEXEC) != 0);
        if (fd >= 0) {
            TimerFd timer = TimerFd.create(task.net.scheduler, clockId);
            task.files.install(fd, TimerFdFileOps.newFile(timer, flags & ItimerSpec.TFD_NONBLOCK));
        }
        return fd;
    }

    /// Arms a timer: 0, `-EINVAL` for other flags than `TFD_TIMER_*` or another kind of file, `-EBADF`,
    /// `-EPERM`.
    ///
    /// @param old receives in element 0 what was set before
    @Kernel("timerfd_settime")
    public static int timerfdSettime(
            TaskStruct task, int fd, int flags, ItimerSpec value, ItimerSpec[] old) {
        int known = ItimerSpec.TFD_TIMER_ABSTIME | ItimerSpec.TFD_TIMER_CANCEL_ON_SET;
        if ((flags & ~known) != 0) {
            return -Errno.EINVAL;
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            TimerFd timer = TimerFdFileOps.of(file);
            if (timer == null) {
                return -Errno.EINVAL;
            }
            if (timer.wakes() && task.uid != 0) {
                return -Errno.EPERM;
            }
            old[0] = timer.settime(flags, value);
            return 0;
        } finally {
            file.put();
        }
    }

    /// What a timer will do, in `out[0]`: 0, `-EBADF`, `-EINVAL` for another kind of file.
    @Kernel("timerfd_gettime")
    public static int timerfdGettime(TaskStruct task, int fd, ItimerSpec[] out) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            TimerFd timer = TimerFdFileOps.of(file);
            if (timer == null) {
                return -Errno.EINVAL;
            }
            out[0] = timer.gettime();
            return 0;
        } finally {
            file.put();
        }
    }
}
