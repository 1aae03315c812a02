package dev.linnet.net.socket;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.Security;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SocketType;
import org.jspecify.annotations.Nullable;

/// The registered address families (`net_families[]`).
public final class NetFamilies {
    public static final Pernet<NetFamilies> OF = new Pernet<>(net -> new NetFamilies());

    private static final int NPROTO = 46;
    private static final int SOCK_MAX = 11;

    private final @Nullable NetProtoFamily[] families = new NetProtoFamily[NPROTO];

    private NetFamilies() {}

    /// Adds a family when the namespace is set up (`sock_register`).
    @Kernel("sock_register")
    public static void register(NetNamespace net, NetProtoFamily family) {
        OF.of(net).families[family.family] = family;
    }

    /// Makes a socket; null with `-errno` in `result[0]`: `EAFNOSUPPORT` for a family that does not
    /// exist, `EINVAL` for a type that does not, and what the family says (`__sock_create`).
    @Kernel({"__sock_create", "sock_create"})
    public static @Nullable Socket create(
            NetNamespace net, int family, int type, int protocol, Cred cred, int[] result) {
        if (family < 0 || family >= NPROTO) {
            result[0] = -Errno.EAFNOSUPPORT;
            return null;
        }
        if (type < 0 || type >= SOCK_MAX) {
            result[0] = -Errno.EINVAL;
            return null;
        }
        int realFamily =
                family == Af.AF_INET && type == SocketType.SOCK_PACKET ? Af.AF_PACKET : family;
        result[0] = Security.socketCreate(net, realFamily, type, protocol);
        if (result[0] != 0) {
            return null;
        }
        NetProtoFamily found = OF.of(net).families[realFamily];
        if (found == null) {
            result[0] = -Errno.EAFNOSUPPORT;
            return null;
        }
        Socket sock = found.create(net, type, protocol, cred, result);
        return sock == null ? null : permitted(sock, cred, result);
    }

    /// The new socket, which belongs to who asked, unless a security module wants it gone.
    private static @Nullable Socket permitted(Socket sock, Cred cred, int[] result) {
        Sock sk = sock.sk;
        if (sk != null) {
            sk.uid = cred.uid();
        }
        result[0] = Security.socketPostCreate(sock);
        if (result[0] != 0) {
            sock.ops.release(sock);
            return null;
        }
        return sock;
    }
}
