package dev.linnet.wire;

/// The options of TCP (RFC 9293 section 3.2 and the RFCs below), walked with [OptionList] between
/// `off + Tcp.HEADER_BYTES` and `off + Tcp.headerBytes(b, off)`:
///
/// ```java
/// int end = th + Tcp.headerBytes(b, th);
/// int p = OptionList.first(b, th + Tcp.HEADER_BYTES, end);
/// for (; p >= 0; p = OptionList.next(b, p, end)) {
///     if (TcpOptions.isWellFormed(b, p)) {
///         switch (OptionList.kind(b, p)) {
///             case TcpOptions.MSS -> mss = TcpOptions.mss(b, p);
///             …
/// ```
///
/// That is how tolerant Linux is: a broken list counts up to where it breaks, an option whose
/// length is not the one of its kind is passed over. `p` is where the option's kind byte is; the
/// accessors of a kind may be used after [#isWellFormed].
///
/// ```text
/// +------+------+------+------+
/// |   2  |   4  |     mss     |                                        MSS
/// +------+------+------+------+
/// |   3  |   3  |shift |                                               WSCALE
/// +------+------+------+
/// |   4  |   2  |                                                      SACK_PERM
/// +------+------+-------------+-------------+
/// |   5  |2 + 8n|           start           |           end, …         SACK
/// +------+------+-------------+-------------+-------------+
/// |   8  |  10  |           ts val          |    ts ecr, 4 bytes       TIMESTAMP
/// +------+------+-------------+-------------+-------------+
/// |  19  |  18  |  digest, 16 bytes                                    MD5SIG
/// +------+------+------+------+-------------+
/// |  29  | len  | keyid|rnext |  mac                                   AO
/// +------+------+------+------+-------------+
/// |  34  | len  |  cookie, 0 or 4..16 bytes                            FASTOPEN
/// +------+------+-------------+-------------+
/// | 254  | len  |    0xf989   |  cookie                                EXP, Fast Open's
/// +------+------+-------------+-------------+
/// | 172  |2 + 3n|  counter, 3 bytes  |  counter  |  counter            ACCECN0, ACCECN1
/// +------+------+--------------------+-----------+----------+
/// ```
public final class TcpOptions {

    /// Maximum segment size (RFC 9293 section 3.7.1).
    public static final int MSS = 2;

    /// Window scale (RFC 7323 section 2).
    public static final int WSCALE = 3;

    /// SACK permitted (RFC 2018).
    public static final int SACK_PERM = 4;

    /// Selective acknowledgment (RFC 2018).
    public static final int SACK = 5;

    /// Timestamps (RFC 7323 section 3).
    public static final int TIMESTAMP = 8;

    /// MD5 signature (RFC 2385).
    public static final int MD5SIG = 19;

    /// Authentication option (RFC 5925).
    public static final int AO = 29;

    /// Multipath TCP (RFC 8684).
    public static final int MPTCP = 30;

    /// Fast Open cookie (RFC 7413).
    public static final int FASTOPEN = 34;

    /// Accurate ECN, counters in the order ECT(0), CE, ECT(1) (RFC 9768).
    public static final int ACCECN0 = 172;

    /// Accurate ECN, counters in the order ECT(1), CE, ECT(0) (RFC 9768).
    public static final int ACCECN1 = 174;

    /// Experiments, told apart by a number in the first two or four bytes of data (RFC 6994).
    public static final int EXP = 254;

    /// Number of the experiment that Fast Open was.
    public static final int EXP_FASTOPEN_MAGIC = 0xf989;

    /// Bytes of [#MSS].
    public static final int MSS_BYTES = 4;

    /// Bytes of [#WSCALE].
    public static final int WSCALE_BYTES = 3;

    /// Bytes of [#SACK_PERM].
    public static final int SACK_PERM_BYTES = 2;

    /// Bytes of [#TIMESTAMP].
    public static final int TIMESTAMP_BYTES = 10;

    /// Bytes of [#MD5SIG].
    public static final int MD5SIG_BYTES = 18;

    /// Bytes of a SACK option without blocks.
    public static final int SACK_BASE_BYTES = 2;

    /// Bytes of one SACK block.
    public static final int SACK_BLOCK_BYTES = 8;

    /// Bytes of [#FASTOPEN] without a cookie.
    public static final int FASTOPEN_BASE_BYTES = 2;

    /// Bytes of Fast Open's [#EXP] without a cookie.
    public static final int EXP_FASTOPEN_BASE_BYTES = 4;

    /// Bytes of an accurate ECN option without counters.
    public static final int ACCECN_BASE_BYTES = 2;

    /// Bytes of one counter of accurate ECN.
    public static final int ACCECN_COUNTER_BYTES = 3;

    /// Bytes of an MD5 digest.
    public static final int MD5_DIGEST_BYTES = 16;

    private static final int AO_BASE_BYTES = 4;

    /// Two paddings and the head of a timestamp option: how nearly every segment's options begin.
    private static final int NOP_NOP_TIMESTAMP =
            OptionList.NOP << 24 | OptionList.NOP << 16 | TIMESTAMP << 8 | TIMESTAMP_BYTES;

    private TcpOptions() {}

    /// Whether the length of the option at `p` is one that its kind may have. True for kinds that
    /// are unknown here.
    public static boolean isWellFormed(byte[] b, int p) {
        int bytes = OptionList.bytes(b, p);
        return switch (OptionList.kind(b, p)) {
            case MSS -> bytes == MSS_BYTES;
            case WSCALE -> bytes == WSCALE_BYTES;
            case SACK_PERM -> bytes == SACK_PERM_BYTES;
            case SACK ->
                    bytes > SACK_BASE_BYTES
                            && sackBlocks(b, p) * SACK_BLOCK_BYTES == bytes - SACK_BASE_BYTES;
            case TIMESTAMP -> bytes == TIMESTAMP_BYTES;
            case MD5SIG -> bytes == MD5SIG_BYTES;
            case AO -> bytes >= AO_BASE_BYTES;
            case ACCECN0, ACCECN1 ->
                    accEcnCounters(b, p) <= 3
                            && accEcnCounters(b, p) * ACCECN_COUNTER_BYTES
                                    == bytes - ACCECN_BASE_BYTES;
            default -> true;
        };
    }

    /// Whether the options at `p` begin with exactly two paddings and a timestamp: the fast path's
    /// one comparison. There must be four bytes.
    public static boolean isAlignedTimestamp(byte[] b, int p) {
        return Bytes.u32(b, p) == NOP_NOP_TIMESTAMP;
    }

    /// Bytes of data that the sender can take in one segment.
    public static int mss(byte[] b, int p) {
        return Bytes.u16(b, p + 2);
    }

    /// By how many bits the sender's windows are shifted; more than 14 is to be taken as 14.
    public static int wscale(byte[] b, int p) {
        return Bytes.u8(b, p + 2);
    }

    /// The sender's clock.
    public static int tsVal(byte[] b, int p) {
        return Bytes.u32(b, p + 2);
    }

    /// The clock value that the sender returns; meant if [Tcp#ACK] is set.
    public static int tsEcr(byte[] b, int p) {
        return Bytes.u32(b, p + 6);
    }

    /// How many whole blocks a SACK option has.
    public static int sackBlocks(byte[] b, int p) {
        return (OptionList.bytes(b, p) - SACK_BASE_BYTES) / SACK_BLOCK_BYTES;
    }

    /// Sequence number at which block `i` (from 0) begins.
    public static int sackStart(byte[] b, int p, int i) {
        return Bytes.u32(b, p + SACK_BASE_BYTES + SACK_BLOCK_BYTES * i);
    }

    /// Sequence number behind block `i` (from 0).
    public static int sackEnd(byte[] b, int p, int i) {
        return Bytes.u32(b, p + SACK_BASE_BYTES + SACK_BLOCK_BYTES * i + 4);
    }

    /// Offset of the 16 bytes of an MD5 signature.
    public static int md5Digest(int p) {
        return p + 2;
    }

    /// TCP-AO: number of the key that signs this segment.
    public static int aoKeyId(byte[] b, int p) {
        return Bytes.u8(b, p + 2);
    }

    /// TCP-AO: number of the key that the sender wants to see next.
    public static int aoRnextKeyId(byte[] b, int p) {
        return Bytes.u8(b, p + 3);
    }

    /// TCP-AO: offset of the message authentication code, which fills the rest of the option.
    public static int aoMac(int p) {
        return p + AO_BASE_BYTES;
    }

    /// Whether the option at `p` is Fast Open's, in either form.
    public static boolean isFastOpen(byte[] b, int p) {
        int kind = OptionList.kind(b, p);
        return kind == FASTOPEN || kind == EXP && isExpFastOpen(b, p);
    }

    private static boolean isExpFastOpen(byte[] b, int p) {
        return OptionList.bytes(b, p) >= EXP_FASTOPEN_BASE_BYTES
                && Bytes.u16(b, p + 2) == EXP_FASTOPEN_MAGIC;
    }

    /// Offset of the cookie of a Fast Open option, of either form.
    public static int fastOpenCookie(byte[] b, int p) {
        return p + (OptionList.kind(b, p) == EXP ? EXP_FASTOPEN_BASE_BYTES : FASTOPEN_BASE_BYTES);
    }

    /// Bytes of the cookie of a Fast Open option, of either form; 0 is a request for one. Cookies
    /// are 4 to 16 bytes and even in number, which is for the receiver to judge.
    public static int fastOpenCookieBytes(byte[] b, int p) {
        return p + OptionList.bytes(b, p) - fastOpenCookie(b, p);
    }

    /// How many whole counters an accurate ECN option has; senders leave out the last ones.
    public static int accEcnCounters(byte[] b, int p) {
        return (OptionList.bytes(b, p) - ACCECN_BASE_BYTES) / ACCECN_COUNTER_BYTES;
    }

    /// Counter `i` (from 0) of an accurate ECN option: bytes received with a codepoint, modulo
    /// 2^24.
    public static int accEcnCounter(byte[] b, int p, int i) {
        return Bytes.u24(b, p + ACCECN_BASE_BYTES + ACCECN_COUNTER_BYTES * i);
    }

    // Writers. Each writes one option at p and returns the offset behind it.

    /// Writes `count` paddings.
    public static int putNops(byte[] b, int p, int count) {
        for (int i = 0; i < count; i++) {
            Bytes.u8(b, p + i, OptionList.NOP);
        }
        return p + count;
    }

    /// Writes a maximum segment size.
    public static int putMss(byte[] b, int p, int mss) {
        Bytes.u32(b, p, MSS << 24 | MSS_BYTES << 16 | mss & 0xffff);
        return p + MSS_BYTES;
    }

    /// Writes a window scale.
    public static int putWscale(byte[] b, int p, int shift) {
        Bytes.u24(b, p, WSCALE << 16 | WSCALE_BYTES << 8 | shift & 0xff);
        return p + WSCALE_BYTES;
    }

    /// Writes SACK permitted.
    public static int putSackPerm(byte[] b, int p) {
        Bytes.u16(b, p, SACK_PERM << 8 | SACK_PERM_BYTES);
        return p + SACK_PERM_BYTES;
    }

    /// Writes timestamps.
    public static int putTimestamp(byte[] b, int p, int tsVal, int tsEcr) {
        Bytes.u16(b, p, TIMESTAMP << 8 | TIMESTAMP_BYTES);
        Bytes.u32(b, p + 2, tsVal);
        Bytes.u32(b, p + 6, tsEcr);
        return p + TIMESTAMP_BYTES;
    }

    /// Writes two paddings and timestamps: 12 bytes, what [#isAlignedTimestamp] recognises.
    public static int putAlignedTimestamp(byte[] b, int p, int tsVal, int tsEcr) {
        Bytes.u32(b, p, NOP_NOP_TIMESTAMP);
        Bytes.u32(b, p + 4, tsVal);
        Bytes.u32(b, p + 8, tsEcr);
        return p + 12;
    }

    /// Writes the head of a SACK option of `blocks` blocks; [#putSackBlock] must follow as often.
    public static int putSackHead(byte[] b, int p, int blocks) {
        Bytes.u16(b, p, SACK << 8 | SACK_BASE_BYTES + SACK_BLOCK_BYTES * blocks);
        return p + SACK_BASE_BYTES;
    }

    /// Writes one block of a SACK option.
    public static int putSackBlock(byte[] b, int p, int start, int end) {
        Bytes.u32(b, p, start);
        Bytes.u32(b, p + 4, end);
        return p + SACK_BLOCK_BYTES;
    }

    /// Writes the head of an MD5 signature and zeros for the digest, which belongs at [#md5Digest].
    public static int putMd5Sig(byte[] b, int p) {
        Bytes.u16(b, p, MD5SIG << 8 | MD5SIG_BYTES);
        Bytes.u64(b, p + 2, 0);
        Bytes.u64(b, p + 10, 0);
        return p + MD5SIG_BYTES;
    }

    /// Writes the head of a TCP-AO option and zeros for a code of `macBytes`, which belongs at
    /// [#aoMac].
    public static int putAo(byte[] b, int p, int keyId, int rnextKeyId, int macBytes) {
        int bytes = AO_BASE_BYTES + macBytes;
        Bytes.u32(b, p, AO << 24 | bytes << 16 | (keyId & 0xff) << 8 | rnextKeyId & 0xff);
        for (int i = AO_BASE_BYTES; i < bytes; i++) {
            Bytes.u8(b, p + i, 0);
        }
        return p + bytes;
    }

    /// Writes a Fast Open cookie, or with `cookieBytes` 0 the request for one.
    public static int putFastOpen(byte[] b, int p, byte[] cookie, int cookieOff, int cookieBytes) {
        int bytes = FASTOPEN_BASE_BYTES + cookieBytes;
        Bytes.u16(b, p, FASTOPEN << 8 | bytes);
        System.arraycopy(cookie, cookieOff, b, p + FASTOPEN_BASE_BYTES, cookieBytes);
        return p + bytes;
    }

    /// As [#putFastOpen], in the experimental form.
    public static int putExpFastOpen(
            byte[] b, int p, byte[] cookie, int cookieOff, int cookieBytes) {
        int bytes = EXP_FASTOPEN_BASE_BYTES + cookieBytes;
        Bytes.u32(b, p, EXP << 24 | bytes << 16 | EXP_FASTOPEN_MAGIC);
        System.arraycopy(cookie, cookieOff, b, p + EXP_FASTOPEN_BASE_BYTES, cookieBytes);
        return p + bytes;
    }

    /// Writes the head of an accurate ECN option; [#putAccEcnCounter] must follow as often as
    /// `counters` (0..3) says.
    ///
    /// @param kind [#ACCECN0] or [#ACCECN1]
    public static int putAccEcnHead(byte[] b, int p, int kind, int counters) {
        Bytes.u16(b, p, kind << 8 | ACCECN_BASE_BYTES + ACCECN_COUNTER_BYTES * counters);
        return p + ACCECN_BASE_BYTES;
    }

    /// Writes the low 24 bits of one counter of an accurate ECN option.
    public static int putAccEcnCounter(byte[] b, int p, int counter) {
        Bytes.u24(b, p, counter);
        return p + ACCECN_COUNTER_BYTES;
    }
}
