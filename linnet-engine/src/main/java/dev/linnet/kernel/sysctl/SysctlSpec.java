package dev.linnet.kernel.sysctl;

import java.util.function.Function;
import java.util.function.ToLongFunction;

/// What a row says about its knob, beside the place where the value is. Bounds and default are in the
/// stored form of [Conv].
///
/// @param name dotted name; for a knob of a device the last part only
/// @param meaning what it does, in a few words
/// @param scope whose value it is
/// @param mode permissions of the file, such as 0644
/// @param conv what its numbers mean
/// @param count how many numbers it has
/// @param min smallest number that is accepted
/// @param max largest number that is accepted
/// @param initial the default: a `Long`, a `long[]`, or the object
/// @param handler reads and writes its text
record SysctlSpec(
        String name,
        String meaning,
        Scope scope,
        int mode,
        Conv conv,
        int count,
        ToLongFunction<SysctlValues> min,
        ToLongFunction<SysctlValues> max,
        Function<Machine, ?> initial,
        ProcHandler handler) {

    static final int READ_WRITE = 0644;
    static final int READ_ONLY = 0444;
    static final int WRITE_ONLY = 0200;
    static final int PRIVATE = 0600;

    /// Whose value a knob has, and where its file is seen.
    enum Scope {
        /// Each namespace has its own value.
        NAMESPACE,
        /// Each namespace has its own, and a new one begins with that of the initial namespace.
        INHERITED,
        /// One value for all, and the file is in the initial namespace only.
        INITIAL,
        /// One value for all; other namespaces can read it.
        INITIAL_READABLE,
        /// Each namespace has its own value; only the initial one may write it.
        INITIAL_WRITABLE;

        boolean shared() {
            return this == INITIAL || this == INITIAL_READABLE;
        }
    }

    /// Permissions of the file as a namespace sees it, 0 if it does not.
    int modeIn(boolean initialNamespace) {
        if (initialNamespace) {
            return mode;
        }
        return switch (scope) {
            case NAMESPACE, INHERITED -> mode;
            case INITIAL -> 0;
            case INITIAL_READABLE, INITIAL_WRITABLE -> mode & READ_ONLY;
        };
    }
}
