package dev.linnet.stack;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.ipv4.Arp;
import dev.linnet.net.ipv4.Devinet;
import dev.linnet.net.ipv4.Icmp4;
import dev.linnet.net.ipv4.IpDefrag;
import dev.linnet.net.ipv4.IpInput;
import dev.linnet.net.ipv4.IpMulticast;
import dev.linnet.net.ipv6.Addrconf;
import dev.linnet.net.ipv6.Icmp6;
import dev.linnet.net.ipv6.Ip6Input;
import dev.linnet.net.ping.PingProto;
import dev.linnet.net.raw.RawProto;
import dev.linnet.net.socket.AfInet;
import dev.linnet.net.socket.InetDgramOps;
import dev.linnet.net.socket.InetStreamOps;
import dev.linnet.net.socket.NetFamilies;
import dev.linnet.net.tcp.TcpInit;
import dev.linnet.net.tcp.TcpProto;
import dev.linnet.net.udp.UdpProto;
import dev.linnet.net.unix.AfUnix;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;

/// What is set up in every new namespace, in the order in which it is needed (`inet_init`,
/// `inet6_init`).
final class NamespaceInit {
    /// The machine that defaults are computed for.
    private static final long MEMORY_BYTES = 16L << 30;

    private NamespaceInit() {}

    /// Sysctls with the defaults of stock Linux 6.18.
    static SysctlValues sysctls() {
        return SysctlValues.initial(Machine.ofMemory(MEMORY_BYTES));
    }

    @Kernel({"inet_init", "inet6_init"})
    static void init(NetNamespace net) {
        PacketTypes.add(net, PacketTypes.ETH_P_IP, new IpInput());
        PacketTypes.add(net, PacketTypes.ETH_P_IPV6, new Ip6Input());
        Devinet.init(net);
        Arp.init(net);
        IpDefrag.init(net);
        IpMulticast.init(net);
        Addrconf.init(net);
        Icmp4.init(net);
        Icmp6.init(net);
        TcpInit.init(net);
        Proto udp = UdpProto.init(net);
        Proto ping = PingProto.init(net);
        Proto raw = RawProto.init(net);
        AfUnix.init(net);
        NetFamilies.register(net, family(Af.AF_INET, TcpProto.TCP, udp, ping, raw));
        NetFamilies.register(net, family(Af.AF_INET6, TcpProto.TCPV6, udp, ping, raw));
    }

    /// Ends what lives on without users and devices.
    @Kernel("cleanup_net")
    static void exit(NetNamespace net) {
        TcpInit.exit(net);
    }

    private static AfInet family(int af, Proto tcp, Proto udp, Proto ping, Proto raw) {
        ProtoOps stream = new InetStreamOps(af);
        ProtoOps dgram = new InetDgramOps(af);
        int icmp = af == Af.AF_INET ? IpProto.IPPROTO_ICMP : IpProto.IPPROTO_ICMPV6;
        return new AfInet(af)
                .register(SocketType.SOCK_STREAM, IpProto.IPPROTO_TCP, tcp, stream, false)
                .register(SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP, udp, dgram, false)
                .register(SocketType.SOCK_DGRAM, icmp, ping, dgram, false)
                .register(SocketType.SOCK_RAW, 0, raw, dgram, true);
    }
}
