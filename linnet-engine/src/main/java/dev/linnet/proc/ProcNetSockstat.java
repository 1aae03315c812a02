package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.ipv4.InetFrags;
import dev.linnet.net.ipv4.IpDefrag;
import dev.linnet.net.ipv6.Ip6Defrag;
import dev.linnet.net.ping.PingProto;
import dev.linnet.net.raw.RawProto;
import dev.linnet.net.tcp.TcpNet;
import dev.linnet.net.udp.UdpMemory;
import dev.linnet.net.udp.UdpTable;
import dev.linnet.net.unix.UnixTable;
import dev.linnet.uapi.Af;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `/proc/net/sockstat` and `sockstat6`: how many sockets of each protocol are in use,
/// and datagrams of which fragments wait.
final class ProcNetSockstat {

    private final List<SockCommon> tcp = new ArrayList<>();
    private final List<? extends InetSock> udp;
    private final List<? extends InetSock> raw;
    private final NetNamespace net;

    private ProcNetSockstat(NetNamespace net) {
        this.net = net;
        InetHashtables tables = InetHashtables.OF.of(net);
        tcp.addAll(tables.listeners.all());
        tables.ehash.forEach(tcp::add);
        udp = UdpTable.OF.of(net).all();
        raw = RawProto.all(net);
    }

    @Kernel("sock_prot_inuse_add")
    private static long count(List<? extends SockCommon> socks, int family) {
        return socks.stream()
                .filter(sk -> sk.family == family)
                .filter(sk -> !(sk instanceof InetTimewaitSock) && !(sk instanceof RequestSock))
                .count();
    }

    @Kernel("sockstat_seq_show")
    static String v4(NetNamespace net) {
        return new ProcNetSockstat(net).v4();
    }

    @Kernel("sockstat6_seq_show")
    static String v6(NetNamespace net) {
        ProcNetSockstat s = new ProcNetSockstat(net);
        InetFrags<?> frags = Ip6Defrag.frags(net);
        return String.format(
                Locale.ROOT,
                "TCP6: inuse %d\nUDP6: inuse %d\nUDPLITE6: inuse 0\nRAW6: inuse %d\n"
                        + "FRAG6: inuse %d memory %d\n",
                count(s.tcp, Af.AF_INET6),
                count(s.udp, Af.AF_INET6),
                count(s.raw, Af.AF_INET6),
                frags.inUse(),
                frags.memory());
    }

    private String v4() {
        TcpNet counts = TcpNet.OF.of(net);
        InetFrags<?> frags = IpDefrag.frags(net);
        int allocated = counts.socketsAllocated.get();
        int used =
                allocated
                        + udp.size()
                        + raw.size()
                        + PingProto.all(net).size()
                        + UnixTable.OF.of(net).sockets().size();
        return String.format(
                Locale.ROOT,
                "sockets: used %d\nTCP: inuse %d orphan %d tw %d alloc %d mem %d\n"
                        + "UDP: inuse %d mem %d\nUDPLITE: inuse 0\nRAW: inuse %d\n"
                        + "FRAG: inuse %d memory %d\n",
                used,
                count(tcp, Af.AF_INET),
                counts.orphanCount.get(),
                tcp.stream().filter(InetTimewaitSock.class::isInstance).count(),
                allocated,
                counts.memory.allocated(),
                count(udp, Af.AF_INET),
                UdpMemory.OF.of(net).allocated(),
                count(raw, Af.AF_INET),
                frags.inUse(),
                frags.memory());
    }
}
