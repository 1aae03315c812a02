package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.ipv6.*` without the devices: knobs of IPv6, ICMPv6, fragments and routes.
///
/// Mirrors `net/ipv6/sysctl_net_ipv6.c`, `reassembly.c`, `icmp.c` and `route.c`.
public final class Ipv6Sysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.ipv6.");
    private static final SysctlTable ICMP = TABLE.dir("icmp.");
    private static final SysctlTable ROUTE = TABLE.dir("route.");
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    /// Answer pings to an anycast address from it.
    public static final Sysctl.Bool ANYCAST_SRC_ECHO_REPLY =
            TABLE.flag(
                    "anycast_src_echo_reply", false, "Answer pings to an anycast address from it");

    /// Flow labels: 0 never, 1 unless refused, 2 if asked for, 3 always.
    public static final Sysctl.Int AUTO_FLOWLABELS =
            TABLE.u8(
                    "auto_flowlabels",
                    1,
                    0,
                    3,
                    "Flow labels: 0 never, 1 unless refused, 2 if asked for, 3 always");

    /// Sockets do not take IPv4 by default (IPV6_V6ONLY).
    public static final Sysctl.Bool BINDV6ONLY =
            TABLE.flag("bindv6only", false, "Sockets do not take IPv4 by default (IPV6_V6ONLY)");

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

    /// Tell of changed flags of routes.
    public static final Sysctl.Int FIB_NOTIFY_ON_FLAG_CHANGE =
            TABLE.u8("fib_notify_on_flag_change", 0, 0, 2, "Tell of changed flags of routes");

    /// Flow labels must be leased.
    public static final Sysctl.Bool FLOWLABEL_CONSISTENCY =
            TABLE.flag("flowlabel_consistency", true, "Flow labels must be leased");

    /// Answer with the flow label, bits: 1 connections, 2 resets, 4 pings.
    public static final Sysctl.Int FLOWLABEL_REFLECT =
            TABLE.integer(
                    "flowlabel_reflect",
                    0,
                    0,
                    7,
                    "Answer with the flow label, bits: 1 connections, 2 resets, 4 pings");

    /// Divide flow labels into leased and chosen ones.
    public static final Sysctl.Bool FLOWLABEL_STATE_RANGES =
            TABLE.flag(
                    "flowlabel_state_ranges",
                    false,
                    "Divide flow labels into leased and chosen ones");

    /// Answers without a socket take the mark of the packet.
    public static final Sysctl.Bool FWMARK_REFLECT =
            TABLE.flag(
                    "fwmark_reflect",
                    false,
                    "Answers without a socket take the mark of the packet");

    /// Pause before another stable address is tried.
    public static final Sysctl.Int IDGEN_DELAY =
            TABLE.seconds("idgen_delay", 1, "Pause before another stable address is tried");

    /// Stable addresses to try (RFC 7217).
    public static final Sysctl.Int IDGEN_RETRIES =
            TABLE.integer("idgen_retries", 3, "Stable addresses to try (RFC 7217)");

    /// Number of this node for in-situ measurement.
    public static final Sysctl.UInt IOAM6_ID =
            TABLE.uint(
                    "ioam6_id",
                    0xff_ffff,
                    0,
                    0xff_ffff,
                    "Number of this node for in-situ measurement");

    /// The same, wide.
    public static final Sysctl.ULong IOAM6_ID_WIDE =
            TABLE.ulong(
                    "ioam6_id_wide",
                    m -> 0xff_ffff_ffff_ffffL,
                    v -> 0,
                    v -> 0xff_ffff_ffff_ffffL,
                    "The same, wide");

    /// Memory for fragments, bytes.
    public static final Sysctl.ULong IP6FRAG_HIGH_THRESH =
            TABLE.ulong(
                    "ip6frag_high_thresh",
                    m -> 4 << 20,
                    v -> v.get(Ipv6Sysctls.IP6FRAG_LOW_THRESH),
                    v -> -1L,
                    "Memory for fragments, bytes");

    /// Without an effect.
    public static final Sysctl.ULong IP6FRAG_LOW_THRESH =
            TABLE.ulong(
                    "ip6frag_low_thresh",
                    m -> 3 << 20,
                    v -> 0,
                    v -> v.get(Ipv6Sysctls.IP6FRAG_HIGH_THRESH),
                    "Without an effect");

    /// Time for all fragments to come.
    public static final Sysctl.Int IP6FRAG_TIME =
            TABLE.seconds("ip6frag_time", 60, "Time for all fragments to come");

    /// A socket may have an address that is not of this host.
    public static final Sysctl.Bool NONLOCAL_BIND =
            TABLE.flag(
                    "ip_nonlocal_bind",
                    false,
                    "A socket may have an address that is not of this host");

    /// Bytes of destination options.
    public static final Sysctl.Int MAX_DST_OPTS_LENGTH =
            TABLE.integer("max_dst_opts_length", Integer.MAX_VALUE, "Bytes of destination options");

    /// Destination options; negative: unknown ones are not skipped.
    public static final Sysctl.Int MAX_DST_OPTS_NUMBER =
            TABLE.integer(
                    "max_dst_opts_number",
                    8,
                    "Destination options; negative: unknown ones are not skipped");

    /// Bytes of hop-by-hop options.
    public static final Sysctl.Int MAX_HBH_LENGTH =
            TABLE.integer("max_hbh_length", Integer.MAX_VALUE, "Bytes of hop-by-hop options");

    /// Hop-by-hop options; negative: unknown ones are not skipped.
    public static final Sysctl.Int MAX_HBH_OPTS_NUMBER =
            TABLE.integer(
                    "max_hbh_opts_number",
                    8,
                    "Hop-by-hop options; negative: unknown ones are not skipped");

    /// Flow label of segment routing.
    public static final Sysctl.Int SEG6_FLOWLABEL =
            TABLE.integer("seg6_flowlabel", 0, "Flow label of segment routing");

    // net.ipv6.icmp.

    /// Do not answer pings.
    public static final Sysctl.Bool ICMP_ECHO_IGNORE_ALL =
            ICMP.flag("echo_ignore_all", false, "Do not answer pings");

    /// Do not answer pings to anycast addresses.
    public static final Sysctl.Bool ICMP_ECHO_IGNORE_ANYCAST =
            ICMP.flag("echo_ignore_anycast", false, "Do not answer pings to anycast addresses");

    /// Do not answer pings to groups.
    public static final Sysctl.Bool ICMP_ECHO_IGNORE_MULTICAST =
            ICMP.flag("echo_ignore_multicast", false, "Do not answer pings to groups");

    /// Errors about packets from anycast addresses go out.
    public static final Sysctl.Bool ICMP_ERROR_ANYCAST_AS_UNICAST =
            ICMP.onOff(
                    "error_anycast_as_unicast",
                    false,
                    "Errors about packets from anycast addresses go out");

    /// Time between messages to one host.
    public static final Sysctl.Int ICMP_RATELIMIT =
            ICMP.millis("ratelimit", 100, "Time between messages to one host");

    /// Types that the limit holds for.
    public static final Sysctl.Bits ICMP_RATEMASK =
            ICMP.bits(
                    "ratemask",
                    new long[] {-1L ^ 1L << 2, -1L, 0, 0},
                    PortHandlers.ICMP6_TYPES,
                    "Types that the limit holds for");

    // net.ipv6.route.

    /// Forget cached routes; takes a number.
    public static final Sysctl.Virtual ROUTE_FLUSH =
            ROUTE.virtual(
                    "flush",
                    SysctlSpec.WRITE_ONLY,
                    TextHandlers.FLUSH_NUMBER,
                    "Forget cached routes; takes a number");

    /// How eagerly cached routes are forgotten.
    public static final Sysctl.Int ROUTE_GC_ELASTICITY =
            ROUTE.integer("gc_elasticity", 9, "How eagerly cached routes are forgotten");

    /// Time between clean-ups.
    public static final Sysctl.Int ROUTE_GC_INTERVAL =
            ROUTE.seconds("gc_interval", 30, "Time between clean-ups");

    /// Shortest time between forced clean-ups.
    public static final Sysctl.Int ROUTE_GC_MIN_INTERVAL =
            ROUTE.millisAs(
                    "gc_min_interval", Conv.SECONDS, 500, "Shortest time between forced clean-ups");

    /// The same value in milliseconds.
    public static final Sysctl.Int ROUTE_GC_MIN_INTERVAL_MS =
            ROUTE.view(
                    ROUTE_GC_MIN_INTERVAL,
                    "gc_min_interval_ms",
                    Conv.MILLIS,
                    "The same value in milliseconds");

    /// Cached routes below which nothing is forgotten.
    public static final Sysctl.Int ROUTE_GC_THRESH =
            ROUTE.integer("gc_thresh", 1024, "Cached routes below which nothing is forgotten");

    /// Age of cached routes.
    public static final Sysctl.Int ROUTE_GC_TIMEOUT =
            ROUTE.seconds("gc_timeout", 60, "Age of cached routes");

    /// Routes in the cache.
    public static final Sysctl.Int ROUTE_MAX_SIZE =
            ROUTE.integer("max_size", Integer.MAX_VALUE, "Routes in the cache");

    /// Smallest segment size that is advertised.
    public static final Sysctl.Int ROUTE_MIN_ADV_MSS =
            ROUTE.integer("min_adv_mss", 1220, "Smallest segment size that is advertised");

    /// Time after which a learnt path MTU is forgotten.
    public static final Sysctl.Int ROUTE_MTU_EXPIRES =
            ROUTE.seconds("mtu_expires", 600, "Time after which a learnt path MTU is forgotten");

    /// Do not tell of routes that go with a device.
    public static final Sysctl.Bool ROUTE_SKIP_NOTIFY_ON_DEV_DOWN =
            ROUTE.onOff(
                    "skip_notify_on_dev_down",
                    false,
                    "Do not tell of routes that go with a device");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Without an effect.
    public static final Sysctl.Int IP6FRAG_SECRET_INTERVAL =
            INITIAL.seconds("ip6frag_secret_interval", 0, "Without an effect");

    /// Sources in the filter of a group.
    public static final Sysctl.Int MLD_MAX_MSF =
            INITIAL.integer("mld_max_msf", 64, "Sources in the filter of a group");

    /// Times that a report is sent (RFC 3810).
    public static final Sysctl.Int MLD_QRV =
            INITIAL.integer(
                    "mld_qrv", 2, 1, Integer.MAX_VALUE, "Times that a report is sent (RFC 3810)");

    private Ipv6Sysctls() {}
}
