package dev.linnet.net.ipv4;

import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.kernel.sysctl.DeviceSysctls;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In4Addr;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// IPv4's state of an interface (`struct in_device`): its addresses. Read without a lock; changed
/// under the device table's monitor.
public final class InDevice {
    /// One address (`struct in_ifaddr`).
    ///
    /// @param local our address
    /// @param peer the other end of a point-to-point link, else `local`
    /// @param prefixLen of the network that is on the link
    /// @param broadcast its broadcast address, or 0
    /// @param secondary another address of the same network came first
    public record IfAddr(int local, int peer, int prefixLen, int broadcast, boolean secondary) {
        /// True if `addr` is in this address's network (`inet_ifa_match`).
        boolean matches(int addr) {
            return ((addr ^ peer) & In4Addr.mask(prefixLen)) == 0;
        }
    }

    public final NetDevice dev;

    /// The knobs of the device: `net.ipv4.conf.NAME` and `net.ipv4.neigh.NAME`.
    public final DevConf conf;

    public final DevConf neigh;
    final List<IfAddr> addrs = new CopyOnWriteArrayList<>();

    /// Its multicast groups.
    final IgmpDevice igmp;

    InDevice(NetDevice dev) {
        this.dev = dev;
        DeviceSysctls sysctls = dev.net.sysctl.addIpv4(dev.name, dev.isLoopback());
        this.conf = sysctls.conf();
        this.neigh = sysctls.neigh();
        this.igmp = new IgmpDevice(this);
    }

    /// IPv4's state of a device, or null before the device is known to IPv4.
    public static @Nullable InDevice of(NetDevice dev) {
        return (InDevice) dev.ipPtr;
    }

    /// The addresses in order; primary ones of a network before its secondary ones.
    public List<IfAddr> addresses() {
        return addrs;
    }
}
