package dev.linnet.uapi;

/// Options of the level SOL_IPV6, their values, and the control messages of that level.
///
/// Source: `include/uapi/linux/in6.h`, RFC 3493, RFC 3542.
public final class Ipv6Opt {
    /// Turn an IPv4-mapped socket into an AF_INET one.
    public static final int IPV6_ADDRFORM = 1;

    /// RFC 2292 form of IPV6_RECVPKTINFO.
    public static final int IPV6_2292PKTINFO = 2;

    /// RFC 2292 form of IPV6_RECVHOPOPTS.
    public static final int IPV6_2292HOPOPTS = 3;

    /// RFC 2292 form of IPV6_RECVDSTOPTS.
    public static final int IPV6_2292DSTOPTS = 4;

    /// RFC 2292 form of IPV6_RECVRTHDR.
    public static final int IPV6_2292RTHDR = 5;

    /// RFC 2292: all extension headers at once.
    public static final int IPV6_2292PKTOPTIONS = 6;

    /// Offset of the checksum in a raw socket's packets.
    public static final int IPV6_CHECKSUM = 7;

    /// RFC 2292 form of IPV6_RECVHOPLIMIT.
    public static final int IPV6_2292HOPLIMIT = 8;

    /// Next hop as a control message.
    public static final int IPV6_NEXTHOP = 9;

    /// Number without an effect.
    public static final int IPV6_AUTHHDR = 10;

    /// Deliver flow label and traffic class.
    public static final int IPV6_FLOWINFO = 11;

    /// Hop limit, -1 restores the default.
    public static final int IPV6_UNICAST_HOPS = 16;

    /// Device of sent multicast packets, by index.
    public static final int IPV6_MULTICAST_IF = 17;

    /// Hop limit of sent multicast packets.
    public static final int IPV6_MULTICAST_HOPS = 18;

    /// Own multicast packets come back.
    public static final int IPV6_MULTICAST_LOOP = 19;

    /// Join a group.
    public static final int IPV6_ADD_MEMBERSHIP = 20;

    /// Leave a group.
    public static final int IPV6_DROP_MEMBERSHIP = 21;

    /// RFC 3493 name of IPV6_ADD_MEMBERSHIP.
    public static final int IPV6_JOIN_GROUP = 20;

    /// RFC 3493 name of IPV6_DROP_MEMBERSHIP.
    public static final int IPV6_LEAVE_GROUP = 21;

    /// Hand packets with this router alert value to the socket.
    public static final int IPV6_ROUTER_ALERT = 22;

    /// One of the IPV6_PMTUDISC values.
    public static final int IPV6_MTU_DISCOVER = 23;

    /// MTU of a connected socket's path; may be lowered.
    public static final int IPV6_MTU = 24;

    /// Keep errors with their packets in the error queue.
    public static final int IPV6_RECVERR = 25;

    /// No IPv4-mapped addresses.
    public static final int IPV6_V6ONLY = 26;

    /// Add an anycast address.
    public static final int IPV6_JOIN_ANYCAST = 27;

    /// Remove an anycast address.
    public static final int IPV6_LEAVE_ANYCAST = 28;

    /// Receive groups that another socket has joined.
    public static final int IPV6_MULTICAST_ALL = 29;

    /// Router alerts only from the own namespace.
    public static final int IPV6_ROUTER_ALERT_ISOLATE = 30;

    /// Deliver offset and validity of the ICMP extensions.
    public static final int IPV6_RECVERR_RFC4884 = 31;

    /// Lease, renew and give back flow labels.
    public static final int IPV6_FLOWLABEL_MGR = 32;

    /// Use the flow label in the destination address.
    public static final int IPV6_FLOWINFO_SEND = 33;

    /// IPsec policy of the socket.
    public static final int IPV6_IPSEC_POLICY = 34;

    /// IPsec policy of the socket.
    public static final int IPV6_XFRM_POLICY = 35;

    /// The sender writes the IPv6 header (raw sockets).
    public static final int IPV6_HDRINCL = 36;

    /// Join a group, any family.
    public static final int MCAST_JOIN_GROUP = 42;

    /// Ignore a source, any family.
    public static final int MCAST_BLOCK_SOURCE = 43;

    /// Listen again to a source, any family.
    public static final int MCAST_UNBLOCK_SOURCE = 44;

    /// Leave a group, any family.
    public static final int MCAST_LEAVE_GROUP = 45;

    /// Join for one source, any family.
    public static final int MCAST_JOIN_SOURCE_GROUP = 46;

    /// Leave for one source, any family.
    public static final int MCAST_LEAVE_SOURCE_GROUP = 47;

    /// Set the source filter, any family.
    public static final int MCAST_MSFILTER = 48;

    /// Deliver the local address and device.
    public static final int IPV6_RECVPKTINFO = 49;

    /// Control message: local address and device.
    public static final int IPV6_PKTINFO = 50;

    /// Deliver the hop limit.
    public static final int IPV6_RECVHOPLIMIT = 51;

    /// Control message: hop limit.
    public static final int IPV6_HOPLIMIT = 52;

    /// Deliver the hop-by-hop options.
    public static final int IPV6_RECVHOPOPTS = 53;

    /// Hop-by-hop options of sent packets.
    public static final int IPV6_HOPOPTS = 54;

    /// Destination options before the routing header.
    public static final int IPV6_RTHDRDSTOPTS = 55;

    /// Deliver the routing header.
    public static final int IPV6_RECVRTHDR = 56;

    /// Routing header of sent packets.
    public static final int IPV6_RTHDR = 57;

    /// Deliver the destination options.
    public static final int IPV6_RECVDSTOPTS = 58;

    /// Destination options of sent packets.
    public static final int IPV6_DSTOPTS = 59;

    /// Deliver changes of the path MTU.
    public static final int IPV6_RECVPATHMTU = 60;

    /// Read only: path MTU of a connected socket.
    public static final int IPV6_PATHMTU = 61;

    /// Do not fragment; too large a packet gets EMSGSIZE.
    public static final int IPV6_DONTFRAG = 62;

    /// Deliver the traffic class.
    public static final int IPV6_RECVTCLASS = 66;

    /// Traffic class of sent packets; -1 restores the default.
    public static final int IPV6_TCLASS = 67;

    /// Choose a flow label per flow.
    public static final int IPV6_AUTOFLOWLABEL = 70;

    /// Preferences of source address selection (RFC 5014).
    public static final int IPV6_ADDR_PREFERENCES = 72;

    /// Drop packets whose hop limit is less.
    public static final int IPV6_MINHOPCOUNT = 73;

    /// Control message: original destination.
    public static final int IPV6_ORIGDSTADDR = 74;

    /// Deliver the original destination; same number.
    public static final int IPV6_RECVORIGDSTADDR = 74;

    /// Transparent proxying; needs CAP_NET_ADMIN or CAP_NET_RAW.
    public static final int IPV6_TRANSPARENT = 75;

    /// Device for packets to addresses that are not local.
    public static final int IPV6_UNICAST_IF = 76;

    /// Deliver the size of the largest fragment.
    public static final int IPV6_RECVFRAGSIZE = 77;

    /// May bind to an address that does not exist yet.
    public static final int IPV6_FREEBIND = 78;

    // Values of IPV6_MTU_DISCOVER.

    /// Ignore too-big messages, fragment.
    public static final int IPV6_PMTUDISC_DONT = 0;

    /// Discover the MTU, fragment where the path needs it.
    public static final int IPV6_PMTUDISC_WANT = 1;

    /// Do not fragment; too large a packet gets EMSGSIZE.
    public static final int IPV6_PMTUDISC_DO = 2;

    /// Do not fragment, ignore the known path MTU.
    public static final int IPV6_PMTUDISC_PROBE = 3;

    /// Use the device's MTU, ignore ICMP.
    public static final int IPV6_PMTUDISC_INTERFACE = 4;

    /// As INTERFACE, but fragmentation is allowed.
    public static final int IPV6_PMTUDISC_OMIT = 5;

    private Ipv6Opt() {}
}
