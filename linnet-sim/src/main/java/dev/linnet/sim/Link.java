package dev.linnet.sim;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.stack.Host;
import java.util.SplittableRandom;

/// A cable between two hosts of one stack: an Ethernet interface on each, and what happens to
/// packets in between.
///
/// A link that acts on packets (loss, rate …) carries packets of at most its MTU; a perfect one, or
/// one with only a delay, carries segments of up to 64 KB whole, as loopback does. Everything
/// random comes from the seed. Thread-safe.
public final class Link {
    private final NetDevice a;
    private final NetDevice b;
    private final LinkDirection ab;
    private final LinkDirection ba;

    private Link(NetDevice a, NetDevice b, LinkDirection ab, LinkDirection ba) {
        this.a = a;
        this.b = b;
        this.ab = ab;
        this.ba = ba;
    }

    /// Joins two hosts by new interfaces, which are up and have no addresses yet.
    ///
    /// @param config what happens to packets, the same in both directions
    /// @param seed decides which packets are lost, duplicated …
    public static Link connect(
            Host hostA, String devA, Host hostB, String devB, LinkConfig config, long seed) {
        if (hostA.stack() != hostB.stack()) {
            throw new IllegalArgumentException(
                    "hosts " + hostA.name() + " and " + hostB.name() + " are in different stacks");
        }
        SplittableRandom random = new SplittableRandom(seed);
        LinkDirection ab = new LinkDirection(hostA.net(), config, random.nextLong());
        LinkDirection ba = new LinkDirection(hostB.net(), config, random.nextLong());
        NetDevice a = hostA.addDevice(device(hostA, devA, ab, config));
        NetDevice b = hostB.addDevice(device(hostB, devB, ba, config));
        ab.leadsTo(b);
        ba.leadsTo(a);
        return new Link(a, b, ab, ba);
    }

    static NetDeviceConfig device(Host host, String name, LinkDirection ops, LinkConfig config) {
        int features = config.actsOnPackets() ? NetDevice.F_SG : NetDevice.F_ALL;
        if (config.actsOnPackets() && config.corrupt() == 0) {
            features |= NetDevice.F_HW_CSUM;
        }
        return new NetDeviceConfig(
                name,
                ops,
                NetDevice.ARPHRD_ETHER,
                host.stack().newHardwareAddress(),
                NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                features,
                config.mtu());
    }

    /// The interface on the first host.
    public NetDevice a() {
        return a;
    }

    /// The interface on the second host.
    public NetDevice b() {
        return b;
    }

    /// The way from the first host to the second.
    public LinkDirection ab() {
        return ab;
    }

    /// The way back.
    public LinkDirection ba() {
        return ba;
    }
}
