package dev.linnet.kernel.sched;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// Those who wait for something to change (`wait_queue_head_t`).
///
/// Waiting is always the same loop, so that no wake-up between the check and the sleep is lost:
///
///     var wait = ThreadWait.of(scheduler);
///     try {
///         while (true) {
///             queue.prepareToWait(wait);        // or prepareToWaitExclusive
///             if (condition) break;             // checked after joining the queue
///             // release the lock that guards the condition
///             Wake w = wait.sleep(deadlineNs);  // woken, timed out or interrupted
///             // take the lock again
///             if (w != WOKEN) break;
///         }
///     } finally {
///         queue.finishWait(wait);
///     }
///
/// Entries that are not exclusive stand at the front and are all woken; exclusive ones stand at the
/// back in order of arrival, and a wake-up stops at the first that takes it: one connection wakes
/// one acceptor. All methods are safe from any context; wake-ups run under the queue's lock.
public final class WaitQueueHead {
    private @Nullable WaitQueueEntry first;
    private @Nullable WaitQueueEntry last;
    private volatile int waiting;

    /// True if somebody may be waiting (`waitqueue_active`); the caller has published its change.
    public boolean active() {
        return waiting != 0;
    }

    @Kernel("add_wait_queue")
    public synchronized void add(WaitQueueEntry entry) {
        entry.exclusive = false;
        linkFirst(entry);
    }

    @Kernel("add_wait_queue_exclusive")
    public synchronized void addExclusive(WaitQueueEntry entry) {
        entry.exclusive = true;
        linkLast(entry);
    }

    @Kernel("remove_wait_queue")
    public synchronized void remove(WaitQueueEntry entry) {
        if (entry.head == this) {
            unlink(entry);
        }
    }

    @Kernel("prepare_to_wait")
    public synchronized void prepareToWait(ThreadWait wait) {
        wait.rearm();
        if (wait.head == null) {
            wait.exclusive = false;
            linkFirst(wait);
        }
    }

    @Kernel("prepare_to_wait_exclusive")
    public synchronized void prepareToWaitExclusive(ThreadWait wait) {
        wait.rearm();
        if (wait.head == null) {
            wait.exclusive = true;
            linkLast(wait);
        }
    }

    @Kernel("finish_wait")
    public synchronized void finishWait(ThreadWait wait) {
        if (wait.head == this) {
            unlink(wait);
        }
    }

    /// Wakes all entries that are not exclusive and one that is (`wake_up_interruptible_poll`).
    @Kernel({"__wake_up", "wake_up_interruptible_sync_poll"})
    public void wakeUp(int key) {
        if (active()) {
            wake(key, 1);
        }
    }

    /// Wakes everybody (`wake_up_interruptible_all`).
    @Kernel("wake_up_interruptible_all")
    public void wakeUpAll(int key) {
        if (active()) {
            wake(key, Integer.MAX_VALUE);
        }
    }

    @Kernel("__wake_up_common")
    private synchronized void wake(int key, int exclusiveMax) {
        int exclusiveLeft = exclusiveMax;
        WaitQueueEntry entry = first;
        while (entry != null) {
            WaitQueueEntry next = entry.next;
            boolean exclusive = entry.exclusive;
            if (entry.wake(key) && exclusive && --exclusiveLeft == 0) {
                return;
            }
            entry = next;
        }
    }

    /// Takes an entry out during its own wake-up (`autoremove_wake_function`); the lock is held.
    void autoremove(WaitQueueEntry entry) {
        unlink(entry);
    }

    private void linkFirst(WaitQueueEntry entry) {
        int count = waiting;
        entry.head = this;
        entry.prev = null;
        entry.next = first;
        if (first == null) {
            last = entry;
        } else {
            first.prev = entry;
        }
        first = entry;
        waiting = count + 1;
    }

    private void linkLast(WaitQueueEntry entry) {
        int count = waiting;
        entry.head = this;
        entry.next = null;
        entry.prev = last;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
        waiting = count + 1;
    }

    private void unlink(WaitQueueEntry entry) {
        int count = waiting;
        WaitQueueEntry next = entry.next;
        WaitQueueEntry prev = entry.prev;
        if (prev == null) {
            first = next;
        } else {
            prev.next = next;
        }
        if (next == null) {
            last = prev;
        } else {
            next.prev = prev;
        }
        entry.head = null;
        entry.next = null;
        entry.prev = null;
        waiting = count - 1;
    }
}
