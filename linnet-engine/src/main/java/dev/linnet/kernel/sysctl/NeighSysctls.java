package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.Sysctl.Combine;
import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.FAMILY.neigh.{default,NAME}.*`: knobs of neighbour discovery, of ARP in [#IPV4] and of NDP in
/// [#IPV6]. `default` is one for all namespaces; a value written to it reaches the devices of the
/// initial namespace that have not been set themselves, and all devices that come later.
///
/// Mirrors `net/core/neighbour.c`, `net/ipv4/arp.c` and `net/ipv6/ndisc.c`.
public final class NeighSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.").in(Scope.INITIAL);

    /// Those of ARP.
    public static final NeighSysctls IPV4 = new NeighSysctls("ipv4", Conv.TICKS, 100);

    /// Those of NDP.
    public static final NeighSysctls IPV6 = new NeighSysctls("ipv6", Conv.INT, 0);

    private static final long INT_MAX = Integer.MAX_VALUE;

    /// Longest random delay of an answer for an anycast address or a proxied one.
    public final Sysctl.Dev anycastDelay;

    /// Probes that a program is asked to send.
    public final Sysctl.Dev appSolicit;

    /// Mean time that a neighbour counts as reachable.
    public final Sysctl.Dev baseReachableTime;

    /// Time before the first probe of a stale neighbour.
    public final Sysctl.Dev delayFirstProbeTime;

    /// Time after which an unused neighbour is forgotten.
    public final Sysctl.Dev gcStaleTime;

    /// Time between probes of managed neighbours.
    public final Sysctl.Dev intervalProbeTime;

    /// Time for which a changed link address is kept.
    public final Sysctl.Dev locktime;

    /// Probes by multicast after those to the neighbour itself.
    public final Sysctl.Dev mcastResolicit;

    /// Probes by multicast or broadcast.
    public final Sysctl.Dev mcastSolicit;

    /// Longest delay of an answer for another host.
    public final Sysctl.Dev proxyDelay;

    /// Answers for other hosts that may wait.
    public final Sysctl.Dev proxyQlen;

    /// Time between probes.
    public final Sysctl.Dev retransTime;

    /// Probes to the neighbour itself.
    public final Sysctl.Dev ucastSolicit;

    /// Bytes of packets that wait for an answer.
    public final Sysctl.Dev unresQlenBytes;

    /// Time between clean-ups of the table.
    public final Sysctl.Int gcInterval;

    /// Neighbours below which none is forgotten.
    public final Sysctl.Int gcThresh1;

    /// Neighbours above which they are forgotten sooner.
    public final Sysctl.Int gcThresh2;

    /// Neighbours above which no new one is made.
    public final Sysctl.Int gcThresh3;

    private final DevTable table;

    private NeighSysctls(String family, Conv retransConv, int locktimeTicks) {
        table = new DevTable("net." + family + ".neigh", ConfHandlers.DEFAULT_REACHES_DEVICES);
        anycastDelay =
                ticks(
                        "anycast_delay",
                        100,
                        "Longest random delay of an answer for an anycast address");
        appSolicit = count("app_solicit", 0, "Probes that a program is asked to send");
        baseReachableTime =
                table.millis(
                        "base_reachable_time_ms",
                        30_000,
                        "Mean time that a neighbour counts as reachable");
        delayFirstProbeTime =
                table.seconds(
                        "delay_first_probe_time",
                        5,
                        "Time before the first probe of a stale neighbour");
        gcStaleTime =
                table.seconds(
                        "gc_stale_time", 60, "Time after which an unused neighbour is forgotten");
        intervalProbeTime =
                table.row(
                        "interval_probe_time_ms",
                        Conv.MILLIS,
                        5000,
                        1,
                        INT_MAX,
                        Combine.DEV,
                        "Time between probes of managed neighbours");
        locktime =
                ticks("locktime", locktimeTicks, "Time for which a changed link address is kept");
        mcastResolicit =
                count(
                        "mcast_resolicit",
                        0,
                        "Probes by multicast after those to the neighbour itself");
        mcastSolicit = count("mcast_solicit", 3, "Probes by multicast or broadcast");
        proxyDelay = ticks("proxy_delay", 80, "Longest delay of an answer for another host");
        proxyQlen = count("proxy_qlen", 64, "Answers for other hosts that may wait");
        retransTime = table.millis("retrans_time_ms", 1000, "Time between probes");
        ucastSolicit = count("ucast_solicit", 3, "Probes to the neighbour itself");
        unresQlenBytes =
                count("unres_qlen_bytes", 212_992, "Bytes of packets that wait for an answer");
        addViews(retransConv);
        SysctlTable dflt = TABLE.dir(family + ".neigh.default.");
        gcInterval = dflt.seconds("gc_interval", 30, "Time between clean-ups of the table");
        gcThresh1 =
                dflt.integer(
                        "gc_thresh1", 128, 0, INT_MAX, "Neighbours below which none is forgotten");
        gcThresh2 =
                dflt.integer(
                        "gc_thresh2",
                        512,
                        0,
                        INT_MAX,
                        "Neighbours above which they are forgotten sooner");
        gcThresh3 =
                dflt.integer(
                        "gc_thresh3",
                        1024,
                        0,
                        INT_MAX,
                        "Neighbours above which no new one is made");
    }

    /// Other files for the same values.
    private void addViews(Conv retransConv) {
        table.view(
                baseReachableTime,
                "base_reachable_time",
                Conv.SECONDS,
                "The same value in seconds");
        table.view(
                retransTime,
                "retrans_time",
                retransConv,
                retransConv == Conv.INT
                        ? "The same value in jiffies"
                        : "The same value in 1/100 s");
        table.view(unresQlenBytes, "unres_qlen", Conv.UNRES_QLEN, "The same value in packets");
    }

    private Sysctl.Dev ticks(String leaf, int def, String meaning) {
        return table.row(leaf, Conv.TICKS, def, Integer.MIN_VALUE, INT_MAX, Combine.DEV, meaning);
    }

    private Sysctl.Dev count(String leaf, int def, String meaning) {
        return table.range(leaf, def, 0, INT_MAX, meaning);
    }

    DevTable table() {
        return table;
    }
}
