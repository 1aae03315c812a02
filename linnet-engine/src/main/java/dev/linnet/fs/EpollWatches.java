package dev.linnet.fs;

import dev.linnet.kernel.sysctl.FsSysctls;
import dev.linnet.kernel.sysctl.SysctlValues;
import java.util.concurrent.atomic.AtomicLong;

/// How many files the epoll instances of one user watch (`user_struct.epoll_watches`). Thread-safe.
public final class EpollWatches {
    private final AtomicLong count = new AtomicLong();
    private final SysctlValues sysctl;

    EpollWatches(SysctlValues sysctl) {
        this.sysctl = sysctl;
    }

    /// False if there are `fs.epoll.max_user_watches` already.
    boolean add() {
        if (count.get() >= sysctl.get(FsSysctls.EPOLL_MAX_USER_WATCHES)) {
            return false;
        }
        count.incrementAndGet();
        return true;
    }

    void remove() {
        count.decrementAndGet();
    }
}
