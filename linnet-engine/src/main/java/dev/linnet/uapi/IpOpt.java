package dev.linnet.uapi;

/// Options of the level SOL_IP, their values, and the control messages of that level.
///
/// Source: `include/uapi/linux/in.h`.
public final class IpOpt {
    /// Type of service of sent packets.
    public static final int IP_TOS = 1;

    /// Time to live of sent packets, 1 to 255; -1 restores the default.
    public static final int IP_TTL = 2;

    /// The sender writes the IP header (raw sockets).
    public static final int IP_HDRINCL = 3;

    /// IP options of sent packets.
    public static final int IP_OPTIONS = 4;

    /// Hand packets with the router alert option to this socket.
    public static final int IP_ROUTER_ALERT = 5;

    /// Deliver the received options.
    public static final int IP_RECVOPTS = 6;

    /// Deliver the received options, turned for the way back.
    public static final int IP_RETOPTS = 7;

    /// Deliver, or set, the local address and device of a packet.
    public static final int IP_PKTINFO = 8;

    /// Read only: the control messages of the last packet of a stream.
    public static final int IP_PKTOPTIONS = 9;

    /// One of the IP_PMTUDISC values.
    public static final int IP_MTU_DISCOVER = 10;

    /// Keep errors with their packets in the error queue.
    public static final int IP_RECVERR = 11;

    /// Deliver the time to live.
    public static final int IP_RECVTTL = 12;

    /// Deliver the type of service.
    public static final int IP_RECVTOS = 13;

    /// Read only: MTU of the path of a connected socket.
    public static final int IP_MTU = 14;

    /// May bind to an address that does not exist yet.
    public static final int IP_FREEBIND = 15;

    /// IPsec policy of the socket.
    public static final int IP_IPSEC_POLICY = 16;

    /// IPsec policy of the socket.
    public static final int IP_XFRM_POLICY = 17;

    /// Deliver the security label.
    public static final int IP_PASSSEC = 18;

    /// Transparent proxying; needs CAP_NET_ADMIN.
    public static final int IP_TRANSPARENT = 19;

    /// Control message: original destination.
    public static final int IP_ORIGDSTADDR = 20;

    /// Deliver the original destination.
    public static final int IP_RECVORIGDSTADDR = 20;

    /// Drop packets whose time to live is less.
    public static final int IP_MINTTL = 21;

    /// Do not reassemble before delivery (raw sockets).
    public static final int IP_NODEFRAG = 22;

    /// Deliver the checksum of the data.
    public static final int IP_CHECKSUM = 23;

    /// `bind` with port 0 leaves the port to `connect`.
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;

    /// Deliver the size of the largest fragment.
    public static final int IP_RECVFRAGSIZE = 25;

    /// Deliver offset and validity of the ICMP extensions.
    public static final int IP_RECVERR_RFC4884 = 26;

    /// Device of sent multicast packets.
    public static final int IP_MULTICAST_IF = 32;

    /// Time to live of sent multicast packets.
    public static final int IP_MULTICAST_TTL = 33;

    /// Own multicast packets come back.
    public static final int IP_MULTICAST_LOOP = 34;

    /// Join a group.
    public static final int IP_ADD_MEMBERSHIP = 35;

    /// Leave a group.
    public static final int IP_DROP_MEMBERSHIP = 36;

    /// Listen again to a source of a group.
    public static final int IP_UNBLOCK_SOURCE = 37;

    /// Ignore a source of a group.
    public static final int IP_BLOCK_SOURCE = 38;

    /// Join a group for one source.
    public static final int IP_ADD_SOURCE_MEMBERSHIP = 39;

    /// Leave a group for one source.
    public static final int IP_DROP_SOURCE_MEMBERSHIP = 40;

    /// Set the source filter of a group.
    public static final int IP_MSFILTER = 41;

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

    /// Receive groups that another socket has joined.
    public static final int IP_MULTICAST_ALL = 49;

    /// Device for packets to addresses that are not local.
    public static final int IP_UNICAST_IF = 50;

    /// Lowest and highest port that the kernel may choose.
    public static final int IP_LOCAL_PORT_RANGE = 51;

    /// Read only: protocol of a raw socket.
    public static final int IP_PROTOCOL = 52;

    // Values of IP_MTU_DISCOVER.

    /// Never set the do-not-fragment bit.
    public static final int IP_PMTUDISC_DONT = 0;

    /// Discover the MTU, fragment where the path needs it.
    public static final int IP_PMTUDISC_WANT = 1;

    /// Always set the bit; too large a packet gets EMSGSIZE.
    public static final int IP_PMTUDISC_DO = 2;

    /// Set the bit, ignore the known path MTU.
    public static final int IP_PMTUDISC_PROBE = 3;

    /// Use the device's MTU, ignore ICMP.
    public static final int IP_PMTUDISC_INTERFACE = 4;

    /// As INTERFACE, but fragmentation is allowed.
    public static final int IP_PMTUDISC_OMIT = 5;

    private IpOpt() {}
}
