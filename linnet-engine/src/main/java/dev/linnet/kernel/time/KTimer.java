package dev.linnet.kernel.time;

import dev.linnet.kernel.Kernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A timer of jiffy resolution (`struct timer_list`), an intrusive node of a [TimerWheel].
///
/// The wheel re-arms lazily: pushing a pending timer to a later time only writes [#expires()]; the
/// node is moved when the wheel comes to its old place. A retransmission timer that every ACK
/// restarts therefore costs one volatile write an ACK. Arming allocates nothing.
///
/// The function runs in soft-interrupt context on the thread that runs the timers, never with the
/// wheel's lock held, so it may arm timers, send packets and wake threads, but never block.
/// `mod` and `del` may be called from any thread; [#del()] does not wait for a running function.
public final class KTimer {
    /// What a timer does when it expires; a constant, with the state it works on as an argument.
    @FunctionalInterface
    public interface Function {
        /// Runs once per expiry, in soft-interrupt context.
        void expire(Object owner);
    }

    static final long NONE = Long.MAX_VALUE;
    private static final VarHandle EXPIRES;

    static {
        try {
            EXPIRES = MethodHandles.lookup().findVarHandle(KTimer.class, "expires", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final TimerWheel wheel;
    private final Function function;
    private final Object owner;

    /// When to run, in jiffies, or [#NONE]. Written by `mod`/`del`, read by the wheel.
    volatile long expires = NONE;

    /// Guarded by the wheel: the jiffy under which the node is filed, or [#NONE] when it is not.
    volatile long filedAt = NONE;

    int slot;
    @Nullable KTimer next;
    @Nullable KTimer prev;

    public KTimer(TimerWheel wheel, Function function, Object owner) {
        this.wheel = wheel;
        this.function = function;
        this.owner = owner;
    }

    /// Arms the timer for the given jiffy, or moves it there (`mod_timer`); a past jiffy means the
    /// next run of the timers.
    @Kernel("mod_timer")
    public void mod(long jiffy) {
        expires = jiffy;
        if (jiffy < filedAt) {
            wheel.file(this);
        }
    }

    /// Disarms the timer; true if it was pending (`timer_delete`).
    @Kernel("timer_delete")
    public boolean del() {
        return (long) EXPIRES.getAndSet(this, NONE) != NONE;
    }

    /// Takes the expiry that the wheel has read; false if the timer was moved or disarmed since.
    boolean claim(long seen) {
        return EXPIRES.compareAndSet(this, seen, NONE);
    }

    /// Disarms the timer and unlinks it at once, for an owner that goes away.
    @Kernel("timer_delete_sync")
    public void shutdown() {
        expires = NONE;
        wheel.unfile(this);
    }

    /// True while an expiry is ahead (`timer_pending`).
    public boolean pending() {
        return expires != NONE;
    }

    /// The jiffy at which it will run; meaningful only while [#pending()].
    public long expires() {
        return expires;
    }

    void run() {
        function.expire(owner);
    }
}
