package dev.linnet.net.core.dev;

/// Kinds of routes, and of addresses as the routing tables see them (`RTN_*`).
public final class Rtn {
    public static final int UNSPEC = 0;

    /// Somebody else's, reached through a gateway or directly.
    public static final int UNICAST = 1;

    /// One of ours.
    public static final int LOCAL = 2;

    public static final int BROADCAST = 3;
    public static final int ANYCAST = 4;
    public static final int MULTICAST = 5;
    public static final int BLACKHOLE = 6;
    public static final int UNREACHABLE = 7;
    public static final int PROHIBIT = 8;

    private Rtn() {}
}
