package dev.linnet.net.inet;

import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.ipv4.IpMulticast;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.net.ipv6.Ip6Multicast;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Sol;

/// Options of the levels below a transport: `SOL_IP` on sockets of both families, `SOL_IPV6` on
/// `AF_INET6` ones.
public final class InetSockopt {
    private InetSockopt() {}

    /// 0, or `-ENOPROTOOPT` for another level and unknown options.
    public static int set(InetSock sk, int level, int name, byte[] value) {
        if (level == Sol.SOL_IP) {
            return IpSockglue.setsockopt(sk, name, value);
        }
        if (level == Sol.SOL_IPV6 && sk.family == Af.AF_INET6) {
            return Ipv6Sockglue.setsockopt(sk, name, value);
        }
        return -Errno.ENOPROTOOPT;
    }

    /// The valid bytes of `value`, or `-EOPNOTSUPP` for another level (reading and setting differ
    /// here), `-ENOPROTOOPT` for unknown options.
    public static int get(InetSock sk, int level, int name, byte[] value) {
        if (level == Sol.SOL_IP) {
            return IpSockglue.getsockopt(sk, name, value);
        }
        if (level == Sol.SOL_IPV6 && sk.family == Af.AF_INET6) {
            return Ipv6Sockglue.getsockopt(sk, name, value);
        }
        return level == Sol.SOL_IPV6 ? -Errno.ENOPROTOOPT : -Errno.EOPNOTSUPP;
    }

    /// Leaves all multicast groups: the socket is closed.
    public static void dropMemberships(InetSock sk) {
        IpMulticast.dropSocket(sk);
        if (sk.family == Af.AF_INET6) {
            Ip6Multicast.dropSocket(sk);
        }
    }
}
