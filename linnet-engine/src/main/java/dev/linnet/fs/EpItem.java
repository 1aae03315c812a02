package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueEntry;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Epoll;
import org.jspecify.annotations.Nullable;

/// A file that an epoll instance watches (`struct epitem`). Guarded by the instance's mutex, the
/// ready-list links by its lock.
final class EpItem extends PollTable {
    /// The item's entry in one of the file's wait queues (`struct eppoll_entry`).
    private final class Entry extends WaitQueueEntry {
        final WaitQueueHead queue;
        final @Nullable Entry nextOfItem;

        Entry(WaitQueueHead queue, @Nullable Entry nextOfItem) {
            this.queue = queue;
            this.nextOfItem = nextOfItem;
        }

        @Override
        protected boolean wake(int key) {
            return ep.pollCallback(EpItem.this, key);
        }
    }

    final EventPoll ep;
    final File file;
    final int fd;

    /// What to watch for, and what to tell the user.
    volatile int events;

    volatile long data;

    /// Most files have one queue.
    private @Nullable Entry entries;

    private boolean registering;

    /// The next item that watches the same file; guarded by the file's monitor.
    @Nullable EpItem nextOfFile;

    /// The next item in the instance's table.
    @Nullable EpItem nextOfSlot;

    // Links in the ready list; guarded by the instance's lock.
    @Nullable EpItem next;
    @Nullable EpItem prev;
    boolean ready;

    EpItem(EventPoll ep, File file, int fd, int events, long data) {
        this.ep = ep;
        this.file = file;
        this.fd = fd;
        this.events = events;
        this.data = data;
    }

    /// Asks the file for its events the first time and stays on its wait queues from then on.
    int registerAndPoll() {
        registering = true;
        int mask = file.ops.poll(file, this) & pollMask();
        registering = false;
        return mask;
    }

    /// Events of the file now that the user is interested in.
    @Kernel("ep_item_poll")
    int poll() {
        return file.ops.poll(file, null) & pollMask();
    }

    private int pollMask() {
        return events & ~Epoll.EP_PRIVATE_BITS;
    }

    @Override
    @Kernel("ep_ptable_queue_proc")
    public void wait(File watched, WaitQueueHead queue) {
        if (!registering) {
            return;
        }
        Entry entry = new Entry(queue, entries);
        entries = entry;
        if ((events & Epoll.EPOLLEXCLUSIVE) != 0) {
            queue.addExclusive(entry);
        } else {
            queue.add(entry);
        }
    }

    /// Leaves the file's wait queues.
    void unregister() {
        for (Entry entry = entries; entry != null; entry = entry.nextOfItem) {
            entry.queue.remove(entry);
        }
        entries = null;
    }
}
