package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.ItimerSpec;
import dev.linnet.uapi.PollEvents;

/// A timer that is waited for (`struct timerfd_ctx`): a read gives how often it has expired since the
/// last. A periodic timer that nobody reads expires once; what it missed is counted when somebody asks.
///
/// State is guarded by this object's monitor; the timer runs in soft-interrupt context.
@Kernel("timerfd_ctx")
public final class TimerFd {
    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_BOOTTIME = 7;
    static final int CLOCK_REALTIME_ALARM = 8;
    static final int CLOCK_BOOTTIME_ALARM = 9;

    private final Scheduler scheduler;
    private final Clock clock;
    private final int clockId;
    private final HrTimer timer;
    final WaitQueueHead wqh = new WaitQueueHead();

    private long expiresNs;
    private long intervalNs;
    private long ticks;
    private boolean expired;
    private int settimeFlags;

    private TimerFd(Scheduler scheduler, int clockId) {
        this.scheduler = scheduler;
        this.clock = scheduler.clock();
        this.clockId = clockId;
        this.timer = scheduler.timers().hrTimer(TimerFd::expire, this);
    }

    /// A timer that is not armed. The machine never sleeps and its clock is not set, so all clocks
    /// differ by a constant only.
    ///
    /// @param clockId a number of which [#knows] says yes
    public static TimerFd create(Scheduler scheduler, int clockId) {
        return new TimerFd(scheduler, clockId);
    }

    /// True for the clocks that a timer can go by.
    public static boolean knows(int clockId) {
        return switch (clockId) {
            case CLOCK_REALTIME,
                    CLOCK_MONOTONIC,
                    CLOCK_BOOTTIME,
                    CLOCK_REALTIME_ALARM,
                    CLOCK_BOOTTIME_ALARM ->
                    true;
            default -> false;
        };
    }

    /// True for the clocks that wake a machine that sleeps, which not everybody may use.
    @Kernel("isalarm")
    public static boolean wakes(int clockId) {
        return clockId == CLOCK_REALTIME_ALARM || clockId == CLOCK_BOOTTIME_ALARM;
    }

    public boolean wakes() {
        return wakes(clockId);
    }

    @Kernel("timerfd_tmrproc")
    private static void expire(Object owner) {
        TimerFd self = (TimerFd) owner;
        synchronized (self) {
            if (self.expiresNs == 0 || self.timer.queued()) {
                return; // disarmed or armed anew meanwhile
            }
            self.expired = true;
            self.ticks++;
        }
        self.wqh.wakeUp(PollEvents.POLLIN);
    }

    /// Arms the timer, or with a value of zero disarms it; what was set before.
    ///
    /// @param flags `TFD_TIMER_*`
    @Kernel({"do_timerfd_settime", "timerfd_setup"})
    public ItimerSpec settime(int flags, ItimerSpec value) {
        ItimerSpec old;
        synchronized (this) {
            old = set(flags, value);
        }
        if (hasTicks()) {
            wqh.wakeUp(PollEvents.POLLIN);
        }
        return old;
    }

    private ItimerSpec set(int flags, ItimerSpec value) {
        timer.cancel();
        ItimerSpec old = remaining();
        settimeFlags = flags;
        expired = false;
        ticks = 0;
        intervalNs = value.intervalNs();
        expiresNs = 0;
        if (value.valueNs() != 0) {
            boolean absolute = (flags & ItimerSpec.TFD_TIMER_ABSTIME) != 0;
            long at = absolute ? toMonotonic(value.valueNs()) : after(value.valueNs());
            expiresNs = at == 0 ? 1 : at; // zero means none
            start();
        }
        return old;
    }

    /// A time that has passed already is an expiry at once.
    private void start() {
        if (expiresNs <= clock.nowNs()) {
            expired = true;
            ticks = 1;
        } else {
            timer.start(expiresNs);
        }
    }

    private long after(long ns) {
        long at = clock.nowNs() + ns;
        return at < 0 ? Long.MAX_VALUE : at;
    }

    private long toMonotonic(long ns) {
        boolean real = clockId == CLOCK_REALTIME || clockId == CLOCK_REALTIME_ALARM;
        return real ? ns - (clock.realNs() - clock.nowNs()) : ns;
    }

    /// Time to the next expiry, zero if there is none, and the interval.
    @Kernel("do_timerfd_gettime")
    public synchronized ItimerSpec gettime() {
        return remaining();
    }

    private ItimerSpec remaining() {
        if (expired && intervalNs != 0) {
            expired = false;
            ticks += forward() - 1;
            timer.start(expiresNs);
        }
        boolean armed = expiresNs != 0 && !expired;
        return new ItimerSpec(intervalNs, armed ? Math.max(expiresNs - clock.nowNs(), 0) : 0);
    }

    /// Moves the expiry by whole intervals to a time that is ahead: by how many.
    @Kernel("hrtimer_forward")
    private long forward() {
        long late = clock.nowNs() - expiresNs;
        if (late < 0) {
            return 0;
        }
        long periods = late / intervalNs + 1;
        expiresNs += periods * intervalNs;
        return periods;
    }

    /// How often it has expired since the last read, waiting for the first time: `-EAGAIN`, `-EINTR`.
    @Kernel("timerfd_read_iter")
    long read(boolean nonblock) {
        long n;
        while ((n = takeTicks()) == 0) {
            int err = nonblock ? -Errno.EAGAIN : await();
            if (err < 0) {
                return err;
            }
        }
        return n;
    }

    private synchronized long takeTicks() {
        long n = ticks;
        if (n > 0 && expired && intervalNs != 0) {
            n += forward() - 1;
            timer.start(expiresNs);
        }
        if (n > 0) {
            expired = false;
            ticks = 0;
        }
        return n;
    }

    private int await() {
        ThreadWait wait = ThreadWait.of(scheduler);
        try {
            while (true) {
                wqh.prepareToWait(wait);
                if (hasTicks()) {
                    return 0;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return -Errno.EINTR;
                }
            }
        } finally {
            wqh.finishWait(wait);
        }
    }

    synchronized boolean hasTicks() {
        return ticks != 0;
    }

    /// Makes it look expired so often (`TFD_IOC_SET_TICKS`): 0, `-EINVAL` for never.
    int setTicks(long n) {
        if (n == 0) {
            return -Errno.EINVAL;
        }
        synchronized (this) {
            ticks = n;
        }
        wqh.wakeUp(PollEvents.POLLIN);
        return 0;
    }

    void release() {
        timer.cancel();
    }

    /// The lines of `/proc/self/fdinfo`.
    @Kernel("timerfd_show")
    synchronized void show(StringBuilder out) {
        ItimerSpec now = remaining();
        out.append("clockid: ").append(clockId).append('\n');
        out.append("ticks: ").append(ticks).append('\n');
        out.append("settime flags: 0").append(Integer.toOctalString(settimeFlags)).append('\n');
        out.append("it_value: ").append(ItimerSpec.show(now.valueNs())).append('\n');
        out.append("it_interval: ").append(ItimerSpec.show(now.intervalNs())).append('\n');
    }
}
