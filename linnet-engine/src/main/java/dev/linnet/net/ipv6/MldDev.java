package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The groups that an interface has joined, and what is still to be told of them (RFC 3810,
/// `net/ipv6/mcast.c`). Read without a lock; changed under this object's monitor, which is never held
/// while something is sent.
final class MldDev {
    private static final long NODE_LOCAL_HI = 0xff01_0000_0000_0000L;
    private static final long SITE_LOCAL_HI = 0xff05_0000_0000_0000L;

    /// Time that every report waits at least, jiffies.
    private static final int MIN_DELAY = 2;

    /// A change that is told several times, as reports may get lost (`mca_crcount`).
    static final class Change {
        final int type;
        final long hi;
        final long lo;
        final Set<In6Addr> sources;
        int left;

        Change(int type, MldGroup group, Set<In6Addr> sources, int left) {
            this.type = type;
            this.hi = group.hi;
            this.lo = group.lo;
            this.sources = sources;
            this.left = left;
        }
    }

    final Inet6Dev idev;
    final List<MldGroup> groups = new CopyOnWriteArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    /// Tells of changes; of all groups once there is an address to tell it from; answers general
    /// queries.
    final KTimer changeTimer;

    final KTimer initialTimer;
    final KTimer generalTimer;
    private int initialLeft;

    /// Jiffies until which a querier of version 1 is believed to be on the link.
    volatile long v1Until;

    /// Times that a report is sent, as the querier wishes.
    volatile int robustness;

    MldDev(Inet6Dev idev) {
        this.idev = idev;
        this.robustness = idev.net.sysctl.get(Ipv6Sysctls.MLD_QRV);
        this.changeTimer = idev.net.timers.timer(o -> ((MldDev) o).tellChanges(), this);
        this.initialTimer = idev.net.timers.timer(o -> ((MldDev) o).tellAll(), this);
        this.generalTimer = idev.net.timers.timer(MldQuery.ANSWER_GENERAL, this);
    }

    // ---- who is a member
    // -------------------------------------------------------------------------

    @Nullable MldGroup find(long hi, long lo) {
        for (MldGroup group : groups) {
            if (group.is(hi, lo)) {
                return group;
            }
        }
        return null;
    }

    @Kernel("ipv6_chk_mcast_addr")
    boolean isMember(long hi, long lo) {
        return find(hi, lo) != null;
    }

    /// Whether packets of a source to a group are wanted; an unspecified source always is.
    @Kernel("ipv6_chk_mcast_addr")
    boolean wants(long hi, long lo, long sourceHi, long sourceLo) {
        MldGroup group = find(hi, lo);
        return group != null
                && (In6Addr.isUnspecified(sourceHi, sourceLo)
                        || group.filter.wants(sourceHi, sourceLo));
    }

    // ---- joining and leaving
    // -----------------------------------------------------------------------

    /// The groups that every node is in, and routers if this is one (RFC 4291 section 2.8).
    void joinAlways(boolean router) {
        inc(NODE_LOCAL_HI, In6Addr.ALL_NODES_LO);
        inc(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.ALL_NODES_LO);
        if (router) {
            routerGroups(true);
        }
    }

    synchronized void routerGroups(boolean join) {
        long lo = In6Addr.ALL_ROUTERS_LO;
        if (join == isMember(In6Addr.LINK_LOCAL_MULTICAST_HI, lo)) {
            return;
        }
        for (long hi : new long[] {In6Addr.LINK_LOCAL_MULTICAST_HI, NODE_LOCAL_HI, SITE_LOCAL_HI}) {
            if (join) {
                inc(hi, lo);
            } else {
                dec(hi, lo);
            }
        }
    }

    @Kernel("addrconf_join_solict")
    void joinSolicitedNode(long addressLo) {
        if (isAsked()) {
            inc(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.solicitedNodeLo(addressLo));
        }
    }

    @Kernel("addrconf_leave_solict")
    void leaveSolicitedNode(long addressLo) {
        if (isAsked()) {
            dec(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.solicitedNodeLo(addressLo));
        }
    }

    /// True if the link has neighbours that ask for addresses.
    private boolean isAsked() {
        return (idev.dev.flags & (NetDevice.IFF_NOARP | NetDevice.IFF_LOOPBACK)) == 0;
    }

    /// One more of the stack's own memberships (`ipv6_dev_mc_inc`).
    @Kernel("ipv6_dev_mc_inc")
    synchronized void inc(long hi, long lo) {
        MldGroup group = findOrMake(hi, lo);
        group.users++;
        changed(group);
    }

    /// One less (`ipv6_dev_mc_dec`).
    @Kernel("ipv6_dev_mc_dec")
    synchronized void dec(long hi, long lo) {
        MldGroup group = find(hi, lo);
        if (group != null && group.users > 0) {
            group.users--;
            changed(group);
        }
    }

    /// What a socket wants of a group, null if it leaves.
    @Kernel({"ip6_mc_add_src", "ip6_mc_del_src"})
    synchronized void set(Object owner, long hi, long lo, @Nullable McFilter filter) {
        MldGroup group = filter == null ? find(hi, lo) : findOrMake(hi, lo);
        if (group == null) {
            return;
        }
        if (filter == null) {
            group.filters.remove(owner);
        } else {
            group.filters.put(owner, filter);
        }
        changed(group);
    }

    private MldGroup findOrMake(long hi, long lo) {
        MldGroup group = find(hi, lo);
        if (group == null) {
            group = new MldGroup(this, hi, lo);
            groups.add(group);
        }
        return group;
    }

    private void changed(MldGroup group) {
        McFilter before = group.filter;
        McFilter after = group.merged();
        group.filter = after;
        if (group.isUnused()) {
            groups.remove(group);
            group.timer.shutdown();
        }
        if (group.isSilent() || before.equals(after) || !idev.ready) {
            return;
        }
        note(group, before, after);
    }

    /// Notes what is to be told of a change (RFC 3810 section 6.1).
    private void note(MldGroup group, McFilter before, McFilter after) {
        if (before.exclude() != after.exclude()) {
            changes.removeIf(c -> c.hi == group.hi && c.lo == group.lo);
            int type = after.exclude() ? MldReport.TO_EXCLUDE : MldReport.TO_INCLUDE;
            if (type == MldReport.TO_EXCLUDE || !v1() || group.lastReporter) {
                boolean once = type == MldReport.TO_INCLUDE && v1();
                changes.add(new Change(type, group, after.sources(), once ? 1 : robustness));
            }
            group.lastReporter = v1();
        } else {
            Set<In6Addr> more = after.without(before);
            Set<In6Addr> fewer = before.without(after);
            note(group, MldReport.ALLOW, after.exclude() ? fewer : more);
            note(group, MldReport.BLOCK, after.exclude() ? more : fewer);
        }
        soon(changeTimer, 1);
    }

    private void note(MldGroup group, int type, Set<In6Addr> sources) {
        if (!sources.isEmpty()) {
            changes.add(new Change(type, group, sources, robustness));
        }
    }

    // ---- the interface comes and goes
    // --------------------------------------------------------------

    /// Tells of all groups anew (`ipv6_mc_up`).
    @Kernel("ipv6_mc_up")
    synchronized void up() {
        changes.clear();
        for (MldGroup group : groups) {
            if (!group.isSilent()) {
                note(group, McFilter.NONE, group.filter);
            }
        }
    }

    /// Leaves the groups of the addresses that go with the interface; those of sockets are kept for
    /// when it comes back.
    @Kernel("ipv6_mc_down")
    synchronized void down() {
        stop();
        for (MldGroup group : groups) {
            group.timer.del();
            if (Ipv6Scope.isSolicitedNode(group.hi, group.lo)) {
                group.users = 0;
                changed(group);
            }
        }
    }

    private void stop() {
        changes.clear();
        changeTimer.del();
        initialTimer.del();
        generalTimer.del();
    }

    synchronized void destroy() {
        stop();
        groups.forEach(group -> group.timer.shutdown());
        groups.clear();
    }

    // ---- telling
    // -----------------------------------------------------------------------------------

    /// True while reports are those of version 1.
    @Kernel("mld_in_v1_mode")
    boolean v1() {
        int forced = idev.cnf.get(Conf6Sysctls.FORCE_MLD_VERSION);
        return forced == 1 || (forced != 2 && idev.net.clock.jiffies() < v1Until);
    }

    @Kernel("unsolicited_report_interval")
    private int interval() {
        return idev.cnf.get(
                v1()
                        ? Conf6Sysctls.MLDV1_UNSOLICITED_REPORT_INTERVAL
                        : Conf6Sysctls.MLDV2_UNSOLICITED_REPORT_INTERVAL);
    }

    /// Arms a timer within so many jiffies, hosts at different times.
    void soon(KTimer timer, int within) {
        int delay = within > 0 ? idev.net.random.below(within) : 0;
        timer.mod(idev.net.clock.jiffies() + delay + MIN_DELAY);
    }

    @Kernel({"mld_ifc_work", "mld_send_cr"})
    private void tellChanges() {
        List<Change> now;
        synchronized (this) {
            if (!idev.ready || idev.dead) {
                return;
            }
            now = List.copyOf(changes);
            changes.removeIf(c -> --c.left <= 0);
            if (!changes.isEmpty()) {
                soon(changeTimer, interval());
            }
        }
        if (v1()) {
            now.forEach(c -> MldReport.sendV1(idev, c));
        } else {
            MldReport.sendChanges(idev, now);
        }
    }

    /// There is an address now to send reports from: those sent without one may not have counted
    /// (RFC 3590).
    @Kernel("ipv6_mc_dad_complete")
    synchronized void reportAgain() {
        initialLeft = robustness;
        initialTimer.mod(idev.net.clock.jiffies());
    }

    @Kernel({"mld_dad_work", "mld_send_initial_cr"})
    private void tellAll() {
        List<Change> all = new ArrayList<>();
        synchronized (this) {
            if (!idev.ready || idev.dead) {
                return;
            }
            if (--initialLeft > 0) {
                soon(initialTimer, interval());
            }
            for (MldGroup g : groups) {
                if (!g.isSilent()) {
                    int type = g.filter.exclude() ? MldReport.TO_EXCLUDE : MldReport.ALLOW;
                    all.add(new Change(type, g, g.filter.sources(), 1));
                }
            }
        }
        if (!v1()) {
            MldReport.sendChanges(idev, all);
        }
    }
}
