package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.PollEvents;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A counter that is waited for (`struct eventfd_ctx`): a write adds to it, a read takes all of it, or
/// one with `EFD_SEMAPHORE`. All 64 bits count; the largest value is never reached by writing.
@Kernel("eventfd_ctx")
public final class EventFd {
    private static final long MAX = -1L;
    private static final int SIZE = 8;
    private static final Ops OPS = new Ops();

    private final Scheduler scheduler;
    private final boolean semaphore;
    private final int id;
    private final WaitQueueHead wqh = new WaitQueueHead();

    /// Guarded by this object's monitor.
    private long count;

    private EventFd(Scheduler scheduler, int id, int count, boolean semaphore) {
        this.id = id;
        this.scheduler = scheduler;
        this.count = Integer.toUnsignedLong(count);
        this.semaphore = semaphore;
    }

    /// @param id for people
    /// @param flags `EFD_*`
    public static File newFile(Scheduler scheduler, int id, int count, int flags) {
        EventFd event = new EventFd(scheduler, id, count, (flags & Fcntl.EFD_SEMAPHORE) != 0);
        return new File(OPS, event, Fcntl.O_RDWR | flags & Fcntl.O_NONBLOCK);
    }

    /// Adds to the counter from inside the engine, up to its largest value.
    @Kernel("eventfd_signal")
    public void signal() {
        synchronized (this) {
            count += count == MAX ? 0 : 1;
        }
        wqh.wakeUp(PollEvents.POLLIN);
    }

    @Kernel("eventfd_ctx_do_read")
    private synchronized long take() {
        long taken = semaphore && count != 0 ? 1 : count;
        count -= taken;
        return taken;
    }

    private synchronized boolean add(long value) {
        if (Long.compareUnsigned(MAX - count, value) <= 0) {
            return false;
        }
        count += value;
        return true;
    }

    private synchronized long count() {
        return count;
    }

    @Kernel("eventfd_read")
    private long read(IovIter to, boolean nonblock) {
        if (to.count() < SIZE) {
            return -Errno.EINVAL;
        }
        long taken;
        while ((taken = take()) == 0) {
            int err = nonblock ? -Errno.EAGAIN : await(0);
            if (err < 0) {
                return err;
            }
        }
        wqh.wakeUp(PollEvents.POLLOUT);
        byte[] raw = new byte[SIZE];
        Abi.putLong(raw, 0, taken);
        return to.copyToUser(raw, 0, SIZE) == SIZE ? SIZE : -Errno.EFAULT;
    }

    /// Each buffer is a write of its own and holds one number.
    private long write(IovIter from, boolean nonblock) {
        long done = 0;
        do {
            boolean one = from.segmentLeft() == SIZE || from.faults() && from.count() == SIZE;
            int n = one ? writeOne(from, nonblock) : -Errno.EINVAL;
            if (n < 0) {
                return done > 0 ? done : n;
            }
            done += n;
        } while (from.count() > 0);
        return done;
    }

    @Kernel("eventfd_write")
    private int writeOne(IovIter from, boolean nonblock) {
        byte[] raw = new byte[SIZE];
        if (from.copyFromUser(raw, 0, SIZE) < SIZE) {
            return -Errno.EFAULT;
        }
        long value = Abi.getLong(raw, 0);
        if (value == MAX) {
            return -Errno.EINVAL;
        }
        while (!add(value)) {
            int err = nonblock ? -Errno.EAGAIN : await(value);
            if (err < 0) {
                return err;
            }
        }
        wqh.wakeUp(PollEvents.POLLIN);
        return SIZE;
    }

    /// Sleeps until the counter is not zero, or with a value until that has room: 0 or `-EINTR`.
    private int await(long value) {
        ThreadWait wait = ThreadWait.of(scheduler);
        try {
            while (true) {
                wqh.prepareToWait(wait);
                long now = count();
                if (value == 0 ? now != 0 : Long.compareUnsigned(MAX - now, value) > 0) {
                    return 0;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
            }
        } finally {
            wqh.finishWait(wait);
        }
    }

    /// Event descriptors as files (`eventfd_fops`).
    private static final class Ops extends FileOperations {
        private static EventFd event(File file) {
            return (EventFd) file.privateData;
        }

        @Override
        protected String kindName() {
            return "eventfd";
        }

        @Override
        public long read(File file, IovIter to, long pos) {
            return event(file).read(to, file.nonblock() || to.nowait());
        }

        @Override
        public long write(File file, IovIter from, long pos) {
            return event(file).write(from, file.nonblock());
        }

        @Override
        public boolean anonymous() {
            return true;
        }

        @Override
        public boolean canPoll() {
            return true;
        }

        @Override
        @Kernel("eventfd_poll")
        public int poll(File file, @Nullable PollTable table) {
            EventFd event = event(file);
            if (table != null) {
                table.wait(file, event.wqh);
            }
            long now = event.count();
            int mask = now != 0 ? PollEvents.POLLIN : 0;
            mask |= now == MAX ? PollEvents.POLLERR : 0;
            return Long.compareUnsigned(now, MAX - 1) < 0 ? mask | PollEvents.POLLOUT : mask;
        }

        @Override
        public long llseek(File file, long offset, int whence) {
            return file.pos;
        }

        @Override
        @Kernel("eventfd_show_fdinfo")
        public void showFdinfo(File file, StringBuilder out) {
            EventFd event = event(file);
            out.append(
                    String.format(
                            Locale.ROOT,
                            "eventfd-count: %16x%neventfd-id: %d%neventfd-semaphore: %d%n",
                            event.count(),
                            event.id,
                            event.semaphore ? 1 : 0));
        }

        @Override
        @Kernel("eventfd_release")
        public void release(File file) {
            event(file).wqh.wakeUp(PollEvents.POLLHUP);
        }
    }
}
