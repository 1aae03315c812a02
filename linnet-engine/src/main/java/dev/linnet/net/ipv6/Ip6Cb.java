package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ipv6;

/// What IPv6 notes on a packet while it has it (`struct inet6_skb_parm`, `IP6CB`): flags in
/// [SkBuff#ipFlags], and in [SkBuff#ipOptLen] where the byte stands that names the header reached.
@Kernel("inet6_skb_parm")
final class Ip6Cb {
    /// This host forwards it.
    static final int FORWARDED = 2;

    /// It has a router alert option.
    static final int ROUTERALERT = 8;

    /// It was put together out of fragments, or had a fragment header of its own.
    static final int FRAGMENTED = 16;

    /// It has hop-by-hop options.
    static final int HOPBYHOP = 32;

    /// Sent by this host, which may fragment it (`skb->ignore_df`).
    static final int IGNORE_DF = 1 << 16;

    /// Sent by this host, whose own groups shall not hear it.
    static final int NO_MC_LOOP = 1 << 17;

    private Ip6Cb() {}

    /// Forgets what a sender noted: the packet is received.
    static void reset(SkBuff skb) {
        skb.ipFlags = 0;
        skb.ipOptLen = Ipv6.NEXTHDR;
        skb.fragMaxSize = 0;
    }

    static boolean has(SkBuff skb, int flag) {
        return (skb.ipFlags & flag) != 0;
    }

    /// Offset, from the IPv6 header, of the byte that names the header at `transportHeader`.
    static int nhoff(SkBuff skb) {
        return skb.ipOptLen;
    }

    static void nhoff(SkBuff skb, int offset) {
        skb.ipOptLen = offset;
    }
}
