package dev.linnet.net.socket;

import dev.linnet.kernel.Cred;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.Socket;
import org.jspecify.annotations.Nullable;

/// An address family that makes sockets (`struct net_proto_family`).
public abstract class NetProtoFamily {
    /// `AF_*`.
    public final int family;

    protected NetProtoFamily(int family) {
        this.family = family;
    }

    /// Makes a socket with its sock.
    ///
    /// @param type `SOCK_*` without flags
    /// @param cred who asks
    /// @param result `-errno` when null is returned
    public abstract @Nullable Socket create(
            NetNamespace net, int type, int protocol, Cred cred, int[] result);
}
