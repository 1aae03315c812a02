package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.TcpState;

/// `connect` to AF_UNSPEC of a datagram socket.
public final class InetDatagramDisconnect {
    private InetDatagramDisconnect() {}

    /// Forgets the peer, and the local address and port that the user did not choose; sock locked
    /// (`__udp_disconnect`).
    @Kernel("__udp_disconnect")
    public static void disconnect(InetSock sk) {
        sk.state = TcpState.TCP_CLOSE;
        sk.daddrHi = 0;
        sk.daddrLo = 0;
        sk.dport = 0;
        sk.boundDevIf = 0;
        sk.dst = null;
        if (!sk.bindAddrLocked) {
            sk.rcvSaddrHi = 0;
            sk.rcvSaddrLo = 0;
            sk.saddrHi = 0;
            sk.saddrLo = 0;
            sk.prot.rehash(sk);
        }
        if (!sk.bindPortLocked) {
            sk.prot.unhash(sk);
            sk.sport = 0;
        }
    }
}
