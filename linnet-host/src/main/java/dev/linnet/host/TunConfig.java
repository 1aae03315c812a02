package dev.linnet.host;

/// What kind of device [TunDevice#open] makes.
///
/// @param name its name, 1 to 15 bytes without `/`, `:` or white space; `%d` in it is replaced by
///     the first free number; empty leaves the choice to the kernel (`tun0`, `tap0`)
/// @param kind IP packets or Ethernet frames
/// @param vnetHeader whether each packet is preceded by a [VnetHeader], which makes checksum and
///     segmentation offload possible; without it no packet is longer than the MTU
/// @param queues number of queues, 1 to 256; more than one lets several threads receive, the kernel
///     spreads flows over them
public record TunConfig(String name, Kind kind, boolean vnetHeader, int queues) {
    /// What a packet is.
    public enum Kind {
        /// An IPv4 or IPv6 packet, without a link-layer header.
        TUN(0x0001),
        /// An Ethernet frame without its check sequence.
        TAP(0x0002);

        /// `IFF_TUN` or `IFF_TAP`.
        final int flag;

        Kind(int flag) {
            this.flag = flag;
        }
    }

    /// `IFNAMSIZ`, which counts the terminating zero.
    static final int NAME_BYTES_MAX = 15;

    /// `MAX_TAP_QUEUES`.
    static final int QUEUES_MAX = 256;

    /// @throws IllegalArgumentException when a name or a number is out of its range
    public TunConfig {
        if (!isDeviceName(name)) {
            throw new IllegalArgumentException(
                    "bad device name '"
                            + name
                            + "': 1 to 15 bytes, no '/', ':' or white space, not '.' or '..'");
        }
        if (queues < 1 || queues > QUEUES_MAX) {
            throw new IllegalArgumentException("queues must be 1 to 256: " + queues);
        }
    }

    /// A TUN device with offload and one queue.
    public static TunConfig tun(String name) {
        return new TunConfig(name, Kind.TUN, true, 1);
    }

    /// A TAP device with offload and one queue.
    public static TunConfig tap(String name) {
        return new TunConfig(name, Kind.TAP, true, 1);
    }

    public TunConfig withQueues(int count) {
        return new TunConfig(name, kind, vnetHeader, count);
    }

    /// The same device with bare packets: no offload.
    public TunConfig withoutVnetHeader() {
        return new TunConfig(name, kind, false, queues);
    }

    /// The rule of `dev_valid_name`; the empty name, which asks the kernel to choose, passes.
    static boolean isDeviceName(String name) {
        return Ifreq.bytes(name).length <= NAME_BYTES_MAX
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    }
}
