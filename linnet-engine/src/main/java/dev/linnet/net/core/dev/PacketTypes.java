package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import org.jspecify.annotations.Nullable;

/// Who receives which EtherType in a namespace (`ptype_base`).
public final class PacketTypes {
    public static final Pernet<PacketTypes> OF = new Pernet<>(net -> new PacketTypes());

    public static final int ETH_P_IP = 0x0800;
    public static final int ETH_P_ARP = 0x0806;
    public static final int ETH_P_IPV6 = 0x86DD;

    private volatile @Nullable PacketType ip;
    private volatile @Nullable PacketType ipv6;
    private volatile @Nullable PacketType arp;

    private PacketTypes() {}

    /// Registers the receiver of IPv4, IPv6 or ARP (`dev_add_pack`).
    @Kernel("dev_add_pack")
    public static void add(NetNamespace net, int etherType, PacketType type) {
        PacketTypes types = OF.of(net);
        switch (etherType) {
            case ETH_P_IP -> types.ip = type;
            case ETH_P_IPV6 -> types.ipv6 = type;
            case ETH_P_ARP -> types.arp = type;
            default -> throw new IllegalArgumentException("EtherType " + etherType);
        }
    }

    @Nullable PacketType find(int etherType) {
        return switch (etherType) {
            case ETH_P_IP -> ip;
            case ETH_P_IPV6 -> ipv6;
            case ETH_P_ARP -> arp;
            default -> null;
        };
    }
}
