package dev.linnet.syscall;

import dev.linnet.uapi.EpollEvent;

/// The epoll calls by number that have pointers.
final class NumericEpoll {
    private NumericEpoll() {}

    static long ctl(TaskStruct task, UserSpace mm, int epfd, int op, int fd, long ptr) {
        byte[] raw = ptr == 0 ? null : mm.read(ptr, EpollEvent.SIZE);
        EpollEvent event = raw == null ? null : EpollEvent.decode(raw, 0);
        return EpollCalls.ctl(task, epfd, op, fd, event);
    }

    static long wait(TaskStruct task, UserSpace mm, int epfd, long ptr, int max, int timeoutMs) {
        Deadline deadline = Deadline.inMillis(task.net.scheduler, timeoutMs);
        return wait(task, mm, epfd, ptr, max, deadline);
    }

    static long pwait(
            TaskStruct task,
            UserSpace mm,
            int epfd,
            long ptr,
            int max,
            int timeoutMs,
            long sigmask,
            long sigsetSize) {
        int err = Uaccess.sigmask(mm, sigmask, sigsetSize);
        return err < 0 ? err : wait(task, mm, epfd, ptr, max, timeoutMs);
    }

    static long pwait2(
            TaskStruct task,
            UserSpace mm,
            int epfd,
            long ptr,
            int max,
            long timeoutPtr,
            long sigmask,
            long sigsetSize) {
        int[] bad = new int[1];
        Deadline deadline = Uaccess.deadline(task, mm, timeoutPtr, bad);
        if (deadline == null) {
            return bad[0];
        }
        int err = Uaccess.sigmask(mm, sigmask, sigsetSize);
        return err < 0 ? err : wait(task, mm, epfd, ptr, max, deadline);
    }

    /// An event that cannot be written stays; those before it are the result.
    private static long wait(
            TaskStruct task, UserSpace mm, int epfd, long ptr, int max, Deadline deadline) {
        byte[] raw = new byte[EpollEvent.SIZE];
        return EpollCalls.wait(
                task,
                epfd,
                (i, events, data) -> {
                    EpollEvent.encode(events, data, raw, 0);
                    return mm.write(ptr + (long) i * EpollEvent.SIZE, raw, raw.length);
                },
                max,
                deadline,
                UserSpace.accessOk(ptr, (long) max * EpollEvent.SIZE));
    }
}
