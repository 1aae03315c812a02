package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Locks on ranges of one file: those of processes, and those of open files. A lock concerns only who
/// asks for locks. Thread-safe.
public final class FileLocks {
    /// A lock.
    ///
    /// @param owner the table of descriptors of a process, or the open file
    /// @param pid of who made it; -1 if it is an open file's
    /// @param type `F_RDLCK`, `F_WRLCK`; as a wish also `F_UNLCK`
    /// @param end the last byte
    @Kernel("file_lock")
    public record Lock(Object owner, int pid, int type, long start, long end) {
        boolean overlaps(Lock other) {
            return start <= other.end && other.start <= end;
        }

        boolean conflicts(Lock other) {
            boolean writes = type == Fcntl.F_WRLCK || other.type == Fcntl.F_WRLCK;
            return owner != other.owner && writes && overlaps(other);
        }

        Lock range(long from, long to) {
            return new Lock(owner, pid, type, from, to);
        }
    }

    /// Longest chain of waiters that is followed (`MAX_DEADLK_ITERATIONS`).
    private static final int MAX_CHAIN = 10;

    /// Processes that wait, and for whom, of all files; its own monitor.
    private static final Map<Object, Object> WAITING = new IdentityHashMap<>();

    private final List<Lock> locks = new ArrayList<>();
    private final WaitQueueHead wq = new WaitQueueHead();

    /// The first lock that is in the way of a wish, or null.
    @Kernel("posix_test_lock")
    public synchronized @Nullable Lock conflict(Lock wish) {
        for (Lock lock : locks) {
            if (lock.conflicts(wish)) {
                return lock;
            }
        }
        return null;
    }

    /// Makes, changes or takes away the owner's lock on a range: 0, or `-EAGAIN` if another is in the way.
    @Kernel("posix_lock_inode")
    public int set(Lock wish) {
        synchronized (this) {
            if (wish.type != Fcntl.F_UNLCK && conflict(wish) != null) {
                return -Errno.EAGAIN;
            }
            replace(wish);
        }
        wq.wakeUpAll(0);
        return 0;
    }

    /// What the owner has in the range gives way; what it has beside it stays, and grows together with the
    /// new lock if it is of the same type.
    private void replace(Lock wish) {
        Lock merged = wish;
        for (Lock lock : locks.toArray(new Lock[0])) {
            if (lock.owner != wish.owner) {
                continue;
            }
            boolean touches = lock.start - 1 <= merged.end && merged.start - 1 <= lock.end;
            if (lock.type == wish.type && touches) {
                locks.remove(lock);
                merged =
                        merged.range(
                                Math.min(lock.start, merged.start), Math.max(lock.end, merged.end));
            } else if (lock.overlaps(wish)) {
                locks.remove(lock);
                if (lock.start < wish.start) {
                    locks.add(lock.range(lock.start, wish.start - 1));
                }
                if (lock.end > wish.end) {
                    locks.add(lock.range(wish.end + 1, lock.end));
                }
            }
        }
        if (wish.type != Fcntl.F_UNLCK) {
            locks.add(merged);
        }
    }

    /// The same, but waits: `-EDEADLK` if a process would wait for itself, `-EINTR`.
    @Kernel({"do_lock_file_wait", "posix_locks_deadlock"})
    public int setAndWait(Lock wish, Scheduler scheduler) {
        ThreadWait wait = new ThreadWait(scheduler);
        try {
            while (true) {
                wq.prepareToWait(wait);
                int err = set(wish);
                Lock other = err == 0 ? null : conflict(wish);
                if (err == 0) {
                    return 0;
                }
                if (other == null) {
                    continue; // it has just gone
                }
                if (wish.pid >= 0 && !startWaiting(wish.owner, other.owner)) {
                    return -Errno.EDEADLK;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
            }
        } finally {
            wq.finishWait(wait);
            synchronized (WAITING) {
                WAITING.remove(wish.owner);
            }
        }
    }

    /// False if the owner of what is in the way waits, over others, for the one who asks.
    private static boolean startWaiting(Object owner, Object blocker) {
        synchronized (WAITING) {
            Object at = blocker;
            for (int i = 0; i < MAX_CHAIN && at != null; i++) {
                if (at == owner) {
                    return false;
                }
                at = WAITING.get(at);
            }
            WAITING.put(owner, blocker);
            return true;
        }
    }

    /// Takes away all locks of an owner.
    @Kernel("locks_remove_posix")
    public void release(Object owner) {
        boolean any;
        synchronized (this) {
            any = locks.removeIf(lock -> lock.owner == owner);
        }
        if (any) {
            wq.wakeUpAll(0);
        }
    }
}
