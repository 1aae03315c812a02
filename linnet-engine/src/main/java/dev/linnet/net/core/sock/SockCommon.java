package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// What everything that stands in the established hash has (`struct sock_common`): full sockets,
/// requests of the SYN queue, and TIME-WAIT remains.
///
/// The address quadruple is immutable while the object is hashed.
public abstract sealed class SockCommon permits Sock, RequestSock, InetTimewaitSock {
    /// `AF_INET` or `AF_INET6`: of the socket, not of its packets.
    public int family;

    /// Written only through the protocol's `set` function, under the sock's lock.
    public volatile TcpState state = TcpState.TCP_CLOSE;

    @Kernel("sock_net")
    public final NetNamespace net;

    /// Interface the socket is bound to, or 0.
    public volatile int boundDevIf;

    /// Foreign address and port, local address (as received) and port; ports in host order.
    public long daddrHi;

    public long daddrLo;
    public long rcvSaddrHi;
    public long rcvSaddrLo;
    public int dport;
    public int num;

    /// Never comes again in the namespace (`sk_cookie`).
    public final long cookie;

    /// Chain of the hash bucket; readers follow it without a lock.
    public volatile @Nullable SockCommon hashNext;

    /// True while in the established hash.
    public volatile boolean hashed;

    /// The hash of the quadruple, kept to find the bucket again.
    public int hash;

    /// Links among the owners of a local port and address; guarded by the lock of the port.
    public @Nullable SockCommon bindNext;

    public @Nullable SockCommon bindPrev;

    /// The port was chosen by `connect`, so others may share it (`SOCK_CONNECT_BIND`).
    public boolean connectBind;

    protected SockCommon(NetNamespace net, int family) {
        this.net = net;
        this.family = family;
        this.cookie = net.newCookie();
    }

    /// True if the foreign end is this.
    @HotPath
    public final boolean faddrEquals(long hi, long lo, int port) {
        return daddrLo == lo && dport == port && daddrHi == hi;
    }

    /// True if the local end is this.
    @HotPath
    public final boolean laddrEquals(long hi, long lo, int port) {
        return rcvSaddrLo == lo && num == port && rcvSaddrHi == hi;
    }
}
