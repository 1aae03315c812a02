package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import org.jspecify.annotations.Nullable;

/// A pipe (`struct pipe_inode_info`): a ring of pieces of pages. What is written is copied into
/// pages of its own; what is spliced in is passed on by reference. The monitor is the pipe's lock.
public final class Pipe {
    /// Pieces in the ring (`PIPE_DEF_BUFFERS`).
    static final int BUFFERS = 16;

    /// Writes up to this many bytes are not interleaved with others.
    public static final int PIPE_BUF = 4096;

    private static final int PAGE_SIZE = 4096;

    private final PagePool pool;
    private final Scheduler scheduler;
    private final Page[] page = new Page[BUFFERS];
    private final int[] offset = new int[BUFFERS];
    private final int[] length = new int[BUFFERS];
    private final boolean[] mergeable = new boolean[BUFFERS];
    private int head;
    private int used;
    private int readers;
    private int writers;
    final WaitQueueHead rdWait = new WaitQueueHead();
    final WaitQueueHead wrWait = new WaitQueueHead();

    public Pipe(PagePool pool, Scheduler scheduler) {
        this.pool = pool;
        this.scheduler = scheduler;
    }

    synchronized void opened(boolean reader) {
        if (reader) {
            readers++;
        } else {
            writers++;
        }
    }

    @Kernel("pipe_release")
    void closed(boolean reader) {
        synchronized (this) {
            if (reader) {
                readers--;
            } else {
                writers--;
            }
            if (readers == 0 && writers == 0) {
                while (used > 0) {
                    popHead();
                }
            }
        }
        rdWait.wakeUpAll(PollEvents.POLLIN | PollEvents.POLLRDNORM | PollEvents.POLLHUP);
        wrWait.wakeUpAll(PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLERR);
    }

    /// Reads what is there, waiting for the first byte: 0 when no writer is left, `-EAGAIN`,
    /// `-EINTR`.
    @Kernel("pipe_read")
    long read(IovIter to, boolean nonblock) {
        if (to.count() == 0) {
            return 0;
        }
        ThreadWait wait = nonblock ? null : new ThreadWait(scheduler);
        try {
            while (true) {
                if (wait != null) {
                    rdWait.prepareToWaitExclusive(wait);
                }
                long n = tryRead(to);
                if (n != -Errno.EAGAIN) {
                    if (n > 0) {
                        wrWait.wakeUp(PollEvents.POLLOUT | PollEvents.POLLWRNORM);
                    }
                    return n;
                }
                if (wait == null) {
                    return n;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
            }
        } finally {
            if (wait != null) {
                rdWait.finishWait(wait);
            }
        }
    }

    private synchronized long tryRead(IovIter to) {
        if (used == 0) {
            return writers == 0 ? 0 : -Errno.EAGAIN;
        }
        long done = 0;
        while (used > 0 && to.count() > 0) {
            int want = (int) Math.min(length[head], to.count());
            int n = to.copyToUser(page[head].data, offset[head], want);
            offset[head] += n;
            length[head] -= n;
            done += n;
            if (length[head] == 0) {
                popHead();
            }
            if (n < want) {
                return done > 0 ? done : -Errno.EFAULT;
            }
        }
        return done;
    }

    private void popHead() {
        page[head].put();
        page[head] = Page.NONE;
        length[head] = 0;
        head = (head + 1) % BUFFERS;
        used--;
    }

    /// Writes all, waiting for room; short only when interrupted: `-EPIPE` without a reader,
    /// `-EAGAIN`, `-EINTR`.
    @Kernel("pipe_write")
    long write(IovIter from, boolean nonblock) {
        ThreadWait wait = nonblock ? null : new ThreadWait(scheduler);
        long done = 0;
        boolean atomic = from.count() <= PIPE_BUF;
        try {
            while (true) {
                if (wait != null) {
                    wrWait.prepareToWaitExclusive(wait);
                }
                long n = tryWrite(from, atomic && done == 0);
                if (n > 0) {
                    done += n;
                    rdWait.wakeUp(PollEvents.POLLIN | PollEvents.POLLRDNORM);
                }
                if (from.count() == 0) {
                    return done;
                }
                if (n < 0 && n != -Errno.EAGAIN) {
                    return done > 0 ? done : n;
                }
                if (wait == null) {
                    return done > 0 ? done : -Errno.EAGAIN;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return done > 0 ? done : -Errno.EINTR;
                }
            }
        } finally {
            if (wait != null) {
                wrWait.finishWait(wait);
            }
        }
    }

    private synchronized long tryWrite(IovIter from, boolean atomic) {
        if (readers == 0) {
            return -Errno.EPIPE;
        }
        if (atomic && room() < from.count()) {
            return -Errno.EAGAIN;
        }
        long done = 0;
        while (from.count() > 0) {
            int n = appendOnce(from);
            if (n == 0) {
                break;
            }
            if (n < 0) {
                return done > 0 ? done : n;
            }
            done += n;
        }
        return done > 0 ? done : -Errno.EAGAIN;
    }

    private long room() {
        int tail = (head + used - 1) % BUFFERS;
        int merge = used > 0 && mergeable[tail] ? PAGE_SIZE - offset[tail] - length[tail] : 0;
        return merge + (long) (BUFFERS - used) * PAGE_SIZE;
    }

    /// Copies one piece in: into the last page while it has room, else into a new one; 0 when full.
    private int appendOnce(IovIter from) {
        int tail = (head + used + BUFFERS - 1) % BUFFERS;
        int room = used > 0 && mergeable[tail] ? PAGE_SIZE - offset[tail] - length[tail] : 0;
        if (room == 0) {
            if (used == BUFFERS) {
                return 0;
            }
            tail = (head + used) % BUFFERS;
            page[tail] = pool.alloc(SoftIrq.current().stripe, PagePool.FRAG);
            offset[tail] = 0;
            length[tail] = 0;
            mergeable[tail] = true;
            used++;
            room = PAGE_SIZE;
        }
        int want = (int) Math.min(room, from.count());
        int n = from.copyFromUser(page[tail].data, offset[tail] + length[tail], want);
        length[tail] += n;
        if (length[tail] == 0) {
            page[tail].put();
            page[tail] = Page.NONE;
            used--;
        }
        return n == 0 ? -Errno.EFAULT : n;
    }

    // ---- splice
    // ------------------------------------------------------------------------------------

    /// Appends a piece by reference, taking over the reference; false when the ring is full.
    synchronized boolean push(Page p, int off, int len) {
        if (used == BUFFERS) {
            return false;
        }
        int tail = (head + used) % BUFFERS;
        page[tail] = p;
        offset[tail] = off;
        length[tail] = len;
        mergeable[tail] = false;
        used++;
        return true;
    }

    /// Takes at most `max` bytes of the first piece by reference; false when there is none.
    synchronized boolean pull(int max, PageFrag out) {
        if (used == 0) {
            return false;
        }
        int n = Math.min(max, length[head]);
        Page p = page[head];
        p.get();
        out.set(p, offset[head], n);
        offset[head] += n;
        length[head] -= n;
        if (length[head] == 0) {
            popHead();
        }
        return true;
    }

    void announceRoom() {
        wrWait.wakeUp(PollEvents.POLLOUT | PollEvents.POLLWRNORM);
    }

    void announceData() {
        rdWait.wakeUp(PollEvents.POLLIN | PollEvents.POLLRDNORM);
    }

    /// Waits for data (or for room): 1 when there is, 0 or `-EPIPE` when the other end has gone.
    int await(boolean forData, boolean nonblock) {
        WaitQueueHead queue = forData ? rdWait : wrWait;
        ThreadWait wait = nonblock ? null : new ThreadWait(scheduler);
        try {
            while (true) {
                if (wait != null) {
                    queue.prepareToWait(wait);
                }
                int state = forData ? dataState() : roomState();
                if (state != -Errno.EAGAIN || wait == null) {
                    return state;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
            }
        } finally {
            if (wait != null) {
                queue.finishWait(wait);
            }
        }
    }

    private synchronized int dataState() {
        if (used > 0) {
            return 1;
        }
        return writers == 0 ? 0 : -Errno.EAGAIN;
    }

    private synchronized int roomState() {
        if (readers == 0) {
            return -Errno.EPIPE;
        }
        return used < BUFFERS ? 1 : -Errno.EAGAIN;
    }

    // ---- state
    // ---------------------------------------------------------------------------------------

    @Kernel("pipe_poll")
    int poll(File self, boolean reader, boolean writer, @Nullable PollTable table) {
        if (table != null && reader) {
            table.wait(self, rdWait);
        }
        if (table != null && writer) {
            table.wait(self, wrWait);
        }
        synchronized (this) {
            int mask = 0;
            if (reader) {
                mask |= used > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
                mask |= writers == 0 ? PollEvents.POLLHUP : 0;
            }
            if (writer) {
                mask |= used < BUFFERS ? PollEvents.POLLOUT | PollEvents.POLLWRNORM : 0;
                mask |= readers == 0 ? PollEvents.POLLERR : 0;
            }
            return mask;
        }
    }

    /// Bytes that can be read (`FIONREAD`).
    synchronized int readable() {
        int sum = 0;
        for (int i = 0; i < used; i++) {
            sum += length[(head + i) % BUFFERS];
        }
        return sum;
    }

    /// True while a writer is there.
    synchronized boolean hasWriters() {
        return writers > 0;
    }

    /// True while a reader is there.
    synchronized boolean hasReaders() {
        return readers > 0;
    }
}
