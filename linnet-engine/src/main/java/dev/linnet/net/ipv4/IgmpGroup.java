package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A multicast group on a device: what the sockets together want of it, and what the routers have yet
/// to be told (`struct ip_mc_list`). Guarded by the monitor of its [IgmpDevice].
///
/// The device's filter is a set of sources that are let in (`INCLUDE`) or kept out (`EXCLUDE`); no
/// membership at all is `INCLUDE` of nothing, so that joining and leaving are changes of the filter
/// like any other (RFC 3376 sections 3.2 and 5.1).
@Kernel("ip_mc_list")
final class IgmpGroup {
    /// Types of records (RFC 3376 section 4.2.12).
    static final int MODE_IS_INCLUDE = 1;

    static final int MODE_IS_EXCLUDE = 2;
    static final int CHANGE_TO_INCLUDE = 3;
    static final int CHANGE_TO_EXCLUDE = 4;
    static final int ALLOW_NEW_SOURCES = 5;
    static final int BLOCK_OLD_SOURCES = 6;

    /// A record of a report.
    record Report(int type, int group, List<Integer> sources) {}

    /// How many sockets let a source in, and how many keep it out.
    private static final class Votes {
        int include;
        int exclude;
    }

    /// A source of which the routers are to be told so many more times.
    private record SourceChange(int type, int times) {}

    final int address;
    private int users;
    private int excluding;
    private final TreeMap<Integer, Votes> votes = new TreeMap<>();
    private int modeReports;

    /// How often a router that speaks an older version is to be told of joining or leaving.
    private int membershipReports;

    private final TreeMap<Integer, SourceChange> sourceReports = new TreeMap<>();

    IgmpGroup(int address) {
        this.address = address;
    }

    /// True once nobody wants the group and everybody who must know does.
    boolean isOver() {
        return users == 0 && !hasReports();
    }

    boolean hasUsers() {
        return users > 0;
    }

    boolean hasReports() {
        return membershipReports > 0 || modeReports > 0 || !sourceReports.isEmpty();
    }

    private boolean excludes() {
        return excluding > 0;
    }

    /// The sources that the filter names.
    private SortedSet<Integer> sources() {
        SortedSet<Integer> sources = new TreeSet<>();
        votes.forEach(
                (source, v) -> {
                    boolean named =
                            excludes() ? v.include == 0 && v.exclude == excluding : v.include > 0;
                    if (named) {
                        sources.add(source);
                    }
                });
        return sources;
    }

    /// True if packets from a source are let in; 0 asks for any source (`ip_check_mc_rcu`).
    @Kernel("ip_check_mc_rcu")
    boolean accepts(int source) {
        Votes v = source == 0 ? null : votes.get(source);
        if (v == null) {
            return excludes() || (source == 0 && users > 0);
        }
        return v.include > 0 || (excludes() && v.exclude != excluding);
    }

    /// Adds (`sign` 1) or takes back (-1) the filter of one socket.
    ///
    /// @param times how often the change is told
    @Kernel({"ip_mc_add_src", "ip_mc_del_src"})
    void change(int sign, boolean exclude, int[] filter, int times) {
        boolean hadExcludes = excludes();
        SortedSet<Integer> before = sources();
        boolean wasMember = hasUsers();
        vote(sign, exclude, filter);
        if (wasMember != hasUsers()) {
            membershipReports = wasMember ? 1 : times;
        }
        note(hadExcludes, before, times);
    }

    /// Replaces the filter of one socket by another.
    void replace(boolean wasExclude, int[] old, boolean exclude, int[] filter, int times) {
        boolean hadExcludes = excludes();
        SortedSet<Integer> before = sources();
        vote(-1, wasExclude, old);
        vote(1, exclude, filter);
        note(hadExcludes, before, times);
    }

    private void vote(int sign, boolean exclude, int[] filter) {
        users += sign;
        excluding += exclude ? sign : 0;
        for (int source : filter) {
            Votes v = votes.computeIfAbsent(source, s -> new Votes());
            if (exclude) {
                v.exclude += sign;
            } else {
                v.include += sign;
            }
            if (v.include == 0 && v.exclude == 0) {
                votes.remove(source);
            }
        }
    }

    private void note(boolean hadExcludes, SortedSet<Integer> before, int times) {
        if (hadExcludes != excludes()) {
            modeReports = times;
            sourceReports.clear();
            return;
        }
        SortedSet<Integer> now = sources();
        int added = excludes() ? BLOCK_OLD_SOURCES : ALLOW_NEW_SOURCES;
        int removed = excludes() ? ALLOW_NEW_SOURCES : BLOCK_OLD_SOURCES;
        noteDifference(now, before, added, times);
        noteDifference(before, now, removed, times);
    }

    private void noteDifference(
            SortedSet<Integer> in, SortedSet<Integer> notIn, int type, int times) {
        for (int source : in) {
            if (!notIn.contains(source)) {
                sourceReports.put(source, new SourceChange(type, times));
            }
        }
    }

    /// Forgets what is to be told and begins as after joining: the link is new.
    void announce(int times) {
        membershipReports = hasUsers() ? times : 0;
        modeReports = excludes() ? times : 0;
        sourceReports.clear();
        if (!excludes()) {
            noteDifference(sources(), Collections.emptySortedSet(), ALLOW_NEW_SOURCES, times);
        }
    }

    /// Nobody is to be told of this group.
    void takeAllChanges() {
        membershipReports = 0;
        modeReports = 0;
        sourceReports.clear();
    }

    /// What an older version tells: that the group is joined, or that it is left.
    List<Report> takeMembership() {
        boolean tell = membershipReports > 0;
        int left = membershipReports - 1;
        takeAllChanges();
        membershipReports = Math.max(left, 0);
        int type = hasUsers() ? CHANGE_TO_EXCLUDE : CHANGE_TO_INCLUDE;
        return tell ? List.of(new Report(type, address, List.of())) : List.of();
    }

    /// The records that tell of the latest changes; each is told once less afterwards.
    List<Report> takeChanges() {
        membershipReports = 0;
        List<Report> reports = new ArrayList<>();
        if (modeReports > 0) {
            modeReports--;
            int type = excludes() ? CHANGE_TO_EXCLUDE : CHANGE_TO_INCLUDE;
            reports.add(new Report(type, address, List.copyOf(sources())));
            return reports;
        }
        for (int type : new int[] {ALLOW_NEW_SOURCES, BLOCK_OLD_SOURCES}) {
            List<Integer> told = new ArrayList<>();
            for (Map.Entry<Integer, SourceChange> e : List.copyOf(sourceReports.entrySet())) {
                if (e.getValue().type == type) {
                    told.add(e.getKey());
                    countDown(e.getKey(), e.getValue());
                }
            }
            if (!told.isEmpty()) {
                reports.add(new Report(type, address, told));
            }
        }
        return reports;
    }

    private void countDown(int source, SourceChange change) {
        if (change.times <= 1) {
            sourceReports.remove(source);
        } else {
            sourceReports.put(source, new SourceChange(change.type, change.times - 1));
        }
    }

    /// The record that answers a query for the group.
    ///
    /// @param asked the sources that it asks about, or none for all
    List<Report> state(List<Integer> asked) {
        if (users == 0) {
            return List.of();
        }
        if (asked.isEmpty()) {
            int type = excludes() ? MODE_IS_EXCLUDE : MODE_IS_INCLUDE;
            return List.of(new Report(type, address, List.copyOf(sources())));
        }
        List<Integer> wanted = asked.stream().filter(this::accepts).toList();
        return wanted.isEmpty() ? List.of() : List.of(new Report(MODE_IS_INCLUDE, address, wanted));
    }
}
