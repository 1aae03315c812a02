package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Sysctl.Combine;

/// `net.ipv4.conf.{all,default,NAME}.*`: knobs of a device for IPv4.
///
/// A value written to `default` reaches the devices that have not been set themselves. How a value and
/// that of `all` make one, [DevConf#effective] knows.
///
/// Mirrors `net/ipv4/devinet.c`.
public final class ConfSysctls {
    static final DevTable TABLE =
            new DevTable("net.ipv4.conf", ConfHandlers.DEFAULT_REACHES_DEVICES);
    private static final long INT_MIN = Integer.MIN_VALUE;
    private static final long INT_MAX = Integer.MAX_VALUE;

    /// Accept packets from an address of this host.
    public static final Sysctl.Dev ACCEPT_LOCAL =
            TABLE.integer(
                    "accept_local", 0, Combine.OR, "Accept packets from an address of this host");

    /// Believe redirects: either value for a host, both for a router.
    public static final Sysctl.Dev ACCEPT_REDIRECTS =
            TABLE.integer(
                    "accept_redirects",
                    1,
                    "Believe redirects: either value for a host, both for a router");

    /// Accept packets with a source route.
    public static final Sysctl.Dev ACCEPT_SOURCE_ROUTE =
            TABLE.integer(
                    "accept_source_route", 1, Combine.AND, "Accept packets with a source route");

    /// Learn neighbours from announcements: 1 all, 2 of the own subnet.
    public static final Sysctl.Dev ARP_ACCEPT =
            TABLE.integer(
                    "arp_accept",
                    0,
                    Combine.MAX,
                    "Learn neighbours from announcements: 1 all, 2 of the own subnet");

    /// Source address in ARP requests: 0 any, 1 of the subnet, 2 the best.
    public static final Sysctl.Dev ARP_ANNOUNCE =
            TABLE.integer(
                    "arp_announce",
                    0,
                    Combine.MAX,
                    "Source address in ARP requests: 0 any, 1 of the subnet, 2 the best");

    /// Forget neighbours when the carrier goes.
    public static final Sysctl.Dev ARP_EVICT_NOCARRIER =
            TABLE.integer(
                    "arp_evict_nocarrier",
                    1,
                    Combine.AND,
                    "Forget neighbours when the carrier goes");

    /// Answer ARP only on the device that routes to the asker.
    public static final Sysctl.Dev ARP_FILTER =
            TABLE.integer(
                    "arp_filter",
                    0,
                    Combine.OR,
                    "Answer ARP only on the device that routes to the asker");

    /// Which ARP requests to leave unanswered.
    public static final Sysctl.Dev ARP_IGNORE =
            TABLE.integer("arp_ignore", 0, Combine.MAX, "Which ARP requests to leave unanswered");

    /// Announce addresses when the device comes up.
    public static final Sysctl.Dev ARP_NOTIFY =
            TABLE.integer(
                    "arp_notify", 0, Combine.MAX, "Announce addresses when the device comes up");

    /// Forward directed broadcasts.
    public static final Sysctl.Dev BC_FORWARDING =
            TABLE.integer("bc_forwarding", 0, Combine.AND, "Forward directed broadcasts");

    /// Accept packets from 0.b.c.d.
    public static final Sysctl.Dev BOOTP_RELAY =
            TABLE.integer("bootp_relay", 0, Combine.AND, "Accept packets from 0.b.c.d");

    /// No IPsec policy for received packets.
    public static final Sysctl.Dev DISABLE_POLICY =
            TABLE.flushing("disable_policy", "No IPsec policy for received packets");

    /// No IPsec for sent packets.
    public static final Sysctl.Dev DISABLE_XFRM =
            TABLE.flushing("disable_xfrm", "No IPsec for sent packets");

    /// Drop ARP announcements.
    public static final Sysctl.Dev DROP_GRATUITOUS_ARP =
            TABLE.integer("drop_gratuitous_arp", 0, Combine.OR, "Drop ARP announcements");

    /// Drop packets for one host that came in a multicast frame.
    public static final Sysctl.Dev DROP_UNICAST_IN_L2_MULTICAST =
            TABLE.flushing(
                    "drop_unicast_in_l2_multicast",
                    "Drop packets for one host that came in a multicast frame");

    /// Version of IGMP to speak; 0 finds out.
    public static final Sysctl.Dev FORCE_IGMP_VERSION =
            TABLE.integer("force_igmp_version", 0, "Version of IGMP to speak; 0 finds out");

    /// Forward packets that come from here.
    public static final Sysctl.Dev FORWARDING =
            TABLE.handled(
                    "forwarding",
                    Conv.INT,
                    0,
                    INT_MIN,
                    INT_MAX,
                    ConfHandlers.FORWARDING,
                    "Forward packets that come from here");

    /// Time between reports of IGMP 1 and 2, ms.
    public static final Sysctl.Dev IGMPV2_UNSOLICITED_REPORT_INTERVAL =
            TABLE.integer(
                    "igmpv2_unsolicited_report_interval",
                    10_000,
                    "Time between reports of IGMP 1 and 2, ms");

    /// Time between reports of IGMP 3, ms.
    public static final Sysctl.Dev IGMPV3_UNSOLICITED_REPORT_INTERVAL =
            TABLE.integer(
                    "igmpv3_unsolicited_report_interval",
                    1000,
                    "Time between reports of IGMP 3, ms");

    /// Leave out routes whose link is down.
    public static final Sysctl.Dev IGNORE_ROUTES_WITH_LINKDOWN =
            TABLE.integer(
                    "ignore_routes_with_linkdown",
                    0,
                    Combine.OR,
                    "Leave out routes whose link is down");

    /// Report packets with impossible addresses.
    public static final Sysctl.Dev LOG_MARTIANS =
            TABLE.integer(
                    "log_martians", 0, Combine.OR, "Report packets with impossible addresses");

    /// Forward multicast; a routing daemon sets it.
    public static final Sysctl.Dev MC_FORWARDING =
            TABLE.readOnly(
                    "mc_forwarding", Combine.AND, "Forward multicast; a routing daemon sets it");

    /// Number of the medium, for proxy ARP.
    public static final Sysctl.Dev MEDIUM_ID =
            TABLE.integer("medium_id", 0, "Number of the medium, for proxy ARP");

    /// A secondary address takes the place of a removed primary one.
    public static final Sysctl.Dev PROMOTE_SECONDARIES =
            TABLE.flushing(
                    "promote_secondaries",
                    "A secondary address takes the place of a removed primary one");

    /// Answer ARP for others.
    public static final Sysctl.Dev PROXY_ARP =
            TABLE.integer("proxy_arp", 0, Combine.OR, "Answer ARP for others");

    /// Answer ARP for hosts on the same device.
    public static final Sysctl.Dev PROXY_ARP_PVLAN =
            TABLE.integer(
                    "proxy_arp_pvlan", 0, Combine.OR, "Answer ARP for hosts on the same device");

    /// 127.0.0.0/8 may leave this host.
    public static final Sysctl.Dev ROUTE_LOCALNET =
            TABLE.flushing("route_localnet", "127.0.0.0/8 may leave this host");

    /// Check of the source: 0 none, 1 the best route must lead back, 2 any route.
    public static final Sysctl.Dev RP_FILTER =
            TABLE.integer(
                    "rp_filter",
                    0,
                    Combine.MAX,
                    "Check of the source: 0 none, 1 the best route must lead back, 2 any route");

    /// Believe redirects to known gateways only.
    public static final Sysctl.Dev SECURE_REDIRECTS =
            TABLE.integer(
                    "secure_redirects", 1, Combine.OR, "Believe redirects to known gateways only");

    /// Send redirects.
    public static final Sysctl.Dev SEND_REDIRECTS =
            TABLE.integer("send_redirects", 1, Combine.OR, "Send redirects");

    /// Several subnets share the medium.
    public static final Sysctl.Dev SHARED_MEDIA =
            TABLE.integer("shared_media", 1, Combine.OR, "Several subnets share the medium");

    /// The check of the source looks at the mark.
    public static final Sysctl.Dev SRC_VALID_MARK =
            TABLE.integer(
                    "src_valid_mark", 0, Combine.OR, "The check of the source looks at the mark");

    /// A number for programs.
    public static final Sysctl.Dev TAG = TABLE.integer("tag", 0, "A number for programs");

    private ConfSysctls() {}

    static void initAll(DevConf all) {
        all.store.reset(ACCEPT_SOURCE_ROUTE, 0L);
    }

    /// A loopback needs no IPsec.
    static void initLoopback(DevConf conf) {
        for (Sysctl.Dev row : new Sysctl.Dev[] {DISABLE_POLICY, DISABLE_XFRM}) {
            conf.store.reset(row, 1L);
            conf.explicit.set(row.slot());
        }
    }

    /// Whether redirects are believed: a router wants both values set, a host either.
    @Kernel("IN_DEV_RX_REDIRECTS")
    public static boolean acceptsRedirects(DevConf conf, DevConf all) {
        boolean own = conf.get(ACCEPT_REDIRECTS) != 0;
        boolean general = all.get(ACCEPT_REDIRECTS) != 0;
        return conf.get(FORWARDING) != 0 ? own && general : own || general;
    }
}
