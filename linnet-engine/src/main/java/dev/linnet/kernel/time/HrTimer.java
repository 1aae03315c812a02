package dev.linnet.kernel.time;

/// A timer of nanosecond resolution (`struct hrtimer`), for pacing and link delays.
///
/// Its function runs in soft-interrupt context like a [KTimer]'s. All methods are safe from any
/// thread; arming allocates nothing (the queue grows to its high-water mark).
public final class HrTimer {
    private final HrTimerQueue queue;
    private final KTimer.Function function;
    private final Object owner;

    /// Guarded by the queue.
    long expiresNs;

    /// Guarded by the queue: order among equal expiries.
    long order;

    /// Guarded by the queue: place in its heap, or -1.
    int index = -1;

    public HrTimer(HrTimerQueue queue, KTimer.Function function, Object owner) {
        this.queue = queue;
        this.function = function;
        this.owner = owner;
    }

    /// Arms or moves the timer to an absolute time of the stack's clock (`hrtimer_start`).
    public void start(long atNs) {
        queue.start(this, atNs);
    }

    /// Disarms it; true if it was armed (`hrtimer_try_to_cancel`).
    public boolean cancel() {
        return queue.cancel(this);
    }

    /// True while an expiry is ahead (`hrtimer_is_queued`).
    public boolean queued() {
        return queue.queued(this);
    }

    void run() {
        function.expire(owner);
    }
}
