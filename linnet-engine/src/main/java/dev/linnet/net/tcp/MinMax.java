package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;

/// The smallest or largest of the values of a sliding time window, from three samples (Kathleen
/// Nichols' algorithm, `lib/win_minmax.c`): the best, the best after it, and the best after that.
///
/// Values are unsigned 32 bits in a `long`; times are 32-bit counters of any unit.
@Kernel("minmax")
public final class MinMax {
    private int t0;
    private int t1;
    private int t2;
    private long v0;
    private long v1;
    private long v2;

    /// The best value of the window.
    public long get() {
        return v0;
    }

    /// Forgets everything but one sample.
    @Kernel("minmax_reset")
    @HotPath
    public long reset(int time, long value) {
        t0 = t1 = t2 = time;
        v0 = v1 = v2 = value;
        return value;
    }

    /// Adds a sample and returns the smallest of the last `window` time units.
    @Kernel("minmax_running_min")
    @HotPath
    public long runningMin(int window, int time, long value) {
        if (value <= v0 || Integer.compareUnsigned(time - t2, window) > 0) {
            return reset(time, value);
        }
        if (value <= v1) {
            setSecond(time, value);
        } else if (value <= v2) {
            setThird(time, value);
        }
        return expire(window, time, value);
    }

    /// Adds a sample and returns the largest of the last `window` time units.
    @Kernel("minmax_running_max")
    @HotPath
    public long runningMax(int window, int time, long value) {
        if (value >= v0 || Integer.compareUnsigned(time - t2, window) > 0) {
            return reset(time, value);
        }
        if (value >= v1) {
            setSecond(time, value);
        } else if (value >= v2) {
            setThird(time, value);
        }
        return expire(window, time, value);
    }

    private void setSecond(int time, long value) {
        t1 = time;
        v1 = value;
        setThird(time, value);
    }

    private void setThird(int time, long value) {
        t2 = time;
        v2 = value;
    }

    /// Lets the best sample go when it has left the window, and keeps the other two spread over the
    /// window's later quarter and half.
    @Kernel("minmax_subwin_update")
    private long expire(int window, int time, long value) {
        int age = time - t0;
        if (Integer.compareUnsigned(age, window) > 0) {
            t0 = t1;
            v0 = v1;
            setSecond(t2, v2);
            setThird(time, value);
            if (Integer.compareUnsigned(time - t0, window) > 0) {
                t0 = t1;
                v0 = v1;
                t1 = t2;
                v1 = v2;
                setThird(time, value);
            }
        } else if (t1 == t0 && Integer.compareUnsigned(age, window / 4) > 0) {
            setSecond(time, value);
        } else if (t2 == t1 && Integer.compareUnsigned(age, window / 2) > 0) {
            setThird(time, value);
        }
        return v0;
    }
}
