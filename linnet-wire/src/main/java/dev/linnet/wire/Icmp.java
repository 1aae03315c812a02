package dev.linnet.wire;

/// ICMP for IPv4 (RFC 792, Linux's `struct icmphdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |     code      |           checksum            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              un: the four bytes that the type defines         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              id               |           sequence            |  echo, timestamp
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                            gateway                            |  redirect
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    pointer    |    length     |              mtu              |  errors
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// An error carries the start of the datagram that caused it behind these 8 bytes. The checksum
/// covers the whole message and no pseudo header.
public final class Icmp {

    public static final int HEADER_BYTES = 8;

    public static final int TYPE = 0;
    public static final int CODE = 1;
    public static final int CHECKSUM = 2;
    public static final int UN = 4;

    public static final int ECHO_REPLY = 0;
    public static final int DEST_UNREACH = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO = 8;
    public static final int TIME_EXCEEDED = 11;

    /// Parameter problem; [#pointer] names the offending byte (Linux's `ICMP_PARAMETERPROB`).
    public static final int PARAMETER_PROB = 12;

    public static final int TIMESTAMP = 13;
    public static final int TIMESTAMP_REPLY = 14;

    /// Extended echo (RFC 8335): asks about an interface of the receiver.
    public static final int EXT_ECHO = 42;

    public static final int EXT_ECHO_REPLY = 43;

    /// Codes of [#DEST_UNREACH].
    public static final int NET_UNREACH = 0;

    public static final int HOST_UNREACH = 1;
    public static final int PROT_UNREACH = 2;
    public static final int PORT_UNREACH = 3;

    /// Fragmentation needed and DF set; [#mtu] says what would fit (RFC 1191).
    public static final int FRAG_NEEDED = 4;

    /// Source route failed.
    public static final int SR_FAILED = 5;

    public static final int NET_UNKNOWN = 6;
    public static final int HOST_UNKNOWN = 7;
    public static final int HOST_ISOLATED = 8;

    /// Network administratively prohibited.
    public static final int NET_ANO = 9;

    /// Host administratively prohibited.
    public static final int HOST_ANO = 10;

    public static final int NET_UNR_TOS = 11;
    public static final int HOST_UNR_TOS = 12;

    /// Communication administratively prohibited by filtering (RFC 1812).
    public static final int PKT_FILTERED = 13;

    /// Host precedence violation.
    public static final int PREC_VIOLATION = 14;

    /// Precedence cutoff in effect.
    public static final int PREC_CUTOFF = 15;

    /// Codes of [#REDIRECT].
    public static final int REDIR_NET = 0;

    public static final int REDIR_HOST = 1;
    public static final int REDIR_NET_TOS = 2;
    public static final int REDIR_HOST_TOS = 3;

    /// Code of [#TIME_EXCEEDED]: TTL reached 0 in transit.
    public static final int EXC_TTL = 0;

    /// Code of [#TIME_EXCEEDED]: fragments did not arrive in time.
    public static final int EXC_FRAGTIME = 1;

    private Icmp() {}

    /// Returns [#HEADER_BYTES], or [Malformed#HEADER_TRUNCATED]. The array is not read.
    public static int checkHeader(byte[] b, int off, int len) {
        return len < HEADER_BYTES ? Malformed.HEADER_TRUNCATED : HEADER_BYTES;
    }

    /// Whether the type is that of an error, whose data is the start of a datagram. Errors must not
    /// be answered by errors (RFC 1122 section 3.2.2).
    public static boolean isError(int type) {
        return switch (type) {
            case DEST_UNREACH, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROB -> true;
            default -> false;
        };
    }

    /// Whether the checksum of a message of `len` bytes is right.
    public static boolean checksumOk(byte[] b, int off, int len) {
        return Checksum.of(b, off, len) == 0;
    }

    /// Computes and stores the checksum of a message of `len` bytes.
    public static void sendCheck(byte[] b, int off, int len) {
        checksum(b, off, 0);
        checksum(b, off, Checksum.of(b, off, len));
    }

    /// Writes a header with checksum 0; see [#sendCheck].
    public static void put(byte[] b, int off, int type, int code, int un) {
        type(b, off, type);
        code(b, off, code);
        checksum(b, off, 0);
        un(b, off, un);
    }

    public static int type(byte[] b, int off) {
        return Bytes.u8(b, off + TYPE);
    }

    public static void type(byte[] b, int off, int type) {
        Bytes.u8(b, off + TYPE, type);
    }

    public static int code(byte[] b, int off) {
        return Bytes.u8(b, off + CODE);
    }

    public static void code(byte[] b, int off, int code) {
        Bytes.u8(b, off + CODE, code);
    }

    public static int checksum(byte[] b, int off) {
        return Bytes.u16(b, off + CHECKSUM);
    }

    public static void checksum(byte[] b, int off, int checksum) {
        Bytes.u16(b, off + CHECKSUM, checksum);
    }

    /// The four bytes that the type defines, as raw bits.
    public static int un(byte[] b, int off) {
        return Bytes.u32(b, off + UN);
    }

    public static void un(byte[] b, int off, int un) {
        Bytes.u32(b, off + UN, un);
    }

    /// Echo and timestamp: which conversation.
    public static int id(byte[] b, int off) {
        return Bytes.u16(b, off + UN);
    }

    public static void id(byte[] b, int off, int id) {
        Bytes.u16(b, off + UN, id);
    }

    /// Echo and timestamp: which message of the conversation.
    public static int sequence(byte[] b, int off) {
        return Bytes.u16(b, off + UN + 2);
    }

    public static void sequence(byte[] b, int off, int sequence) {
        Bytes.u16(b, off + UN + 2, sequence);
    }

    /// Redirect: the router to use instead, an IPv4 address.
    public static int gateway(byte[] b, int off) {
        return Bytes.u32(b, off + UN);
    }

    public static void gateway(byte[] b, int off, int gateway) {
        Bytes.u32(b, off + UN, gateway);
    }

    /// [#FRAG_NEEDED]: the MTU of the next hop, 0 from routers older than RFC 1191.
    public static int mtu(byte[] b, int off) {
        return Bytes.u16(b, off + UN + 2);
    }

    public static void mtu(byte[] b, int off, int mtu) {
        Bytes.u16(b, off + UN + 2, mtu);
    }

    /// Parameter problem: offset of the offending byte in the datagram.
    public static int pointer(byte[] b, int off) {
        return Bytes.u8(b, off + UN);
    }

    public static void pointer(byte[] b, int off, int pointer) {
        Bytes.u8(b, off + UN, pointer);
    }

    /// Errors with extensions (RFC 4884): how many 4-byte words of the original datagram precede
    /// them, 0 for none.
    public static int originalWords(byte[] b, int off) {
        return Bytes.u8(b, off + UN + 1);
    }

    public static void originalWords(byte[] b, int off, int words) {
        Bytes.u8(b, off + UN + 1, words);
    }
}
