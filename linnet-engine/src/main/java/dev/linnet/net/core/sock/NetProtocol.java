package dev.linnet.net.core.sock;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;

/// A transport protocol as the network layer sees it (`struct net_protocol`,
/// `struct inet6_protocol`).
public abstract class NetProtocol {
    /// Receives a packet with `transportHeader` and `data` at its header; takes ownership. IPv6
    /// returns nothing else: unknown protocols never come here.
    public abstract void rcv(SkBuff skb);

    /// Hears of an ICMP error about a packet that this host sent. `skb.data` and `networkHeader` are
    /// at the network header of the packet quoted in it, `transportHeader` is at its transport
    /// header, of which at least eight bytes are linear; does not take ownership.
    ///
    /// @param icmpType type of the ICMP (or ICMPv6) message
    /// @param icmpCode its code
    /// @param info its rest-of-header field: the MTU, a pointer, the gateway (IPv4, as an int)
    public abstract void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info);
}
