package dev.linnet.net.ipv4;

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
import dev.linnet.wire.Ipv4;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The raw sockets that take the packets with a router alert option which this host would forward
/// (RFC 2113, `IP_ROUTER_ALERT`).
@Kernel("ip_ra_chain")
final class IpRaChain {
    private static final Pernet<List<InetSock>> CHAIN =
            new Pernet<>(net -> new CopyOnWriteArrayList<>());

    private IpRaChain() {}

    static boolean has(InetSock sk) {
        return CHAIN.of(sk.net).contains(sk);
    }

    /// 0, `-EINVAL` for another kind of socket, `-EADDRINUSE` for a second time, `-ENOBUFS` if it is
    /// to leave where it is not.
    @Kernel("ip_ra_control")
    static int control(InetSock sk, boolean on) {
        if (sk.type != SocketType.SOCK_RAW || sk.num == IpProto.IPPROTO_RAW) {
            return -Errno.EINVAL;
        }
        List<InetSock> chain = CHAIN.of(sk.net);
        synchronized (chain) {
            boolean in = chain.contains(sk);
            if (in && on) {
                return -Errno.EADDRINUSE;
            }
            if (in) {
                chain.remove(sk);
                return 0;
            }
            return on && chain.add(sk) ? 0 : -Errno.ENOBUFS;
        }
    }

    /// The socket is closed.
    static void drop(InetSock sk) {
        CHAIN.of(sk.net).remove(sk);
    }

    /// Gives copies of a packet to the sockets of its protocol; true if there were any, who then are
    /// responsible for it. The packet stays the caller's. Fragments are given as they are.
    @Kernel("ip_call_ra_chain")
    static boolean call(SkBuff skb, NetDevice dev) {
        int protocol = Ipv4.protocol(skb.buf, skb.networkHeader);
        boolean any = false;
        for (InetSock sk : CHAIN.of(dev.net)) {
            boolean device = sk.boundDevIf == 0 || sk.boundDevIf == dev.ifindex;
            if (sk.num == protocol && device) {
                SkBuff copy = skb.clone(SoftIrq.current().stripe);
                copy.push(copy.data - copy.networkHeader);
                Datagram.filterAndQueueRcv(sk, copy);
                any = true;
            }
        }
        return any;
    }
}
