package dev.linnet.stack;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import java.util.ArrayList;
import java.util.List;

/// An interface without a link layer whose other end is the test: it gives bytes and keeps what
/// comes.
final class PacketPort extends NetDeviceOps {
    final List<byte[]> sent = new ArrayList<>();
    private final NetDevice dev;

    PacketPort(Host host, String name) {
        int flags = NetDevice.IFF_POINTOPOINT | NetDevice.IFF_NOARP | NetDevice.IFF_MULTICAST;
        dev =
                host.addDevice(
                        new NetDeviceConfig(
                                name,
                                this,
                                NetDevice.ARPHRD_NONE,
                                new byte[0],
                                flags,
                                NetDevice.F_SG,
                                1500));
    }

    @Override
    public int startXmit(SkBuff skb, NetDevice device) {
        byte[] bytes = new byte[skb.len];
        SkbOps.copyBits(skb, 0, bytes, 0, skb.len);
        sent.add(bytes);
        skb.consume();
        return NETDEV_TX_OK;
    }

    /// Receives a packet of the given EtherType, whatever its bytes are.
    void receive(byte[] bytes, int etherType) {
        int stripe = SoftIrq.current().stripe;
        Page page = dev.net.pool.alloc(stripe, PagePool.classFor(64 + bytes.length));
        System.arraycopy(bytes, 0, page.data, 64, bytes.length);
        SkBuff skb = SkBuff.build(dev.net.pool, stripe, page, 64, bytes.length);
        skb.dev = dev;
        skb.macHeader = skb.data;
        skb.protocol = etherType;
        SoftnetData.netifRx(skb);
    }

    void receive4(byte[] bytes) {
        receive(bytes, PacketTypes.ETH_P_IP);
    }

    void receive6(byte[] bytes) {
        receive(bytes, PacketTypes.ETH_P_IPV6);
    }
}
