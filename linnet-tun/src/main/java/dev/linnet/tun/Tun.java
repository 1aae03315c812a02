package dev.linnet.tun;

import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.host.TunQueue;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.stack.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A TUN or TAP device of this machine as an interface of a [Host]: what the machine sends to the
/// device, the host receives, and the other way round.
///
/// Needs a stack in real time. Sending runs on the sender's thread; each queue of the device has a
/// thread that receives. Thread-safe.
public final class Tun implements AutoCloseable {
    private final TunDevice device;
    private final NetDevice dev;
    private final List<TunReceiver> receivers = new ArrayList<>();

    private Tun(TunDevice device, NetDevice dev) {
        this.device = device;
        this.dev = dev;
    }

    /// Makes an opened device an interface of `host`, which is up and has no addresses yet. The
    /// caller keeps configuring the machine's side; closing the result closes the device.
    ///
    /// @throws IllegalArgumentException if the stack is in virtual time or the name is taken
    public static Tun attach(Host host, String name, TunDevice device, int mtu) {
        return attach(host, name, device, mtu, SoftnetData::netifRx);
    }

    /// The same with something between the device and the host.
    ///
    /// @param receiver takes ownership of each packet that the machine sends; what it lets through it gives to
    ///     [SoftnetData#netifRx]
    public static Tun attach(
            Host host, String name, TunDevice device, int mtu, Consumer<SkBuff> receiver) {
        if (host.stack().isVirtual()) {
            throw new IllegalArgumentException(
                    "a TUN device needs a stack in real time: the other side does not wait");
        }
        boolean tap = device.kind() == TunConfig.Kind.TAP;
        NetDeviceConfig config =
                new NetDeviceConfig(
                        name,
                        new TunTransmitter(device),
                        tap ? NetDevice.ARPHRD_ETHER : NetDevice.ARPHRD_NONE,
                        tap ? macFor(device.name()) : new byte[0],
                        flags(tap),
                        features(device),
                        mtu);
        NetDevice dev = host.addDevice(config);
        Tun tun = new Tun(device, dev);
        for (TunQueue queue : device.queues()) {
            tun.receivers.add(TunReceiver.start(queue, dev, device.hasVnetHeader(), tap, receiver));
        }
        return tun;
    }

    private static int flags(boolean tap) {
        return tap
                ? NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST
                : NetDevice.IFF_POINTOPOINT | NetDevice.IFF_NOARP | NetDevice.IFF_MULTICAST;
    }

    /// A locally administered address that depends on the name only.
    private static byte[] macFor(String name) {
        int h = name.hashCode();
        return new byte[] {
            0x02, 0x4c, (byte) (h >>> 24), (byte) (h >>> 16), (byte) (h >>> 8), (byte) h,
        };
    }

    private static int features(TunDevice device) {
        if (!device.hasVnetHeader()) {
            return NetDevice.F_SG;
        }
        int features = NetDevice.F_SG | NetDevice.F_HW_CSUM;
        int offloads = device.offloads();
        if ((offloads & TunDevice.F_TSO4) != 0) {
            features |= NetDevice.F_TSO;
        }
        if ((offloads & TunDevice.F_TSO6) != 0) {
            features |= NetDevice.F_TSO6;
        }
        if ((offloads & TunDevice.F_TSO_ECN) != 0) {
            features |= NetDevice.F_TSO_ECN;
        }
        if ((offloads & TunDevice.F_USO4) != 0) {
            features |= NetDevice.F_GSO_UDP_L4;
        }
        return features;
    }

    /// The interface on the host.
    public NetDevice device() {
        return dev;
    }

    /// Stops receiving, removes the interface and closes the device.
    @Override
    public void close() {
        receivers.forEach(TunReceiver::stop);
        dev.net.devices.unregister(dev);
        device.close();
    }
}
