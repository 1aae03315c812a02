package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;

/// The loopback device: what is sent is received, on the sender's thread, neither copied nor
/// checksummed nor segmented.
public final class Loopback extends NetDeviceOps {
    private Loopback() {}

    /// Adds `lo` to a namespace, down.
    public static NetDevice register(NetNamespace net) {
        NetDevice lo =
                net.devices.register(
                        new NetDeviceConfig(
                                "lo",
                                new Loopback(),
                                NetDevice.ARPHRD_LOOPBACK,
                                new byte[0],
                                NetDevice.IFF_LOOPBACK,
                                NetDevice.F_ALL,
                                65536));
        if (lo == null) {
            throw new IllegalStateException("namespace " + net.name + " has a loopback already");
        }
        return lo;
    }

    @Override
    @Kernel("loopback_xmit")
    @HotPath
    public int startXmit(SkBuff skb, NetDevice dev) {
        skb.orphan();
        skb.tstampNs = 0; // when it was to leave is not when it comes
        skb.pktType = SkBuff.PACKET_HOST;
        SoftnetData.netifRx(skb);
        return NETDEV_TX_OK;
    }
}
