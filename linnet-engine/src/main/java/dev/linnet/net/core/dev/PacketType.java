package dev.linnet.net.core.dev;

import dev.linnet.net.core.skb.SkBuff;

/// A network-layer protocol that receives packets of one EtherType (`struct packet_type`).
public abstract class PacketType {
    /// Takes ownership of a received packet; `data` and `networkHeader` are at its header.
    public abstract void rcv(SkBuff skb, NetDevice dev);
}
