package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The raw sockets that take the packets with a router alert option which this host would forward
/// (RFC 2711, `IPV6_ROUTER_ALERT`): each with the value of the option that it wants.
@Kernel("ip6_ra_chain")
final class Ip6RaChain {
    private static final Pernet<Map<InetSock, Integer>> CHAIN =
            new Pernet<>(net -> new ConcurrentHashMap<>());

    private Ip6RaChain() {}

    /// 0, `-ENOPROTOOPT` for another kind of socket, `-EADDRINUSE` for a second time, `-ENOBUFS` if
    /// it is to leave where it is not.
    ///
    /// @param value the option's value, or negative to leave
    @Kernel("ip6_ra_control")
    static int control(InetSock sk, int value) {
        if (sk.type != SocketType.SOCK_RAW || sk.num != IpProto.IPPROTO_RAW) {
            return -Errno.ENOPROTOOPT;
        }
        Map<InetSock, Integer> chain = CHAIN.of(sk.net);
        if (value < 0) {
            return chain.remove(sk) != null ? 0 : -Errno.ENOBUFS;
        }
        return chain.putIfAbsent(sk, value) == null ? 0 : -Errno.EADDRINUSE;
    }

    /// The socket is closed.
    static void drop(InetSock sk) {
        CHAIN.of(sk.net).remove(sk);
    }

    /// Gives copies of a packet, from its IPv6 header on, to the sockets that want the option's value;
    /// true if there were any. The packet stays the caller's.
    @Kernel("ip6_call_ra_chain")
    static boolean call(SkBuff skb, NetDevice dev, int value) {
        boolean any = false;
        for (Map.Entry<InetSock, Integer> e : CHAIN.of(dev.net).entrySet()) {
            InetSock sk = e.getKey();
            boolean device = sk.boundDevIf == 0 || sk.boundDevIf == dev.ifindex;
            if (e.getValue() == value && device) {
                SkBuff copy = skb.clone(SoftIrq.current().stripe);
                copy.push(copy.data - copy.networkHeader);
                Datagram.filterAndQueueRcv(sk, copy);
                any = true;
            }
        }
        return any;
    }
}
