package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An epoll instance (`struct eventpoll`): the files that it watches and those of them that have
/// something to tell. The cost of a wait does not depend on how many are watched.
///
/// `mtx` guards the set of items and the collecting of events; the monitor guards the ready list
/// and is taken by wake-ups in any context, under the lock of the file's wait queue.
public final class EventPoll {
    private record Key(File file, int fd) {}

    private final ReentrantLock mtx = new ReentrantLock();
    private final Map<Key, EpItem> items = new HashMap<>();
    private final Scheduler scheduler;

    /// Threads in `epoll_wait`.
    private final WaitQueueHead wq = new WaitQueueHead();

    /// Who polls this instance as a file.
    private final WaitQueueHead pollWait = new WaitQueueHead();

    private @Nullable EpItem readyFirst;
    private @Nullable EpItem readyLast;
    private volatile int readyCount;

    public EventPoll(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    // ---- the set
    // ----------------------------------------------------------------------------------

    /// Adds, changes or removes the file of a descriptor; the checks of the arguments are made.
    @Kernel("do_epoll_ctl")
    public int ctl(int op, File file, int fd, int events, long data) {
        mtx.lock();
        try {
            EpItem item = items.get(new Key(file, fd));
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
        int wanted = events | PollEvents.POLLERR | PollEvents.POLLHUP;
        EpItem item = new EpItem(this, file, fd, wanted, data);
        items.put(new Key(file, fd), item);
        file.watchedBy(item, () -> fileGone(item));
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
        item.file.unwatchedBy(item);
        items.remove(new Key(item.file, item.fd));
        synchronized (this) {
            if (item.ready) {
                unlinkReady(item);
            }
        }
        return 0;
    }

    /// The last reference to a watched file has gone (`eventpoll_release`).
    @Kernel("eventpoll_release_file")
    private void fileGone(EpItem item) {
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
            for (EpItem item : items.values().toArray(new EpItem[0])) {
                remove(item);
            }
        } finally {
            mtx.unlock();
        }
    }

    // ---- events come in
    // --------------------------------------------------------------------------

    /// A watched file announces events, in any context (`ep_poll_callback`). True if the wake-up
    /// was used: for exclusive items a thread must have been there to take it.
    @Kernel("ep_poll_callback")
    boolean pollCallback(EpItem item, int key) {
        boolean disabled = (item.events & ~Epoll.EP_PRIVATE_BITS) == 0;
        if (disabled || (key != 0 && (key & item.events) == 0)) {
            return false;
        }
        boolean hadWaiter = wq.active();
        makeReady(item);
        return (item.events & Epoll.EPOLLEXCLUSIVE) == 0 || hadWaiter;
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

    /// Waits for events and writes at most `max` of them: how many; 0 at the time-out; `-EINTR`.
    @Kernel({"do_epoll_wait", "ep_poll"})
    public int wait(EpollEvent[] out, int max, long timeoutNs) {
        long deadline = timeoutNs < 0 ? Scheduler.FOREVER : scheduler.clock().nowNs() + timeoutNs;
        int n = sendEvents(out, max);
        if (n > 0 || timeoutNs == 0) {
            return n;
        }
        ThreadWait wait = new ThreadWait(scheduler);
        try {
            while (true) {
                wq.prepareToWaitExclusive(wait);
                n = sendEvents(out, max);
                if (n > 0) {
                    return n;
                }
                Wake wake = wait.sleep(deadline);
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

    /// Goes once over the items that are ready now: those that still have events are written; level-
    /// triggered ones go back to the end of the list, so that all get their turn.
    @Kernel("ep_send_events")
    private int sendEvents(EpollEvent[] out, int max) {
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
                out[n++] = new EpollEvent(revents, item.data);
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
                    requeue(item);
                    return true;
                }
            }
            return false;
        } finally {
            mtx.unlock();
        }
    }

    /// The epoll instances among the files that this one watches, for the check of loops.
    Iterable<EventPoll> children() {
        mtx.lock();
        try {
            return items.keySet().stream()
                    .filter(key -> key.file.privateData instanceof EventPoll)
                    .map(key -> (EventPoll) key.file.privateData)
                    .toList();
        } finally {
            mtx.unlock();
        }
    }

    /// Lines of `/proc/self/fdinfo`.
    void showFdinfo(StringBuilder out) {
        mtx.lock();
        try {
            items.forEach(
                    (key, item) ->
                            out.append(
                                    String.format(
                                            Locale.ROOT,
                                            "tfd: %8d events: %8x data: %16x%n",
                                            key.fd,
                                            item.events,
                                            item.data)));
        } finally {
            mtx.unlock();
        }
    }
}
