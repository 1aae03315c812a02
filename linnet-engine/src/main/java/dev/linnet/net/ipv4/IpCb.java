package dev.linnet.net.ipv4;

/// Marks of an IPv4 packet on its way through this host, the bits of `SkBuff.ipFlags`
/// (`IPCB(skb)->flags` and the bits of `struct ip_options`).
final class IpCb {
    /// It was forwarded (`IPSKB_FORWARDED`).
    static final int FORWARDED = 1;

    /// Reassembled from fragments that all carried DF: what is cut again carries it, too
    /// (`IPSKB_FRAG_PMTU`).
    static final int FRAG_PMTU = 1 << 1;

    /// Leaves by the device on which it came (`IPSKB_DOREDIRECT`).
    static final int DOREDIRECT = 1 << 2;

    /// Has a source route; a strict one; its next hop is another host (`srr_is_hit`).
    static final int SRR = 1 << 3;

    static final int STRICT_ROUTE = 1 << 4;
    static final int SRR_HIT = 1 << 5;

    /// This host's address stands in a record route and becomes that of the outgoing device when the
    /// packet is forwarded (`rr_needaddr`).
    static final int RR_NEEDADDR = 1 << 6;

    /// Has these options, and they are right.
    static final int HAS_RR = 1 << 7;

    static final int HAS_TS = 1 << 10;
    static final int HAS_CIPSO = 1 << 11;

    /// This host's time stands in a timestamp option (`ts_needtime`).
    static final int TS_NEEDTIME = 1 << 9;

    /// The options were changed, the header's checksum is not yet (`is_changed`).
    static final int CHANGED = 1 << 8;

    /// Has a router alert option: whoever forwards it should look at it.
    static final int ROUTER_ALERT = 1 << 12;

    private IpCb() {}
}
