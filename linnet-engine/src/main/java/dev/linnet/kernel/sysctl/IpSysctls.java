package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.ipv4.*` without TCP, UDP and routes: knobs of IPv4, ICMP, IGMP and fragments.
///
/// Mirrors `net/ipv4/sysctl_net_ipv4.c`, `ip_fragment.c` and `inetpeer.c`.
public final class IpSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.ipv4.");
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    /// Header fields that choose among several paths, bits.
    public static final Sysctl.UInt FIB_MULTIPATH_HASH_FIELDS =
            TABLE.uint(
                    "fib_multipath_hash_fields",
                    7,
                    1,
                    0xfff,
                    "Header fields that choose among several paths, bits");

    /// Choice of a path by: 0 addresses, 1 ports too, 2 inner headers, 3 the fields.
    public static final Sysctl.Int FIB_MULTIPATH_HASH_POLICY =
            TABLE.u8(
                    "fib_multipath_hash_policy",
                    0,
                    0,
                    3,
                    "Choice of a path by: 0 addresses, 1 ports too, 2 inner headers, 3 the fields");

    /// Seed of that choice; 0 is random.
    public static final Sysctl.UInt FIB_MULTIPATH_HASH_SEED =
            TABLE.uint("fib_multipath_hash_seed", 0, "Seed of that choice; 0 is random");

    /// Leave out paths whose neighbour does not answer.
    public static final Sysctl.Bool FIB_MULTIPATH_USE_NEIGH =
            TABLE.onOff(
                    "fib_multipath_use_neigh",
                    false,
                    "Leave out paths whose neighbour does not answer");

    /// Tell of changed flags of routes.
    public static final Sysctl.Int FIB_NOTIFY_ON_FLAG_CHANGE =
            TABLE.u8("fib_notify_on_flag_change", 0, 0, 2, "Tell of changed flags of routes");

    /// Answers without a socket take the mark of the packet.
    public static final Sysctl.Bool FWMARK_REFLECT =
            TABLE.flag(
                    "fwmark_reflect",
                    false,
                    "Answers without a socket take the mark of the packet");

    /// Answer extended echo requests (RFC 8335).
    public static final Sysctl.Bool ICMP_ECHO_ENABLE_PROBE =
            TABLE.onOff(
                    "icmp_echo_enable_probe", false, "Answer extended echo requests (RFC 8335)");

    /// Do not answer pings.
    public static final Sysctl.Bool ICMP_ECHO_IGNORE_ALL =
            TABLE.onOff("icmp_echo_ignore_all", false, "Do not answer pings");

    /// Do not answer pings to broadcast and group addresses.
    public static final Sysctl.Bool ICMP_ECHO_IGNORE_BROADCASTS =
            TABLE.onOff(
                    "icmp_echo_ignore_broadcasts",
                    true,
                    "Do not answer pings to broadcast and group addresses");

    /// Errors come from the address of the device that received the packet.
    public static final Sysctl.Bool ICMP_ERRORS_USE_INBOUND_IFADDR =
            TABLE.onOff(
                    "icmp_errors_use_inbound_ifaddr",
                    false,
                    "Errors come from the address of the device that received the packet");

    /// Do not report errors about broadcasts.
    public static final Sysctl.Bool ICMP_IGNORE_BOGUS_ERROR_RESPONSES =
            TABLE.onOff(
                    "icmp_ignore_bogus_error_responses",
                    true,
                    "Do not report errors about broadcasts");

    /// Messages that may go out at once.
    public static final Sysctl.Int ICMP_MSGS_BURST =
            TABLE.integer(
                    "icmp_msgs_burst",
                    50,
                    0,
                    Integer.MAX_VALUE,
                    "Messages that may go out at once");

    /// Messages per second to all hosts together.
    public static final Sysctl.Int ICMP_MSGS_PER_SEC =
            TABLE.integer(
                    "icmp_msgs_per_sec",
                    1000,
                    0,
                    Integer.MAX_VALUE,
                    "Messages per second to all hosts together");

    /// Time between messages to one host.
    public static final Sysctl.Int ICMP_RATELIMIT =
            TABLE.millis("icmp_ratelimit", 1000, "Time between messages to one host");

    /// Types that the two limits hold for, bits.
    public static final Sysctl.Int ICMP_RATEMASK =
            TABLE.integer("icmp_ratemask", 6168, "Types that the two limits hold for, bits");

    /// Report groups of 224.0.0.0/24.
    public static final Sysctl.Bool IGMP_LINK_LOCAL_MCAST_REPORTS =
            TABLE.flag("igmp_link_local_mcast_reports", true, "Report groups of 224.0.0.0/24");

    /// Groups that a socket may join.
    public static final Sysctl.Int IGMP_MAX_MEMBERSHIPS =
            TABLE.integer("igmp_max_memberships", 20, "Groups that a socket may join");

    /// Sources in the filter of a group.
    public static final Sysctl.Int IGMP_MAX_MSF =
            TABLE.integer("igmp_max_msf", 10, "Sources in the filter of a group");

    /// Times that a report is sent (RFC 3376).
    public static final Sysctl.Int IGMP_QRV =
            TABLE.integer(
                    "igmp_qrv", 2, 1, Integer.MAX_VALUE, "Times that a report is sent (RFC 3376)");

    /// A chosen port may be one that a socket with SO_REUSEADDR has.
    public static final Sysctl.Bool AUTOBIND_REUSE =
            TABLE.onOff(
                    "ip_autobind_reuse",
                    false,
                    "A chosen port may be one that a socket with SO_REUSEADDR has");

    /// Time to live of sent packets.
    public static final Sysctl.Int DEFAULT_TTL =
            TABLE.u8("ip_default_ttl", 64, 1, 255, "Time to live of sent packets");

    /// A connection that is not open yet follows a changed address.
    public static final Sysctl.Int DYNADDR =
            TABLE.u8(
                    "ip_dynaddr", 0, "A connection that is not open yet follows a changed address");

    /// Look up the socket before the route.
    public static final Sysctl.Bool EARLY_DEMUX =
            TABLE.flag("ip_early_demux", true, "Look up the socket before the route");

    /// Forward packets; the same as conf.all.forwarding.
    public static final Sysctl.Virtual FORWARD =
            TABLE.virtual(
                    "ip_forward",
                    SysctlSpec.READ_WRITE,
                    ConfHandlers.IP_FORWARD,
                    "Forward packets; the same as conf.all.forwarding");

    /// A forwarded packet gets its priority from its type of service.
    public static final Sysctl.Bool FORWARD_UPDATE_PRIORITY =
            TABLE.onOff(
                    "ip_forward_update_priority",
                    true,
                    "A forwarded packet gets its priority from its type of service");

    /// Trust the path MTU when forwarding.
    public static final Sysctl.Bool FORWARD_USE_PMTU =
            TABLE.flag("ip_forward_use_pmtu", false, "Trust the path MTU when forwarding");

    /// Ports that the kernel chooses from.
    public static final Sysctl.Ints LOCAL_PORT_RANGE =
            TABLE.ints(
                    "ip_local_port_range",
                    2,
                    Conv.INT,
                    1,
                    65535,
                    m -> new long[] {32768, 60999},
                    PortHandlers.RANGE,
                    "Ports that the kernel chooses from");

    /// Ports that it leaves out.
    public static final Sysctl.Bits LOCAL_RESERVED_PORTS =
            TABLE.bits(
                    "ip_local_reserved_ports",
                    new long[1024],
                    PortHandlers.RESERVED,
                    "Ports that it leaves out");

    /// Path MTU discovery: 0 on, 1 off, 2 and 3 ignore what ICMP says.
    public static final Sysctl.Int NO_PMTU_DISC =
            TABLE.u8(
                    "ip_no_pmtu_disc",
                    0,
                    "Path MTU discovery: 0 on, 1 off, 2 and 3 ignore what ICMP says");

    /// A socket may have an address that is not of this host.
    public static final Sysctl.Bool NONLOCAL_BIND =
            TABLE.flag(
                    "ip_nonlocal_bind",
                    false,
                    "A socket may have an address that is not of this host");

    /// First port that needs no CAP_NET_BIND_SERVICE.
    public static final Sysctl.Int UNPRIVILEGED_PORT_START =
            TABLE.integer(
                    "ip_unprivileged_port_start",
                    1024,
                    0,
                    65535,
                    PortHandlers.UNPRIVILEGED,
                    "First port that needs no CAP_NET_BIND_SERVICE");

    /// Memory for fragments, bytes.
    public static final Sysctl.ULong IPFRAG_HIGH_THRESH =
            TABLE.ulong(
                    "ipfrag_high_thresh",
                    m -> 4 << 20,
                    v -> v.get(IpSysctls.IPFRAG_LOW_THRESH),
                    v -> -1L,
                    "Memory for fragments, bytes");

    /// Without an effect.
    public static final Sysctl.ULong IPFRAG_LOW_THRESH =
            TABLE.ulong(
                    "ipfrag_low_thresh",
                    m -> 3 << 20,
                    v -> 0,
                    v -> v.get(IpSysctls.IPFRAG_HIGH_THRESH),
                    "Without an effect");

    /// Fragments of other packets that may come between; 0 is any number.
    public static final Sysctl.Int IPFRAG_MAX_DIST =
            TABLE.integer(
                    "ipfrag_max_dist",
                    64,
                    0,
                    Integer.MAX_VALUE,
                    "Fragments of other packets that may come between; 0 is any number");

    /// Time for all fragments to come.
    public static final Sysctl.Int IPFRAG_TIME =
            TABLE.seconds("ipfrag_time", 30, "Time for all fragments to come");

    /// Show routes of next hop objects in the old way too.
    public static final Sysctl.Bool NEXTHOP_COMPAT_MODE =
            TABLE.onOff(
                    "nexthop_compat_mode",
                    true,
                    "Show routes of next hop objects in the old way too");

    /// Groups whose processes may make ping sockets; first above last is none.
    public static final Sysctl.Ints PING_GROUP_RANGE =
            TABLE.ints(
                    "ping_group_range",
                    2,
                    Conv.UINT,
                    0,
                    0xffff_fffeL,
                    m -> new long[] {1, 0},
                    PortHandlers.GROUPS,
                    "Groups whose processes may make ping sockets; first above last is none");

    /// Raw sockets take packets of all routing domains.
    public static final Sysctl.Bool RAW_L3MDEV_ACCEPT =
            TABLE.onOff(
                    "raw_l3mdev_accept", true, "Raw sockets take packets of all routing domains");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Memory of routes that may wait to be freed, bytes.
    public static final Sysctl.UInt FIB_SYNC_MEM =
            INITIAL.uint(
                    "fib_sync_mem",
                    512 << 10,
                    64 << 10,
                    64 << 20,
                    "Memory of routes that may wait to be freed, bytes");

    /// Longest time that an unused peer is remembered.
    public static final Sysctl.Int INET_PEER_MAXTTL =
            INITIAL.seconds(
                    "inet_peer_maxttl", 600, "Longest time that an unused peer is remembered");

    /// Shortest time that an unused peer is remembered.
    public static final Sysctl.Int INET_PEER_MINTTL =
            INITIAL.seconds(
                    "inet_peer_minttl", 120, "Shortest time that an unused peer is remembered");

    /// Peers above which they are forgotten sooner.
    public static final Sysctl.Int INET_PEER_THRESHOLD =
            INITIAL.integer(
                    "inet_peer_threshold",
                    Machine::peerThreshold,
                    Integer.MIN_VALUE,
                    "Peers above which they are forgotten sooner");

    /// Without an effect.
    public static final Sysctl.Int IPFRAG_SECRET_INTERVAL =
            INITIAL.seconds("ipfrag_secret_interval", 0, "Without an effect");

    private IpSysctls() {}
}
