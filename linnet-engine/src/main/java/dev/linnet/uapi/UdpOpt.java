package dev.linnet.uapi;

/// Options of the level SOL_UDP.
///
/// Source: `include/uapi/linux/udp.h`.
public final class UdpOpt {
    /// Collect writes into one datagram.
    public static final int UDP_CORK = 1;

    /// Datagrams carry another protocol.
    public static final int UDP_ENCAP = 100;

    /// Send without checksum over IPv6.
    public static final int UDP_NO_CHECK6_TX = 101;

    /// Accept datagrams without checksum over IPv6.
    public static final int UDP_NO_CHECK6_RX = 102;

    /// Cut each write into datagrams of this many bytes.
    public static final int UDP_SEGMENT = 103;

    /// Deliver merged datagrams, with the size of the pieces.
    public static final int UDP_GRO = 104;

    /// Bytes that the sender's checksum covers.
    public static final int UDPLITE_SEND_CSCOV = 10;

    /// Bytes that must be covered at least.
    public static final int UDPLITE_RECV_CSCOV = 11;

    private UdpOpt() {}
}
