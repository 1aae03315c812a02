package dev.linnet.kernel.time;

import dev.linnet.kernel.Kernel;

/// The two timer queues of a stack and the question when the next of their timers is due.
public final class Timers {
    public final TimerWheel wheel;
    public final HrTimerQueue hr;
    private final Clock clock;

    /// @param earlier called when a timer was armed that is due before the time last returned by
    ///     [#nextExpiryNs()]
    public Timers(Clock clock, Runnable earlier) {
        this.clock = clock;
        this.wheel = new TimerWheel(clock.jiffies(), earlier);
        this.hr = new HrTimerQueue(earlier);
    }

    @Kernel("timer_setup")
    public KTimer timer(KTimer.Function function, Object owner) {
        return new KTimer(wheel, function, owner);
    }

    public HrTimer hrTimer(KTimer.Function function, Object owner) {
        return new HrTimer(hr, function, owner);
    }

    /// When [#run()] has work next, in nanoseconds of the clock, or `Long.MAX_VALUE`.
    public long nextExpiryNs() {
        long jiffy = wheel.nextExpiry();
        long wheelNs = jiffy == Long.MAX_VALUE ? jiffy : jiffy * Clock.NSEC_PER_JIFFY;
        return Math.min(wheelNs, hr.nextExpiryNs());
    }

    /// Runs all that is due now.
    public void run() {
        hr.advance(clock.nowNs());
        wheel.advance(clock.jiffies());
    }
}
