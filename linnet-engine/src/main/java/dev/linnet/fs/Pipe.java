package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.Mutex;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import org.jspecify.annotations.Nullable;

/// A pipe or FIFO (`struct pipe_inode_info`): a ring of pieces of pages. What is written is copied
/// into pages of its own; what is spliced in is passed on by reference.
///
/// All changes are made under [#mutex], whose owner may sleep while it splices. [#poll] looks without
/// it. Of the readers that wait one is woken at a time, and wakes the next if it leaves something;
/// writers likewise.
public final class Pipe {
    /// Locks by `fcntl` and `flock`, of both ends.
    final FileLockContext lockContext = new FileLockContext();

    /// Slots of a new ring (`PIPE_DEF_BUFFERS`).
    public static final int DEF_BUFFERS = 16;

    /// Bytes in a slot that was written to. A write of no more than these is not mixed with others
    /// (`PIPE_BUF`).
    public static final int PAGE_SIZE = 4096;

    static final int IN = PollEvents.POLLIN | PollEvents.POLLRDNORM;
    static final int OUT = PollEvents.POLLOUT | PollEvents.POLLWRNORM;

    private static final long SIZE_LIMIT = 1L << 31;
    private static long ids;

    /// The pipe's lock (`pipe->mutex`).
    final Mutex mutex;

    final WaitQueueHead rdWait = new WaitQueueHead();
    final WaitQueueHead wrWait = new WaitQueueHead();

    /// Number of the inode of a pipe without a name.
    final long ino;

    /// Guarded by [#mutex].
    final PipeRing ring;

    /// Order in which two pipes are locked.
    private final long id = nextId();

    final PagePool pool;
    private final Scheduler scheduler;
    private final @Nullable PipeAccount account;
    private volatile int readers;
    private volatile int writers;

    /// How often an end was opened: a FIFO's opener waits for a change (`r_counter`, `w_counter`).
    private volatile int readerOpens;

    private volatile int writerOpens;

    /// Somebody polls, so every write is announced, also one to a pipe that is not empty
    /// (`poll_usage`): an edge-triggered epoll relies on it.
    private volatile boolean pollUsage;

    /// Where the next written page comes from, a part at a time. Guarded by [#mutex].
    private Page spare = Page.NONE;

    private int spareUsed;

    /// A pipe of the usual size that is on nobody's account.
    public Pipe(PagePool pool, Scheduler scheduler) {
        this(pool, scheduler, 0, DEF_BUFFERS, null);
    }

    /// @param ino number of the pipe's inode, if it has none in a file system
    /// @param slots of the ring, a power of two
    /// @param account where they are entered already
    @Kernel("alloc_pipe_info")
    public Pipe(
            PagePool pool,
            Scheduler scheduler,
            long ino,
            int slots,
            @Nullable PipeAccount account) {
        this.ino = ino;
        this.pool = pool;
        this.scheduler = scheduler;
        this.account = account;
        this.mutex = new Mutex(scheduler);
        this.ring = new PipeRing(slots);
    }

    private static synchronized long nextId() {
        return ids++;
    }

    // ---- the ends

    /// Another file for an end was opened.
    public void opened(boolean reader, boolean writer) {
        mutex.lock();
        if (reader) {
            readers++;
            readerOpens++;
        }
        if (writer) {
            writers++;
            writerOpens++;
        }
        mutex.unlock();
    }

    /// A file for an end has gone. Without any the content goes.
    @Kernel("pipe_release")
    public void closed(boolean reader, boolean writer) {
        mutex.lock();
        readers -= reader ? 1 : 0;
        writers -= writer ? 1 : 0;
        boolean last = readers == 0 && writers == 0;
        boolean oneSided = !last && (readers == 0 || writers == 0);
        if (last) {
            drop();
            if (account != null) {
                account.close(ring.slots());
            }
        }
        mutex.unlock();
        if (oneSided) {
            rdWait.wakeUpAll(IN | PollEvents.POLLERR | PollEvents.POLLHUP);
            wrWait.wakeUpAll(OUT | PollEvents.POLLERR | PollEvents.POLLHUP);
        }
    }

    /// Drops all pieces; mutex held.
    void drop() {
        while (!ring.empty()) {
            ring.pop();
        }
        dropSpare();
    }

    public int readers() {
        return readers;
    }

    public int writers() {
        return writers;
    }

    public int readerOpens() {
        return readerOpens;
    }

    public int writerOpens() {
        return writerOpens;
    }

    // ---- reading

    /// Reads what is there, waiting for the first byte: 0 when no writer is left, `-EAGAIN`,
    /// `-EINTR`, `-EFAULT`.
    @Kernel("pipe_read")
    public long read(IovIter to, boolean nonblock) {
        if (to.count() == 0) {
            return 0;
        }
        boolean waited = false;
        while (true) {
            mutex.lock();
            boolean wasFull = ring.full();
            int before = ring.occupancy();
            long n = ring.empty() ? nothing() : drain(to);
            boolean freed = ring.occupancy() < before;
            boolean more = waited && !ring.empty();
            mutex.unlock();
            if (wasFull && freed) {
                wrWait.wakeUp(OUT);
            }
            if (more) {
                rdWait.wakeUp(IN);
            }
            if (n != -Errno.EAGAIN || nonblock) {
                return n;
            }
            if (!waitReadable(true)) {
                return -Errno.EINTR;
            }
            waited = true;
        }
    }

    private int nothing() {
        return writers == 0 ? 0 : -Errno.EAGAIN;
    }

    private long drain(IovIter to) {
        long done = 0;
        while (!ring.empty() && to.count() > 0) {
            int want = (int) Math.min(ring.length(0), to.count());
            int n = to.copyToUser(ring.page(0).data, ring.offset(0), want);
            if (n < want) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            done += n;
            if (ring.packet(0)) {
                ring.pop();
                break;
            }
            ring.consume(n);
        }
        if (ring.empty()) {
            dropSpare();
        }
        return done;
    }

    // ---- writing

    /// Writes all, waiting for room; short only when interrupted, at a bad pointer or without waiting:
    /// `-EPIPE` without a reader, `-EAGAIN`, `-EINTR`, `-EFAULT`.
    ///
    /// @param packets each page written is read by itself (`O_DIRECT`)
    @Kernel("pipe_write")
    public long write(IovIter from, boolean nonblock, boolean packets) {
        if (from.count() == 0) {
            return 0;
        }
        long total = from.count();
        boolean merge = true;
        boolean waited = false;
        while (true) {
            mutex.lock();
            boolean wasEmpty = ring.empty();
            int err = readers == 0 ? -Errno.EPIPE : append(from, merge, packets);
            boolean full = ring.full();
            mutex.unlock();
            merge = false;
            boolean blocks = err == -Errno.EAGAIN && !nonblock;
            if (wasEmpty || pollUsage && !blocks) {
                rdWait.wakeUp(IN);
            }
            if (waited && !full) {
                wrWait.wakeUp(OUT);
            }
            long done = total - from.count();
            if (!blocks) {
                return done > 0 ? done : err;
            }
            if (!waitWritable(true)) {
                return done > 0 ? done : -Errno.EINTR;
            }
            waited = true;
        }
    }

    /// What does not fill a page goes behind the newest piece if it fits there; the rest into pages of
    /// its own: 0 when all is written, `-EAGAIN` when the ring is full, `-EFAULT`. Mutex held.
    private int append(IovIter from, boolean merge, boolean packets) {
        int odd = (int) (from.count() % PAGE_SIZE);
        if (merge && odd > 0 && ring.canMerge(odd, PAGE_SIZE)) {
            int n = from.copyFromUser(ring.newestPage().data, ring.newestEnd(), odd);
            if (n < odd) {
                from.revert(n);
                return -Errno.EFAULT;
            }
            ring.extendNewest(n);
        }
        while (from.count() > 0) {
            if (ring.full()) {
                return -Errno.EAGAIN;
            }
            Page page = writePage();
            int at = spareUsed - PAGE_SIZE;
            int want = (int) Math.min(PAGE_SIZE, from.count());
            int n = from.copyFromUser(page.data, at, want);
            if (n < want) {
                from.revert(n);
                page.put();
                return -Errno.EFAULT;
            }
            ring.push(page, at, n, packets ? PipeRing.PACKET : PipeRing.CAN_MERGE);
        }
        return 0;
    }

    /// A reference to the page whose part before [#spareUsed] is free to be written.
    private Page writePage() {
        if (spare != Page.NONE && spare.exclusive()) {
            spareUsed = 0;
        }
        if (spare == Page.NONE || spareUsed == spare.data.length) {
            dropSpare();
            spare = pool.alloc(SoftIrq.current().stripe, PagePool.FRAG);
        }
        spareUsed += PAGE_SIZE;
        spare.get();
        return spare;
    }

    private void dropSpare() {
        Page page = spare;
        spare = Page.NONE;
        spareUsed = 0;
        if (page != Page.NONE) {
            page.put();
        }
    }

    // ---- waiting

    /// Sleeps until there is something to read or no writer is left, without the mutex; false if
    /// interrupted.
    @Kernel("pipe_wait_readable")
    boolean waitReadable(boolean exclusive) {
        return sleep(rdWait, IN, exclusive);
    }

    /// Sleeps until there is room or no reader is left, without the mutex; false if interrupted.
    @Kernel("pipe_wait_writable")
    boolean waitWritable(boolean exclusive) {
        return sleep(wrWait, OUT, exclusive);
    }

    private boolean sleep(WaitQueueHead queue, int events, boolean exclusive) {
        ThreadWait wait = ThreadWait.of(scheduler);
        try {
            while (true) {
                if (exclusive) {
                    queue.prepareToWaitExclusive(wait);
                } else {
                    queue.prepareToWait(wait);
                }
                if (ready(events)) {
                    return true;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return false;
                }
            }
        } finally {
            queue.finishWait(wait);
        }
    }

    private boolean ready(int events) {
        return events == IN ? !ring.empty() || writers == 0 : !ring.full() || readers == 0;
    }

    @Kernel("pipe_double_lock")
    static void lockBoth(Pipe a, Pipe b) {
        Pipe first = a.id < b.id ? a : b;
        first.mutex.lock();
        (first == a ? b : a).mutex.lock();
    }

    static void unlockBoth(Pipe a, Pipe b) {
        a.mutex.unlock();
        b.mutex.unlock();
    }

    // ---- state

    /// @param writerOpensSeen how often a writer had come when this end was opened: a reader of a FIFO
    ///     that never had one sees no hang-up; -1 for the end of a pipe
    @Kernel("pipe_poll")
    int poll(
            File self,
            boolean reader,
            boolean writer,
            int writerOpensSeen,
            @Nullable PollTable table) {
        pollUsage = true;
        if (table != null && reader) {
            table.wait(self, rdWait);
        }
        if (table != null && writer) {
            table.wait(self, wrWait);
        }
        int mask = 0;
        if (reader) {
            mask |= ring.empty() ? 0 : IN;
            mask |= writers == 0 && writerOpensSeen != writerOpens ? PollEvents.POLLHUP : 0;
        }
        if (writer) {
            mask |= ring.full() ? 0 : OUT;
            mask |= readers == 0 ? PollEvents.POLLERR : 0;
        }
        return mask;
    }

    /// Bytes that can be read (`FIONREAD`).
    int readable() {
        mutex.lock();
        try {
            return ring.bytes();
        } finally {
            mutex.unlock();
        }
    }

    // ---- size

    /// Bytes that the ring holds when every slot is a page (`F_GETPIPE_SZ`).
    public int size() {
        return ring.slots() * PAGE_SIZE;
    }

    /// Changes the number of slots to hold `bytes`, rounded up to a power of two of pages
    /// (`F_SETPIPE_SZ`): the new size, `-EINVAL`, `-EBUSY` if the content needs more, `-EPERM` above
    /// what an unprivileged user may have.
    @Kernel("pipe_set_size")
    public int setSize(long bytes, boolean privileged) {
        int slots = slotsFor(bytes);
        if (slots == 0) {
            return -Errno.EINVAL;
        }
        mutex.lock();
        try {
            int err = account == null ? 0 : account.resize(ring.slots(), slots, privileged);
            if (err != 0) {
                return err;
            }
            if (ring.occupancy() > slots) {
                if (account != null) {
                    account.resize(slots, ring.slots(), true);
                }
                return -Errno.EBUSY;
            }
            ring.resize(slots);
        } finally {
            mutex.unlock();
        }
        wrWait.wakeUp(OUT);
        return size();
    }

    @Kernel("round_pipe_size")
    private static int slotsFor(long bytes) {
        if (bytes < 0 || bytes > SIZE_LIMIT) {
            return 0;
        }
        long pages = Math.max(1, (bytes + PAGE_SIZE - 1) / PAGE_SIZE);
        return Integer.highestOneBit((int) (2 * pages - 1));
    }
}
