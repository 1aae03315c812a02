package dev.linnet.wire;

/// The TCP header (RFC 9293 section 3.1, Linux's `struct tcphdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |            source             |             dest              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                              seq                              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                            ack_seq                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  doff |     |A|C|E|U|A|P|R|S|F|                               |
/// |       | res |E|W|C|R|C|S|S|Y|I|            window             |
/// |       |     | |R|E|G|K|H|T|N|N|                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             check             |            urg_ptr            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              options, 0 to 40 bytes, see TcpOptions           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The checksum covers the segment and the pseudo header of IPv4 or IPv6, see [Checksum]. Sequence
/// numbers are raw 32-bit values, to be compared with [Seq] only.
public final class Tcp {

    /// Bytes of a header without options.
    public static final int HEADER_BYTES = 20;

    /// Bytes of a header whose `doff` is 15.
    public static final int MAX_HEADER_BYTES = 60;

    // Offsets of the fields.
    public static final int SOURCE = 0;
    public static final int DEST = 2;
    public static final int SEQ = 4;
    public static final int ACK_SEQ = 8;
    public static final int DOFF_FLAGS = 12;
    public static final int WINDOW = 14;

    /// Offset of the checksum; what `csum_offset` of [VirtioNetHdr] is for TCP.
    public static final int CHECK = 16;

    public static final int URG_PTR = 18;

    /// Flag: no more data from the sender.
    public static final int FIN = 0x001;

    /// Flag: synchronise sequence numbers.
    public static final int SYN = 0x002;

    /// Flag: reset the connection.
    public static final int RST = 0x004;

    /// Flag: push.
    public static final int PSH = 0x008;

    /// Flag: `ack_seq` is meant.
    public static final int ACK = 0x010;

    /// Flag: `urg_ptr` is meant.
    public static final int URG = 0x020;

    /// Flag: congestion was experienced (RFC 3168); in a SYN: capable of ECN.
    public static final int ECE = 0x040;

    /// Flag: congestion window reduced (RFC 3168).
    public static final int CWR = 0x080;

    /// Flag: accurate ECN (RFC 9768); once the nonce sum.
    public static final int AE = 0x100;

    /// All nine flags.
    public static final int FLAGS_MASK = 0x1ff;

    /// The three flags that accurate ECN reads as one counter, AE the most significant.
    public static final int ACE_MASK = AE | CWR | ECE;

    private Tcp() {}

    /// Judges the header as Linux's `tcp_v4_rcv` does.
    ///
    /// @param len bytes of the segment: what the IP header says follows it
    /// @return the header's length including options (20..60), or [Malformed#HEADER_TRUNCATED],
    ///     [Malformed#BAD_HEADER_LENGTH]
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        int headerBytes = headerBytes(b, off);
        if (headerBytes < HEADER_BYTES) {
            return Malformed.BAD_HEADER_LENGTH;
        }
        return len < headerBytes ? Malformed.HEADER_TRUNCATED : headerBytes;
    }

    /// Writes a header with `check` and `urg_ptr` 0; the options are the caller's.
    ///
    /// @param headerBytes 20..60, a multiple of 4
    public static void put(
            byte[] b,
            int off,
            int source,
            int dest,
            int seq,
            int ackSeq,
            int headerBytes,
            int flags,
            int window) {
        source(b, off, source);
        dest(b, off, dest);
        seq(b, off, seq);
        ackSeq(b, off, ackSeq);
        headerBytesAndFlags(b, off, headerBytes, flags);
        window(b, off, window);
        check(b, off, 0);
        urgPtr(b, off, 0);
    }

    /// The sender's port.
    public static int source(byte[] b, int off) {
        return Bytes.u16(b, off + SOURCE);
    }

    public static void source(byte[] b, int off, int port) {
        Bytes.u16(b, off + SOURCE, port);
    }

    /// The receiver's port.
    public static int dest(byte[] b, int off) {
        return Bytes.u16(b, off + DEST);
    }

    public static void dest(byte[] b, int off, int port) {
        Bytes.u16(b, off + DEST, port);
    }

    /// Sequence number of the first byte of data, or of the SYN.
    public static int seq(byte[] b, int off) {
        return Bytes.u32(b, off + SEQ);
    }

    public static void seq(byte[] b, int off, int seq) {
        Bytes.u32(b, off + SEQ, seq);
    }

    /// The next sequence number that the sender expects; meant if [#ACK] is set.
    public static int ackSeq(byte[] b, int off) {
        return Bytes.u32(b, off + ACK_SEQ);
    }

    public static void ackSeq(byte[] b, int off, int ackSeq) {
        Bytes.u32(b, off + ACK_SEQ, ackSeq);
    }

    /// The header's length in bytes: `doff` times 4, 0..60.
    public static int headerBytes(byte[] b, int off) {
        return b[off + DOFF_FLAGS] >>> 2 & 0x3c;
    }

    /// Writes `doff` and leaves the flags.
    ///
    /// @param headerBytes 20..60, a multiple of 4
    public static void headerBytes(byte[] b, int off, int headerBytes) {
        Bytes.u8(b, off + DOFF_FLAGS, headerBytes << 2 | b[off + DOFF_FLAGS] & 0xf);
    }

    /// The nine flags, [#FIN] to [#AE].
    public static int flags(byte[] b, int off) {
        return Bytes.u16(b, off + DOFF_FLAGS) & FLAGS_MASK;
    }

    /// Writes the nine flags and leaves `doff` and the reserved bits.
    public static void flags(byte[] b, int off, int flags) {
        int others = Bytes.u16(b, off + DOFF_FLAGS) & ~FLAGS_MASK;
        Bytes.u16(b, off + DOFF_FLAGS, others | flags & FLAGS_MASK);
    }

    /// Writes `doff` and the flags at once, the reserved bits 0.
    ///
    /// @param headerBytes 20..60, a multiple of 4
    public static void headerBytesAndFlags(byte[] b, int off, int headerBytes, int flags) {
        Bytes.u16(b, off + DOFF_FLAGS, headerBytes << 10 | flags & FLAGS_MASK);
    }

    /// The three bits between `doff` and the flags; 0 from everybody who knows no better.
    public static int reserved(byte[] b, int off) {
        return b[off + DOFF_FLAGS] >>> 1 & 7;
    }

    public static void reserved(byte[] b, int off, int reserved) {
        int others = b[off + DOFF_FLAGS] & 0xf1;
        Bytes.u8(b, off + DOFF_FLAGS, others | (reserved & 7) << 1);
    }

    /// The receive window as sent: not yet scaled.
    public static int window(byte[] b, int off) {
        return Bytes.u16(b, off + WINDOW);
    }

    public static void window(byte[] b, int off, int window) {
        Bytes.u16(b, off + WINDOW, window);
    }

    /// The checksum as it stands; see [Checksum#transportV4].
    public static int check(byte[] b, int off) {
        return Bytes.u16(b, off + CHECK);
    }

    public static void check(byte[] b, int off, int check) {
        Bytes.u16(b, off + CHECK, check);
    }

    /// Where urgent data ends, counted from [#seq]; meant if [#URG] is set.
    public static int urgPtr(byte[] b, int off) {
        return Bytes.u16(b, off + URG_PTR);
    }

    public static void urgPtr(byte[] b, int off, int urgPtr) {
        Bytes.u16(b, off + URG_PTR, urgPtr);
    }
}
