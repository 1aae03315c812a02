package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The interfaces of a namespace and the chain of those who follow their changes
/// (`netdev_chain`). Changes are made one at a time under this object's monitor (Linux's RTNL).
public final class NetDeviceTable {
    /// What can happen to an interface (`NETDEV_UP` …).
    public enum Event {
        REGISTER,
        UP,
        DOWN,
        CHANGE_MTU,
        UNREGISTER
    }

    /// Follows the changes of interfaces (`struct notifier_block`); runs under the table's monitor.
    @FunctionalInterface
    public interface Notifier {
        void event(NetDevice dev, Event event);
    }

    private final NetNamespace net;
    private final List<NetDevice> devices = new CopyOnWriteArrayList<>();
    private final List<Notifier> notifiers = new ArrayList<>();
    private volatile @Nullable NetDevice[] byIndex = new NetDevice[4];
    private int nextIndex = 1;
    private @Nullable NetDevice loopback;

    public NetDeviceTable(NetNamespace net) {
        this.net = net;
    }

    /// Follows changes from now on; for devices that exist already the events that led to their
    /// present state are told at once.
    public synchronized void addNotifier(Notifier notifier) {
        notifiers.add(notifier);
        for (NetDevice dev : devices) {
            notifier.event(dev, Event.REGISTER);
            if (dev.isUp()) {
                notifier.event(dev, Event.UP);
            }
        }
    }

    /// Adds a device, down; null if the name is taken or not a valid one (`-EEXIST`, `-EINVAL`).
    @Kernel("register_netdevice")
    public synchronized @Nullable NetDevice register(NetDeviceConfig config) {
        if (!validName(config.name()) || byName(config.name()) != null) {
            return null;
        }
        NetDevice dev = new NetDevice(net, nextIndex++, config);
        if (dev.ifindex >= byIndex.length) {
            byIndex = Arrays.copyOf(byIndex, byIndex.length * 2);
        }
        byIndex[dev.ifindex] = dev;
        devices.add(dev);
        if (dev.isLoopback()) {
            loopback = dev;
        }
        tell(dev, Event.REGISTER);
        return dev;
    }

    /// True for 1 to 15 characters without slash, colon or white space (`dev_valid_name`).
    @Kernel("dev_valid_name")
    public static boolean validName(String name) {
        if (name.isEmpty() || name.length() > 15 || name.equals(".") || name.equals("..")) {
            return false;
        }
        return name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    }

    /// Brings a device up; 0 or the driver's `-errno` (`dev_open`).
    @Kernel("dev_open")
    public synchronized int up(NetDevice dev) {
        if (dev.isUp()) {
            return 0;
        }
        int err = dev.ops.open(dev);
        if (err < 0) {
            return err;
        }
        dev.flags |= NetDevice.IFF_UP | NetDevice.IFF_RUNNING;
        tell(dev, Event.UP);
        return 0;
    }

    /// Takes a device down (`dev_close`).
    @Kernel("dev_close")
    public synchronized void down(NetDevice dev) {
        if (!dev.isUp()) {
            return;
        }
        dev.flags &= ~(NetDevice.IFF_UP | NetDevice.IFF_RUNNING);
        tell(dev, Event.DOWN);
        dev.ops.stop(dev);
        dev.qdisc.reset();
    }

    /// Sets the MTU; `-EINVAL` outside 68 to 65535 (`dev_set_mtu`).
    @Kernel("dev_set_mtu")
    public synchronized int setMtu(NetDevice dev, int mtu) {
        if (mtu < 68 || (mtu > 65535 && !dev.isLoopback())) {
            return -Errno.EINVAL;
        }
        int err = dev.ops.changeMtu(dev, mtu);
        if (err < 0) {
            return err;
        }
        dev.mtu = mtu;
        tell(dev, Event.CHANGE_MTU);
        return 0;
    }

    /// Removes a device (`unregister_netdevice`).
    @Kernel("unregister_netdevice")
    @SuppressWarnings("NullAway") // a free index is null
    public synchronized void unregister(NetDevice dev) {
        if (!devices.contains(dev)) {
            return;
        }
        down(dev);
        tell(dev, Event.UNREGISTER);
        devices.remove(dev);
        byIndex[dev.ifindex] = null;
    }

    private void tell(NetDevice dev, Event event) {
        for (Notifier notifier : notifiers) {
            notifier.event(dev, event);
        }
        net.bumpRouteGenid();
    }

    public NetDevice loopback() {
        NetDevice lo = loopback;
        if (lo == null) {
            throw new IllegalStateException("namespace " + net.name + " has no loopback device");
        }
        return lo;
    }

    /// The device with an index, or null (`dev_get_by_index`).
    @Kernel("dev_get_by_index")
    public @Nullable NetDevice byIndex(int ifindex) {
        @Nullable NetDevice[] table = byIndex;
        return ifindex > 0 && ifindex < table.length ? table[ifindex] : null;
    }

    /// The device with a name, or null (`dev_get_by_name`).
    @Kernel("dev_get_by_name")
    public @Nullable NetDevice byName(String name) {
        for (NetDevice dev : devices) {
            if (dev.name.equals(name)) {
                return dev;
            }
        }
        return null;
    }

    /// All devices in the order of their registration.
    public List<NetDevice> all() {
        return List.copyOf(devices);
    }
}
