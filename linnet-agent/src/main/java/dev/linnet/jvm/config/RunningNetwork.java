package dev.linnet.jvm.config;

import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostException;
import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.jvm.JvmHost;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.ipv6.Addrconf;
import dev.linnet.sim.Impairment;
import dev.linnet.sim.LinkConfig;
import dev.linnet.sim.LinkQdisc;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import dev.linnet.stack.Stack;
import dev.linnet.tun.Tun;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Shut;
import dev.linnet.wire.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The network of a [NetworkConfig], running: one host with a loopback device and one interface, and a JVM on it.
///
/// Without a TUN device the interface leads to an Ethernet segment that nobody else is on; what the program sends to
/// its own addresses goes over loopback, as on Linux. Thread-safe.
public final class RunningNetwork implements AutoCloseable {
    private static final int TUN_QUEUE = 10_000;
    private static final long LAST_WORDS_NS = 1_000_000_000L;

    private final Stack stack;
    private final Host host;
    private final JvmHost jvm;
    private final NetworkConfig config;
    private final SplittableRandom linkSeeds;
    private @Nullable Tun tun;
    private @Nullable Capture capture;

    private RunningNetwork(NetworkConfig config) {
        this.config = config;
        this.stack = Stack.create();
        this.host = stack.newHost(config.hostname());
        this.jvm = new JvmHost(host);
        NetworkConfig.LinkSpec link = config.link();
        Long seed = link == null ? null : link.seed();
        this.linkSeeds = new SplittableRandom(seed == null ? stack.seed() : seed);
    }

    /// Makes the network.
    ///
    /// @throws ConfigException if the configuration asks for something that cannot be had
    public static RunningNetwork start(NetworkConfig config) {
        RunningNetwork network = new RunningNetwork(config);
        try {
            network.configure();
            return network;
        } catch (ConfigException e) {
            network.close();
            throw e;
        }
    }

    /// The JVM on the host.
    public JvmHost jvm() {
        return jvm;
    }

    /// The host.
    public Host host() {
        return host;
    }

    private void configure() {
        for (NetworkConfig.Entry sysctl : config.sysctls()) {
            int err = host.setSysctl(sysctl.key(), sysctl.value());
            if (err < 0) {
                throw new ConfigException(
                        "--sysctl: cannot set "
                                + sysctl.key()
                                + " to '"
                                + sysctl.value()
                                + "': "
                                + Errno.message(err));
            }
        }
        if (config.tun() == null) {
            host.addDevice(ethernet());
            if (config.link() != null) {
                host.setMtu("lo", config.mtu());
                LinkQdisc.put(host.device("lo"), config.link().config(), linkSeeds.nextLong());
            }
        } else {
            attachTun(config.tun());
        }
        for (Cidr address : config.addresses()) {
            addAddress(address);
        }
        addRoutes();
        for (NetworkConfig.Entry entry : config.names()) {
            jvm.names().add(entry.key(), entry.value());
        }
        config.nameServers().forEach(jvm.names()::addServer);
        openCapture();
    }

    // ---- the interface
    // ---------------------------------------------------------------------------------

    private NetDeviceConfig ethernet() {
        return new NetDeviceConfig(
                config.device(),
                new EmptySegment(),
                NetDevice.ARPHRD_ETHER,
                stack.newHardwareAddress(),
                NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                NetDevice.F_SG | NetDevice.F_HW_CSUM,
                config.mtu());
    }

    private void attachTun(String name) {
        TunDevice device = openTun(name);
        try {
            NetworkConfig.LinkSpec link = config.link();
            tun =
                    link == null
                            ? Tun.attach(host, name, device, config.mtu())
                            : attachBehindLink(name, device, link.config());
            device.link().setMtu(config.mtu());
            device.link().setTxQueueLength(TUN_QUEUE);
            device.link().up();
            for (Cidr address : config.hostAddresses()) {
                device.link().addAddress(dev.linnet.host.Cidr.parse(address.toString()));
            }
        } catch (HostException e) {
            throw new ConfigException("--tun: " + e.getMessage());
        }
    }

    private Tun attachBehindLink(String name, TunDevice device, LinkConfig link) {
        Impairment in =
                new Impairment(host.net(), link, linkSeeds.nextLong(), SoftnetData::netifRx);
        Tun attached = Tun.attach(host, name, device, config.mtu(), in::send);
        LinkQdisc.put(attached.device(), link, linkSeeds.nextLong());
        return attached;
    }

    /// Behind a link packets are those of the wire, so the device must not join or cut them.
    private TunDevice openTun(String name) {
        try {
            TunConfig bare = TunConfig.tun(name);
            return TunDevice.open(config.link() == null ? bare : bare.withoutVnetHeader());
        } catch (HostException e) {
            String reason = HostCapabilities.canUseTun() ? "" : HostCapabilities.tun().reason();
            throw new ConfigException("--tun: " + (reason.isEmpty() ? e.getMessage() : reason));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--tun: " + e.getMessage());
        }
    }

    /// IPv6 addresses are used at once: nobody else is there who could have them.
    private void addAddress(Cidr address) {
        NetDevice dev = host.device(config.device());
        if (address.isV4()) {
            try {
                host.addAddress(dev.name, address.toString());
            } catch (IllegalArgumentException e) {
                throw new ConfigException("--address: " + e.getMessage());
            }
            return;
        }
        int err = Addrconf.addAddress(dev, address.hi(), address.lo(), address.prefixLen(), true);
        if (err < 0) {
            throw new ConfigException("--address: " + address + ": " + Errno.message(err));
        }
    }

    /// Those that were asked for; over TUN also a default route for each family that has none.
    private void addRoutes() {
        for (NetworkConfig.Route route : config.routes()) {
            try {
                host.addRoute(route.to(), route.via(), route.dev());
            } catch (IllegalArgumentException e) {
                throw new ConfigException("--route: " + e.getMessage());
            }
        }
        boolean v4 = config.routes().stream().anyMatch(r -> r.isDefault() && r.isV4());
        boolean v6 = config.routes().stream().anyMatch(r -> r.isDefault() && !r.isV4());
        for (Cidr side : config.hostAddresses()) {
            boolean done = side.isV4() ? v4 : v6;
            if (!done) {
                String via = side.toString().substring(0, side.toString().indexOf('/'));
                host.addRoute(side.isV4() ? "0.0.0.0/0" : "::/0", via, null);
                v4 |= side.isV4();
                v6 |= !side.isV4();
            }
        }
    }

    // ---- the end
    // ----------------------------------------------------------------------------------

    private void openCapture() {
        Path file = config.pcap();
        if (file == null) {
            return;
        }
        try {
            capture = Capture.open(file).add(host, "lo").add(host, config.device());
        } catch (IOException e) {
            throw new ConfigException(
                    "--pcap: cannot write " + file + ": " + OptionParser.reason(e));
        }
    }

    /// What happened on the host, as text for people: connections, sockets that are open, counters that are not 0.
    public String summary() {
        return Summary.of(host);
    }

    /// What has to be done when the JVM ends. No socket is closed, because threads of the program still run, which
    /// would see it. Over TUN each connection says that it has no more, and has a little time to send what it has,
    /// because the machine would do so after a process; then the capture ends, and the device goes away.
    ///
    /// @throws UncheckedIOException if the capture is not complete
    public void end() {
        if (tun != null) {
            for (int fd : jvm.task().openFds()) {
                jvm.task().shutdown(fd, Shut.SHUT_WR); // an error where it is no connection
            }
            awaitSent();
        }
        try {
            if (capture != null) {
                capture.close();
            }
        } finally {
            if (tun != null) {
                tun.close();
            }
        }
    }

    /// Ends it and closes every socket.
    ///
    /// @throws UncheckedIOException if the capture is not complete
    @Override
    public void close() {
        try {
            end();
        } finally {
            jvm.close();
            stack.close();
        }
    }

    private void awaitSent() {
        long end = stack.nowNs() + LAST_WORDS_NS;
        while (stack.nowNs() < end && host.sockets().stream().anyMatch(RunningNetwork::isSending)) {
            if (!stack.sleep(1_000_000)) {
                return;
            }
        }
    }

    /// True for a connection that the peer has not acknowledged the end of.
    private static boolean isSending(SocketInfo socket) {
        return switch (socket.state()) {
            case TCP_FIN_WAIT1, TCP_CLOSING, TCP_LAST_ACK -> true;
            default -> false;
        };
    }
}
