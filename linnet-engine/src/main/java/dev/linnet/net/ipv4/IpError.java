package dev.linnet.net.ipv4;

import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;

/// The error queue of IPv4 sockets.
public final class IpError {
    private IpError() {}

    public static void datagramError(
            InetSock sk, SkBuff skb, int type, int code, int info, boolean connected) {
        throw new UnsupportedOperationException();
    }

    /// ip_local_error.
    public static void localError(InetSock sk, int errno, int daddr, int port, int info) {
        throw new UnsupportedOperationException();
    }

    /// ip_recv_error: bytes copied or -errno.
    public static int recvError(InetSock sk, MsgHdr msg) {
        throw new UnsupportedOperationException();
    }
}
