package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In4Addr;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The multicast groups of one device and what the routers on its link are told of them (`mc_list`
/// of `struct in_device`, `net/ipv4/igmp.c`). Guarded by its monitor, which is not held while
/// messages are sent.
final class IgmpDevice {
    private static final KTimer.Function CHANGES = owner -> ((IgmpDevice) owner).tellChanges();
    private static final KTimer.Function QUERY = owner -> ((IgmpDevice) owner).answerQuery();

    /// How long an older router is remembered, seconds (RFC 3376 section 8.12).
    private static final long OLDER_ROUTER_SECONDS = 400;

    private final NetDevice dev;
    private final InDevice in;
    private final TreeMap<Integer, IgmpGroup> groups = new TreeMap<>();
    private final KTimer changeTimer;
    private final KTimer queryTimer;
    private int changeRounds;
    private long v1SeenUntil;
    private long v2SeenUntil;

    /// What the latest query asks for: all groups (0) or one of them, and of it some sources.
    private int askedGroup;

    private List<Integer> askedSources = List.of();

    IgmpDevice(InDevice in) {
        this.in = in;
        this.dev = in.dev;
        this.changeTimer = dev.net.timers.timer(CHANGES, this);
        this.queryTimer = dev.net.timers.timer(QUERY, this);
    }

    private long now() {
        return dev.net.clock.jiffies();
    }

    // ---- membership
    // --------------------------------------------------------------------------------

    /// True if packets to a group from a source are for this host; the group of all hosts always is.
    @Kernel("ip_check_mc_rcu")
    synchronized boolean accepts(int group, int source) {
        IgmpGroup g = groups.get(group);
        return group == In4Addr.ALL_HOSTS || (g != null && g.accepts(source));
    }

    /// True if anybody here wants the group.
    synchronized boolean isMember(int group) {
        IgmpGroup g = groups.get(group);
        return group == In4Addr.ALL_HOSTS || (g != null && g.hasUsers());
    }

    /// Adds (`sign` 1) or takes back (-1) what one socket wants of a group.
    @Kernel({"ip_mc_inc_group", "ip_mc_dec_group"})
    void change(int group, int sign, boolean exclude, int[] sources) {
        synchronized (this) {
            IgmpGroup g = groups.computeIfAbsent(group, IgmpGroup::new);
            g.change(sign, exclude, sources, robustness());
            if (!reported(group)) {
                g.takeAllChanges();
            }
            if (g.isOver()) {
                groups.remove(group);
            }
            if (g.hasReports() && dev.isUp()) {
                startChanges();
            }
        }
    }

    /// Replaces what one socket wants of a group, in one change.
    synchronized void replace(
            int group, boolean wasExclude, int[] before, boolean exclude, int[] after) {
        IgmpGroup g = groups.computeIfAbsent(group, IgmpGroup::new);
        g.replace(wasExclude, before, exclude, after, robustness());
        if (!reported(group)) {
            g.takeAllChanges();
        }
        if (g.hasReports() && dev.isUp()) {
            startChanges();
        }
    }

    private boolean reported(int group) {
        return group != In4Addr.ALL_HOSTS
                && (!In4Addr.isLocalMulticast(group)
                        || dev.net.sysctl.get(IpSysctls.IGMP_LINK_LOCAL_MCAST_REPORTS));
    }

    private int robustness() {
        return dev.net.sysctl.get(IpSysctls.IGMP_QRV);
    }

    /// The device came up: the routers on its link know nothing (`ip_mc_up`).
    @Kernel("ip_mc_up")
    synchronized void up() {
        boolean any = false;
        for (IgmpGroup g : groups.values()) {
            if (reported(g.address)) {
                g.announce(robustness());
                any |= g.hasReports();
            }
        }
        if (any) {
            startChanges();
        }
    }

    /// The device went down (`ip_mc_down`).
    @Kernel("ip_mc_down")
    synchronized void down() {
        changeTimer.shutdown();
        queryTimer.shutdown();
        v1SeenUntil = 0;
        v2SeenUntil = 0;
    }

    // ---- telling
    // -----------------------------------------------------------------------------------

    /// The version that is spoken: 3, unless an older router was heard or the sysctl says so.
    @Kernel({"IGMP_V1_SEEN", "IGMP_V2_SEEN"})
    private int version() {
        int forced = in.conf.effective(ConfSysctls.FORCE_IGMP_VERSION);
        if (forced != 0) {
            return forced;
        }
        if (now() < v1SeenUntil) {
            return 1;
        }
        return now() < v2SeenUntil ? 2 : 3;
    }

    @Kernel("igmp_ifc_event")
    private void startChanges() {
        changeRounds = robustness();
        changeTimer.mod(now() + 2);
    }

    @Kernel("igmp_ifc_timer_expire")
    private void tellChanges() {
        List<IgmpGroup.Report> reports = new ArrayList<>();
        int version;
        synchronized (this) {
            version = version();
            for (IgmpGroup g : List.copyOf(groups.values())) {
                reports.addAll(version == 3 ? g.takeChanges() : g.takeMembership());
                if (g.isOver()) {
                    groups.remove(g.address);
                }
            }
            if (--changeRounds > 0) {
                changeTimer.mod(now() + 2 + random(unsolicitedInterval(version)));
            }
        }
        Igmp.send(in, version, reports);
    }

    private int unsolicitedInterval(int version) {
        return in.conf.get(
                version == 3
                        ? ConfSysctls.IGMPV3_UNSOLICITED_REPORT_INTERVAL
                        : ConfSysctls.IGMPV2_UNSOLICITED_REPORT_INTERVAL);
    }

    private int random(int below) {
        return below <= 0 ? 0 : dev.net.random.below(below);
    }

    // ---- hearing
    // -----------------------------------------------------------------------------------

    /// A router asks (`igmp_heard_query`). The answer is given after a random part of the time that
    /// it allows; a second question before that widens the first.
    ///
    /// @param version of the query
    /// @param group 0 for all groups
    /// @param maxDelay jiffies
    @Kernel("igmp_heard_query")
    synchronized void query(int version, int group, List<Integer> sources, int maxDelay) {
        long remembered = now() + OLDER_ROUTER_SECONDS * Clock.HZ;
        if (version == 1) {
            v1SeenUntil = remembered;
        } else if (version == 2) {
            v2SeenUntil = remembered;
        }
        long at = now() + 2 + random(Math.max(1, maxDelay));
        if (queryTimer.pending()) {
            boolean same = askedGroup == group;
            askedGroup = same ? group : 0;
            askedSources = same && askedSources.equals(sources) ? sources : List.of();
            at = Math.min(at, queryTimer.expires());
        } else {
            askedGroup = group;
            askedSources = sources;
        }
        queryTimer.mod(at);
    }

    /// Another host wants the group, too: the router need not hear it from us (`igmp_heard_report`).
    @Kernel("igmp_heard_report")
    synchronized void heardReport(int group) {
        if (version() < 3 && askedGroup == group && queryTimer.pending()) {
            queryTimer.del();
        }
    }

    @Kernel({"igmp_gq_timer_expire", "igmp_timer_expire"})
    private void answerQuery() {
        List<IgmpGroup.Report> reports = new ArrayList<>();
        int version;
        synchronized (this) {
            version = version();
            IgmpGroup asked = askedGroup == 0 ? null : groups.get(askedGroup);
            if (asked != null) {
                addState(asked, askedSources, reports);
            } else if (askedGroup == 0) {
                groups.values().forEach(g -> addState(g, List.of(), reports));
            }
        }
        Igmp.send(in, version, reports);
    }

    private void addState(IgmpGroup g, List<Integer> sources, List<IgmpGroup.Report> reports) {
        if (reported(g.address)) {
            reports.addAll(g.state(sources));
        }
    }
}
