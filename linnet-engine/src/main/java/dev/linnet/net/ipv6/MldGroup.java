package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A group that an interface has joined (`struct ifmcaddr6`). Changed under the monitor of its
/// [MldDev].
@Kernel("ifmcaddr6")
final class MldGroup {
    final MldDev mld;
    final long hi;
    final long lo;

    /// When a query for the group is answered.
    final KTimer timer;

    /// Plain memberships of the stack itself, and the filters of sockets.
    int users;

    final Map<Object, McFilter> filters = new HashMap<>();

    /// What all of them together want.
    volatile McFilter filter = McFilter.NONE;

    /// This host was the last to report it in version 1: it must say when it leaves.
    boolean lastReporter;

    MldGroup(MldDev mld, long hi, long lo) {
        this.mld = mld;
        this.hi = hi;
        this.lo = lo;
        this.timer = mld.idev.net.timers.timer(MldQuery.ANSWER, this);
    }

    boolean is(long groupHi, long groupLo) {
        return lo == groupLo && hi == groupHi;
    }

    /// True for groups that are never reported: all nodes, and those that stay in the host (RFC 3810
    /// section 6).
    boolean isSilent() {
        return In6Addr.multicastScope(hi) < Ipv6Scope.LINK_LOCAL
                || is(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.ALL_NODES_LO);
    }

    McFilter merged() {
        List<McFilter> all = new ArrayList<>(filters.values());
        if (users > 0) {
            all.add(McFilter.ALL);
        }
        return McFilter.merge(all);
    }

    boolean isUnused() {
        return users == 0 && filters.isEmpty();
    }
}
