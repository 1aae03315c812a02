package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.FsSysctls;
import dev.linnet.kernel.sysctl.Sysctl;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.uapi.Errno;
import java.util.concurrent.atomic.AtomicLong;

/// The slots that the rings of one user's pipes have, and how many they may (`user->pipe_bufs`).
/// "Privileged" is who has `CAP_SYS_RESOURCE`. Safe from any thread.
public final class PipeAccount {
    /// Slots of a new pipe above the soft limit (`PIPE_MIN_DEF_BUFFERS`).
    private static final int MIN_BUFFERS = 2;

    private final SysctlValues sysctl;
    private final AtomicLong slots = new AtomicLong();

    public PipeAccount(SysctlValues sysctl) {
        this.sysctl = sysctl;
    }

    /// Enters a new pipe: its slots, few of them above the soft limit, or `-ENFILE` above the hard one.
    @Kernel("account_pipe_buffers")
    public int open(boolean privileged) {
        int wanted = Pipe.DEF_BUFFERS;
        long largest = sysctl.get(FsSysctls.PIPE_MAX_SIZE) / Pipe.PAGE_SIZE;
        if (!privileged && wanted > largest) {
            wanted = (int) largest;
        }
        long now = slots.addAndGet(wanted);
        if (!privileged && exceeds(now, FsSysctls.PIPE_USER_PAGES_SOFT)) {
            now = slots.addAndGet(MIN_BUFFERS - wanted);
            wanted = MIN_BUFFERS;
        }
        if (!privileged && exceeds(now, FsSysctls.PIPE_USER_PAGES_HARD)) {
            close(wanted);
            return -Errno.ENFILE;
        }
        return wanted;
    }

    /// Enters a new size of a ring: 0, or `-EPERM` if it grows above a limit.
    int resize(int from, int to, boolean privileged) {
        boolean limited = to > from && !privileged;
        if (limited && (long) to * Pipe.PAGE_SIZE > sysctl.get(FsSysctls.PIPE_MAX_SIZE)) {
            return -Errno.EPERM;
        }
        long now = slots.addAndGet(to - from);
        if (limited
                && (exceeds(now, FsSysctls.PIPE_USER_PAGES_SOFT)
                        || exceeds(now, FsSysctls.PIPE_USER_PAGES_HARD))) {
            slots.addAndGet(from - to);
            return -Errno.EPERM;
        }
        return 0;
    }

    /// A pipe has gone.
    void close(int ringSlots) {
        slots.addAndGet(-ringSlots);
    }

    @Kernel({"too_many_pipe_buffers_soft", "too_many_pipe_buffers_hard"})
    private boolean exceeds(long now, Sysctl.ULong limit) {
        long most = sysctl.get(limit);
        return most != 0 && Long.compareUnsigned(now, most) > 0;
    }
}
