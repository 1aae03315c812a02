package dev.linnet.net.core.sock;

import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import org.jspecify.annotations.Nullable;

/// A connection request in the SYN queue (`struct request_sock`, with the fields of `inet_` and
/// `tcp_request_sock`): all that is kept between SYN and ACK.
///
/// Immutable after it is hashed, but for the counters that its timer writes, [#sk] and [#listener].
public final class RequestSock extends SockCommon {
    /// The socket that listens; another one after a migration.
    public volatile InetConnectionSock listener;

    /// MSS that the peer announced, clamped.
    public int mss;

    /// SYN-ACKs sent again, and timeouts (`num_retrans`, `num_timeout`).
    public volatile int numRetrans;

    public volatile int numTimeout;

    /// The ACK came, but the accept queue was full or data is awaited (`TCP_DEFER_ACCEPT`).
    public volatile boolean acked;

    /// Offered window of the SYN-ACK and the largest one; bytes.
    public int rskRcvWnd;

    public int windowClamp;

    /// SYN-ACK timer, and its present timeout in jiffies.
    public @Nullable KTimer timer;

    public long timeoutJiffies;

    // Options that the SYN agreed on.
    public boolean wscaleOk;
    public int sndWscale;
    public int rcvWscale;
    public boolean tstampOk;
    public boolean sackOk;
    public boolean ecnOk;

    /// Timestamp of the peer to echo (`req->ts_recent`), and our clock's offset for it.
    public int tsRecent;

    public int tsOff;

    /// Timestamps of the first and the last SYN-ACK, which an ACK may echo; 0 before the first.
    public int sntTsvalFirst;

    public int sntTsvalLast;

    /// Hash for the packets' paths and flow labels, which the connection inherits (`txhash`).
    public int txhash;

    /// Initial sequence numbers.
    public int rcvIsn;

    public int sntIsn;

    /// Next sequence expected, with Fast Open data counted (`rcv_nxt`).
    public int rcvNxt;

    /// Time of the first SYN-ACK, us (`snt_synack`); and of the last out-of-window ACK answered.
    public long sntSynackUs;

    public int lastOowAckTime;

    /// TOS of the SYN, mark and interface of the connection, user's IPv4 options.
    public int synTos;

    /// The IPv6 flow label of the SYN, if the listener answers with it; else 0.
    public int synFlowLabel;

    public int irMark;
    public int irIif;
    public byte @Nullable [] ipOptions;

    /// Fast Open: the child that exists already.
    public volatile @Nullable InetConnectionSock sk;

    public boolean tfoListener;

    /// The segment is answered from a cookie, so the request is in no queue.
    public boolean syncookie;

    /// Key of TCP-MD5 in use for this peer.
    public boolean usedMd5;

    /// The SYN as it came, headers included, for `TCP_SAVED_SYN`.
    public byte @Nullable [] savedSyn;

    /// AccECN negotiation state of the request.
    public boolean accecnOk;

    public int synEctSnt;
    public int synEctRcv;

    /// Accept queue link.
    @Nullable RequestSock dlNext;

    public RequestSock(NetNamespace net, int family, InetConnectionSock listener) {
        super(net, family);
        this.listener = listener;
    }
}
