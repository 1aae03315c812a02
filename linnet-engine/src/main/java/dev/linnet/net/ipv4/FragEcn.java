package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Ecn;

/// What the ECN bits of fragments make of the whole datagram (RFC 3168 section 5.3).
public final class FragEcn {
    /// The fragments contradict each other: the datagram must be dropped.
    public static final int INVALID = 0xFF;

    private FragEcn() {}

    /// The bits to add to those of the first fragment, or [#INVALID].
    ///
    /// @param seen a set of `1 << bits`, one for each value that a fragment had
    @Kernel("ip_frag_ecn_table")
    public static int combine(int seen) {
        boolean notEct = (seen & 1 << Ecn.NOT_ECT) != 0;
        boolean ce = (seen & 1 << Ecn.CE) != 0;
        boolean ect = (seen & (1 << Ecn.ECT_0 | 1 << Ecn.ECT_1)) != 0;
        if (notEct && (ce || ect)) {
            return INVALID;
        }
        return ce && ect ? Ecn.CE : 0;
    }
}
