package dev.linnet.kernel.sched;

import dev.linnet.kernel.Kernel;

/// The signals of one thread: what ends its wait in a call with `EINTR`.
///
/// There are two: the interrupt of Java's thread, which stays set and can be blocked, and one that is sent to this
/// object ([Scheduler#signal]), which nobody else sees and which stays until [#clear()]. The second is what a
/// `close` needs that has to get other threads out of their calls.
public final class Signals {
    private final Thread thread;

    /// Sent and not cleared yet.
    private volatile boolean sent;

    /// Whether interrupts of the thread do not count; written and read by the thread itself.
    private boolean interruptsBlocked;

    /// Whether nothing counts, because a wait has to go on to its end; written and read by the thread itself.
    private boolean uninterruptible;

    Signals(Thread thread) {
        this.thread = thread;
    }

    /// Those of the calling thread.
    public static Signals current() {
        return SoftIrq.current().signals;
    }

    /// Whose they are.
    public Thread thread() {
        return thread;
    }

    /// True if the calling thread, whose signals these are, should not wait (`signal_pending`).
    @Kernel("signal_pending")
    public boolean pending() {
        return !uninterruptible && (sent || (!interruptsBlocked && thread.isInterrupted()));
    }

    /// Whether interrupts of the thread leave its calls alone; for the thread itself. They are not lost: the
    /// interrupt status is set again when the wait is over.
    @Kernel("set_current_blocked")
    public void blockInterrupts(boolean block) {
        interruptsBlocked = block;
    }

    /// Whether the thread's waits have to go on to their ends (`TASK_UNINTERRUPTIBLE`); for the thread itself.
    void setUninterruptible(boolean on) {
        uninterruptible = on;
    }

    /// Forgets what was sent; for the thread itself, when no one can mean an earlier call any more.
    public void clear() {
        sent = false;
    }

    void send() {
        sent = true;
    }

    /// Takes the interrupt status away, without which a thread does not sleep, if interrupts are blocked; true if it
    /// was set.
    boolean holdInterrupt() {
        return (interruptsBlocked || uninterruptible) && Thread.interrupted();
    }
}
