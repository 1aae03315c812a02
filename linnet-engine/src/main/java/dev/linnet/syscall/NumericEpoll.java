package dev.linnet.syscall;

import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;

/// The epoll calls by number that have pointers.
final class NumericEpoll {
    private NumericEpoll() {}

    static long ctl(TaskStruct task, UserSpace mm, int epfd, int op, int fd, long ptr) {
        byte[] raw = ptr == 0 ? null : mm.read(ptr, EpollEvent.SIZE);
        EpollEvent event = raw == null ? null : EpollEvent.decode(raw, 0);
        return EpollCalls.ctl(task, epfd, op, fd, event);
    }

    static long wait(TaskStruct task, UserSpace mm, int epfd, long ptr, int max, int timeoutMs) {
        if (max <= 0 || max > Integer.MAX_VALUE / EpollEvent.SIZE) {
            return -Errno.EINVAL;
        }
        long size = (long) max * EpollEvent.SIZE;
        if (mm.accessible(ptr, size) < size) {
            return Uaccess.orBadFd(task, epfd, -Errno.EFAULT);
        }
        EpollEvent[] events = new EpollEvent[max];
        long ns = timeoutMs < 0 ? -1 : timeoutMs * 1_000_000L;
        int n = EpollCalls.wait(task, epfd, events, max, ns);
        byte[] raw = new byte[EpollEvent.SIZE];
        for (int i = 0; i < n; i++) {
            events[i].encode(raw, 0);
            mm.write(ptr + (long) i * EpollEvent.SIZE, raw, raw.length);
        }
        return n;
    }
}
