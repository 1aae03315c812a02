package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.WaitQueueEntry;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.sched.Waiter;
import java.util.ArrayList;
import java.util.List;

/// The entries that one `poll` or `select` leaves on the wait queues of its files
/// (`struct poll_wqueues`). Made and used by one thread; [#free()] at the end.
public final class PollWqueues extends PollTable {
    private final class Entry extends WaitQueueEntry {
        private final File file;
        private final WaitQueueHead queue;
        private final int key;

        Entry(File file, WaitQueueHead queue, int key) {
            this.file = file;
            this.queue = queue;
            this.key = key;
        }

        @Override
        @Kernel("pollwake")
        protected boolean wake(int events) {
            if (events != 0 && (events & key) == 0) {
                return false;
            }
            scheduler.unpark(waiter);
            return true;
        }
    }

    private final Scheduler scheduler;
    private final Waiter waiter;
    private final List<Entry> entries = new ArrayList<>();
    private int key;
    private boolean registering = true;

    @Kernel("poll_initwait")
    public PollWqueues(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.waiter = scheduler.newWaiter();
    }

    /// The events that the file asked next is wanted for; the errors are always.
    public void interest(int events) {
        key = events;
    }

    /// After the first pass over the files, or once one of them is ready, no more entries are needed.
    public void stopRegistering() {
        registering = false;
    }

    @Override
    @Kernel("__pollwait")
    public void wait(File file, WaitQueueHead queue) {
        // The file stays open while the call waits, whatever happens to its descriptors.
        if (registering && file.get()) {
            Entry entry = new Entry(file, queue, key);
            entries.add(entry);
            queue.add(entry);
        }
    }

    /// Before the files are asked again: wake-ups from here on count.
    public void rearm() {
        waiter.rearm();
    }

    /// Sleeps until a file announces something, or the deadline.
    @Kernel("poll_schedule_timeout")
    public Wake sleep(long deadlineNs) {
        return scheduler.park(waiter, deadlineNs);
    }

    /// Takes all entries back (`poll_freewait`).
    @Kernel("poll_freewait")
    public void free() {
        for (Entry entry : entries) {
            entry.queue.remove(entry);
            entry.file.put();
        }
        entries.clear();
    }
}
