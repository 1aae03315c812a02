package dev.linnet.kernel.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One sleep of one thread: made by the thread that will sleep, woken by anyone, once or often.
///
/// A wake-up that comes before the sleep is not lost: [#woken] stays set until [#rearm()].
public final class Waiter {
    private static final int AWAKE = 0;
    private static final int PARKED = 1;
    private static final int WOKEN = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Signals signals = Signals.current();
    final Thread thread = signals.thread();

    /// The virtual scheduler's handle of the thread, unused in real time.
    VirtualScheduler.@Nullable Strand strand;

    @SuppressWarnings("unused") // through STATE
    private volatile int state;

    /// True once somebody has woken it since the last [#rearm()].
    public boolean woken() {
        return state == WOKEN;
    }

    /// Forgets past wake-ups; the sleeper calls it before it checks its condition again.
    public void rearm() {
        state = AWAKE;
    }

    /// From now on a wake-up has to wake the thread; false if one has come already.
    boolean willPark() {
        return STATE.compareAndSet(this, AWAKE, PARKED);
    }

    /// The thread goes on without a wake-up; false if one has come.
    boolean giveUp() {
        return STATE.compareAndSet(this, PARKED, AWAKE);
    }

    /// Wakes it; true if the thread has to be unparked by the caller, and by nobody else.
    boolean wake() {
        return (int) STATE.getAndSet(this, WOKEN) == PARKED;
    }
}
