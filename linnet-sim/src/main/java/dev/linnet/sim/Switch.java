package dev.linnet.sim;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.stack.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// An Ethernet switch: any number of hosts of one stack on one network.
///
/// What its configuration says happens to packets on the way from a host to the switch, and nothing on the way from
/// the switch to another host: so between any two hosts it is what it would be on a [Link] of theirs. Packets
/// go to the host that they are addressed to; broadcasts and multicasts to all others. Thread-safe.
public final class Switch {
    private final LinkConfig config;
    private final SplittableRandom random;
    private final List<NetDevice> devices = new ArrayList<>();
    private final List<LinkDirection> ports = new ArrayList<>();

    /// A switch without hosts.
    ///
    /// @param config what happens to packets between two hosts
    /// @param seed decides which packets are lost, duplicated …
    public Switch(LinkConfig config, long seed) {
        this.config = config;
        this.random = new SplittableRandom(seed);
    }

    /// Joins a host by a new interface, which is up and has no address yet.
    ///
    /// @return the way from the host to the others
    public synchronized LinkDirection connect(Host host, String dev) {
        if (!devices.isEmpty() && !devices.getFirst().net.scheduler.equals(host.net().scheduler)) {
            throw new IllegalArgumentException(
                    "host " + host.name() + " is not in the stack of the switch");
        }
        LinkDirection port = new LinkDirection(host.net(), config, random.nextLong());
        devices.add(host.addDevice(Link.device(host, dev, port, config)));
        ports.add(port);
        for (LinkDirection each : ports) {
            each.leadsTo(
                    devices.stream()
                            .filter(other -> other != devices.get(ports.indexOf(each)))
                            .toArray(NetDevice[]::new));
        }
        return port;
    }

    /// The interfaces in the order in which they were connected.
    public synchronized List<NetDevice> devices() {
        return List.copyOf(devices);
    }

    /// The way from each interface of [#devices] to the others.
    public synchronized List<LinkDirection> ports() {
        return List.copyOf(ports);
    }
}
