package dev.linnet.stack;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.EtherHeader;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// An Ethernet between two hosts that can do nothing but carry frames: no checksums, no segmentation.
/// Keeps what passes, and loses what it is told to lose.
final class EtherCable {
    final List<byte[]> frames = new ArrayList<>();
    Predicate<byte[]> passes = frame -> true;
    private final End left;
    private final End right;

    EtherCable(Host a, Host b, String name, int mtu) {
        left = new End(a, name, mtu, 1);
        right = new End(b, name, mtu, 2);
    }

    private final class End extends NetDeviceOps {
        private final NetDevice dev;

        End(Host host, String name, int mtu, int mac) {
            dev =
                    host.addDevice(
                            new NetDeviceConfig(
                                    name,
                                    this,
                                    NetDevice.ARPHRD_ETHER,
                                    new byte[] {2, 0, 0, 0, 0, (byte) mac},
                                    NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                                    NetDevice.F_SG,
                                    mtu));
        }

        @Override
        public int startXmit(SkBuff skb, NetDevice device) {
            byte[] frame = new byte[skb.len];
            SkbOps.copyBits(skb, 0, frame, 0, skb.len);
            skb.consume();
            frames.add(frame);
            if (passes.test(frame)) {
                (this == left ? right : left).receive(frame);
            }
            return NETDEV_TX_OK;
        }

        private void receive(byte[] frame) {
            int stripe = SoftIrq.current().stripe;
            SkBuff skb = SkBuff.alloc(dev.net.pool, stripe, 64 + frame.length);
            skb.reserve(50);
            System.arraycopy(frame, 0, skb.buf, skb.put(frame.length), frame.length);
            EtherHeader.typeTrans(skb, dev);
            SoftnetData.netifRx(skb);
        }
    }
}
