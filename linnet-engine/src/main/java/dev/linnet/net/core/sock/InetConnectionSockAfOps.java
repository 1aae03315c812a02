package dev.linnet.net.core.sock;

import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// What a connection needs from its address family (`struct inet_connection_sock_af_ops`): IPv4's or
/// IPv6's; an `AF_INET6` socket that talks to a mapped address uses IPv4's.
public abstract class InetConnectionSockAfOps {
    /// Bytes of the network header without options: 20 or 40.
    public abstract int netHeaderLen();

    /// True for IPv4 packets.
    public abstract boolean ipv4();

    /// What serves a connection over IPv4 whose socket becomes an IPv4 one (`IPV6_ADDRFORM`).
    public abstract InetConnectionSockAfOps asIpv4();

    /// Sends a segment whose TCP header is at `data`: finds the route again if needed, prepends the
    /// network header. Takes ownership. 0, a positive congestion notice, or `-errno`
    /// (`ip_queue_xmit`, `inet6_csk_xmit`).
    public abstract int queueXmit(InetSock sk, SkBuff skb);

    /// Writes the checksum field for a segment with the TCP header at `transportHeader`, as
    /// `CHECKSUM_PARTIAL` (`tcp_v4_send_check`).
    public abstract void sendCheck(InetSock sk, SkBuff skb);

    /// The route of the connection, looked up from the sock's addresses and cached in it, or null
    /// with `-errno` in `result[0]` (`inet_sk_rebuild_header`, `inet6_csk_route_socket`).
    public abstract @Nullable DstEntry route(InetSock sk, int[] result);

    /// The route to the peer of a request, from the listener's settings, or null
    /// (`inet_csk_route_req`, `inet6_csk_route_req`).
    public abstract @Nullable DstEntry routeReq(InetSock listener, RequestSock req);

    /// Sends a segment that answers for a request, with its addresses, at its TCP header; takes
    /// ownership (`ip_build_and_send_pkt`, `ip6_xmit`).
    public abstract int buildAndSend(InetSock listener, RequestSock req, SkBuff skb, DstEntry dst);

    /// Sets or gets an `IPPROTO_IP` or `IPPROTO_IPV6` option of a connection's socket.
    public abstract int setsockopt(InetSock sk, int level, int name, byte[] value);

    public abstract int getsockopt(InetSock sk, int level, int name, byte[] value);
}
