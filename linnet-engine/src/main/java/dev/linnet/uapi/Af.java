package dev.linnet.uapi;

/// Address families: the first argument of `socket` and the first field of every sockaddr.
///
/// Source: `include/linux/socket.h`.
public final class Af {
    /// No family; `connect` with it dissolves an association.
    public static final int AF_UNSPEC = 0;

    /// Sockets of one machine.
    public static final int AF_UNIX = 1;

    /// POSIX name of AF_UNIX.
    public static final int AF_LOCAL = 1;

    /// Internet protocol, version 4.
    public static final int AF_INET = 2;

    public static final int AF_AX25 = 3;
    public static final int AF_IPX = 4;
    public static final int AF_APPLETALK = 5;
    public static final int AF_NETROM = 6;
    public static final int AF_BRIDGE = 7;
    public static final int AF_ATMPVC = 8;
    public static final int AF_X25 = 9;

    /// Internet protocol, version 6.
    public static final int AF_INET6 = 10;

    public static final int AF_ROSE = 11;
    public static final int AF_DECnet = 12;
    public static final int AF_NETBEUI = 13;
    public static final int AF_SECURITY = 14;
    public static final int AF_KEY = 15;

    /// Messages from and to the kernel.
    public static final int AF_NETLINK = 16;

    public static final int AF_ROUTE = 16;

    /// Frames of a device.
    public static final int AF_PACKET = 17;

    public static final int AF_ASH = 18;
    public static final int AF_ECONET = 19;
    public static final int AF_ATMSVC = 20;
    public static final int AF_RDS = 21;
    public static final int AF_SNA = 22;
    public static final int AF_IRDA = 23;
    public static final int AF_PPPOX = 24;
    public static final int AF_WANPIPE = 25;
    public static final int AF_LLC = 26;
    public static final int AF_IB = 27;
    public static final int AF_MPLS = 28;
    public static final int AF_CAN = 29;
    public static final int AF_TIPC = 30;
    public static final int AF_BLUETOOTH = 31;
    public static final int AF_IUCV = 32;
    public static final int AF_RXRPC = 33;
    public static final int AF_ISDN = 34;
    public static final int AF_PHONET = 35;
    public static final int AF_IEEE802154 = 36;
    public static final int AF_CAIF = 37;
    public static final int AF_ALG = 38;
    public static final int AF_NFC = 39;
    public static final int AF_VSOCK = 40;
    public static final int AF_KCM = 41;
    public static final int AF_QIPCRTR = 42;
    public static final int AF_SMC = 43;
    public static final int AF_XDP = 44;
    public static final int AF_MCTP = 45;

    /// One more than the largest family; a `socket` call with this or more gets EAFNOSUPPORT.
    public static final int AF_MAX = 46;

    private Af() {}
}
