package dev.linnet.uapi;

/// Option levels: the second argument of `getsockopt` and `setsockopt`, and the level of a
/// control message.
///
/// Source: `include/linux/socket.h`.
public final class Sol {
    /// Options in [IpOpt].
    public static final int SOL_IP = 0;

    /// Options in [So].
    public static final int SOL_SOCKET = 1;

    /// Options in [TcpOpt].
    public static final int SOL_TCP = 6;

    /// Options in [UdpOpt].
    public static final int SOL_UDP = 17;

    /// Options in [Ipv6Opt].
    public static final int SOL_IPV6 = 41;

    public static final int SOL_ICMPV6 = 58;
    public static final int SOL_SCTP = 132;
    public static final int SOL_UDPLITE = 136;

    /// Options of raw sockets, such as ICMP_FILTER.
    public static final int SOL_RAW = 255;

    public static final int SOL_IPX = 256;
    public static final int SOL_AX25 = 257;
    public static final int SOL_ATALK = 258;
    public static final int SOL_NETROM = 259;
    public static final int SOL_ROSE = 260;
    public static final int SOL_DECNET = 261;
    public static final int SOL_X25 = 262;
    public static final int SOL_PACKET = 263;
    public static final int SOL_ATM = 264;
    public static final int SOL_AAL = 265;
    public static final int SOL_IRDA = 266;
    public static final int SOL_NETBEUI = 267;
    public static final int SOL_LLC = 268;
    public static final int SOL_DCCP = 269;
    public static final int SOL_NETLINK = 270;
    public static final int SOL_TIPC = 271;
    public static final int SOL_RXRPC = 272;
    public static final int SOL_PPPOL2TP = 273;
    public static final int SOL_BLUETOOTH = 274;
    public static final int SOL_PNPIPE = 275;
    public static final int SOL_RDS = 276;
    public static final int SOL_IUCV = 277;
    public static final int SOL_CAIF = 278;
    public static final int SOL_ALG = 279;
    public static final int SOL_NFC = 280;
    public static final int SOL_KCM = 281;
    public static final int SOL_TLS = 282;
    public static final int SOL_XDP = 283;
    public static final int SOL_MPTCP = 284;
    public static final int SOL_MCTP = 285;
    public static final int SOL_SMC = 286;
    public static final int SOL_VSOCK = 287;

    private Sol() {}
}
