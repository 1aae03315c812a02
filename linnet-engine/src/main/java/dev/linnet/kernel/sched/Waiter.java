package dev.linnet.kernel.sched;

import org.jspecify.annotations.Nullable;

/// One sleep of one thread: made by the thread that will sleep, woken by anyone, once or often.
///
/// A wake-up that comes before the sleep is not lost: [#woken] stays set until [#rearm()].
public final class Waiter {
    final Thread thread = Thread.currentThread();

    /// The virtual scheduler's handle of the thread, unused in real time.
    VirtualScheduler.@Nullable Strand strand;

    volatile boolean woken;

    /// True once somebody has woken it since the last [#rearm()].
    public boolean woken() {
        return woken;
    }

    /// Forgets past wake-ups; the sleeper calls it before it checks its condition again.
    public void rearm() {
        woken = false;
    }
}
