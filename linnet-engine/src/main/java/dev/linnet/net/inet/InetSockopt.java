package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;

/// Options of the levels below a transport: `SOL_IP` on sockets of both families, `SOL_IPV6` on
/// `AF_INET6` ones.
public final class InetSockopt {
    private InetSockopt() {}

    /// 0, or `-ENOPROTOOPT` for another level and unknown options.
    @Kernel({"ip_setsockopt", "ipv6_setsockopt"})
    public static int set(InetSock sk, int level, int name, byte[] value) {
        if (level == Sol.SOL_IP && hasIpLevel(sk)) {
            return IpSockglue.setsockopt(sk, name, value);
        }
        if (level == Sol.SOL_IPV6 && sk.family == Af.AF_INET6) {
            return Ipv6Sockglue.setsockopt(sk, name, value);
        }
        return -Errno.ENOPROTOOPT;
    }

    /// A raw socket of IPv6 never has to do with IPv4.
    private static boolean hasIpLevel(InetSock sk) {
        return sk.family == Af.AF_INET || sk.type != SocketType.SOCK_RAW;
    }

    /// The valid bytes of `value`, or for another level `-EOPNOTSUPP` on a socket of IPv4 and
    /// `-ENOPROTOOPT` on one of IPv6 (only reading makes this difference), `-ENOPROTOOPT` for unknown
    /// options.
    @Kernel({"ip_getsockopt", "ipv6_getsockopt"})
    public static int get(InetSock sk, int level, int name, byte[] value) {
        if (level == Sol.SOL_IP && hasIpLevel(sk)) {
            return IpSockglue.getsockopt(sk, name, value);
        }
        if (sk.family == Af.AF_INET) {
            return -Errno.EOPNOTSUPP;
        }
        return level == Sol.SOL_IPV6
                ? Ipv6Sockglue.getsockopt(sk, name, value)
                : -Errno.ENOPROTOOPT;
    }

    /// Leaves all multicast groups: the socket is closed.
    public static void dropMemberships(InetSock sk) {
        IpSockglue.dropSocket(sk);
        if (sk.family == Af.AF_INET6) {
            Ipv6Sockglue.dropSocket(sk);
        }
    }
}
