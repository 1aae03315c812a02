package dev.linnet.net.core.skb;

/// TCP's view of a segment (`struct tcp_skb_cb`), filled on the way in and kept while it is queued.
public final class TcpSkbCb {
    /// Segment was selectively acknowledged (`TCPCB_SACKED_ACKED`).
    public static final int SACKED_ACKED = 0x01;

    /// Segment was retransmitted and that copy is in flight (`TCPCB_SACKED_RETRANS`).
    public static final int SACKED_RETRANS = 0x02;

    /// Segment is believed lost (`TCPCB_LOST`).
    public static final int LOST = 0x04;

    public static final int TAGBITS = SACKED_ACKED | SACKED_RETRANS | LOST;

    /// Segment was repaired, do not send (`TCPCB_REPAIRED`).
    public static final int REPAIRED = 0x10;

    /// Segment was ever retransmitted (`TCPCB_EVER_RETRANS`).
    public static final int EVER_RETRANS = 0x80;

    public static final int RETRANS = SACKED_RETRANS | EVER_RETRANS | REPAIRED;

    /// First sequence number; of a SYN the SYN's own.
    public int seq;

    /// Sequence number after the last octet, SYN and FIN counted.
    public int endSeq;

    /// Acknowledgement number of a received segment; urgent pointer owner of a sent one.
    public int ackSeq;

    /// Header flags in the order of the wire (FIN = 0x01 … CWR = 0x80, AE = 0x100).
    public int tcpFlags;

    /// A set of the constants above.
    public int sacked;

    /// Segments on the wire and their size, when the packet is sent (`tcp_gso_segs`, `tcp_gso_size`).
    public int gsoSegs;

    public int gsoSize;

    /// The IP header's DS field of a received segment.
    public int ipDsfield;

    /// The application asked for a record boundary after this segment (`MSG_EOR`).
    public boolean eor;

    /// The sender wants a software ACK timestamp for the last byte.
    public boolean txstampAck;

    /// The segment carried a timestamp option.
    public boolean hasRxtstamp;

    /// Bytes in flight when it was sent (20 bits in Linux, enough for a rate sample).
    public int inFlight;

    /// State of the connection when the segment was sent, for delivery rate samples.
    public boolean isAppLimited;

    public int deliveredCe;
    public int delivered;
    public long firstTxUs;
    public long deliveredUs;

    /// Makes this the image of another one.
    public void copyFrom(TcpSkbCb o) {
        seq = o.seq;
        endSeq = o.endSeq;
        ackSeq = o.ackSeq;
        tcpFlags = o.tcpFlags;
        sacked = o.sacked;
        gsoSegs = o.gsoSegs;
        gsoSize = o.gsoSize;
        ipDsfield = o.ipDsfield;
        eor = o.eor;
        txstampAck = o.txstampAck;
        hasRxtstamp = o.hasRxtstamp;
        inFlight = o.inFlight;
        isAppLimited = o.isAppLimited;
        deliveredCe = o.deliveredCe;
        delivered = o.delivered;
        firstTxUs = o.firstTxUs;
        deliveredUs = o.deliveredUs;
    }

    /// Takes over what was known of the connection when another segment was sent.
    public void copyTxFrom(TcpSkbCb o) {
        inFlight = o.inFlight;
        isAppLimited = o.isAppLimited;
        deliveredCe = o.deliveredCe;
        delivered = o.delivered;
        firstTxUs = o.firstTxUs;
        deliveredUs = o.deliveredUs;
    }

    /// Back to the state of a new packet.
    public void clear() {
        seq = 0;
        endSeq = 0;
        ackSeq = 0;
        tcpFlags = 0;
        sacked = 0;
        gsoSegs = 0;
        gsoSize = 0;
        ipDsfield = 0;
        eor = false;
        txstampAck = false;
        hasRxtstamp = false;
        inFlight = 0;
        isAppLimited = false;
        deliveredCe = 0;
        delivered = 0;
        firstTxUs = 0;
        deliveredUs = 0;
    }
}
