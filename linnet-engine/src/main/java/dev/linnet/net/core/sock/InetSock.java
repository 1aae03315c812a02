package dev.linnet.net.core.sock;

import dev.linnet.net.core.NetNamespace;
import org.jspecify.annotations.Nullable;

/// A socket of the Internet families (`struct inet_sock` and `struct ipv6_pinfo`). Guarded by
/// [#lock] unless it says otherwise.
public abstract class InetSock extends Sock {
    /// Source address for sending; differs from `rcvSaddr` for a socket bound to a multicast or
    /// broadcast address (then unspecified).
    public long saddrHi;

    public long saddrLo;

    /// Local port in host order while bound (`inet_sport`); `num` is what it was bound as.
    public int sport;

    /// `SO_*` and `IP_*` settings: TTL or -1 for the default, TOS, minimum TTL.
    public int ucTtl = -1;

    public int tos;
    public int minTtl;
    public int mcTtl = 1;
    public boolean mcLoop = true;
    public int mcIndex;

    /// `IP_MULTICAST_IF` as an address, 0 for none; `IP_MULTICAST_ALL`; the groups joined, IPv4's
    /// own affair (`mc_list`), or null.
    public int mcAddr;

    public volatile boolean mcAll = true;
    public volatile @Nullable Object mcList;
    public int ucIndex;

    /// `IP_PMTUDISC_*`.
    public volatile int pmtudisc = 1;

    public boolean recverr;
    public boolean recverrRfc4884;
    public boolean hdrincl;
    public boolean freebind;
    public boolean transparent;
    public boolean nodefrag;
    public boolean bindAddressNoPort;

    /// `SOCK_BINDADDR_LOCK`, `SOCK_BINDPORT_LOCK`: address or port chosen by the user.
    public boolean bindAddrLocked;

    public boolean bindPortLocked;

    /// `IP_LOCAL_PORT_RANGE`: low in the low half, high in the high half; 0 for the namespace's.
    public int localPortRange;

    /// TOS of the segment that opened the connection (`rcv_tos`).
    public int rcvTos;

    /// A set of which control messages the user wants (`inet_cmsg_flags`).
    public volatile int cmsgFlags;

    /// Next IP identification of this connection (`inet_id`); racy increments are harmless.
    public int inetId;

    /// `IPV6_*`: v6only, traffic class, hop limits, flow label, auto flow label, path MTU style.
    public volatile boolean ipv6only;

    public int tclass = -1;
    public int hopLimit = -1;
    public int mcastHops = 1;
    public int flowLabel;
    public volatile int pmtudisc6 = 1;
    public boolean recverr6;
    public boolean autoflowlabel;
    public int dontfrag6;
    public int fragSize6;
    public boolean sndflow;

    /// The connection has the flow label of its peer (`IPV6_FLOWLABEL_MGR` with `REFLECT`).
    public boolean repflow;

    /// `IPV6_AUTOFLOWLABEL` was set by the user; least hop limit of received packets.
    public boolean autoflowlabelSet;

    public volatile int minHopcount;

    /// Interface that `IPV6_PKTINFO` set as an option names, or 0.
    public int pktinfoIfindex;

    /// `IPV6_MULTICAST_LOOP`, `IPV6_MULTICAST_ALL`; IPv6's rarer settings, its own affair
    /// (`struct ipv6_pinfo`), or null; which of its control messages the user wants (`rxopt`).
    public volatile boolean mcLoop6 = true;

    public volatile boolean mcAll6 = true;
    public volatile @Nullable Object pinet6;
    public volatile int rxopt6;

    /// `IPV6_MULTICAST_IF` (of a connection: where its packets come in) and `IPV6_UNICAST_IF`, or 0;
    /// traffic class and flow label of a connection's received packets (`rcv_flowinfo`).
    public int mcIndex6;

    public int ucIndex6;
    public int rcvFlowinfo;

    /// IPv4 options to send, raw, or null; IPv6 extension headers likewise.
    public byte @Nullable [] ipOptions;

    protected InetSock(NetNamespace net, int family, int type, int protocol, Proto prot) {
        super(net, family, type, protocol, prot);
    }
}
