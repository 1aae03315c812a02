package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ipv6Ext;
import org.jspecify.annotations.Nullable;

/// Extension headers that go before the transport header of sent packets (`struct
/// ipv6_txoptions`). Immutable; each is a whole header whose first byte is filled in on sending.
///
/// @param hopopt hop-by-hop options, or null
/// @param dst0opt destination options for the nodes of a routing header, sent only with one; or null
/// @param dst1opt destination options, or null
@Kernel("ipv6_txoptions")
record Ipv6TxOptions(
        byte @Nullable [] hopopt, byte @Nullable [] dst0opt, byte @Nullable [] dst1opt) {
    static final Ipv6TxOptions NONE = new Ipv6TxOptions(null, null, null);

    Ipv6TxOptions withHopopt(byte @Nullable [] header) {
        return new Ipv6TxOptions(header, dst0opt, dst1opt);
    }

    Ipv6TxOptions withDst0opt(byte @Nullable [] header) {
        return new Ipv6TxOptions(hopopt, header, dst1opt);
    }

    Ipv6TxOptions withDst1opt(byte @Nullable [] header) {
        return new Ipv6TxOptions(hopopt, dst0opt, header);
    }

    /// Bytes of the headers that every fragment has (`opt_nflen`).
    int unfragmentedBytes() {
        return hopopt == null ? 0 : hopopt.length;
    }

    /// Bytes of all headers that are sent.
    int bytes() {
        return unfragmentedBytes() + (dst1opt == null ? 0 : dst1opt.length);
    }

    boolean isEmpty() {
        return hopopt == null && dst0opt == null && dst1opt == null;
    }

    /// Puts the headers in front of a packet, which has the headroom; gives the type of the first, or
    /// `proto` if there is none (`ipv6_push_nfrag_opts`, `ipv6_push_frag_opts`).
    @Kernel({"ipv6_push_frag_opts", "ipv6_push_nfrag_opts"})
    int push(SkBuff skb, int proto) {
        int next = proto;
        if (dst1opt != null) {
            next = push(skb, dst1opt, next, Ipv6Ext.DEST_OPTIONS);
        }
        if (hopopt != null) {
            next = push(skb, hopopt, next, Ipv6Ext.HOP_BY_HOP);
        }
        return next;
    }

    private static int push(SkBuff skb, byte[] header, int next, int type) {
        int at = skb.push(header.length);
        System.arraycopy(header, 0, skb.buf, at, header.length);
        Ipv6Ext.nexthdr(skb.buf, at, next);
        return type;
    }
}
