package dev.linnet.net.core.dev;

/// What a route is looked up by, and what the look-up settles (`struct flowi4`, `flowi6`). A
/// scratch object of one thread for one call; addresses are 128 bits, IPv4 mapped.
public final class Flow {
    public long daddrHi;
    public long daddrLo;

    /// Source address; unspecified lets the route choose, which then stands here.
    public long saddrHi;

    public long saddrLo;

    /// `IPPROTO_*`, ports in host order (0 where there are none).
    public int proto;

    public int sport;
    public int dport;

    /// Outgoing interface to be used, or 0; incoming interface when a received packet is routed.
    public int oif;

    public int iif;
    public int mark;

    /// TOS or traffic class, IPv6 flow label.
    public int tos;

    public int flowLabel;

    /// The source may be an address that is not ours (`FLOWI_FLAG_ANYSRC`).
    public boolean anySrc;

    /// IPv4: only destinations on the link or in this host will do (`RT_SCOPE_LINK`).
    public boolean onLink;

    /// IPv6: `oif` is a wish rather than a condition, as long as a source address is given and the
    /// destination is not of one link.
    public boolean oifWish;

    /// Makes this the same as another one.
    public void copyFrom(Flow o) {
        daddrHi = o.daddrHi;
        daddrLo = o.daddrLo;
        saddrHi = o.saddrHi;
        saddrLo = o.saddrLo;
        proto = o.proto;
        sport = o.sport;
        dport = o.dport;
        oif = o.oif;
        iif = o.iif;
        mark = o.mark;
        tos = o.tos;
        flowLabel = o.flowLabel;
        anySrc = o.anySrc;
        onLink = o.onLink;
    }

    public Flow reset() {
        daddrHi = 0;
        daddrLo = 0;
        saddrHi = 0;
        saddrLo = 0;
        proto = 0;
        sport = 0;
        dport = 0;
        oif = 0;
        iif = 0;
        mark = 0;
        tos = 0;
        flowLabel = 0;
        anySrc = false;
        onLink = false;
        oifWish = false;
        return this;
    }
}
