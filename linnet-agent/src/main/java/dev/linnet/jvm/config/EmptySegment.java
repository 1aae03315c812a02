package dev.linnet.jvm.config;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.skb.SkBuff;

/// An Ethernet segment that nobody else is on: what is sent there, nobody receives, and nobody answers ARP, so that a
/// connection to a neighbour ends with "No route to host" after a few seconds.
final class EmptySegment extends NetDeviceOps {
    @Override
    public int startXmit(SkBuff skb, NetDevice dev) {
        skb.consume();
        return NETDEV_TX_OK;
    }
}
