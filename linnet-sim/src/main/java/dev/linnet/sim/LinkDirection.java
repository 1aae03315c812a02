package dev.linnet.sim;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Eth;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ethernet;

/// One way of a [Link], or from a host to a [Switch], and the driver of the interface at its beginning. Thread-safe.
public final class LinkDirection extends NetDeviceOps {
    private final Impairment path;

    /// The interfaces at the other end: one of a cable, any number of a switch. Replaced, never changed.
    private volatile NetDevice[] peers = {};

    LinkDirection(NetNamespace net, LinkConfig config, long seed) {
        this.path = new Impairment(net, config, seed, this::deliver);
    }

    void leadsTo(NetDevice... devs) {
        peers = devs;
    }

    /// Packets that entered this direction.
    public long sent() {
        return path.sent();
    }

    /// Packets that it lost: by chance, by a full queue, by a cut.
    public long lost() {
        return path.lost();
    }

    /// Cuts the wire (every packet is lost) or mends it.
    public void cut(boolean isCut) {
        path.cut(isCut);
    }

    /// Changes what happens to packets from now on; the MTU stays.
    public void configure(LinkConfig newConfig) {
        path.configure(newConfig);
    }

    @Override
    public int startXmit(SkBuff skb, NetDevice dev) {
        skb.orphan();
        skb.dst = null;
        path.send(skb);
        return NETDEV_TX_OK;
    }

    /// Hands a packet to whom its destination address names; to all, if it is for many or for nobody here.
    private void deliver(SkBuff skb) {
        NetDevice[] to = peers;
        if (to.length == 0 || !skb.mayPull(Ethernet.HEADER_BYTES)) {
            skb.drop(DropReason.DEV_HDR);
            return;
        }
        int only = to.length == 1 ? 0 : indexOf(to, Ethernet.dest(skb.buf, skb.data));
        if (only >= 0) {
            deliver(skb, to[only]);
            return;
        }
        for (int i = 1; i < to.length; i++) {
            deliver(skb.clone(SoftIrq.current().stripe), to[i]);
        }
        deliver(skb, to[0]);
    }

    private static int indexOf(NetDevice[] devs, long mac) {
        for (int i = 0; i < devs.length; i++) {
            if (devs[i].mac() == mac) {
                return i;
            }
        }
        return -1;
    }

    private static void deliver(SkBuff skb, NetDevice to) {
        if (Eth.typeTrans(skb, to)) {
            SoftnetData.netifRx(skb);
        } else {
            skb.drop(DropReason.DEV_HDR);
        }
    }

    @Override
    public void stop(NetDevice dev) {
        path.stop();
    }
}
