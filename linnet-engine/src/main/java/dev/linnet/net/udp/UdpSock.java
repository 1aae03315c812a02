package dev.linnet.net.udp;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.inet.InetCork;
import org.jspecify.annotations.Nullable;

/// A UDP socket (`struct udp_sock`).
public final class UdpSock extends InetSock {
    /// `UDP_CORK`, `UDP_SEGMENT`, `UDP_NO_CHECK6_TX`, `UDP_NO_CHECK6_RX`, `UDP_GRO`.
    boolean corked;

    volatile int gsoSize;
    boolean noCheck6Tx;
    volatile boolean noCheck6Rx;
    volatile boolean groEnabled;

    /// `UDP_ENCAP`: what the datagrams carry, 0 for the user's data.
    volatile int encapType;

    /// What was written since the socket was corked (or with `MSG_MORE`), and where it will go.
    @Nullable InetCork cork;

    /// Pages of UDP's memory that are this sock's; guarded by the receive queue's monitor.
    volatile int memPages;

    /// True while in the table.
    boolean inTable;

    UdpSock(NetNamespace net, int family, int type, int protocol, Proto prot) {
        super(net, family, type, protocol, prot);
    }

    /// Datagrams never go through the backlog: their queue has a lock of its own.
    @Override
    protected void backlogRcv(SkBuff skb) {
        throw new AssertionError("a UDP socket has no backlog");
    }
}
