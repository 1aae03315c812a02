package dev.linnet.net.tcp;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.skb.SkBuffPool;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import java.util.concurrent.atomic.AtomicLong;

/// A namespace in virtual time with socks that are connected to nothing, for tests of what needs
/// only their state.
final class TestNet {
    final VirtualScheduler scheduler = new VirtualScheduler(1);
    final SkBuffPool pool = new SkBuffPool();
    final NetNamespace net =
            new NetNamespace(
                    "test",
                    scheduler,
                    pool,
                    new NetRandom(1),
                    SysctlValues.initial(Machine.ofMemory(1L << 32)),
                    new AtomicLong(1));

    /// A sock with a namespace's defaults, in CLOSE.
    TcpSock sock() {
        return (TcpSock)
                TcpProto.TCP.newSock(net, Af.AF_INET, SocketType.SOCK_STREAM, IpProto.IPPROTO_TCP);
    }
}
