package dev.linnet.wire;

/// IP protocol numbers (IANA "Protocol Numbers"; Linux's `IPPROTO_*`), shared by the `protocol`
/// field of IPv4 and the `nexthdr` field of IPv6. The IPv6 extension headers have their numbers in
/// [Ipv6Ext].
public final class IpProto {

    /// Internet Control Message Protocol, [Icmp].
    public static final int ICMP = 1;

    /// Internet Group Management Protocol.
    public static final int IGMP = 2;

    /// IPv4 in IP (RFC 2003).
    public static final int IPIP = 4;

    /// Transmission Control Protocol, [Tcp].
    public static final int TCP = 6;

    /// User Datagram Protocol, [Udp].
    public static final int UDP = 17;

    /// IPv6 in IPv4 (RFC 4213).
    public static final int IPV6 = 41;

    /// Generic routing encapsulation (RFC 2784).
    public static final int GRE = 47;

    /// Encapsulating security payload (RFC 4303).
    public static final int ESP = 50;

    /// Authentication header (RFC 4302); in IPv6 it is an extension header.
    public static final int AH = 51;

    /// ICMP for IPv6, [Icmpv6].
    public static final int ICMPV6 = 58;

    /// Stream Control Transmission Protocol.
    public static final int SCTP = 132;

    /// UDP with partial checksum cover (RFC 3828).
    public static final int UDPLITE = 136;

    private IpProto() {}

    /// The protocol's usual lower-case name, or `ip-proto-N`.
    public static String name(int protocol) {
        return switch (protocol) {
            case ICMP -> "icmp";
            case IGMP -> "igmp";
            case IPIP -> "ipip";
            case TCP -> "tcp";
            case UDP -> "udp";
            case IPV6 -> "ip6";
            case GRE -> "gre";
            case ESP -> "esp";
            case AH -> "ah";
            case ICMPV6 -> "icmp6";
            case SCTP -> "sctp";
            case UDPLITE -> "udplite";
            default -> "ip-proto-" + protocol;
        };
    }
}
