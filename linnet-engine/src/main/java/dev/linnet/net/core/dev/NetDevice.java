package dev.linnet.net.core.dev;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A network interface (`struct net_device`).
///
/// Configuration changes come from any thread, one at a time ([NetDeviceTable] holds the lock,
/// Linux's RTNL); the packets' way reads the fields without a lock.
public final class NetDevice {
    public static final int IFF_UP = 0x1;
    public static final int IFF_BROADCAST = 0x2;
    public static final int IFF_LOOPBACK = 0x8;
    public static final int IFF_POINTOPOINT = 0x10;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_NOARP = 0x80;
    public static final int IFF_PROMISC = 0x100;
    public static final int IFF_ALLMULTI = 0x200;
    public static final int IFF_MULTICAST = 0x1000;

    public static final int ARPHRD_ETHER = 1;
    public static final int ARPHRD_NONE = 0xFFFE;
    public static final int ARPHRD_LOOPBACK = 772;

    /// Features (`netdev_features_t`): what the device takes over from the stack.
    public static final int F_HW_CSUM = 1;

    public static final int F_TSO = 1 << 1;
    public static final int F_TSO6 = 1 << 2;
    public static final int F_TSO_ECN = 1 << 3;
    public static final int F_GSO_UDP_L4 = 1 << 4;
    public static final int F_GRO = 1 << 5;
    public static final int F_SG = 1 << 6;
    public static final int F_GSO = 1 << 7;

    /// Everything: for devices that hand packets on inside this stack.
    public static final int F_ALL =
            F_HW_CSUM | F_TSO | F_TSO6 | F_TSO_ECN | F_GSO_UDP_L4 | F_SG | F_GSO | F_GRO;

    /// Sees every packet of a device, in and out, before anything else (`ptype_all`): captures.
    @FunctionalInterface
    public interface Tap {
        /// Looks at a packet without keeping or changing it. `data` is at the link-layer header.
        void packet(NetDevice dev, SkBuff skb, boolean outgoing);
    }

    public final NetNamespace net;
    public final String name;
    public final int ifindex;
    public final NetDeviceOps ops;

    /// `ARPHRD_*`.
    public final int type;

    /// Bytes that the link layer puts in front of a packet: 14 for Ethernet, else 0.
    public final int hardHeaderLen;

    /// Hardware address, six bytes for Ethernet, else none.
    public final byte[] devAddr;

    private final long mac;
    public volatile int flags;
    public volatile int features;

    /// Largest network-layer packet in bytes, 68 to 65535.
    public volatile int mtu;

    /// Largest packet that segmentation may leave whole, and in how many segments.
    public volatile int gsoMaxSize = 65536;

    public volatile int gsoMaxSegs = 65535;
    public volatile int txQueueLen = 1000;
    public volatile Qdisc qdisc;

    /// IPv4's and IPv6's own state of the interface (`ip_ptr`, `ip6_ptr`).
    public volatile @Nullable Object ipPtr;

    public volatile @Nullable Object ip6Ptr;

    public final DevStats stats = new DevStats();
    private final CopyOnWriteArrayList<Tap> taps = new CopyOnWriteArrayList<>();
    private volatile boolean tapped;

    NetDevice(NetNamespace net, int ifindex, NetDeviceConfig config) {
        this.net = net;
        this.ifindex = ifindex;
        this.name = config.name();
        this.ops = config.ops();
        this.type = config.type();
        this.hardHeaderLen = config.type() == ARPHRD_ETHER ? 14 : 0;
        this.devAddr = config.devAddr();
        long number = 0;
        for (byte b : devAddr) {
            number = number << 8 | b & 0xFF;
        }
        this.mac = number;
        this.flags = config.flags();
        this.features = config.features();
        this.mtu = config.mtu();
        this.qdisc = new NoQueue();
    }

    /// The hardware address as a number, 0 where there is none.
    public long mac() {
        return mac;
    }

    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }

    public boolean hasFeature(int feature) {
        return (features & feature) == feature;
    }

    /// Headroom that a packet for this device needs in front of its network header.
    public int neededHeadroom() {
        return hardHeaderLen;
    }

    public void addTap(Tap tap) {
        taps.add(tap);
        tapped = true;
    }

    public void removeTap(Tap tap) {
        taps.remove(tap);
        tapped = !taps.isEmpty();
    }

    /// Shows a packet to the captures, if there are any.
    void tap(SkBuff skb, boolean outgoing) {
        if (tapped) {
            showTaps(skb, outgoing);
        }
    }

    private void showTaps(SkBuff skb, boolean outgoing) {
        for (Tap tap : taps) {
            tap.packet(this, skb, outgoing);
        }
    }

    @Override
    public String toString() {
        return net.name + "/" + name;
    }
}
