package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An epoll instance (`struct eventpoll`): the files that it watches and those of them that have
/// something to tell. The cost of a wait does not depend on how many are watched.
///
/// `mtx` guards the set of items and the collecting of events; the monitor guards the ready list
/// and is taken by wake-ups in any context, under the lock of the file's wait queue.
public final class EventPoll {
    /// Held while instances are put into one another (`epnested_mutex`).
    private static final Object NESTING = new Object();

    private final ReentrantLock mtx = new ReentrantLock();
    private final EpItems items = new EpItems();
    private final Scheduler scheduler;

    /// Threads in `epoll_wait`.
    private final WaitQueueHead wq = new WaitQueueHead();

    /// Who polls this instance as a file.
    private final WaitQueueHead pollWait = new WaitQueueHead();

    private @Nullable EpItem readyFirst;
    private @Nullable EpItem readyLast;
    private volatile int readyCount;

    /// What the user watches already, of all instances.
    private final EpollWatches watches;

    private final File file;

    private final BusyPoll busyPoll = new BusyPoll();

    private EventPoll(Scheduler scheduler, EpollWatches watches) {
        this.scheduler = scheduler;
        this.watches = watches;
        this.file = new File(EventPollFileOps.INSTANCE, this, Fcntl.O_RDWR);
    }

    /// The file of a new instance.
    @Kernel("ep_alloc")
    public static File newFile(Scheduler scheduler, EpollWatches watches) {
        return new EventPoll(scheduler, watches).file;
    }

    /// The instance as a file.
    File file() {
        return file;
    }

    // ---- the set
    // ----------------------------------------------------------------------------------

    /// Adds, changes or removes the file of a descriptor; the checks of the arguments are made.
    /// `EPOLLWAKEUP` is forgotten: nothing here goes to sleep. `-ELOOP`, `-EEXIST`, `-ENOENT`, `-ENOSPC`,
    /// `-EINVAL`.
    @Kernel("do_epoll_ctl")
    public int ctl(int op, File file, int fd, int events, long data) {
        boolean nests = this.file.isWatched() || EventPollFileOps.of(file) != null;
        if (op != Epoll.EPOLL_CTL_ADD || !nests) {
            return ctlLocked(op, file, fd, events & ~Epoll.EPOLLWAKEUP, data);
        }
        synchronized (NESTING) {
            int err = EventPollNesting.check(this, file);
            return err < 0 ? err : ctlLocked(op, file, fd, events & ~Epoll.EPOLLWAKEUP, data);
        }
    }

    private int ctlLocked(int op, File file, int fd, int events, long data) {
        mtx.lock();
        try {
            EpItem item = items.find(file, fd);
            return switch (op) {
                case Epoll.EPOLL_CTL_ADD ->
                        item != null ? -Errno.EEXIST : insert(file, fd, events, data);
                case Epoll.EPOLL_CTL_MOD ->
                        item == null ? -Errno.ENOENT : modify(item, events, data);
                case Epoll.EPOLL_CTL_DEL -> item == null ? -Errno.ENOENT : remove(item);
                default -> -Errno.EINVAL;
            };
        } finally {
            mtx.unlock();
        }
    }

    @Kernel("ep_insert")
    private int insert(File file, int fd, int events, long data) {
        if (!watches.add()) {
            return -Errno.ENOSPC;
        }
        int wanted = events | PollEvents.POLLERR | PollEvents.POLLHUP;
        EpItem item = new EpItem(this, file, fd, wanted, data);
        items.add(item);
        file.watch(item);
        if (item.registerAndPoll() != 0) {
            makeReady(item);
        }
        return 0;
    }

    @Kernel("ep_modify")
    private int modify(EpItem item, int events, long data) {
        if ((item.events & Epoll.EPOLLEXCLUSIVE) != 0) {
            return -Errno.EINVAL;
        }
        item.events = events | PollEvents.POLLERR | PollEvents.POLLHUP;
        item.data = data;
        if (item.poll() != 0) {
            makeReady(item);
        }
        return 0;
    }

    @Kernel("ep_remove")
    private int remove(EpItem item) {
        item.unregister();
        item.file.unwatch(item);
        if (items.remove(item)) {
            watches.remove();
        }
        synchronized (this) {
            if (item.ready) {
                unlinkReady(item);
            }
        }
        return 0;
    }

    /// The last reference to a watched file has gone (`eventpoll_release`).
    @Kernel("eventpoll_release_file")
    void fileGone(EpItem item) {
        mtx.lock();
        try {
            remove(item);
        } finally {
            mtx.unlock();
        }
    }

    /// The instance itself is closed (`ep_free`).
    @Kernel("ep_clear_and_put")
    void free() {
        mtx.lock();
        try {
            for (EpItem item : items.all()) {
                remove(item);
            }
        } finally {
            mtx.unlock();
        }
    }

    // ---- events come in
    // --------------------------------------------------------------------------

    /// A watched file announces events, in any context (`ep_poll_callback`). True if the wake-up
    /// was used: for exclusive items a thread must have been there to take it, and the item must be for
    /// this direction.
    @Kernel("ep_poll_callback")
    boolean pollCallback(EpItem item, int key) {
        int wanted = item.events;
        boolean disabled = (wanted & ~Epoll.EP_PRIVATE_BITS) == 0;
        if (disabled || (key != 0 && (key & wanted) == 0)) {
            return false;
        }
        boolean hadWaiter = wq.active();
        makeReady(item);
        if ((wanted & Epoll.EPOLLEXCLUSIVE) == 0) {
            return true;
        }
        int direction = key & (PollEvents.POLLIN | PollEvents.POLLOUT);
        return hadWaiter
                && switch (direction) {
                    case 0 -> true;
                    case PollEvents.POLLIN, PollEvents.POLLOUT -> (wanted & direction) != 0;
                    default -> false;
                };
    }

    private void makeReady(EpItem item) {
        synchronized (this) {
            if (!item.ready) {
                linkReady(item);
            }
        }
        wq.wakeUp(0);
        pollWait.wakeUp(PollEvents.POLLIN | PollEvents.POLLRDNORM);
    }

    // ---- events go out
    // ---------------------------------------------------------------------------

    /// Where events go.
    @FunctionalInterface
    public interface Sink {
        /// Takes the event with the number `i` of this call; false if it cannot: `EFAULT`.
        boolean put(int i, int events, long data);
    }

    /// Waits for events and hands at most `max` of them out: how many; 0 at the time-out; `-EINTR`;
    /// `-EFAULT` if the first cannot be taken.
    ///
    /// @param deadlineNs of the stack's clock
    /// @param look true to return at once
    @Kernel({"do_epoll_wait", "ep_poll"})
    public int wait(Sink out, int max, long deadlineNs, boolean look) {
        int n = sendEvents(out, max);
        if (n != 0 || look) {
            return n;
        }
        ThreadWait wait = ThreadWait.of(scheduler);
        try {
            while (true) {
                wq.prepareToWaitExclusive(wait);
                n = sendEvents(out, max);
                if (n != 0) {
                    return n;
                }
                Wake wake = wait.sleep(deadlineNs);
                if (wake == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
                if (wake == Wake.TIMED_OUT) {
                    return sendEvents(out, max);
                }
            }
        } finally {
            wq.finishWait(wait);
        }
    }

    /// Goes once over the items that are ready now: those that still have events are handed out; level-
    /// triggered ones go back to the end of the list, so that all get their turn.
    @Kernel("ep_send_events")
    private int sendEvents(Sink out, int max) {
        if (readyCount == 0) {
            return 0;
        }
        int n = 0;
        mtx.lock();
        try {
            int toLook = readyCount;
            while (n < max && toLook-- > 0) {
                EpItem item = takeReady();
                if (item == null) {
                    break;
                }
                int revents = item.poll();
                if (revents == 0) {
                    continue;
                }
                if (!out.put(n, revents, item.data)) {
                    putBack(item);
                    n = n == 0 ? -Errno.EFAULT : n;
                    break;
                }
                n++;
                if ((item.events & Epoll.EPOLLONESHOT) != 0) {
                    item.events &= Epoll.EP_PRIVATE_BITS;
                } else if ((item.events & Epoll.EPOLLET) == 0) {
                    requeue(item);
                }
            }
        } finally {
            mtx.unlock();
        }
        if (readyCount > 0) {
            wq.wakeUp(0); // what is left is for the next thread that waits
        }
        return n;
    }

    /// To the front, where it was.
    private synchronized void putBack(EpItem item) {
        if (item.ready) {
            return;
        }
        EpItem first = readyFirst;
        if (first == null) {
            linkReady(item);
            return;
        }
        item.ready = true;
        item.prev = null;
        item.next = first;
        first.prev = item;
        readyFirst = item;
        countReady(1);
    }

    private synchronized void requeue(EpItem item) {
        if (!item.ready) {
            linkReady(item);
        }
    }

    private synchronized @Nullable EpItem takeReady() {
        EpItem item = readyFirst;
        if (item != null) {
            unlinkReady(item);
        }
        return item;
    }

    /// The monitor makes this the only writer; others read the number as a hint.
    private void countReady(int delta) {
        int now = readyCount + delta;
        readyCount = now;
    }

    private void linkReady(EpItem item) {
        item.ready = true;
        item.prev = readyLast;
        item.next = null;
        if (readyLast == null) {
            readyFirst = item;
        } else {
            readyLast.next = item;
        }
        readyLast = item;
        countReady(1);
    }

    private void unlinkReady(EpItem item) {
        EpItem n = item.next;
        EpItem p = item.prev;
        if (p == null) {
            readyFirst = n;
        } else {
            p.next = n;
        }
        if (n == null) {
            readyLast = p;
        } else {
            n.prev = p;
        }
        item.next = null;
        item.prev = null;
        item.ready = false;
        countReady(-1);
    }

    // ---- as a file
    // ---------------------------------------------------------------------------------

    /// `POLLIN` while a watched file really has events (`ep_eventpoll_poll`).
    @Kernel("ep_eventpoll_poll")
    int poll(File self, @Nullable PollTable table) {
        if (table != null) {
            table.wait(self, pollWait);
        }
        return anyReady() ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
    }

    private boolean anyReady() {
        mtx.lock();
        try {
            for (int toLook = readyCount; toLook > 0; toLook--) {
                EpItem item = takeReady();
                if (item == null) {
                    return false;
                }
                if (item.poll() != 0) {
                    putBack(item); // a look changes nobody's turn
                    return true;
                }
            }
            return false;
        } finally {
            mtx.unlock();
        }
    }

    /// The files that this instance watches.
    List<File> watched() {
        mtx.lock();
        try {
            return items.all().stream().map(item -> item.file).toList();
        } finally {
            mtx.unlock();
        }
    }

    /// The epoll instances among the files that this one watches, for the check of loops.
    List<EventPoll> children() {
        List<EventPoll> children = new ArrayList<>();
        for (File watched : watched()) {
            EventPoll child = EventPollFileOps.of(watched);
            if (child != null) {
                children.add(child);
            }
        }
        return children;
    }

    /// The two requests that an instance knows; others are `-EINVAL`.
    @Kernel("ep_eventpoll_ioctl")
    int ioctl(int cmd, byte[] arg) {
        return busyPoll.ioctl(cmd, arg);
    }

    /// Lines of `/proc/self/fdinfo`.
    @Kernel("ep_show_fdinfo")
    void showFdinfo(StringBuilder out) {
        mtx.lock();
        try {
            for (EpItem item : items.all()) {
                Stat stat = item.file.ops.stat(item.file);
                out.append(
                        String.format(
                                Locale.ROOT,
                                "tfd: %8d events: %8x data: %16x  pos:%d ino:%x sdev:%x\n",
                                item.fd,
                                item.events,
                                item.data,
                                item.file.pos,
                                stat.ino(),
                                stat.dev()));
            }
        } finally {
            mtx.unlock();
        }
    }
}
