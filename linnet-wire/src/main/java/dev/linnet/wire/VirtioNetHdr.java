package dev.linnet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The header that a TUN device with `IFF_VNET_HDR` puts before every packet (virtio specification
/// section 5.1.6, Linux's `struct virtio_net_hdr`): what remains to be done to the packet. A
/// checksum may be missing, and a packet may be a train of segments that were not yet cut.
///
/// ```text
/// offset  0       1          2          4          6            8             10
///         +-------+----------+----------+----------+------------+-------------+--------------+
///         | flags | gso_type | hdr_len  | gso_size | csum_start | csum_offset | num_buffers  |
///         +-------+----------+----------+----------+------------+-------------+--------------+
/// ```
///
/// TUN's header is 10 bytes; with `TUNSETVNETHDRSZ` 12 it has `num_buffers` too. The fields are in
/// the byte order of the host, here always little-endian (the order of the machines that Linnet
/// runs on, and virtio's own).
public final class VirtioNetHdr {

    /// Bytes without `num_buffers`, TUN's default.
    public static final int HEADER_BYTES = 10;

    /// Bytes with `num_buffers`.
    public static final int HEADER_BYTES_MRG = 12;

    // Offsets of the fields.
    public static final int FLAGS = 0;
    public static final int GSO_TYPE = 1;
    public static final int HDR_LEN = 2;
    public static final int GSO_SIZE = 4;
    public static final int CSUM_START = 6;
    public static final int CSUM_OFFSET = 8;
    public static final int NUM_BUFFERS = 10;

    /// Flag: the checksum field holds the folded pseudo-header sum ([Checksum#fold16]); the sum
    /// from `csum_start` to the end belongs at `csum_start + csum_offset`.
    public static final int F_NEEDS_CSUM = 1;

    /// Flag: the checksum was verified.
    public static final int F_DATA_VALID = 2;

    /// Type: a single packet.
    public static final int GSO_NONE = 0;

    /// Type: TCP segments over IPv4.
    public static final int GSO_TCPV4 = 1;

    /// Type: one UDP datagram to be fragmented by IP (obsolete).
    public static final int GSO_UDP = 3;

    /// Type: TCP segments over IPv6.
    public static final int GSO_TCPV6 = 4;

    /// Type: UDP datagrams of `gso_size` bytes of data each.
    public static final int GSO_UDP_L4 = 5;

    /// Bit of the type: the first segment alone carries CWR.
    public static final int GSO_ECN = 0x80;

    private static final VarHandle LE16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private VirtioNetHdr() {}

    /// Judges the header together with the packet behind it: the GSO type must be known and have a
    /// size, and a missing checksum must lie inside the packet.
    ///
    /// @param headerBytes [#HEADER_BYTES] or [#HEADER_BYTES_MRG], as configured
    /// @param len bytes present from `off`: header and packet
    /// @return `headerBytes`, or [Malformed#HEADER_TRUNCATED], [Malformed#BAD_TYPE] (the type),
    ///     [Malformed#BAD_LENGTH] (no GSO size), [Malformed#PAYLOAD_TRUNCATED] (`hdr_len` or the
    ///     checksum is beyond the packet)
    public static int checkHeader(byte[] b, int off, int len, int headerBytes) {
        if (len < headerBytes) {
            return Malformed.HEADER_TRUNCATED;
        }
        int packetBytes = len - headerBytes;
        int checkEnd = needsCsum(b, off) ? csumStart(b, off) + csumOffset(b, off) + Short.BYTES : 0;
        if (hdrLen(b, off) > packetBytes || checkEnd > packetBytes) {
            return Malformed.PAYLOAD_TRUNCATED;
        }
        return switch (gsoType(b, off) & ~GSO_ECN) {
            case GSO_NONE -> headerBytes;
            case GSO_TCPV4, GSO_TCPV6, GSO_UDP, GSO_UDP_L4 ->
                    gsoSize(b, off) == 0 ? Malformed.BAD_LENGTH : headerBytes;
            default -> Malformed.BAD_TYPE;
        };
    }

    /// Writes the header of a packet that needs nothing done to it.
    ///
    /// @param headerBytes [#HEADER_BYTES] or [#HEADER_BYTES_MRG]
    public static void putPlain(byte[] b, int off, int headerBytes) {
        Bytes.u64(b, off, 0);
        Bytes.u16(b, off + CSUM_OFFSET, 0);
        if (headerBytes == HEADER_BYTES_MRG) {
            numBuffers(b, off, 0);
        }
    }

    /// [#F_NEEDS_CSUM], [#F_DATA_VALID].
    public static int flags(byte[] b, int off) {
        return Bytes.u8(b, off + FLAGS);
    }

    public static void flags(byte[] b, int off, int flags) {
        Bytes.u8(b, off + FLAGS, flags);
    }

    /// Whether [#F_NEEDS_CSUM] is set.
    public static boolean needsCsum(byte[] b, int off) {
        return (b[off + FLAGS] & F_NEEDS_CSUM) != 0;
    }

    /// One of `GSO_…`, possibly with [#GSO_ECN].
    public static int gsoType(byte[] b, int off) {
        return Bytes.u8(b, off + GSO_TYPE);
    }

    public static void gsoType(byte[] b, int off, int gsoType) {
        Bytes.u8(b, off + GSO_TYPE, gsoType);
    }

    /// Bytes of the packet that are headers, a hint.
    public static int hdrLen(byte[] b, int off) {
        return get(b, off + HDR_LEN);
    }

    public static void hdrLen(byte[] b, int off, int hdrLen) {
        set(b, off + HDR_LEN, hdrLen);
    }

    /// Bytes of data in each segment but the last.
    public static int gsoSize(byte[] b, int off) {
        return get(b, off + GSO_SIZE);
    }

    public static void gsoSize(byte[] b, int off, int gsoSize) {
        set(b, off + GSO_SIZE, gsoSize);
    }

    /// Offset in the packet from which the checksum covers everything.
    public static int csumStart(byte[] b, int off) {
        return get(b, off + CSUM_START);
    }

    public static void csumStart(byte[] b, int off, int csumStart) {
        set(b, off + CSUM_START, csumStart);
    }

    /// Where the checksum goes, counted from `csum_start`.
    public static int csumOffset(byte[] b, int off) {
        return get(b, off + CSUM_OFFSET);
    }

    public static void csumOffset(byte[] b, int off, int csumOffset) {
        set(b, off + CSUM_OFFSET, csumOffset);
    }

    /// How many receive buffers the packet occupies (virtio's business; TUN writes 0).
    public static int numBuffers(byte[] b, int off) {
        return get(b, off + NUM_BUFFERS);
    }

    public static void numBuffers(byte[] b, int off, int numBuffers) {
        set(b, off + NUM_BUFFERS, numBuffers);
    }

    private static int get(byte[] b, int off) {
        return (short) LE16.get(b, off) & 0xffff;
    }

    private static void set(byte[] b, int off, int value) {
        LE16.set(b, off, (short) value);
    }
}
