package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NeighSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import org.jspecify.annotations.Nullable;

/// The neighbour tables of a namespace, filled in when ARP and neighbour discovery are set up
/// (`neigh_tables`).
public final class NeighTables {
    public static final Pernet<NeighTables> OF = new Pernet<>(net -> new NeighTables());

    private volatile @Nullable NeighTable arp;
    private volatile @Nullable NeighTable nd;

    private NeighTables() {}

    /// IPv4's table (`arp_tbl`), or null before it was installed.
    public @Nullable NeighTable arp() {
        return arp;
    }

    /// IPv6's table (`nd_tbl`), or null before it was installed.
    public @Nullable NeighTable nd() {
        return nd;
    }

    /// Makes ARP's table.
    @Kernel("neigh_table_init")
    public static NeighTable installArp(NetNamespace net, NeighOps ops) {
        NeighTable table = new NeighTable(net, NeighSysctls.IPV4, ops);
        OF.of(net).arp = table;
        return table;
    }

    /// Makes neighbour discovery's table.
    @Kernel("neigh_table_init")
    public static NeighTable installNd(NetNamespace net, NeighOps ops) {
        NeighTable table = new NeighTable(net, NeighSysctls.IPV6, ops);
        OF.of(net).nd = table;
        return table;
    }
}
