package dev.linnet.syscall;

import dev.linnet.fs.PidFd;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import org.jspecify.annotations.Nullable;

/// The calls on limits and on what a process is (`kernel/sys.c`), typed and by number.
public final class ResourceCalls {
    private ResourceCalls() {}

    /// `pidfd_open`: a descriptor for a process: `-EINVAL` for a number that is not positive or a flag
    /// other than `PIDFD_NONBLOCK`, `-ESRCH`, `-EMFILE`.
    @Kernel("sys_pidfd_open")
    public static int pidfdOpen(TaskStruct task, int pid, int flags) {
        if ((flags & ~Fcntl.O_NONBLOCK) != 0 || pid <= 0) {
            return -Errno.EINVAL;
        }
        TaskStruct process = task.tasks.find(pid);
        return process == null ? -Errno.ESRCH : PidFd.open(task.files, process, flags);
    }

    /// `getpid`: the number of the process.
    @Kernel("sys_getpid")
    static int getpid(TaskStruct task) {
        return task.pid;
    }

    /// `prlimit64`: the limit of a process (0 is the caller) in `old[0]`, and a new one if there is any.
    /// `-ESRCH`, `-EPERM` to change another user's process, to raise the hard limit without privileges
    /// or `RLIMIT_NOFILE` above `fs.nr_open`; `-EINVAL`.
    public static int prlimit(
            TaskStruct task,
            int pid,
            int resource,
            @Nullable RLimit limit,
            RLimit @Nullable [] old) {
        TaskStruct target = pid == 0 ? task : task.tasks.find(pid);
        if (target == null) {
            return -Errno.ESRCH;
        }
        if (task.uid != 0 && task.uid != target.uid) {
            return -Errno.EPERM;
        }
        return prlimit(task, target, resource, limit, old);
    }

    @Kernel("do_prlimit")
    private static int prlimit(
            TaskStruct task,
            TaskStruct target,
            int resource,
            @Nullable RLimit limit,
            RLimit @Nullable [] old) {
        if (resource < 0 || resource >= Resource.RLIM_NLIMITS) {
            return -Errno.EINVAL;
        }
        if (limit != null && Long.compareUnsigned(limit.cur(), limit.max()) > 0) {
            return -Errno.EINVAL;
        }
        boolean nofile = resource == Resource.RLIMIT_NOFILE;
        int nrOpen = task.net.files.nrOpen();
        if (limit != null && nofile && Long.compareUnsigned(limit.max(), nrOpen) > 0) {
            return -Errno.EPERM;
        }
        synchronized (target.rlimits) {
            RLimit now = target.rlimits.get(resource);
            if (limit != null) {
                if (Long.compareUnsigned(limit.max(), now.max()) > 0 && task.uid != 0) {
                    return -Errno.EPERM;
                }
                target.rlimits.set(resource, limit);
                if (nofile) {
                    target.files.setLimit((int) limit.cur());
                }
            }
            if (old != null) {
                old[0] = now;
            }
        }
        return 0;
    }

    static long prlimit64(
            TaskStruct task, UserSpace mm, int pid, int resource, long newPtr, long oldPtr) {
        byte[] raw = newPtr == 0 ? null : mm.read(newPtr, RLimit.SIZE);
        if (newPtr != 0 && raw == null) {
            return -Errno.EFAULT;
        }
        RLimit[] old = new RLimit[1];
        RLimit limit = raw == null ? null : RLimit.decode(raw, 0);
        int err = prlimit(task, pid, resource, limit, old);
        return err < 0 || oldPtr == 0 ? err : put(mm, oldPtr, old[0]);
    }

    static long getrlimit(TaskStruct task, UserSpace mm, int resource, long ptr) {
        RLimit[] old = new RLimit[1];
        int err = prlimit(task, task, resource, null, old);
        return err < 0 ? err : put(mm, ptr, old[0]);
    }

    static long setrlimit(TaskStruct task, UserSpace mm, int resource, long ptr) {
        byte[] raw = mm.read(ptr, RLimit.SIZE);
        return raw == null
                ? -Errno.EFAULT
                : prlimit(task, task, resource, RLimit.decode(raw, 0), null);
    }

    private static int put(UserSpace mm, long ptr, RLimit limit) {
        byte[] raw = new byte[RLimit.SIZE];
        limit.encode(raw, 0);
        return mm.write(ptr, raw, raw.length) ? 0 : -Errno.EFAULT;
    }
}
