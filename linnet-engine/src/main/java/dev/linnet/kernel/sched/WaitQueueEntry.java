package dev.linnet.kernel.sched;

import org.jspecify.annotations.Nullable;

/// One interest in a [WaitQueueHead] (`wait_queue_entry_t`): a sleeping thread, an epoll item, a
/// poll table. An intrusive list node, in at most one queue at a time.
public abstract class WaitQueueEntry {
    @Nullable WaitQueueHead head;
    @Nullable WaitQueueEntry next;
    @Nullable WaitQueueEntry prev;
    boolean exclusive;

    /// Called by a wake-up, with the queue's lock held and in any context: must not block.
    ///
    /// @param key the events that happened, a set of `POLL*` bits; 0 means "anything"
    /// @return true if it took the wake-up; an exclusive entry that did ends the walk
    protected abstract boolean wake(int key);

    /// True for an entry of which one wake-up wakes only one (`WQ_FLAG_EXCLUSIVE`).
    public final boolean exclusive() {
        return exclusive;
    }

    /// Takes the entry out of its queue during its own wake-up; the queue's lock is held.
    protected final void autoremove() {
        WaitQueueHead queue = head;
        if (queue != null) {
            queue.autoremove(this);
        }
    }
}
