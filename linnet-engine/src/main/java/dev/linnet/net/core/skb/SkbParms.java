package dev.linnet.net.core.skb;

/// What a family keeps with its packets beside the common fields (`skb->cb` of AF_UNIX). Made once for a
/// pooled packet, which keeps it for its next lives.
public abstract class SkbParms {
    /// The packet has ended: lets go of everything. Runs wherever a packet may end, so it takes no lock
    /// that anybody holds there.
    protected abstract void clear();
}
