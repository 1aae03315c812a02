package dev.linnet.uapi;

/// Types and codes of ICMPv6 messages (RFC 4443, RFC 4861, RFC 3810).
///
/// Source: `include/uapi/linux/icmpv6.h`.
public final class Icmp6Type {
    // Errors.

    public static final int ICMPV6_DEST_UNREACH = 1;
    public static final int ICMPV6_PKT_TOOBIG = 2;
    public static final int ICMPV6_TIME_EXCEED = 3;
    public static final int ICMPV6_PARAMPROB = 4;

    /// The largest type that is an error.
    public static final int ICMPV6_ERRMSG_MAX = 127;

    // Informational messages.

    /// Bit of a type that is not an error.
    public static final int ICMPV6_INFOMSG_MASK = 0x80;

    public static final int ICMPV6_ECHO_REQUEST = 128;
    public static final int ICMPV6_ECHO_REPLY = 129;
    public static final int ICMPV6_MGM_QUERY = 130;
    public static final int ICMPV6_MGM_REPORT = 131;
    public static final int ICMPV6_MGM_REDUCTION = 132;
    public static final int NDISC_ROUTER_SOLICITATION = 133;
    public static final int NDISC_ROUTER_ADVERTISEMENT = 134;
    public static final int NDISC_NEIGHBOUR_SOLICITATION = 135;
    public static final int NDISC_NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int NDISC_REDIRECT = 137;
    public static final int ICMPV6_NI_QUERY = 139;
    public static final int ICMPV6_NI_REPLY = 140;
    public static final int ICMPV6_MLD2_REPORT = 143;
    public static final int ICMPV6_EXT_ECHO_REQUEST = 160;
    public static final int ICMPV6_EXT_ECHO_REPLY = 161;
    public static final int ICMPV6_MSG_MAX = 255;

    // Codes of ICMPV6_DEST_UNREACH.

    public static final int ICMPV6_NOROUTE = 0;
    public static final int ICMPV6_ADM_PROHIBITED = 1;
    public static final int ICMPV6_NOT_NEIGHBOUR = 2;
    public static final int ICMPV6_ADDR_UNREACH = 3;
    public static final int ICMPV6_PORT_UNREACH = 4;
    public static final int ICMPV6_POLICY_FAIL = 5;
    public static final int ICMPV6_REJECT_ROUTE = 6;

    // Codes of ICMPV6_TIME_EXCEED.

    public static final int ICMPV6_EXC_HOPLIMIT = 0;
    public static final int ICMPV6_EXC_FRAGTIME = 1;

    // Codes of ICMPV6_PARAMPROB.

    public static final int ICMPV6_HDR_FIELD = 0;
    public static final int ICMPV6_UNK_NEXTHDR = 1;
    public static final int ICMPV6_UNK_OPTION = 2;
    public static final int ICMPV6_HDR_INCOMP = 3;

    // Option of the level SOL_ICMPV6.

    /// Bit set of the types that are not delivered (RFC 3542).
    public static final int ICMPV6_FILTER = 1;

    private Icmp6Type() {}
}
