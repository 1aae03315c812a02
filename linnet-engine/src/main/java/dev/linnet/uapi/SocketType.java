package dev.linnet.uapi;

/// Socket types: the second argument of `socket`, and the flags that may be or-ed into it.
///
/// Source: `include/linux/net.h`.
public final class SocketType {
    // Types.

    /// Ordered, reliable stream of bytes (TCP, or AF_UNIX stream).
    public static final int SOCK_STREAM = 1;

    /// Datagrams (UDP, ping sockets, AF_UNIX datagram).
    public static final int SOCK_DGRAM = 2;

    /// Packets below the transport, with the protocol that was asked for.
    public static final int SOCK_RAW = 3;

    /// Reliable messages without order; no family here offers it.
    public static final int SOCK_RDM = 4;

    /// Ordered, reliable records (AF_UNIX).
    public static final int SOCK_SEQPACKET = 5;

    /// Datagrams with congestion control; not offered.
    public static final int SOCK_DCCP = 6;

    /// The old way to receive frames from a device.
    public static final int SOCK_PACKET = 10;

    // Flags.

    /// The new descriptor gets O_NONBLOCK.
    public static final int SOCK_NONBLOCK = 0x800;

    /// The new descriptor gets FD_CLOEXEC.
    public static final int SOCK_CLOEXEC = 0x80000;

    /// The bits of the argument that hold the type; the rest are flags.
    public static final int SOCK_TYPE_MASK = 0xf;

    // Values of the option SO_TXREHASH.

    /// As the sysctl `net.core.txrehash` says.
    public static final int SOCK_TXREHASH_DEFAULT = 255;

    /// Keep the flow hash of the sock.
    public static final int SOCK_TXREHASH_DISABLED = 0;

    /// Choose a new flow hash when data does not arrive.
    public static final int SOCK_TXREHASH_ENABLED = 1;

    // Bits of the option SO_BUF_LOCK.

    /// SO_SNDBUF was set, so the send buffer is not autotuned.
    public static final int SOCK_SNDBUF_LOCK = 1;

    /// SO_RCVBUF was set, so the receive buffer is not autotuned.
    public static final int SOCK_RCVBUF_LOCK = 2;

    private SocketType() {}
}
