package dev.linnet.net.ipv4;

import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;

/// Control messages of level IPPROTO_IP.
public final class IpCmsg {
    private IpCmsg() {}

    /// Reads what sendmsg's control messages ask for into ipc: 0 or -errno (ip_cmsg_send; SOL_SOCKET ones too).
    public static int send(InetSock sk, MsgHdr msg, IpcmCookie ipc, boolean allowIpv6) {
        throw new UnsupportedOperationException();
    }

    /// Gives the control messages that the user asked for about a received datagram (ip_cmsg_recv_offset).
    /// skb.networkHeader, transportHeader are valid; offset: of the first byte read from the transport header.
    public static void recv(InetSock sk, MsgHdr msg, SkBuff skb, int tlen, int offset) {
        throw new UnsupportedOperationException();
    }
}
