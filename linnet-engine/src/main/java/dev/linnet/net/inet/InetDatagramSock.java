package dev.linnet.net.inet;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Proto;
import org.jspecify.annotations.Nullable;

/// A raw or a ping socket (`struct raw_sock`, `struct ping_sock`).
public final class InetDatagramSock extends InetSock {
    /// `ICMP_FILTER`, `ICMPV6_FILTER`: types that are kept out, one bit each.
    public volatile long[] icmpFilter = new long[4];

    /// `IPV6_CHECKSUM`: where the checksum stands, or -1.
    public int checksumOffset = -1;

    /// What was written with `MSG_MORE` and waits; guarded by the sock's lock.
    public @Nullable InetCork cork;

    public InetDatagramSock(NetNamespace net, int family, int type, int protocol, Proto prot) {
        super(net, family, type, protocol, prot);
    }

    /// True if the filter keeps a type of ICMP message out.
    public boolean filtered(int icmpType) {
        return (icmpFilter[icmpType >>> 6] & 1L << (icmpType & 63)) != 0;
    }

    @Override
    protected void backlogRcv(SkBuff skb) {
        prot.backlogRcv(this, skb);
    }
}
