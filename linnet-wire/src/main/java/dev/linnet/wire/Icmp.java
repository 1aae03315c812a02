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

    /// Bytes of the header that all messages have.
    public static final int HEADER_BYTES = 8;

    // Offsets of the fields.
    public static final int TYPE = 0;
    public static final int CODE = 1;
    public static final int CHECKSUM = 2;
    public static final int UN = 4;

    /// Type: the answer to [#ECHO], with the same data.
    public static final int ECHO_REPLY = 0;

    /// Type, an error: the datagram could not be delivered; the code says why.
    public static final int DEST_UNREACH = 3;

    /// Type, an error: send more slowly (deprecated, RFC 6633).
    public static final int SOURCE_QUENCH = 4;

    /// Type, an error: there is a better [#gateway].
    public static final int REDIRECT = 5;

    /// Type: asks for an [#ECHO_REPLY].
    public static final int ECHO = 8;

    /// Type, an error: the datagram was under way for too long.
    public static final int TIME_EXCEEDED = 11;

    /// Type, an error: parameter problem; [#pointer] names the offending byte (Linux's
    /// `ICMP_PARAMETERPROB`).
    public static final int PARAMETER_PROB = 12;

    /// Type: asks for a [#TIMESTAMP_REPLY].
    public static final int TIMESTAMP = 13;

    /// Type: milliseconds since midnight UT when sent, received and sent back.
    public static final int TIMESTAMP_REPLY = 14;

    /// Type: extended echo (RFC 8335): asks about an interface of the receiver.
    public static final int EXT_ECHO = 42;

    /// Type: the answer to [#EXT_ECHO].
    public static final int EXT_ECHO_REPLY = 43;

    /// Code of [#DEST_UNREACH]: no route to the network.
    public static final int NET_UNREACH = 0;

    /// Code of [#DEST_UNREACH]: no answer from the host.
    public static final int HOST_UNREACH = 1;

    /// Code of [#DEST_UNREACH]: the host does not know the protocol.
    public static final int PROT_UNREACH = 2;

    /// Code of [#DEST_UNREACH]: nobody listens on the port.
    public static final int PORT_UNREACH = 3;

    /// Code of [#DEST_UNREACH]: fragmentation needed and DF set; [#mtu] says what would fit (RFC
    /// 1191).
    public static final int FRAG_NEEDED = 4;

    /// Code of [#DEST_UNREACH]: source route failed.
    public static final int SR_FAILED = 5;

    /// Code of [#DEST_UNREACH]: the network is not known.
    public static final int NET_UNKNOWN = 6;

    /// Code of [#DEST_UNREACH]: the host is not known.
    public static final int HOST_UNKNOWN = 7;

    /// Code of [#DEST_UNREACH]: the sender is isolated.
    public static final int HOST_ISOLATED = 8;

    /// Code of [#DEST_UNREACH]: network administratively prohibited.
    public static final int NET_ANO = 9;

    /// Code of [#DEST_UNREACH]: host administratively prohibited.
    public static final int HOST_ANO = 10;

    /// Code of [#DEST_UNREACH]: no route to the network for this TOS.
    public static final int NET_UNR_TOS = 11;

    /// Code of [#DEST_UNREACH]: no route to the host for this TOS.
    public static final int HOST_UNR_TOS = 12;

    /// Code of [#DEST_UNREACH]: administratively prohibited by filtering (RFC 1812).
    public static final int PKT_FILTERED = 13;

    /// Code of [#DEST_UNREACH]: host precedence violation.
    public static final int PREC_VIOLATION = 14;

    /// Code of [#DEST_UNREACH]: precedence cutoff in effect.
    public static final int PREC_CUTOFF = 15;

    /// Code of [#REDIRECT]: for the network.
    public static final int REDIR_NET = 0;

    /// Code of [#REDIRECT]: for the host.
    public static final int REDIR_HOST = 1;

    /// Code of [#REDIRECT]: for the network and TOS.
    public static final int REDIR_NET_TOS = 2;

    /// Code of [#REDIRECT]: for the host and TOS.
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

    /// Which message it is, [#ECHO_REPLY] to [#EXT_ECHO_REPLY].
    public static int type(byte[] b, int off) {
        return Bytes.u8(b, off + TYPE);
    }

    public static void type(byte[] b, int off, int type) {
        Bytes.u8(b, off + TYPE, type);
    }

    /// What the type means exactly.
    public static int code(byte[] b, int off) {
        return Bytes.u8(b, off + CODE);
    }

    public static void code(byte[] b, int off, int code) {
        Bytes.u8(b, off + CODE, code);
    }

    /// The checksum as it stands; see [#checksumOk].
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
