package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.Sysctl.Combine;

/// `net.ipv6.conf.{all,default,NAME}.*`: knobs of a device for IPv6.
///
/// `default` is copied when a device is made and has no effect afterwards; `all` reaches the devices for a
/// few knobs only.
///
/// Mirrors `net/ipv6/addrconf.c`.
public final class Conf6Sysctls {
    static final DevTable TABLE = new DevTable("net.ipv6.conf", ConfHandlers.PLAIN);
    private static final long INT_MIN = Integer.MIN_VALUE;
    private static final long INT_MAX = Integer.MAX_VALUE;
    private static final long UINT_MAX = 0xffff_ffffL;

    /// Duplicate address detection: 0 off, 1 on, 2 a duplicate switches IPv6 off.
    public static final Sysctl.Dev ACCEPT_DAD =
            TABLE.integer(
                    "accept_dad",
                    1,
                    Combine.MAX,
                    "Duplicate address detection: 0 off, 1 on, 2 a duplicate switches IPv6 off");

    /// Believe router advertisements: 0 no, 1 as a host, 2 also as a router.
    public static final Sysctl.Dev ACCEPT_RA =
            TABLE.integer(
                    "accept_ra",
                    1,
                    "Believe router advertisements: 0 no, 1 as a host, 2 also as a router");

    /// Learn the default router from them.
    public static final Sysctl.Dev ACCEPT_RA_DEFRTR =
            TABLE.integer("accept_ra_defrtr", 1, "Learn the default router from them");

    /// Believe those from an address of this host.
    public static final Sysctl.Dev ACCEPT_RA_FROM_LOCAL =
            TABLE.integer("accept_ra_from_local", 0, "Believe those from an address of this host");

    /// Smallest hop limit that they may set.
    public static final Sysctl.Dev ACCEPT_RA_MIN_HOP_LIMIT =
            TABLE.integer("accept_ra_min_hop_limit", 1, "Smallest hop limit that they may set");

    /// Shortest lifetime that they may give, seconds.
    public static final Sysctl.Dev ACCEPT_RA_MIN_LFT =
            TABLE.integer("accept_ra_min_lft", 0, "Shortest lifetime that they may give, seconds");

    /// Learn the MTU from them.
    public static final Sysctl.Dev ACCEPT_RA_MTU =
            TABLE.integer("accept_ra_mtu", 1, "Learn the MTU from them");

    /// Learn prefixes from them.
    public static final Sysctl.Dev ACCEPT_RA_PINFO =
            TABLE.integer("accept_ra_pinfo", 1, "Learn prefixes from them");

    /// Longest prefix of a route that they may give.
    public static final Sysctl.Dev ACCEPT_RA_RT_INFO_MAX_PLEN =
            TABLE.integer(
                    "accept_ra_rt_info_max_plen",
                    0,
                    "Longest prefix of a route that they may give");

    /// Shortest prefix of a route that they may give.
    public static final Sysctl.Dev ACCEPT_RA_RT_INFO_MIN_PLEN =
            TABLE.integer(
                    "accept_ra_rt_info_min_plen",
                    0,
                    "Shortest prefix of a route that they may give");

    /// Heed the preference of routers (RFC 4191).
    public static final Sysctl.Dev ACCEPT_RA_RTR_PREF =
            TABLE.integer("accept_ra_rtr_pref", 1, "Heed the preference of routers (RFC 4191)");

    /// Believe redirects.
    public static final Sysctl.Dev ACCEPT_REDIRECTS =
            TABLE.integer("accept_redirects", 1, "Believe redirects");

    /// Accept routing headers: 0 or more type 2, negative none.
    public static final Sysctl.Dev ACCEPT_SOURCE_ROUTE =
            TABLE.integer(
                    "accept_source_route",
                    0,
                    Combine.MIN,
                    "Accept routing headers: 0 or more type 2, negative none");

    /// Learn unknown neighbours from advertisements: 1 all, 2 of the own subnet.
    public static final Sysctl.Dev ACCEPT_UNTRACKED_NA =
            TABLE.range(
                    "accept_untracked_na",
                    0,
                    0,
                    2,
                    "Learn unknown neighbours from advertisements: 1 all, 2 of the own subnet");

    /// Interface identifiers: 0 from hardware, 1 none, 2 from stable_secret, 3 random.
    public static final Sysctl.Dev ADDR_GEN_MODE =
            TABLE.handled(
                    "addr_gen_mode",
                    Conv.UINT,
                    0,
                    0,
                    3,
                    Conf6Handlers.ADDR_GEN_MODE,
                    "Interface identifiers: 0 from hardware, 1 none, 2 from stable_secret, 3 random");

    /// Make addresses from advertised prefixes.
    public static final Sysctl.Dev AUTOCONF =
            TABLE.integer("autoconf", 1, "Make addresses from advertised prefixes");

    /// Probes of duplicate address detection.
    public static final Sysctl.Dev DAD_TRANSMITS =
            TABLE.integer("dad_transmits", 1, "Probes of duplicate address detection");

    /// No IPv6 here.
    public static final Sysctl.Dev DISABLE_IPV6 =
            TABLE.handled(
                    "disable_ipv6",
                    Conv.INT,
                    0,
                    INT_MIN,
                    INT_MAX,
                    Conf6Handlers.WITH_DEFAULT,
                    "No IPv6 here");

    /// No IPsec policy.
    public static final Sysctl.Dev DISABLE_POLICY =
            TABLE.integer("disable_policy", 0, Combine.OR, "No IPsec policy");

    /// Drop packets for one host that came in a multicast frame.
    public static final Sysctl.Dev DROP_UNICAST_IN_L2_MULTICAST =
            TABLE.integer(
                    "drop_unicast_in_l2_multicast",
                    0,
                    "Drop packets for one host that came in a multicast frame");

    /// Drop advertisements that nobody asked for.
    public static final Sysctl.Dev DROP_UNSOLICITED_NA =
            TABLE.integer("drop_unsolicited_na", 0, "Drop advertisements that nobody asked for");

    /// Nonce in duplicate address detection (RFC 7527).
    public static final Sysctl.Dev ENHANCED_DAD =
            TABLE.integer(
                    "enhanced_dad",
                    1,
                    Combine.OR,
                    "Nonce in duplicate address detection (RFC 7527)");

    /// Forward from here even if conf.all.forwarding is off.
    public static final Sysctl.Dev FORCE_FORWARDING =
            TABLE.handled(
                    "force_forwarding",
                    Conv.UINT,
                    0,
                    0,
                    1,
                    Conf6Handlers.DEVICES_ONLY,
                    "Forward from here even if conf.all.forwarding is off");

    /// Version of MLD to speak; 0 finds out.
    public static final Sysctl.Dev FORCE_MLD_VERSION =
            TABLE.integer("force_mld_version", 0, "Version of MLD to speak; 0 finds out");

    /// Always give the link address in advertisements.
    public static final Sysctl.Dev FORCE_TLLAO =
            TABLE.integer(
                    "force_tllao", 0, Combine.OR, "Always give the link address in advertisements");

    /// Behave as a router; conf.all.forwarding forwards.
    public static final Sysctl.Dev FORWARDING =
            TABLE.handled(
                    "forwarding",
                    Conv.INT,
                    0,
                    INT_MIN,
                    INT_MAX,
                    Conf6Handlers.FORWARDING,
                    "Behave as a router; conf.all.forwarding forwards");

    /// Hop limit of sent packets.
    public static final Sysctl.Dev HOP_LIMIT =
            TABLE.range("hop_limit", 64, 1, 255, "Hop limit of sent packets");

    /// Leave out routes whose link is down.
    public static final Sysctl.Dev IGNORE_ROUTES_WITH_LINKDOWN =
            TABLE.handled(
                    "ignore_routes_with_linkdown",
                    Conv.INT,
                    0,
                    INT_MIN,
                    INT_MAX,
                    Conf6Handlers.WITH_DEFAULT,
                    "Leave out routes whose link is down");

    /// Heed in-situ measurement.
    public static final Sysctl.Dev IOAM6_ENABLED =
            TABLE.row("ioam6_enabled", Conv.UINT, 0, 0, 1, Combine.DEV, "Heed in-situ measurement");

    /// Number of the device for it.
    public static final Sysctl.Dev IOAM6_ID =
            TABLE.row(
                    "ioam6_id",
                    Conv.UINT,
                    0xffff,
                    0,
                    0xffff,
                    Combine.DEV,
                    "Number of the device for it");

    /// The same, wide.
    public static final Sysctl.Dev IOAM6_ID_WIDE =
            TABLE.row(
                    "ioam6_id_wide",
                    Conv.UINT,
                    UINT_MAX,
                    0,
                    UINT_MAX,
                    Combine.DEV,
                    "The same, wide");

    /// Keep addresses when the device goes down.
    public static final Sysctl.Dev KEEP_ADDR_ON_DOWN =
            TABLE.integer("keep_addr_on_down", 0, "Keep addresses when the device goes down");

    /// Addresses made by autoconfiguration.
    public static final Sysctl.Dev MAX_ADDRESSES =
            TABLE.integer("max_addresses", 16, "Addresses made by autoconfiguration");

    /// Largest random part of temporary lifetimes, seconds.
    public static final Sysctl.Dev MAX_DESYNC_FACTOR =
            TABLE.integer(
                    "max_desync_factor",
                    600,
                    "Largest random part of temporary lifetimes, seconds");

    /// Forward multicast; a routing daemon sets it.
    public static final Sysctl.Dev MC_FORWARDING =
            TABLE.readOnly(
                    "mc_forwarding", Combine.DEV, "Forward multicast; a routing daemon sets it");

    /// Time between reports of MLD 1.
    public static final Sysctl.Dev MLDV1_UNSOLICITED_REPORT_INTERVAL =
            TABLE.millis(
                    "mldv1_unsolicited_report_interval", 10_000, "Time between reports of MLD 1");

    /// Time between reports of MLD 2.
    public static final Sysctl.Dev MLDV2_UNSOLICITED_REPORT_INTERVAL =
            TABLE.millis(
                    "mldv2_unsolicited_report_interval", 1000, "Time between reports of MLD 2");

    /// MTU for IPv6, at most that of the device.
    public static final Sysctl.Dev MTU =
            TABLE.handled(
                    "mtu",
                    Conv.INT,
                    1280,
                    1280,
                    INT_MAX,
                    Conf6Handlers.MTU,
                    "MTU for IPv6, at most that of the device");

    /// Forget neighbours when the carrier goes.
    public static final Sysctl.Dev NDISC_EVICT_NOCARRIER =
            TABLE.row(
                    "ndisc_evict_nocarrier",
                    Conv.UINT,
                    1,
                    0,
                    1,
                    Combine.AND,
                    "Forget neighbours when the carrier goes");

    /// Announce addresses when the device comes up.
    public static final Sysctl.Dev NDISC_NOTIFY =
            TABLE.integer(
                    "ndisc_notify", 0, Combine.OR, "Announce addresses when the device comes up");

    /// Traffic class of neighbour discovery.
    public static final Sysctl.Dev NDISC_TCLASS =
            TABLE.range("ndisc_tclass", 0, 0, 255, "Traffic class of neighbour discovery");

    /// Use addresses before they are checked (RFC 4429).
    public static final Sysctl.Dev OPTIMISTIC_DAD =
            TABLE.integer(
                    "optimistic_dad",
                    0,
                    Combine.OR,
                    "Use addresses before they are checked (RFC 4429)");

    /// Answer solicitations for others.
    public static final Sysctl.Dev PROXY_NDP =
            TABLE.integer("proxy_ndp", 0, Combine.OR, "Answer solicitations for others");

    /// Metric of a learnt default route.
    public static final Sysctl.Dev RA_DEFRTR_METRIC =
            TABLE.row(
                    "ra_defrtr_metric",
                    Conv.UINT,
                    1024,
                    1,
                    UINT_MAX,
                    Combine.DEV,
                    "Metric of a learnt default route");

    /// Take over any lifetime of a prefix.
    public static final Sysctl.Dev RA_HONOR_PIO_LIFE =
            TABLE.row(
                    "ra_honor_pio_life",
                    Conv.UINT,
                    0,
                    0,
                    1,
                    Combine.DEV,
                    "Take over any lifetime of a prefix");

    /// Leave prefixes to DHCP where the router says so (RFC 9762).
    public static final Sysctl.Dev RA_HONOR_PIO_PFLAG =
            TABLE.row(
                    "ra_honor_pio_pflag",
                    Conv.UINT,
                    0,
                    0,
                    1,
                    Combine.DEV,
                    "Leave prefixes to DHCP where the router says so (RFC 9762)");

    /// Temporary addresses to try.
    public static final Sysctl.Dev REGEN_MAX_RETRY =
            TABLE.integer("regen_max_retry", 3, "Temporary addresses to try");

    /// Time before the end at which a temporary address is replaced, seconds.
    public static final Sysctl.Dev REGEN_MIN_ADVANCE =
            TABLE.integer(
                    "regen_min_advance",
                    2,
                    "Time before the end at which a temporary address is replaced, seconds");

    /// Time between probes of a router (RFC 4191).
    public static final Sysctl.Dev ROUTER_PROBE_INTERVAL =
            TABLE.seconds(
                    "router_probe_interval", 60, "Time between probes of a router (RFC 4191)");

    /// Pause before the first router solicitation.
    public static final Sysctl.Dev ROUTER_SOLICITATION_DELAY =
            TABLE.seconds(
                    "router_solicitation_delay", 1, "Pause before the first router solicitation");

    /// First time between router solicitations.
    public static final Sysctl.Dev ROUTER_SOLICITATION_INTERVAL =
            TABLE.seconds(
                    "router_solicitation_interval", 4, "First time between router solicitations");

    /// Longest time between router solicitations.
    public static final Sysctl.Dev ROUTER_SOLICITATION_MAX_INTERVAL =
            TABLE.seconds(
                    "router_solicitation_max_interval",
                    3600,
                    "Longest time between router solicitations");

    /// Router solicitations; -1 without end.
    public static final Sysctl.Dev ROUTER_SOLICITATIONS =
            TABLE.range(
                    "router_solicitations",
                    -1,
                    -1,
                    INT_MAX,
                    "Router solicitations; -1 without end");

    /// Accept RPL source routes.
    public static final Sysctl.Dev RPL_SEG_ENABLED =
            TABLE.range("rpl_seg_enabled", 0, 0, 1, "Accept RPL source routes");

    /// Accept segment routing.
    public static final Sysctl.Dev SEG6_ENABLED =
            TABLE.integer("seg6_enabled", 0, Combine.MIN, "Accept segment routing");

    /// Secret of stable addresses (RFC 7217); there is none until it is written.
    public static final Sysctl.DevText STABLE_SECRET =
            TABLE.text(
                    "stable_secret",
                    Conf6Handlers.STABLE_SECRET,
                    "Secret of stable addresses (RFC 7217); there is none until it is written");

    /// Drop neighbour discovery in fragments (RFC 6980).
    public static final Sysctl.Dev SUPPRESS_FRAG_NDISC =
            TABLE.integer(
                    "suppress_frag_ndisc", 1, "Drop neighbour discovery in fragments (RFC 6980)");

    /// Preferred lifetime of temporary addresses, seconds.
    public static final Sysctl.Dev TEMP_PREFERED_LFT =
            TABLE.integer(
                    "temp_prefered_lft",
                    86400,
                    "Preferred lifetime of temporary addresses, seconds");

    /// Valid lifetime of temporary addresses, seconds.
    public static final Sysctl.Dev TEMP_VALID_LFT =
            TABLE.integer(
                    "temp_valid_lft", 604800, "Valid lifetime of temporary addresses, seconds");

    /// Choose source addresses of the outgoing device only.
    public static final Sysctl.Dev USE_OIF_ADDRS_ONLY =
            TABLE.integer(
                    "use_oif_addrs_only",
                    0,
                    Combine.OR,
                    "Choose source addresses of the outgoing device only");

    /// Choose addresses that are not checked yet.
    public static final Sysctl.Dev USE_OPTIMISTIC =
            TABLE.integer(
                    "use_optimistic", 0, Combine.OR, "Choose addresses that are not checked yet");

    /// Temporary addresses (RFC 8981): 0 none, 1 made, 2 preferred.
    public static final Sysctl.Dev USE_TEMPADDR =
            TABLE.integer(
                    "use_tempaddr",
                    0,
                    "Temporary addresses (RFC 8981): 0 none, 1 made, 2 preferred");

    private Conf6Sysctls() {}

    static void initAll(DevConf all) {
        all.store.reset(ACCEPT_DAD, 0L);
    }

    static void initDevice(DevConf conf, int mtu, boolean noArp, boolean noTemporary) {
        conf.setDeviceMtu(mtu);
        conf.store.reset(MTU, (long) mtu);
        if (conf.get(STABLE_SECRET) != null) {
            conf.store.reset(ADDR_GEN_MODE, Conf6Handlers.MODE_STABLE_PRIVACY);
        }
        if (noArp) {
            conf.store.reset(ACCEPT_DAD, -1L);
        }
        if (noTemporary) {
            conf.store.reset(USE_TEMPADDR, -1L);
        }
    }
}
