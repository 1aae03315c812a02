package dev.linnet.host;

import java.util.concurrent.atomic.AtomicInteger;

/// Lets a resource be closed while other threads are in the middle of using it.
///
/// Every use is bracketed by [#enter] and [#exit]. After [#close] no new use begins, and the action
/// that frees the resource runs once, in whichever thread leaves last. This is how a descriptor is
/// kept from being closed, and its number from being given to another file, under a running call.
final class UseCount {
    private static final int CLOSED = 1 << 31;

    /// Users in progress, and [#CLOSED] in the sign bit.
    private final AtomicInteger state = new AtomicInteger();

    private final Runnable free;

    /// @param free frees the resource; must not throw
    UseCount(Runnable free) {
        this.free = free;
    }

    /// Begins a use; false when the resource is closed, in which case [#exit] must not be called.
    boolean enter() {
        if (state.incrementAndGet() > 0) {
            return true;
        }
        exit();
        return false;
    }

    void exit() {
        if (state.decrementAndGet() == CLOSED && state.compareAndSet(CLOSED, CLOSED | 1)) {
            free.run();
        }
    }

    boolean isOpen() {
        return state.get() >= 0;
    }

    /// Ends the resource's life; true for the one call that did it.
    boolean close() {
        for (int s = state.get(); s >= 0; s = state.get()) {
            if (state.compareAndSet(s, (s + 1) | CLOSED)) {
                exit();
                return true;
            }
        }
        return false;
    }
}
