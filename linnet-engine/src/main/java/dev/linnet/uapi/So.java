package dev.linnet.uapi;

/// Options of the level SOL_SOCKET, and the control messages of that level (SCM_*).
///
/// Source: `include/uapi/asm-generic/socket.h`, values of x86-64.
public final class So {
    /// Debugging switched on; needs CAP_NET_ADMIN.
    public static final int SO_DEBUG = 1;

    /// A bind may take an address that a socket in TIME-WAIT still uses.
    public static final int SO_REUSEADDR = 2;

    /// Read only: the socket's type.
    public static final int SO_TYPE = 3;

    /// Read only: the pending error, cleared by reading.
    public static final int SO_ERROR = 4;

    /// Send to directly connected hosts only.
    public static final int SO_DONTROUTE = 5;

    /// May send to broadcast addresses.
    public static final int SO_BROADCAST = 6;

    /// Size of the send buffer; reads back as twice what was set.
    public static final int SO_SNDBUF = 7;

    /// Size of the receive buffer; reads back as twice what was set.
    public static final int SO_RCVBUF = 8;

    /// Probe an idle connection.
    public static final int SO_KEEPALIVE = 9;

    /// Leave urgent data in the stream.
    public static final int SO_OOBINLINE = 10;

    /// UDP sends without checksum.
    public static final int SO_NO_CHECK = 11;

    /// Priority of the packets for the queueing discipline.
    public static final int SO_PRIORITY = 12;

    /// What `close` does with unsent data ([Linger]).
    public static final int SO_LINGER = 13;

    /// Accepted and ignored.
    public static final int SO_BSDCOMPAT = 14;

    /// Several sockets share an address and divide its traffic.
    public static final int SO_REUSEPORT = 15;

    /// Receive the sender's credentials with each message (AF_UNIX).
    public static final int SO_PASSCRED = 16;

    /// Read only: process, user and group of the peer (AF_UNIX).
    public static final int SO_PEERCRED = 17;

    /// Bytes that must be there before the socket is readable.
    public static final int SO_RCVLOWAT = 18;

    /// Reads as 1, cannot be set.
    public static final int SO_SNDLOWAT = 19;

    /// Number behind SO_RCVTIMEO here.
    public static final int SO_RCVTIMEO_OLD = 20;

    /// Number behind SO_SNDTIMEO here.
    public static final int SO_SNDTIMEO_OLD = 21;

    /// Longest wait of a receive ([TimeVal]; zero waits for ever).
    public static final int SO_RCVTIMEO = 20;

    /// Longest wait of a send or connect.
    public static final int SO_SNDTIMEO = 21;

    /// Number without an effect.
    public static final int SO_SECURITY_AUTHENTICATION = 22;

    /// Number without an effect.
    public static final int SO_SECURITY_ENCRYPTION_TRANSPORT = 23;

    /// Number without an effect.
    public static final int SO_SECURITY_ENCRYPTION_NETWORK = 24;

    /// Name of the device that the socket is bound to.
    public static final int SO_BINDTODEVICE = 25;

    /// Attach a classic BPF filter.
    public static final int SO_ATTACH_FILTER = 26;

    /// Remove the filter.
    public static final int SO_DETACH_FILTER = 27;

    /// Read the filter; same number as SO_ATTACH_FILTER.
    public static final int SO_GET_FILTER = 26;

    /// Read only: the peer's address, as `getpeername`.
    public static final int SO_PEERNAME = 28;

    /// Number behind SO_TIMESTAMP here.
    public static final int SO_TIMESTAMP_OLD = 29;

    /// Read only: 1 if the socket listens.
    public static final int SO_ACCEPTCONN = 30;

    /// Read only: security label of the peer.
    public static final int SO_PEERSEC = 31;

    /// As SO_SNDBUF without the limit; needs CAP_NET_ADMIN.
    public static final int SO_SNDBUFFORCE = 32;

    /// As SO_RCVBUF without the limit; needs CAP_NET_ADMIN.
    public static final int SO_RCVBUFFORCE = 33;

    /// Receive the sender's security label.
    public static final int SO_PASSSEC = 34;

    /// Number behind SO_TIMESTAMPNS here.
    public static final int SO_TIMESTAMPNS_OLD = 35;

    /// Mark of the packets for routing; needs CAP_NET_ADMIN or CAP_NET_RAW.
    public static final int SO_MARK = 36;

    /// Number behind SO_TIMESTAMPING here.
    public static final int SO_TIMESTAMPING_OLD = 37;

    /// Read only: the socket's protocol.
    public static final int SO_PROTOCOL = 38;

    /// Read only: the socket's address family.
    public static final int SO_DOMAIN = 39;

    /// Report dropped packets with each message.
    public static final int SO_RXQ_OVFL = 40;

    /// Report whether a frame was acknowledged on air.
    public static final int SO_WIFI_STATUS = 41;

    /// Where MSG_PEEK looks next; negative switches it off.
    public static final int SO_PEEK_OFF = 42;

    /// Frames carry their own check sequence.
    public static final int SO_NOFCS = 43;

    /// The filter can no longer be changed.
    public static final int SO_LOCK_FILTER = 44;

    /// A filled error queue raises POLLPRI as well.
    public static final int SO_SELECT_ERR_QUEUE = 45;

    /// Microseconds to poll the device while waiting.
    public static final int SO_BUSY_POLL = 46;

    /// Upper bound of the sending rate in bytes per second; all ones is none.
    public static final int SO_MAX_PACING_RATE = 47;

    /// Read only: which BPF extensions exist.
    public static final int SO_BPF_EXTENSIONS = 48;

    /// CPU on which packets of this socket are handled.
    public static final int SO_INCOMING_CPU = 49;

    /// Attach an eBPF filter.
    public static final int SO_ATTACH_BPF = 50;

    /// Same number as SO_DETACH_FILTER.
    public static final int SO_DETACH_BPF = 27;

    /// Classic BPF program that picks among the sockets of a port.
    public static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    /// eBPF program that picks among the sockets of a port.
    public static final int SO_ATTACH_REUSEPORT_EBPF = 52;

    /// Tell the network layer that the path seems bad.
    public static final int SO_CNX_ADVICE = 53;

    /// Read only: the memory counters of the sock.
    public static final int SO_MEMINFO = 55;

    /// Read only: the receive queue that the last packet came from.
    public static final int SO_INCOMING_NAPI_ID = 56;

    /// Read only: number that names the socket for its whole life.
    public static final int SO_COOKIE = 57;

    /// Read only: supplementary groups of the peer (AF_UNIX).
    public static final int SO_PEERGROUPS = 59;

    /// Allow MSG_ZEROCOPY.
    public static final int SO_ZEROCOPY = 60;

    /// Send packets at given times.
    public static final int SO_TXTIME = 61;

    /// As SO_BINDTODEVICE, by index.
    public static final int SO_BINDTOIFINDEX = 62;

    /// Timestamp with each message, microseconds.
    public static final int SO_TIMESTAMP = 29;

    /// Timestamp with each message, nanoseconds.
    public static final int SO_TIMESTAMPNS = 35;

    /// Timestamps at chosen points of the way.
    public static final int SO_TIMESTAMPING = 37;

    /// As SO_TIMESTAMP with 64-bit seconds on every architecture.
    public static final int SO_TIMESTAMP_NEW = 63;

    /// As SO_TIMESTAMPNS with 64-bit seconds on every architecture.
    public static final int SO_TIMESTAMPNS_NEW = 64;

    /// As SO_TIMESTAMPING with 64-bit seconds on every architecture.
    public static final int SO_TIMESTAMPING_NEW = 65;

    /// As SO_RCVTIMEO with 64-bit seconds on every architecture.
    public static final int SO_RCVTIMEO_NEW = 66;

    /// As SO_SNDTIMEO with 64-bit seconds on every architecture.
    public static final int SO_SNDTIMEO_NEW = 67;

    /// Remove the program that picks among the sockets of a port.
    public static final int SO_DETACH_REUSEPORT_BPF = 68;

    /// Prefer polling to interrupts.
    public static final int SO_PREFER_BUSY_POLL = 69;

    /// Packets per busy poll.
    public static final int SO_BUSY_POLL_BUDGET = 70;

    /// Read only: number of the socket's network namespace.
    public static final int SO_NETNS_COOKIE = 71;

    /// Which buffers are held at a fixed size (bits SOCK_SNDBUF_LOCK, SOCK_RCVBUF_LOCK).
    public static final int SO_BUF_LOCK = 72;

    /// Memory set aside for the socket.
    public static final int SO_RESERVE_MEM = 73;

    /// Whether the flow hash changes when data does not arrive.
    public static final int SO_TXREHASH = 74;

    /// Report the mark of each packet.
    public static final int SO_RCVMARK = 75;

    /// Receive a descriptor of the sending process (AF_UNIX).
    public static final int SO_PASSPIDFD = 76;

    /// Read only: descriptor of the peer process (AF_UNIX).
    public static final int SO_PEERPIDFD = 77;

    /// Control message of device memory TCP.
    public static final int SO_DEVMEM_LINEAR = 78;

    /// Control message of device memory TCP.
    public static final int SO_DEVMEM_DMABUF = 79;

    /// Gives back device memory.
    public static final int SO_DEVMEM_DONTNEED = 80;

    /// Report the priority of each packet.
    public static final int SO_RCVPRIORITY = 82;

    /// Whether descriptors may be received (AF_UNIX).
    public static final int SO_PASSRIGHTS = 83;

    /// Tell with each receive how much is left (AF_UNIX streams); the type of that control message, too.
    public static final int SO_INQ = 84;

    public static final int SCM_INQ = SO_INQ;

    // Control messages.

    /// Descriptors passed over AF_UNIX.
    public static final int SCM_RIGHTS = 1;

    /// Credentials passed over AF_UNIX.
    public static final int SCM_CREDENTIALS = 2;

    /// Security label passed over AF_UNIX.
    public static final int SCM_SECURITY = 3;

    /// Descriptor of the sending process.
    public static final int SCM_PIDFD = 4;

    /// Answer to SO_TIMESTAMP.
    public static final int SCM_TIMESTAMP = 29;

    /// Answer to SO_TIMESTAMPNS.
    public static final int SCM_TIMESTAMPNS = 35;

    /// Answer to SO_TIMESTAMPING.
    public static final int SCM_TIMESTAMPING = 37;

    /// Statistics that go with a transmit timestamp.
    public static final int SCM_TIMESTAMPING_OPT_STATS = 54;

    /// Device and length that go with a hardware timestamp.
    public static final int SCM_TIMESTAMPING_PKTINFO = 58;

    /// Time at which to send, see SO_TXTIME.
    public static final int SCM_TXTIME = 61;

    /// Identifier of a transmit timestamp.
    public static final int SCM_TS_OPT_ID = 81;

    private So() {}
}
