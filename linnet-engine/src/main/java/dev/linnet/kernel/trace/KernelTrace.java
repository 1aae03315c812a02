package dev.linnet.kernel.trace;

import org.jspecify.annotations.Nullable;

/// Where the tracer's weaver connects the engine to a listener: calls of [#enter] and [#exit] are
/// woven into functions that carry a [dev.linnet.kernel.Kernel] name, on demand. Nothing in the
/// engine calls them, so tracing that is off costs nothing.
public final class KernelTrace {
    /// Hears of each function that begins and ends, on the thread that runs it.
    public interface Listener {
        /// @param function its kernel name
        /// @param subject its first argument that is an object (or `this`), which tells what it works
        ///     on
        void enter(String function, @Nullable Object subject);

        void exit(String function, @Nullable Object subject);
    }

    private static volatile @Nullable Listener listener;

    private KernelTrace() {}

    /// Sets the one listener, or none.
    public static void listen(@Nullable Listener l) {
        listener = l;
    }

    /// Called at the start of a woven function.
    public static void enter(@Nullable Object subject, String function) {
        Listener l = listener;
        if (l != null) {
            l.enter(function, subject);
        }
    }

    /// Called where a woven function returns.
    public static void exit(@Nullable Object subject, String function) {
        Listener l = listener;
        if (l != null) {
            l.exit(function, subject);
        }
    }
}
