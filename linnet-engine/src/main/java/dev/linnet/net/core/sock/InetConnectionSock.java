package dev.linnet.net.core.sock;

import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import org.jspecify.annotations.Nullable;

/// A socket of a connection-oriented protocol (`struct inet_connection_sock`). Guarded by [#lock]
/// unless it says otherwise.
public abstract class InetConnectionSock extends InetSock {
    /// What the one retransmission timer is armed for (`icsk_pending`).
    public static final int ICSK_TIME_RETRANS = 1;

    public static final int ICSK_TIME_PROBE0 = 3;
    public static final int ICSK_TIME_LOSS_PROBE = 5;
    public static final int ICSK_TIME_REO_TIMEOUT = 6;

    /// `icsk_ack.pending`.
    public static final int ICSK_ACK_SCHED = 1;

    public static final int ICSK_ACK_TIMER = 2;
    public static final int ICSK_ACK_PUSHED = 4;
    public static final int ICSK_ACK_PUSHED2 = 8;
    public static final int ICSK_ACK_NOW = 16;
    public static final int ICSK_ACK_NOMEM = 32;

    /// SYN queue and accept queue of a listener; made by `listen`.
    public @Nullable RequestSockQueue acceptQueue;

    /// The bucket of the local port, while bound (`icsk_bind_hash`).
    public @Nullable Object bindBucket;

    /// Retransmission and probe timer, delayed ACK timer, keepalive timer; made when first armed.
    public @Nullable KTimer retransmitTimer;

    public @Nullable KTimer delackTimer;
    public @Nullable KTimer keepaliveTimer;

    /// When the retransmission timer is due, jiffies (`icsk_timeout`).
    public long timeout;

    /// When the delayed ACK is due, jiffies (`icsk_ack.timeout`).
    public long ackTimeout;

    /// Retransmission timeout, jiffies, and its bounds.
    public int rto;

    public int rtoMin;
    public int rtoMax;
    public int delackMax;

    /// Path MTU last seen from the route, bytes (`icsk_pmtu_cookie`).
    public int pmtuCookie;

    /// Extension headers or options that each packet carries, bytes (`icsk_ext_hdr_len`).
    public int extHdrLen;

    /// Address-family functions (`icsk_af_ops`).
    @SuppressWarnings("NullAway.Init") // set by the protocol before anybody sees the sock
    public InetConnectionSockAfOps afOps;

    /// `TCP_CA_*` of the congestion state machine.
    public int caState;

    /// Consecutive timeouts without progress (`icsk_retransmits`), and `ICSK_TIME_*` or 0.
    public int retransmits;

    public volatile int pending;

    /// Exponential backoff of the RTO, in doublings (`icsk_backoff`).
    public int backoff;

    /// `TCP_SYNCNT`, or 0 for the sysctl (`icsk_syn_retries`).
    public int synRetries;

    /// Zero-window probes sent without an answer.
    public int probesOut;

    /// `TCP_USER_TIMEOUT` in ms, 0 for none.
    public int userTimeout;

    /// When zero-window probing started, jiffies32, 0 when it does not.
    public int probesTstamp;

    // Delayed ACKs (`icsk_ack`).
    public int ackPending;
    public int ackQuick;
    public int ackPingpong;
    public int ackRetry;

    /// Delayed-ACK timeout estimate, jiffies (`icsk_ack.ato`).
    public int ackAto;

    public int ackLrcvFlowlabel;

    /// When data last came in, jiffies32 (`icsk_ack.lrcvtime`).
    public int ackLrcvtime;

    public int ackLastSegSize;

    /// Estimated size of the peer's segments, bytes (`icsk_ack.rcv_mss`).
    public int ackRcvMss;

    // Path MTU probing (`icsk_mtup`).
    public boolean mtupEnabled;
    public int mtupSearchHigh;
    public int mtupSearchLow;
    public int mtupProbeSize;
    public int mtupProbeTimestamp;

    protected InetConnectionSock(NetNamespace net, int family, int type, int protocol, Proto prot) {
        super(net, family, type, protocol, prot);
    }
}
