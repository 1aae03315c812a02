package dev.linnet.sim;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Qdisc;
import dev.linnet.net.core.skb.SkBuff;

/// A path that behaves like a link, in front of a device that exists already: what `tc qdisc add ... netem` does. Over
/// loopback both directions of a connection pass it. Thread-safe.
public final class LinkQdisc extends Qdisc {
    private final Impairment path;

    private LinkQdisc(NetDevice dev, LinkConfig config, long seed) {
        path = new Impairment(dev.net, config, seed, skb -> transmit(skb, dev));
    }

    /// Puts it in front of a device. If it acts on packets (loss, rate …), the device no longer takes segments that are
    /// longer than its MTU.
    ///
    /// @param seed decides which packets are lost, duplicated …
    public static void put(NetDevice dev, LinkConfig config, long seed) {
        if (config.actsOnPackets()) {
            dev.features &= NetDevice.F_SG | (config.corrupt() > 0 ? 0 : NetDevice.F_HW_CSUM);
        }
        dev.qdisc = new LinkQdisc(dev, config, seed);
    }

    @Override
    public int enqueue(SkBuff skb, NetDevice dev) {
        path.send(skb);
        return NET_XMIT_SUCCESS;
    }

    @Override
    public void wake(NetDevice dev) {}

    @Override
    public void reset() {
        path.stop();
    }

    @Override
    public int qlen() {
        return path.waiting();
    }
}
