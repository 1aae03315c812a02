package dev.linnet.net.core.dev;

import dev.linnet.net.core.skb.SkBuff;

/// What a driver does for its device (`struct net_device_ops`).
public abstract class NetDeviceOps {
    /// The packet was taken (or dropped by the driver itself).
    public static final int NETDEV_TX_OK = 0;

    /// The device is full: the queue in front of it keeps the packet and tries again when the driver
    /// calls [Qdisc#wake].
    public static final int NETDEV_TX_BUSY = 0x10;

    /// Brings the device into operation; 0 or `-errno`.
    public int open(NetDevice dev) {
        return 0;
    }

    /// Takes it out of operation.
    public void stop(NetDevice dev) {}

    /// Sends a packet whose `data` is at the link-layer header (or the network header where the
    /// device has none). Takes ownership when it returns [#NETDEV_TX_OK]. May run on any thread, in
    /// soft-interrupt context; must not block.
    public abstract int startXmit(SkBuff skb, NetDevice dev);

    /// Accepts a new MTU; 0 or `-errno`.
    public int changeMtu(NetDevice dev, int mtu) {
        return 0;
    }
}
