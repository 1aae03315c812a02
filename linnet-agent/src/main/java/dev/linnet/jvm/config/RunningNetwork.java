package dev.linnet.jvm.config;

import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostException;
import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.jvm.JvmHost;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.ipv6.Addrconf;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.tun.Tun;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The network of a [NetworkConfig], running: one host with a loopback device and one interface, and a JVM on it.
///
/// Without a TUN device the interface leads to an Ethernet segment that nobody else is on; what the program sends to its
/// own addresses goes over loopback, as on Linux. Thread-safe.
public final class RunningNetwork implements AutoCloseable {
    private static final int TUN_QUEUE = 10_000;

    private final Stack stack;
    private final Host host;
    private final JvmHost jvm;
    private final NetworkConfig config;
    private @Nullable Tun tun;
    private @Nullable Capture capture;

    private RunningNetwork(NetworkConfig config) {
        this.config = config;
        this.stack = Stack.create();
        this.host = stack.newHost(config.hostname());
        this.jvm = new JvmHost(host);
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
        } else {
            attachTun(config.tun());
        }
        for (Cidr address : config.addresses()) {
            addAddress(address);
        }
        addRoutes();
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
            tun = Tun.attach(host, name, device, config.mtu());
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

    private static TunDevice openTun(String name) {
        try {
            return TunDevice.open(TunConfig.tun(name));
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

    /// Ends the capture, closes every socket, takes the device away.
    ///
    /// @throws UncheckedIOException if the capture is not complete
    @Override
    public void close() {
        try {
            if (capture != null) {
                capture.close();
            }
        } finally {
            jvm.close();
            if (tun != null) {
                tun.close();
            }
            stack.close();
        }
    }
}
