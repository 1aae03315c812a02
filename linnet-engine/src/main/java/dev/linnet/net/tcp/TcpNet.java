package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.ProtoMemory;
import java.util.concurrent.atomic.AtomicInteger;

/// What TCP counts for a whole namespace (`struct netns_ipv4`, the part of TCP).
public final class TcpNet {
    public static final Pernet<TcpNet> OF = new Pernet<>(TcpNet::new);

    /// Socks that exist, listeners included (`tcp_sockets_allocated`).
    public final AtomicInteger socketsAllocated = new AtomicInteger();

    /// Socks without a user that are not in TIME-WAIT (`tcp_orphan_count`).
    @Kernel("tcp_orphan_count_sum")
    public final AtomicInteger orphanCount = new AtomicInteger();

    /// What the queues of all connections take (`tcp_memory_allocated`).
    public final ProtoMemory memory;

    private TcpNet(NetNamespace net) {
        memory =
                new ProtoMemory(
                        net,
                        TcpSysctls.MEM,
                        TcpExt.TCPMEMORYPRESSURES,
                        TcpExt.TCPMEMORYPRESSURESCHRONO);
    }
}
