package dev.linnet.net.ipv6;

import dev.linnet.wire.In6Addr;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// From whom packets to a group are wanted (RFC 3810 section 4). Immutable.
///
/// @param exclude from all but the sources, else from the sources only
/// @param sources addresses, in the order in which the user gave them
record McFilter(boolean exclude, Set<In6Addr> sources) {
    /// From everybody: a plain membership.
    static final McFilter ALL = new McFilter(true, Set.of());

    /// From nobody: no membership.
    static final McFilter NONE = new McFilter(false, Set.of());

    McFilter {
        sources = Collections.unmodifiableSet(new LinkedHashSet<>(sources));
    }

    /// True for a filter that never had sources, which may become one of either kind; an empty one that
    /// once had some may not.
    @SuppressWarnings("ReferenceEquality") // these two objects mean that
    boolean isPlain() {
        return this == ALL || this == NONE;
    }

    boolean wants(long hi, long lo) {
        return sources.isEmpty() ? exclude : sources.contains(new In6Addr(hi, lo)) != exclude;
    }

    /// What an interface must receive so that all of these get what they want (RFC 3810 section 4.2).
    static McFilter merge(Collection<McFilter> filters) {
        Set<In6Addr> included = new HashSet<>();
        Set<In6Addr> excluded = null;
        for (McFilter f : filters) {
            if (!f.exclude) {
                included.addAll(f.sources);
            } else if (excluded == null) {
                excluded = new HashSet<>(f.sources);
            } else {
                excluded.retainAll(f.sources);
            }
        }
        if (excluded == null) {
            return new McFilter(false, included);
        }
        excluded.removeAll(included);
        return new McFilter(true, excluded);
    }

    /// The sources of this filter that are not in another one.
    Set<In6Addr> without(McFilter other) {
        Set<In6Addr> rest = new HashSet<>(sources);
        rest.removeAll(other.sources);
        return rest;
    }
}
