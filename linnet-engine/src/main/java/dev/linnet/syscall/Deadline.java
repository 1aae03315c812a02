package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.uapi.TimeSpec;
import dev.linnet.uapi.TimeVal;

/// Until when a call waits, made when it starts.
///
/// @param atNs nanoseconds of the stack's clock; the clock's end means for ever
/// @param poll true if the call only looks
record Deadline(Scheduler scheduler, long atNs, boolean poll) {
    private static final int USEC_PER_SEC = 1_000_000;

    /// Waits for ever.
    static Deadline never(Scheduler scheduler) {
        return new Deadline(scheduler, Scheduler.FOREVER, false);
    }

    /// Waits for a span; a negative one is for ever.
    static Deadline in(Scheduler scheduler, long ns) {
        return new Deadline(scheduler, at(scheduler, ns), ns == 0);
    }

    /// The end of a span on the stack's clock; that of a negative one never comes.
    static long at(Scheduler scheduler, long ns) {
        if (ns < 0) {
            return Scheduler.FOREVER;
        }
        long now = scheduler.clock().nowNs();
        boolean farAway = ns >= Scheduler.FOREVER - Math.max(now, 0);
        return farAway ? Scheduler.FOREVER : now + ns;
    }

    /// As `poll` and `epoll_wait` give it; negative is for ever.
    static Deadline inMillis(Scheduler scheduler, int ms) {
        return in(scheduler, ms < 0 ? -1 : ms * 1_000_000L);
    }

    /// The span of a `select`, whose microseconds may be more than a second.
    @Kernel("poll_select_set_timeout")
    static TimeSpec span(TimeVal tv) {
        return new TimeSpec(tv.sec() + tv.usec() / USEC_PER_SEC, tv.usec() % USEC_PER_SEC * 1000);
    }

    /// What is left of the span, not less than nothing.
    @Kernel("poll_select_finish")
    TimeSpec left() {
        return TimeSpec.ofNanos(Math.max(0, atNs - scheduler.clock().nowNs()));
    }

    boolean isOver() {
        return scheduler.clock().nowNs() >= atNs;
    }
}
