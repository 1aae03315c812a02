package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import java.time.Instant;

/// CLOCK_REALTIME in microseconds: the clock that the kernel stamps packets with. For one thread.
final class HostClock {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_REALTIME_COARSE = 5;
    private static final int TIMER_ABSTIME = 1;

    /// The last stretch of a sleep is spun away, because a sleeping thread wakes up late.
    private static final long SPIN_USECS = 20;

    /// How far into a tick of the kernel a script starts, so that its milliseconds do not fall on
    /// the edges of ticks.
    private static final long INTO_TICK_USECS = 250;

    /// How often the tick is looked for: rarely enough to leave the processor to others.
    private static final long LOOK_USECS = 40;

    private final NativeMemory memory;
    private final long timespec;

    HostClock(NativeMemory memory) {
        this.memory = memory;
        this.timespec = memory.allocate(16);
    }

    static long nowUsecs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    void sleepUntil(long usecs) {
        long until = usecs - SPIN_USECS;
        while (nowUsecs() < until) {
            memory.putLong(timespec, until / 1_000_000);
            memory.putLong(timespec + 8, until % 1_000_000 * 1_000);
            HostSyscalls.syscall(Nr.CLOCK_NANOSLEEP, CLOCK_REALTIME, TIMER_ABSTIME, timespec, 0);
        }
        while (nowUsecs() < usecs) {
            Thread.onSpinWait();
        }
    }

    /// Watches for the kernel's tick, which is what moves the coarse clock, and returns a time
    /// shortly after one.
    long afterTick() {
        long before = coarse();
        long now = nowUsecs();
        while (coarse() == before) {
            now = nowUsecs();
            sleepUntil(now + LOOK_USECS);
        }
        return now + INTO_TICK_USECS;
    }

    private long coarse() {
        HostSyscalls.syscall(Nr.CLOCK_GETTIME, CLOCK_REALTIME_COARSE, timespec);
        return memory.getLong(timespec) * 1_000_000_000 + memory.getLong(timespec + 8);
    }
}
