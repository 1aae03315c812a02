package dev.linnet.wire;

/// The two ECN bits of IPv4's `tos` and IPv6's traffic class (RFC 3168 section 5, Linux's
/// `INET_ECN_*`).
public final class Ecn {

    /// The bits of a `tos` or traffic class that are ECN's; the other six are the DSCP.
    public static final int MASK = 3;

    /// The sender does not take part.
    public static final int NOT_ECT = 0;

    /// Capable, codepoint 1 (used by L4S, RFC 9331).
    public static final int ECT_1 = 1;

    /// Capable, codepoint 0 (classic).
    public static final int ECT_0 = 2;

    /// Congestion experienced: set by a router in a capable packet instead of dropping it.
    public static final int CE = 3;

    private Ecn() {}

    /// The ECN bits of a `tos` or traffic class.
    public static int of(int tos) {
        return tos & MASK;
    }

    /// Whether the packet's sender takes part (any codepoint but [#NOT_ECT]).
    public static boolean isCapable(int tos) {
        return (tos & MASK) != NOT_ECT;
    }

    /// Whether congestion was experienced.
    public static boolean isCe(int tos) {
        return (tos & MASK) == CE;
    }
}
