package dev.linnet.net.ipv4;

import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;

/// Options of level IPPROTO_IP.
public final class IpSockglue {
    private IpSockglue() {}

    /// 0 or -errno; takes the sock's lock.
    public static int setsockopt(InetSock sk, int name, byte[] value) {
        throw new UnsupportedOperationException();
    }

    /// Bytes valid in value, or -errno; takes the sock's lock.
    public static int getsockopt(InetSock sk, int name, byte[] value) {
        throw new UnsupportedOperationException();
    }

    public static int cmsgSend(InetSock sk, MsgHdr msg, IpcmCookie ipc) {
        throw new UnsupportedOperationException();
    }

    public static void cmsgRecv(InetSock sk, SkBuff skb, MsgHdr msg) {
        throw new UnsupportedOperationException();
    }
}
