package dev.linnet.uapi;

import java.util.LinkedHashMap;
import java.util.Map;

/// What TCP_INFO tells about a connection (`struct tcp_info` of Linux 6.18): plain fields in the order
/// of the C structure, named as there without `tcpi_`. Numbers without a sign are kept in a type that
/// holds them all, except the 64-bit ones.
///
/// The object is a copy made at one moment; it belongs to whoever asked for it.
///
/// Source: `include/uapi/linux/tcp.h`; the layout is compared with the kernel's in a test.
public final class TcpInfo {
    /// Bytes of the C structure. `getsockopt` copies as many as the caller has room for.
    public static final int SIZE = 280;

    /// State, the number of [TcpState].
    public int state;

    /// State of congestion avoidance, the number of [TcpCaState].
    public int caState;

    /// Timeouts in a row that have retransmitted the first segment.
    public int retransmits;

    /// Unanswered window or keepalive probes.
    public int probes;

    /// Doublings of the timeout.
    public int backoff;

    /// Agreed options, bits `TCPI_OPT_` of [TcpOpt].
    public int options;

    /// Scale of the windows that the peer advertises, 0 to 14.
    public int sndWscale;

    /// Scale of the windows that we advertise, 0 to 14.
    public int rcvWscale;

    /// 1 if the program, not the network, limited the measured delivery rate.
    public int deliveryRateAppLimited;

    /// Why Fast Open did not work, a `TFO_` constant of [TcpOpt].
    public int fastopenClientFail;

    /// Retransmission timeout, µs.
    public long rto;

    /// Delay of acknowledgements, µs.
    public long ato;

    /// Segment size for sending, bytes.
    public long sndMss;

    /// Estimated segment size of the peer, bytes.
    public long rcvMss;

    /// Segments sent and not acknowledged; for a listener the connections ready to accept.
    public long unacked;

    /// Segments selectively acknowledged; for a listener the limit of its accept queue.
    public long sacked;

    /// Segments taken for lost.
    public long lost;

    /// Retransmitted segments in flight.
    public long retrans;

    /// Always 0.
    public long fackets;

    /// Since data was last sent, ms.
    public long lastDataSent;

    /// Always 0.
    public long lastAckSent;

    /// Since data last arrived, ms.
    public long lastDataRecv;

    /// Since an acknowledgement last arrived, ms.
    public long lastAckRecv;

    /// Path MTU, bytes.
    public long pmtu;

    /// Limit of the advertised window while it grows, bytes.
    public long rcvSsthresh;

    /// Smoothed round trip time, µs.
    public long rtt;

    /// Its variation, µs.
    public long rttvar;

    /// Threshold of slow start, segments.
    public long sndSsthresh;

    /// Congestion window, segments.
    public long sndCwnd;

    /// Segment size that we advertised, bytes.
    public long advmss;

    /// Disorder that is tolerated, segments.
    public long reordering;

    /// Round trip time as the receiver sees it, µs.
    public long rcvRtt;

    /// Bytes that the program reads per round trip.
    public long rcvSpace;

    /// Retransmitted segments since the start.
    public long totalRetrans;

    /// Rate of sending, bytes per second; all ones is unlimited.
    public long pacingRate;

    /// Its upper bound (SO_MAX_PACING_RATE), bytes per second; all ones is none.
    public long maxPacingRate;

    /// Bytes acknowledged by the peer (RFC 4898).
    public long bytesAcked;

    /// Bytes acknowledged by us (RFC 4898).
    public long bytesReceived;

    /// Segments sent (RFC 4898).
    public long segsOut;

    /// Segments received (RFC 4898).
    public long segsIn;

    /// Bytes in the send queue that were never sent.
    public long notsentBytes;

    /// Smallest round trip time of the last minutes, µs.
    public long minRtt;

    /// Segments received with data (RFC 4898).
    public long dataSegsIn;

    /// Segments sent with data (RFC 4898).
    public long dataSegsOut;

    /// Last measured delivery rate, bytes per second.
    public long deliveryRate;

    /// Time with unacknowledged data, µs.
    public long busyTime;

    /// Part of it in which the peer's window was the limit, µs.
    public long rwndLimited;

    /// Part of it in which the send buffer was the limit, µs.
    public long sndbufLimited;

    /// Segments delivered, retransmissions included.
    public long delivered;

    /// Segments delivered with a congestion mark.
    public long deliveredCe;

    /// Bytes sent, retransmissions included (RFC 4898).
    public long bytesSent;

    /// Bytes retransmitted (RFC 4898).
    public long bytesRetrans;

    /// Duplicates that the peer reported (RFC 4898).
    public long dsackDups;

    /// Reorderings noticed.
    public long reordSeen;

    /// Segments received out of order.
    public long rcvOoopack;

    /// Window that the peer advertises, scaled, bytes.
    public long sndWnd;

    /// Window that we advertise, scaled, bytes.
    public long rcvWnd;

    /// Flow hashes chosen anew since data did not arrive.
    public long rehash;

    /// Timeouts since the start, not counting the SYN's.
    public int totalRto;

    /// Recoveries from timeouts.
    public int totalRtoRecoveries;

    /// Time spent in them, ms.
    public long totalRtoTime;

    /// Packets received with a congestion mark.
    public long receivedCe;

    /// Accurate ECN: bytes delivered as ECT(1).
    public long deliveredE1Bytes;

    /// Accurate ECN: bytes delivered as ECT(0).
    public long deliveredE0Bytes;

    /// Accurate ECN: bytes delivered with a mark.
    public long deliveredCeBytes;

    /// Accurate ECN: bytes received as ECT(1).
    public long receivedE1Bytes;

    /// Accurate ECN: bytes received as ECT(0).
    public long receivedE0Bytes;

    /// Accurate ECN: bytes received with a mark.
    public long receivedCeBytes;

    /// Accurate ECN: why it was given up, bits.
    public int accecnFailMode;

    /// Accurate ECN: whether its option was seen.
    public int accecnOptSeen;

    /// Writes the C structure at `off`, which must have room for [#SIZE] bytes.
    public int encode(byte[] buf, int off) {
        TcpInfoLayout.encode(this, buf, off);
        return SIZE;
    }

    /// Reads a C structure of `len` bytes, perhaps cut short or of an older kernel: fields that are
    /// not complete in it stay 0.
    public static TcpInfo decode(byte[] buf, int off, int len) {
        TcpInfo info = new TcpInfo();
        TcpInfoLayout.decode(info, buf, off, len);
        return info;
    }

    /// The value of a field by its C name, such as `tcpi_snd_cwnd`.
    ///
    /// @throws IllegalArgumentException if there is no such field
    public long get(String name) {
        return TcpInfoLayout.field(name).get(this);
    }

    /// All fields by their C names, in the order of the structure.
    public Map<String, Long> toMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (TcpInfoLayout field : TcpInfoLayout.FIELDS) {
            map.put(field.name(), field.get(this));
        }
        return map;
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
