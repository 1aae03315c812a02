package dev.linnet.net.socket;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Internet families: which type and protocol of socket is which protocol's
/// (`inetsw`, `inet_create`, `inet6_create`).
public final class AfInet extends NetProtoFamily {
    /// One row of the switch (`struct inet_protosw`).
    ///
    /// @param protocol the protocol, or 0: a wildcard that takes any protocol of its type
    /// @param privileged only for those who may open raw sockets
    private record InetProtosw(
            int type, int protocol, Proto prot, ProtoOps ops, boolean privileged) {
        /// Several sockets may have one address from the start (`INET_PROTOSW_REUSE`).
        boolean reuse() {
            return type == SocketType.SOCK_RAW || isPing();
        }

        boolean isPing() {
            return type == SocketType.SOCK_DGRAM
                    && (protocol == IpProto.IPPROTO_ICMP || protocol == IpProto.IPPROTO_ICMPV6);
        }
    }

    /// Bit of `net.ipv6.flowlabel_reflect`: connections have the labels of their peers.
    private static final int REFLECT_ESTABLISHED = 1;

    private final List<InetProtosw> inetsw = new ArrayList<>();

    /// @param family `AF_INET` or `AF_INET6`
    public AfInet(int family) {
        super(family);
    }

    /// Adds a protocol when the namespace is set up (`inet_register_protosw`).
    @Kernel("inet_register_protosw")
    public AfInet register(int type, int protocol, Proto prot, ProtoOps ops, boolean privileged) {
        inetsw.add(new InetProtosw(type, protocol, prot, ops, privileged));
        return this;
    }

    @Override
    @Kernel({"inet_create", "inet6_create"})
    public @Nullable Socket create(
            NetNamespace net, int type, int protocol, Cred cred, int[] result) {
        if (protocol < 0 || protocol >= 263) {
            result[0] = -Errno.EINVAL;
            return null;
        }
        result[0] = -Errno.ESOCKTNOSUPPORT;
        InetProtosw answer = find(type, protocol, result);
        if (answer == null) {
            return null;
        }
        result[0] = permission(net, answer, cred);
        if (result[0] != 0) {
            return null;
        }
        int real = protocol != 0 ? protocol : answer.protocol;
        Socket sock = new Socket(type, answer.ops, net.newInode());
        InetSock sk = (InetSock) answer.prot.newSock(net, family, type, real);
        sk.reuse = answer.reuse();
        if (family == Af.AF_INET6) {
            sk.ipv6only = net.sysctl.get(Ipv6Sysctls.BINDV6ONLY) || answer.isPing();
            sk.repflow = (net.sysctl.get(Ipv6Sysctls.FLOWLABEL_REFLECT) & REFLECT_ESTABLISHED) != 0;
            sk.mcAll = false;
        }
        if (type == SocketType.SOCK_RAW) {
            sk.num = real;
            sk.sport = real;
            sk.hdrincl = real == 255; // IPPROTO_RAW
            sk.prot.hash(sk);
        }
        sock.graft(sk);
        sk.uid = cred.uid();
        result[0] = CgroupBpf.sockCreate(sk);
        if (result[0] != 0) {
            sock.ops.release(sock);
            return null;
        }
        return sock;
    }

    /// Raw sockets are for the privileged; ping sockets, the only ones of their type beside UDP's,
    /// for the groups in `net.ipv4.ping_group_range`, whoever asks (`ping_init_sock`).
    @Kernel("ping_init_sock")
    private static int permission(NetNamespace net, InetProtosw answer, Cred cred) {
        if (answer.privileged && !cred.privileged()) {
            return -Errno.EPERM;
        }
        return answer.isPing() && !mayPing(net, cred.gid()) ? -Errno.EACCES : 0;
    }

    private static boolean mayPing(NetNamespace net, int gid) {
        int low = net.sysctl.get(IpSysctls.PING_GROUP_RANGE, 0);
        int high = net.sysctl.get(IpSysctls.PING_GROUP_RANGE, 1);
        return Integer.compareUnsigned(low, gid) <= 0 && Integer.compareUnsigned(gid, high) <= 0;
    }

    /// The row for an exact protocol, for protocol 0 the first of the type that has one, or a wildcard
    /// row, which takes every protocol but 0. A type that exists with other protocols gives
    /// `EPROTONOSUPPORT`.
    private @Nullable InetProtosw find(int type, int protocol, int[] result) {
        for (InetProtosw row : inetsw) {
            if (row.type != type) {
                continue;
            }
            boolean both = row.protocol != 0 && protocol != 0;
            if (both ? row.protocol == protocol : row.protocol != protocol) {
                return row;
            }
            result[0] = -Errno.EPROTONOSUPPORT;
        }
        return null;
    }

    /// The two Internet families.
    public static boolean isInet(int family) {
        return family == Af.AF_INET || family == Af.AF_INET6;
    }
}
