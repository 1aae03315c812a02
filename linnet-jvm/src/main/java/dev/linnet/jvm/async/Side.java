package dev.linnet.jvm.async;

import java.util.function.Supplier;

/// One direction of a connection: at most one operation at a time, and none after one that timed out or was cancelled,
/// because nobody knows what became of its data. Thread-safe.
final class Side {
    private final String name;
    private final Supplier<? extends IllegalStateException> pending;
    private boolean busy;
    private boolean killed;
    private boolean shut;

    /// @param name as it begins a sentence
    /// @param pending what is thrown if there is an operation already
    Side(String name, Supplier<? extends IllegalStateException> pending) {
        this.name = name;
        this.pending = pending;
    }

    /// Begins an operation; false, and none is begun, if the direction is shut.
    ///
    /// @param empty whether it moves nothing, so that it is over at once
    synchronized boolean begin(boolean empty) {
        if (killed) {
            throw new IllegalStateException(name + " not allowed due to timeout or cancellation");
        }
        if (busy) {
            throw pending.get();
        }
        busy = !shut && !empty;
        return !shut;
    }

    /// Ends it.
    ///
    /// @param kill whether it is the last
    synchronized void end(boolean kill) {
        busy = false;
        killed |= kill;
    }

    synchronized void kill() {
        killed = true;
    }

    /// Shuts the direction; true the first time.
    synchronized boolean shut() {
        boolean first = !shut;
        shut = true;
        return first;
    }

    synchronized boolean isShut() {
        return shut;
    }
}
