package dev.linnet.net.core.dev;

import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// What a neighbour table needs from its protocol, ARP or neighbour discovery (`struct neigh_ops`).
public abstract class NeighOps {
    /// Asks for the neighbour's address: by unicast to the known one while `probes` is negative,
    /// else to everybody. Never called with the entry locked (`solicit`).
    ///
    /// @param skb a packet that waits for the answer, or null; stays with the entry
    /// @param probes how many questions went before, minus `ucast_solicit`
    public abstract void solicit(Neighbour neigh, @Nullable SkBuff skb, int probes);

    /// Tells the sender of a packet that the neighbour did not answer; takes ownership
    /// (`error_report`).
    public abstract void errorReport(Neighbour neigh, SkBuff skb);

    /// The sysctls of a device, `neigh.NAME`.
    public abstract DevConf parms(NetDevice dev);
}
