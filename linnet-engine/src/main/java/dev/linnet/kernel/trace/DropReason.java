package dev.linnet.kernel.trace;

import dev.linnet.kernel.Kernel;

/// Why a packet was dropped. Every packet that dies before its time names one of these; names and order
/// are Linux's (`SKB_DROP_REASON_…`), as the tracepoint `skb:kfree_skb` prints them. Reasons of things
/// that this stack does not have are left out.
@Kernel("skb_drop_reason")
public enum DropReason {
    NOT_SPECIFIED("Nobody said why; a defect in this stack."),
    NO_SOCKET("No socket takes packets for this address and port."),
    SOCKET_CLOSE("The socket was closed with the packet still queued."),
    SOCKET_FILTER("The filter of the socket rejected the packet."),
    SOCKET_RCVBUFF("The receive buffer of the socket is full."),
    UNIX_DISCONNECT("An AF_UNIX socket broke its association with the packet still queued."),
    UNIX_SKIP_OOB("An AF_UNIX reader went past the urgent byte without reading it."),
    PKT_TOO_SMALL("The packet is shorter than the header that it should have."),
    TCP_CSUM("The checksum of the TCP segment is wrong."),
    UDP_CSUM("The checksum of the UDP datagram is wrong."),
    OTHERHOST("The frame is for another machine and only came because the device takes all."),
    IP_CSUM("The checksum of the IPv4 header is wrong."),
    IP_INHDR("The IP header contradicts itself or the packet."),
    IP_RPFILTER("No route leads back to the source (rp_filter)."),
    UNICAST_IN_L2_MULTICAST("The frame was multicast, but the IP address in it is of one host."),
    IP_NOPROTO("No protocol or raw socket takes the IP protocol number."),
    PROTO_MEM("The memory of the protocol is used up (tcp_mem, udp_mem)."),
    TCP_AUTH_HDR("The authentication options of the segment are malformed."),
    TCP_MD5NOTFOUND("The connection expects an MD5 signature and the segment has none."),
    TCP_MD5UNEXPECTED("The segment has an MD5 signature and the connection knows no key."),
    TCP_MD5FAILURE("The MD5 signature of the segment is wrong."),
    SOCKET_BACKLOG("The backlog of a sock in use is full."),
    TCP_FLAGS("The flags make no sense in the state of the connection."),
    TCP_ABORT_ON_DATA("Data came for a socket that was closed."),
    TCP_ZEROWINDOW("The window was closed when the data came."),
    TCP_OLD_DATA("All of the data was received before."),
    TCP_OVERWINDOW("The data lies beyond the window."),
    TCP_OFOMERGE("Out-of-order data that queued data covers already."),
    TCP_RFC7323_PAWS("The timestamp is older than one seen before (RFC 7323)."),
    TCP_RFC7323_PAWS_ACK("A pure ACK with an old timestamp, such as reordering makes."),
    TCP_RFC7323_TW_PAWS("The timestamp is too old for a connection in TIME-WAIT."),
    TCP_RFC7323_TSECR("The segment echoes a timestamp that was never sent."),
    TCP_LISTEN_OVERFLOW("The accept queue of the listener is full."),
    TCP_OLD_SEQUENCE("The segment ends before the window begins."),
    TCP_INVALID_SEQUENCE("The segment begins after the window ends."),
    TCP_INVALID_END_SEQUENCE(
            "The segment ends after the window ends, and the sysctl asks for strictness."),
    TCP_INVALID_ACK_SEQUENCE("In SYN-SENT: the ACK is for something that was not sent."),
    TCP_RESET("A valid reset; it has done its work."),
    TCP_INVALID_SYN("A SYN where the connection is already open."),
    TCP_CLOSE("The connection is closed."),
    TCP_FASTOPEN("A Fast Open socket refused the segment."),
    TCP_OLD_ACK("The ACK is older than what is acknowledged."),
    TCP_TOO_OLD_ACK("The ACK is older than the largest window that was ever offered (RFC 5961)."),
    TCP_ACK_UNSENT_DATA("The ACK is for data that was not sent."),
    TCP_OFO_QUEUE_PRUNE("Out-of-order data was given up to make room."),
    TCP_OFO_DROP("There was no room for out-of-order data."),
    IP_OUTNOROUTES("No route for a packet to send."),
    IPV6DISABLED("IPv6 is switched off on the device."),
    NEIGH_CREATEFAIL("No neighbour entry could be made."),
    NEIGH_FAILED("The neighbour did not answer."),
    NEIGH_QUEUEFULL("Too many packets wait for the neighbour's answer."),
    NEIGH_DEAD("The neighbour entry is being removed."),
    NEIGH_HH_FILLFAIL("The link header could not be written."),
    QDISC_DROP("The queueing discipline dropped the packet."),
    QDISC_OVERLIMIT("The queue of the device is full."),
    QDISC_CONGESTED("The queueing discipline signals congestion by a drop."),
    FQ_BAND_LIMIT("Too many packets in a band of the fair queue."),
    FQ_HORIZON_LIMIT("The departure time is too far in the future for the fair queue."),
    FQ_FLOW_LIMIT("Too many packets of one flow in the fair queue."),
    CPU_BACKLOG("The input queue is full (netdev_max_backlog)."),
    UNHANDLED_PROTO("No protocol takes the type of the frame."),
    SKB_CSUM("The checksum could not be computed."),
    SKB_GSO_SEG("A large segment could not be cut up."),
    SKB_UCOPY_FAULT("The data could not be copied from or to the program."),
    DEV_HDR("The link header of the device is missing or wrong."),
    DEV_READY("The device is not up."),
    FULL_RING("The ring of the device is full."),
    NOMEM("There was no memory."),
    HDR_TRUNC("The headers could not be read from the packet."),
    TAP_FILTER("The filter of the TAP device rejected the packet."),
    TAP_TXFILTER("The transmit filter of the TUN device rejected the packet."),
    ICMP_CSUM("The checksum of the ICMP message is wrong."),
    INVALID_PROTO("The packet does not fit the protocol, as an IPv6 packet with version 4."),
    IP_INADDRERRORS("The destination is no address of this host, or none that may be used."),
    IP_INNOROUTES("No route for a packet that was received."),
    IP_LOCAL_SOURCE("The source is an address of this host."),
    IP_INVALID_SOURCE("The source is no address that a packet may come from."),
    IP_LOCALNET("An address of 127.0.0.0/8 outside this host."),
    IP_INVALID_DEST("The destination is no address that a packet may go to."),
    PKT_TOO_BIG("The packet is larger than the MTU and must not be fragmented."),
    DUP_FRAG("The fragment was received before."),
    FRAG_REASM_TIMEOUT("The other fragments did not come in time."),
    FRAG_TOO_FAR("Too many other fragments came in between (ipfrag_max_dist)."),
    TCP_MINTTL("The time to live is less than IP_MINTTL asks for."),
    IPV6_BAD_EXTHDR("An extension header is malformed."),
    IPV6_NDISC_FRAG("A neighbour discovery message came in fragments (RFC 6980)."),
    IPV6_NDISC_HOP_LIMIT("The hop limit of a neighbour discovery message is not 255."),
    IPV6_NDISC_BAD_CODE("The code of a neighbour discovery message is not 0."),
    IPV6_NDISC_BAD_OPTIONS("The options of a neighbour discovery message are malformed."),
    IPV6_NDISC_NS_OTHERHOST("A neighbour solicitation for an address of another host."),
    QUEUE_PURGE("The queue was emptied."),
    PACKET_SOCK_ERROR("A packet socket could not take the packet."),
    MAC_INVALID_SOURCE("The source address of the frame is a group or zero."),
    NO_TX_TARGET("No device to send the packet to."),
    LOCAL_MAC("The source address of the frame is that of this host's device."),
    PFMEMALLOC("The packet uses emergency memory that its socket may not use."),
    RECURSION_LIMIT("Devices handed the packet to each other too often.");

    private final String meaning;

    DropReason(String meaning) {
        this.meaning = meaning;
    }

    /// The reason in one sentence.
    public String meaning() {
        return meaning;
    }
}
