package dev.linnet.net.tcp;

import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.RequestSock;
import org.jspecify.annotations.Nullable;

/// The state of one TCP connection or listener (`struct tcp_sock`): fields and what they mean,
/// values that follow from them, and nothing else. What happens to them is in the function classes
/// of this package ([TcpInput], [TcpAck], [TcpOutput], …).
///
/// Guarded by [#lock]; fields that others read without it are volatile. Sequence numbers are
/// compared with [dev.linnet.wire.Seq] only. Times: `…Us` microseconds of the clock, `…Stamp`
/// jiffies32, else jiffies.
public final class TcpSock extends InetConnectionSock {
    // ---- receive window and sequence (RFC 9293 section 3.3.1)
    // ------------------------------------

    /// Next sequence expected (RCV.NXT), and at the last window update sent (`rcv_wup`).
    public volatile int rcvNxt;

    public int rcvWup;

    /// First byte that the user has not read (`copied_seq`).
    public volatile int copiedSeq;

    /// Window last advertised, bytes; and the most it may be (`window_clamp`).
    public int rcvWnd;

    public int windowClamp;

    /// Highest right edge of the window ever offered (`rcv_mwnd_seq`).
    public int rcvMwndSeq;

    /// Slow-start threshold of the advertised window (`rcv_ssthresh`).
    public int rcvSsthresh;

    /// MSS that we advertise.
    public int advmss;

    /// Largest window that the peer has offered, bytes (`max_window`).
    public int maxWindow;

    /// Scaling ratio of payload to memory, 8-bit fixed point (`scaling_ratio`).
    public int scalingRatio = 128;

    // ---- send window and sequence
    // -----------------------------------------------------------------

    /// Oldest unacknowledged (SND.UNA), next to send (SND.NXT), last byte queued plus one.
    public volatile int sndUna;

    public volatile int sndNxt;
    public volatile int writeSeq;

    /// Last byte that was pushed (`pushed_seq`); last byte of the small segment (`snd_sml`).
    public int pushedSeq;

    public int sndSml;

    /// Window offered by the peer, bytes; sequence of the segment that last updated it (SND.WL1).
    public int sndWnd;

    public int sndWl1;

    /// Effective MSS for sending: without options in `mssCache`, before PMTU as the peer clamped.
    public int mssCache;

    public int xmitSizeGoal;

    /// Segments of `mssCache` in one packet (`gso_segs`), and size of the header with options.
    public int gsoSegs;

    public int tcpHeaderLen;

    /// Initial send sequence (`snt_isn` of the active side is `writeSeq` at connect).
    public int iss;

    // ---- options agreed on (`rx_opt`)
    // ---------------------------------------------------------------

    public final TcpOptionsReceived rxOpt = new TcpOptionsReceived();

    /// Offset added to the timestamp clock (`tsoffset`); timestamps in us (`tcp_usec_ts`).
    public int tsoffset;

    /// `tcp_mss` of the user (`TCP_MAXSEG`), 0 for none.
    public int userMss;

    // ---- queues
    // ---------------------------------------------------------------------------------------

    /// Not yet sent (`sk_write_queue`); sent and not acknowledged, by sequence (`tcp_rtx_queue`).
    public final SkBuffHead writeQueue = new SkBuffHead();

    public final SkbRbTree rtxQueue = new SkbRbTree();

    /// Head and tail of the sent segments in order of (re)transmission time (`tsorted_sent_queue`).
    public @Nullable SkBuff tsortedHead;

    public @Nullable SkBuff tsortedTail;

    /// Received out of order (`out_of_order_queue`) and the last one added.
    public final SkbRbTree outOfOrderQueue = new SkbRbTree();

    public @Nullable SkBuff oooLastSkb;

    // ---- counters (RFC 4898 and tcp_info)
    // ---------------------------------------------------------------

    public int segsIn;
    public int segsOut;
    public int dataSegsIn;
    public int dataSegsOut;
    public volatile long bytesReceived;
    public volatile long bytesAcked;
    public long bytesSent;
    public long bytesRetrans;
    public int dsackDups;
    public int reordSeen;
    public int rcvOoopack;
    public int totalRetrans;
    public int totalRto;
    public int totalRtoRecoveries;
    public int totalRtoTime;
    public int rtoStamp;

    // ---- round trip time
    // -----------------------------------------------------------------------------

    public final RttEstimator rtt = new RttEstimator();

    /// Time of the last packet processed, us and ns (`tcp_mstamp`, `tcp_clock_cache`).
    public long tcpMstamp;

    public long tcpClockCacheNs;

    /// Last data received, sent; last ACK received (jiffies32).
    public int rcvTstamp;

    public int lsndtime;
    public int lastOowAckTime;

    /// Challenge ACKs: time and count live in the namespace; compressed ACKs here.
    public int compressedAck;

    public @Nullable HrTimer compressedAckTimer;
    public int compressedAckRcvNxt;
    public int dupAckCounter;

    // ---- loss detection and recovery
    // --------------------------------------------------------------------

    /// Segments in flight, retransmitted, selectively acknowledged, lost (counts of segments).
    public int packetsOut;

    public int retransOut;
    public int sackedOut;
    public int lostOut;

    /// Segments delivered in total, with CE; lost in total; first and last times for samples.
    public int delivered;

    public int deliveredCe;
    public int lost;
    public int appLimited;
    public long firstTxUs;
    public long deliveredUs;
    public int rateDelivered;
    public int rateIntervalUs;
    public boolean rateAppLimited;

    /// Congestion window, slow-start threshold (segments); accumulators of growth.
    public int sndCwnd = 10;

    public int sndSsthresh = Integer.MAX_VALUE;
    public int sndCwndCnt;
    public int sndCwndClamp = Integer.MAX_VALUE;
    public int sndCwndUsed;
    public int sndCwndStamp;
    public int maxPacketsOut;
    public int cwndUsageSeq;
    public boolean isCwndLimited;

    /// PRR (RFC 6937): cwnd before recovery, delivered and sent during it.
    public int priorCwnd;

    public int prrDelivered;
    public int prrOut;

    /// `snd_nxt` when recovery started; ssthresh and marker for undo; retransmissions to undo.
    public int highSeq;

    public int priorSsthresh;
    public int undoMarker;
    public int undoRetrans;
    public int retransStamp;
    public int undoRetransSaved;

    /// Highest sequence of a tail loss probe, 0 for none; was it a retransmission.
    public int tlpHighSeq;

    public boolean tlpRetrans;

    /// Degree of reordering seen, segments (`reordering`).
    public int reordering = 3;

    /// F-RTO in progress; SACKs for new data.
    public boolean frto;

    public boolean isSackReneg;

    /// `reord`, RACK state (RFC 8985).
    public final RackState rack = new RackState();

    /// Hints of where marking and retransmission stopped.
    public @Nullable SkBuff lostSkbHint;

    public @Nullable SkBuff retransmitSkbHint;
    public @Nullable SkBuff highestSack;
    public int lostCntHint;

    private @Nullable SackBlocks selectiveAcks;

    /// The DSACK block to be sent (`duplicate_sack`), from the first up to but not including the second.
    public int dsackStart;

    public int dsackEnd;

    private @Nullable SackBlocks recvSackCache;

    /// SACK blocks to be sent.
    public SackBlocks selectiveAcks() {
        SackBlocks blocks = selectiveAcks;
        if (blocks == null) {
            blocks = new SackBlocks(4);
            selectiveAcks = blocks;
        }
        return blocks;
    }

    /// The blocks that the last ACK brought.
    public SackBlocks recvSackCache() {
        SackBlocks cache = recvSackCache;
        if (cache == null) {
            cache = new SackBlocks(4);
            recvSackCache = cache;
        }
        return cache;
    }

    // ---- congestion control
    // ------------------------------------------------------------------------------

    public TcpCongestionOps caOps;

    /// The user chose the algorithm (`icsk_ca_setsockopt`).
    public boolean caSetsockopt;

    /// The algorithm was initialised (`icsk_ca_initialized`), and its private state.
    public boolean caInitialized;

    public @Nullable Object caPriv;

    // ---- ECN and AccECN
    // --------------------------------------------------------------------------------------

    /// `TCP_ECN_*` flags.
    public int ecnFlags;

    public final AccEcnState accecn = new AccEcnState();

    // ---- waiting
    // --------------------------------------------------------------------------------------

    /// Of the receive in work: time of the last packet it read, wall clock ns, 0 for none; it has read
    /// the FIN.
    public long recvTstampNs;

    public boolean finRead;

    /// Scratch of the thread that sends; made when first used.
    public @Nullable PageFrag sendFrag;

    /// Threads that sleep in a send, or a `connect` whose SYN carries data (`sk_write_pending`).
    public int writePending;

    // ---- user's settings
    // ----------------------------------------------------------------------------------

    /// `TCP_NAGLE_OFF` 1, `TCP_NAGLE_CORK` 2, `TCP_NAGLE_PUSH` 4.
    public int nonagle;

    public boolean thinLto;
    public boolean recvmsgInq;
    public boolean repair;
    public int repairQueue;

    /// `TCP_SAVE_SYN`: 0 no, 1 from the network header on, 2 from the link-layer header on.
    public int saveSyn;

    public byte @Nullable [] savedSyn;
    public boolean defaultQuickack;
    public int notsentLowat;
    public int keepaliveTime;
    public int keepaliveIntvl;
    public int keepaliveProbes;
    public int linger2;
    public int txDelayUs;

    /// While the time of an acknowledgement is told: its TTL or hop limit, else 0.
    int ackHopLimit;

    /// Bits of [TcpSmallQueue], any thread; and the link in a thread's list of it.
    @SuppressWarnings("unused") // written through a VarHandle
    volatile int tsqFlags;

    @Nullable TcpSock tsqNext;

    /// Random number that tells this connection's packets from others', 0 for none; changed after a
    /// timeout so that they take another path (`sk_txhash`).
    public int txhash;

    /// Wanted `TCP_MD5SIG` keys, or null.
    public @Nullable TcpMd5Keys md5;

    // ---- Fast Open
    // --------------------------------------------------------------------------------------------

    public @Nullable TcpFastOpenRequest fastopenReq;
    public boolean fastopenConnect;

    /// `connect` was called with TCP_FASTOPEN_CONNECT and the SYN waits for the first write
    /// (`INET_FLAGS_DEFER_CONNECT`).
    public volatile boolean deferConnect;

    public boolean fastopenNoCookie;
    public boolean fastopenClientFail;
    public int fastopenClientFailReason;
    public boolean synFastopen;
    public boolean synFastopenExp;
    public boolean synFastopenCh;
    /// The connection was made from a SYN with data (`syn_fastopen_child`).
    public boolean synFastopenChild;

    public boolean synData;
    public boolean synDataAcked;
    public boolean fastopenRsk;

    /// The request that a passive Fast Open socket came from, until its ACK.
    public @Nullable RequestSock fastopenReqsk;

    // ---- urgent data
    // -----------------------------------------------------------------------------------------

    public int urgSeq;
    public volatile int urgData;
    public int sndUp;

    // ---- receive buffer tuning
    // ------------------------------------------------------------------------------------

    public int rcvRttSeq;
    public long rcvRttTimeUs;
    public int rcvRttEstUs;
    public int rcvspaceSpace;
    public int rcvspaceSeq;
    public long rcvspaceTimeUs;
    public int rcvRttLastTsecr;

    /// `tcp_win` state of the header prediction word (RFC 1323 appendix "fast path").
    public int predFlags;

    /// Pages of TCP's memory that are this sock's, see [TcpMemory].
    int memPages;

    // ---- pacing, chronographs, timers
    // --------------------------------------------------------------

    public @Nullable HrTimer pacingTimer;
    public long tcpWstampNs;
    public final TcpChrono chrono = new TcpChrono();

    /// `TCP_*_DEFERRED` work is passed through the lock; this counts retransmit timers' last backoff.
    public long keepaliveDueJiffies;

    public int timeoutRehash;
    public int plbRehash;

    /// MTU probe in flight: its sequence range.
    public int mtuProbeSeqStart;

    public int mtuProbeSeqEnd;
    public int mtuInfo;

    public TcpSock(
            NetNamespace net,
            int family,
            int type,
            int protocol,
            Proto prot,
            TcpCongestionOps caOps) {
        super(net, family, type, protocol, prot);
        this.caOps = caOps;
    }

    // ---- values that follow
    // ------------------------------------------------------------------------------------

    /// Right edge of the peer's window (`tcp_wnd_end`).
    public int wndEnd() {
        return sndUna + sndWnd;
    }

    /// Takes `bytes` into the send queue; the lock makes this the only writer.
    public void advanceWriteSeq(int bytes) {
        int next = writeSeq + bytes;
        writeSeq = next;
    }

    /// The user has read `bytes` more; the lock makes this the only writer.
    public void advanceCopiedSeq(int bytes) {
        int next = copiedSeq + bytes;
        copiedSeq = next;
    }

    /// What is left of the window that we advertised (`tcp_receive_window`).
    public int receiveWindow() {
        int win = rcvWup + rcvWnd - rcvNxt;
        return Math.max(win, 0);
    }

    /// Segments that left the network: delivered or lost (`tcp_left_out`).
    public int leftOut() {
        return sackedOut + lostOut;
    }

    /// Estimate of segments in the network (RFC 6675 "pipe"; `tcp_packets_in_flight`).
    public int packetsInFlight() {
        return packetsOut - leftOut() + retransOut;
    }

    public boolean inSlowStart() {
        return sndCwnd < sndSsthresh;
    }

    public boolean inInitialSlowstart() {
        return sndSsthresh >= Integer.MAX_VALUE;
    }

    /// True for IPv4 packets.
    public boolean ipv4() {
        return afOps.ipv4();
    }

    @Override
    protected void backlogRcv(SkBuff skb) {
        prot.backlogRcv(this, skb);
    }

    @Override
    protected void releaseCb(int bits) {
        TcpTimer.releaseCb(this, bits);
    }

    /// Segments stay in `wmemQueued` until they are acknowledged, so a packet that left the queues
    /// below makes no room for writers; it may let the sender go on.
    @Override
    protected void wmemFreed() {
        TcpSmallQueue.freed(this);
    }

    @Override
    public void writeSpace() {
        TcpPoll.writeSpace(this);
    }
}
