package dev.linnet.uapi;

/// Options of the level SOL_TCP and their values.
///
/// Source: `include/uapi/linux/tcp.h`.
public final class TcpOpt {
    /// Send small segments at once (no Nagle).
    public static final int TCP_NODELAY = 1;

    /// Largest segment; 0 leaves it to the path.
    public static final int TCP_MAXSEG = 2;

    /// Hold back partial segments, for 200 ms at most.
    public static final int TCP_CORK = 3;

    /// Idle seconds before the first keepalive probe, 1 to 32767.
    public static final int TCP_KEEPIDLE = 4;

    /// Seconds between keepalive probes, 1 to 32767.
    public static final int TCP_KEEPINTVL = 5;

    /// Unanswered probes that end the connection, 1 to 127.
    public static final int TCP_KEEPCNT = 6;

    /// Retransmissions of a SYN, 1 to 127.
    public static final int TCP_SYNCNT = 7;

    /// Seconds that an orphan stays in FIN-WAIT-2; negative: none.
    public static final int TCP_LINGER2 = 8;

    /// Seconds that an accepted connection may wait for its first data.
    public static final int TCP_DEFER_ACCEPT = 9;

    /// Upper bound of the advertised window.
    public static final int TCP_WINDOW_CLAMP = 10;

    /// Read only: [TcpInfo].
    public static final int TCP_INFO = 11;

    /// Acknowledge at once for now.
    public static final int TCP_QUICKACK = 12;

    /// Name of the congestion control.
    public static final int TCP_CONGESTION = 13;

    /// Key of RFC 2385 for a peer.
    public static final int TCP_MD5SIG = 14;

    /// No exponential backoff for thin streams.
    public static final int TCP_THIN_LINEAR_TIMEOUTS = 16;

    /// Accepted without an effect.
    public static final int TCP_THIN_DUPACK = 17;

    /// Milliseconds that sent data may stay unacknowledged.
    public static final int TCP_USER_TIMEOUT = 18;

    /// Freeze the connection to read and write its state; needs CAP_NET_ADMIN.
    public static final int TCP_REPAIR = 19;

    /// Queue that repair works on.
    public static final int TCP_REPAIR_QUEUE = 20;

    /// Sequence number of the queue under repair.
    public static final int TCP_QUEUE_SEQ = 21;

    /// Options of the connection under repair.
    public static final int TCP_REPAIR_OPTIONS = 22;

    /// Length of a listener's queue for Fast Open.
    public static final int TCP_FASTOPEN = 23;

    /// Timestamp clock of the connection.
    public static final int TCP_TIMESTAMP = 24;

    /// Unsent bytes below which the socket is writable.
    public static final int TCP_NOTSENT_LOWAT = 25;

    /// Read only: state of the congestion control.
    public static final int TCP_CC_INFO = 26;

    /// Keep the headers of the SYN.
    public static final int TCP_SAVE_SYN = 27;

    /// Read only: the kept headers, then forgets them.
    public static final int TCP_SAVED_SYN = 28;

    /// Window of the connection under repair.
    public static final int TCP_REPAIR_WINDOW = 29;

    /// `connect` uses Fast Open.
    public static final int TCP_FASTOPEN_CONNECT = 30;

    /// Attach an upper layer protocol.
    public static final int TCP_ULP = 31;

    /// As TCP_MD5SIG with a prefix and a device.
    public static final int TCP_MD5SIG_EXT = 32;

    /// Key of the cookies, 16 or 32 bytes.
    public static final int TCP_FASTOPEN_KEY = 33;

    /// Fast Open without a cookie.
    public static final int TCP_FASTOPEN_NO_COOKIE = 34;

    /// Map received pages.
    public static final int TCP_ZEROCOPY_RECEIVE = 35;

    /// Report the bytes in the queue with each message.
    public static final int TCP_INQ = 36;

    /// Control message of TCP_INQ; same number.
    public static final int TCP_CM_INQ = 36;

    /// Delay of sent packets in microseconds.
    public static final int TCP_TX_DELAY = 37;

    /// Add a key of RFC 5925.
    public static final int TCP_AO_ADD_KEY = 38;

    /// Remove a key of RFC 5925.
    public static final int TCP_AO_DEL_KEY = 39;

    /// State of RFC 5925.
    public static final int TCP_AO_INFO = 40;

    /// Read only: keys of RFC 5925.
    public static final int TCP_AO_GET_KEYS = 41;

    /// State of RFC 5925 under repair.
    public static final int TCP_AO_REPAIR = 42;

    /// Read only: 1 if Multipath TCP is in use.
    public static final int TCP_IS_MPTCP = 43;

    /// Upper bound of the retransmission timeout, 1000 to 120000 ms.
    public static final int TCP_RTO_MAX_MS = 44;

    /// Lower bound of the retransmission timeout in microseconds.
    public static final int TCP_RTO_MIN_US = 45;

    /// Longest delay of an acknowledgement in microseconds.
    public static final int TCP_DELACK_MAX_US = 46;

    // Values of TCP_REPAIR and TCP_REPAIR_QUEUE.

    public static final int TCP_REPAIR_ON = 1;
    public static final int TCP_REPAIR_OFF = 0;

    /// Leave repair without a window probe.
    public static final int TCP_REPAIR_OFF_NO_WP = -1;

    public static final int TCP_NO_QUEUE = 0;
    public static final int TCP_RECV_QUEUE = 1;
    public static final int TCP_SEND_QUEUE = 2;

    // Bits of TcpInfo.options.

    /// Timestamps agreed (RFC 7323).
    public static final int TCPI_OPT_TIMESTAMPS = 1;

    /// Selective acknowledgements agreed.
    public static final int TCPI_OPT_SACK = 2;

    /// Window scaling agreed.
    public static final int TCPI_OPT_WSCALE = 4;

    /// Explicit congestion notification agreed.
    public static final int TCPI_OPT_ECN = 8;

    /// A packet with an ECT codepoint has arrived.
    public static final int TCPI_OPT_ECN_SEEN = 16;

    /// Data in the SYN was acknowledged.
    public static final int TCPI_OPT_SYN_DATA = 32;

    /// Timestamps in microseconds.
    public static final int TCPI_OPT_USEC_TS = 64;

    /// Child of a Fast Open listener.
    public static final int TCPI_OPT_TFO_CHILD = 128;

    // Values of TcpInfo.fastopenClientFail.

    /// Nothing known.
    public static final int TFO_STATUS_UNSPEC = 0;

    /// There was no cookie.
    public static final int TFO_COOKIE_UNAVAILABLE = 1;

    /// The SYN-ACK did not cover the data.
    public static final int TFO_DATA_NOT_ACKED = 2;

    /// The SYN was sent again without data.
    public static final int TFO_SYN_RETRANSMITTED = 3;

    // Limits.

    /// Segment size of IPv4 when nothing is known (RFC 1122).
    public static final int TCP_MSS_DEFAULT = 536;

    /// Segment size of an Ethernet path without options.
    public static final int TCP_MSS_DESIRED = 1220;

    /// Longest key of TCP_MD5SIG.
    public static final int TCP_MD5SIG_MAXKEYLEN = 80;

    private TcpOpt() {}
}
