package dev.linnet.uapi;

/// Types and codes of ICMP messages (RFC 792, RFC 1122, RFC 8335).
///
/// Source: `include/uapi/linux/icmp.h`.
public final class IcmpType {
    // Types.

    public static final int ICMP_ECHOREPLY = 0;
    public static final int ICMP_DEST_UNREACH = 3;
    public static final int ICMP_SOURCE_QUENCH = 4;
    public static final int ICMP_REDIRECT = 5;
    public static final int ICMP_ECHO = 8;
    public static final int ICMP_TIME_EXCEEDED = 11;
    public static final int ICMP_PARAMETERPROB = 12;
    public static final int ICMP_TIMESTAMP = 13;
    public static final int ICMP_TIMESTAMPREPLY = 14;
    public static final int ICMP_INFO_REQUEST = 15;
    public static final int ICMP_INFO_REPLY = 16;
    public static final int ICMP_ADDRESS = 17;
    public static final int ICMP_ADDRESSREPLY = 18;
    public static final int ICMP_EXT_ECHO = 42;
    public static final int ICMP_EXT_ECHOREPLY = 43;

    /// The largest of the classic types, ICMP_ADDRESSREPLY.
    public static final int NR_ICMP_TYPES = 18;

    // Codes of ICMP_DEST_UNREACH.

    public static final int ICMP_NET_UNREACH = 0;
    public static final int ICMP_HOST_UNREACH = 1;
    public static final int ICMP_PROT_UNREACH = 2;
    public static final int ICMP_PORT_UNREACH = 3;

    /// Too large and may not be fragmented; carries the MTU (RFC 1191).
    public static final int ICMP_FRAG_NEEDED = 4;

    public static final int ICMP_SR_FAILED = 5;
    public static final int ICMP_NET_UNKNOWN = 6;
    public static final int ICMP_HOST_UNKNOWN = 7;
    public static final int ICMP_HOST_ISOLATED = 8;
    public static final int ICMP_NET_ANO = 9;
    public static final int ICMP_HOST_ANO = 10;
    public static final int ICMP_NET_UNR_TOS = 11;
    public static final int ICMP_HOST_UNR_TOS = 12;
    public static final int ICMP_PKT_FILTERED = 13;
    public static final int ICMP_PREC_VIOLATION = 14;
    public static final int ICMP_PREC_CUTOFF = 15;

    /// The largest code.
    public static final int NR_ICMP_UNREACH = 15;

    // Codes of ICMP_REDIRECT.

    public static final int ICMP_REDIR_NET = 0;
    public static final int ICMP_REDIR_HOST = 1;
    public static final int ICMP_REDIR_NETTOS = 2;
    public static final int ICMP_REDIR_HOSTTOS = 3;

    // Codes of ICMP_TIME_EXCEEDED.

    public static final int ICMP_EXC_TTL = 0;
    public static final int ICMP_EXC_FRAGTIME = 1;

    // Option of the level SOL_RAW for ICMP sockets.

    /// Bit set of the types that are not delivered.
    public static final int ICMP_FILTER = 1;

    private IcmpType() {}
}
