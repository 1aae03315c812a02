package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.ipv4.udp_*`: knobs of UDP, over IPv4 and IPv6 alike.
///
/// Mirrors `net/ipv4/sysctl_net_ipv4.c`.
public final class UdpSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.ipv4.");
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    /// Socket table of a new namespace, buckets; 0 shares that of the first.
    public static final Sysctl.UInt CHILD_HASH_ENTRIES =
            TABLE.uint(
                    "udp_child_hash_entries",
                    0,
                    0,
                    65536,
                    "Socket table of a new namespace, buckets; 0 shares that of the first");

    /// Look up the socket of an association before the route.
    public static final Sysctl.Bool EARLY_DEMUX =
            TABLE.flag(
                    "udp_early_demux",
                    true,
                    "Look up the socket of an association before the route");

    /// Socket table, buckets; negative if it is shared.
    public static final Sysctl.Int HASH_ENTRIES =
            TABLE.readOnly(
                    "udp_hash_entries",
                    m -> m.udpHashEntries(),
                    "Socket table, buckets; negative if it is shared");

    /// Sockets take datagrams of all routing domains.
    public static final Sysctl.Bool L3MDEV_ACCEPT =
            TABLE.onOff(
                    "udp_l3mdev_accept", false, "Sockets take datagrams of all routing domains");

    /// Receive buffer that a socket has even under memory pressure, bytes.
    public static final Sysctl.Int RMEM_MIN =
            TABLE.integer(
                    "udp_rmem_min",
                    4096,
                    1,
                    Integer.MAX_VALUE,
                    "Receive buffer that a socket has even under memory pressure, bytes");

    /// Without an effect.
    public static final Sysctl.Int WMEM_MIN =
            TABLE.integer("udp_wmem_min", 4096, 1, Integer.MAX_VALUE, "Without an effect");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Memory of UDP, pages: no pressure, pressure, limit.
    public static final Sysctl.ULongs MEM =
            INITIAL.ulongs(
                    "udp_mem",
                    m -> m.memoryLimits(8),
                    "Memory of UDP, pages: no pressure, pressure, limit");

    private UdpSysctls() {}
}
