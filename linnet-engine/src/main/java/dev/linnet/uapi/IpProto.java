package dev.linnet.uapi;

/// Protocol numbers: the third argument of `socket` and the protocol field of an IP header.
///
/// Source: `include/uapi/linux/in.h`, `in6.h`; the numbers are IANA's up to 255.
public final class IpProto {
    /// "Whatever fits the type" in `socket`.
    public static final int IPPROTO_IP = 0;

    /// Control messages of IPv4.
    public static final int IPPROTO_ICMP = 1;

    /// Group management of IPv4.
    public static final int IPPROTO_IGMP = 2;

    /// IPv4 inside IP.
    public static final int IPPROTO_IPIP = 4;

    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_EGP = 8;
    public static final int IPPROTO_PUP = 12;
    public static final int IPPROTO_UDP = 17;
    public static final int IPPROTO_IDP = 22;
    public static final int IPPROTO_TP = 29;
    public static final int IPPROTO_DCCP = 33;

    /// IPv6 inside IP.
    public static final int IPPROTO_IPV6 = 41;

    public static final int IPPROTO_RSVP = 46;
    public static final int IPPROTO_GRE = 47;
    public static final int IPPROTO_ESP = 50;
    public static final int IPPROTO_AH = 51;
    public static final int IPPROTO_MTP = 92;
    public static final int IPPROTO_BEETPH = 94;
    public static final int IPPROTO_ENCAP = 98;
    public static final int IPPROTO_PIM = 103;
    public static final int IPPROTO_COMP = 108;
    public static final int IPPROTO_L2TP = 115;
    public static final int IPPROTO_SCTP = 132;
    public static final int IPPROTO_UDPLITE = 136;
    public static final int IPPROTO_MPLS = 137;
    public static final int IPPROTO_ETHERNET = 143;

    /// Raw IP packets: the sender writes the whole header.
    public static final int IPPROTO_RAW = 255;

    public static final int IPPROTO_SMC = 256;
    public static final int IPPROTO_MPTCP = 262;

    /// One more than the largest protocol number that `socket` looks at.
    public static final int IPPROTO_MAX = 263;

    // Extension headers of IPv6.

    /// Options for every hop.
    public static final int IPPROTO_HOPOPTS = 0;

    /// Routing header.
    public static final int IPPROTO_ROUTING = 43;

    /// Fragment header.
    public static final int IPPROTO_FRAGMENT = 44;

    /// Control messages of IPv6.
    public static final int IPPROTO_ICMPV6 = 58;

    /// Nothing follows.
    public static final int IPPROTO_NONE = 59;

    /// Options for the destination.
    public static final int IPPROTO_DSTOPTS = 60;

    /// Mobility header.
    public static final int IPPROTO_MH = 135;

    private IpProto() {}
}
