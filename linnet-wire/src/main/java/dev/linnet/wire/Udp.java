package dev.linnet.wire;

/// The UDP header (RFC 768, Linux's `struct udphdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |            source             |             dest              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              len              |             check             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The checksum covers the datagram and the pseudo header of IPv4 or IPv6, see [Checksum]; 0 means
/// that there is none, a computed 0 is sent as [Checksum#MANGLED_0].
public final class Udp {

    /// Bytes of the header.
    public static final int HEADER_BYTES = 8;

    // Offsets of the fields.
    public static final int SOURCE = 0;
    public static final int DEST = 2;
    public static final int LEN = 4;

    /// Offset of the checksum; what `csum_offset` of [VirtioNetHdr] is for UDP.
    public static final int CHECK = 6;

    private Udp() {}

    /// Judges the header as Linux's `udp_rcv` does. Over IPv6 a `len` of 0 stands for a jumbogram
    /// (RFC 2675), which is for the caller to allow.
    ///
    /// @param len bytes present from `off`, padding included
    /// @return [#HEADER_BYTES], or [Malformed#HEADER_TRUNCATED], [Malformed#PAYLOAD_TRUNCATED],
    ///     [Malformed#BAD_LENGTH]
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        int ulen = len(b, off);
        if (ulen > len) {
            return Malformed.PAYLOAD_TRUNCATED;
        }
        return ulen < HEADER_BYTES ? Malformed.BAD_LENGTH : HEADER_BYTES;
    }

    /// Writes a header with `check` 0.
    public static void put(byte[] b, int off, int source, int dest, int len) {
        source(b, off, source);
        dest(b, off, dest);
        len(b, off, len);
        check(b, off, 0);
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

    /// Bytes of header and data.
    public static int len(byte[] b, int off) {
        return Bytes.u16(b, off + LEN);
    }

    public static void len(byte[] b, int off, int len) {
        Bytes.u16(b, off + LEN, len);
    }

    /// The checksum as it stands; see [Checksum#transportV4].
    public static int check(byte[] b, int off) {
        return Bytes.u16(b, off + CHECK);
    }

    public static void check(byte[] b, int off, int check) {
        Bytes.u16(b, off + CHECK, check);
    }
}
