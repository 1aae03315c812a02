package dev.linnet.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// `struct virtio_net_hdr`, the ten bytes before each packet of a [TunDevice] that has them:
/// whether the checksum is still to be filled in, and how a packet longer than the MTU is to be
/// cut.
///
/// ```text
///  0      1          2        4         6           8            10
///  +------+----------+--------+---------+-----------+------------+
///  |flags | gso type | header | gso     | checksum  | checksum   | then the IP packet (TUN)
///  |      |          | length | size    | start     | offset     | or Ethernet frame (TAP)
///  +------+----------+--------+---------+-----------+------------+
/// ```
///
/// Fields are little-endian (the device is set so). Accessors work on `(byte[], offset of the
/// header)` and allocate nothing. Source: virtio 1.2, section 5.1.6; `linux/virtio_net.h`.
public final class VnetHeader {
    /// The header's length in bytes.
    public static final int SIZE = 10;

    /// The checksum at `csumStart + csumOffset` is to be completed: it holds the sum of the pseudo
    /// header only.
    public static final int F_NEEDS_CSUM = 1;

    /// The checksum was verified by whoever sends this packet.
    public static final int F_DATA_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_TCPV6 = 4;

    /// UDP cut into datagrams of `gsoSize` bytes each (`UDP_SEGMENT`), IPv4 or IPv6.
    public static final int GSO_UDP_L4 = 5;

    /// Ored to a TCP type: the segments carry ECN's CWR on the first only.
    public static final int GSO_ECN = 0x80;

    private static final VarHandle LE16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private VnetHeader() {}

    /// [#F_NEEDS_CSUM], [#F_DATA_VALID] or 0.
    public static int flags(byte[] b, int off) {
        return b[off] & 0xff;
    }

    /// One of the `GSO_` types, perhaps with [#GSO_ECN].
    public static int gsoType(byte[] b, int off) {
        return b[off + 1] & 0xff;
    }

    /// Length of all protocol headers, in bytes from the packet's start; a hint.
    public static int headerLength(byte[] b, int off) {
        return u16(b, off + 2);
    }

    /// Payload bytes per segment (the MSS, for TCP); 0 when the packet is not to be cut.
    public static int gsoSize(byte[] b, int off) {
        return u16(b, off + 4);
    }

    /// Where checksumming starts, in bytes from the packet's start: the transport header.
    public static int csumStart(byte[] b, int off) {
        return u16(b, off + 6);
    }

    /// Where the checksum is stored, in bytes from [#csumStart].
    public static int csumOffset(byte[] b, int off) {
        return u16(b, off + 8);
    }

    /// Writes a header that asks for nothing: a finished packet.
    public static void putPlain(byte[] b, int off) {
        put(b, off, 0, GSO_NONE, 0, 0, 0, 0);
    }

    /// Writes a header for a finished packet whose transport checksum the receiver completes.
    public static void putChecksum(byte[] b, int off, int csumStart, int csumOffset) {
        put(b, off, F_NEEDS_CSUM, GSO_NONE, 0, 0, csumStart, csumOffset);
    }

    /// Writes all fields. Lengths and offsets are 0 to 65535.
    public static void put(
            byte[] b,
            int off,
            int flags,
            int gsoType,
            int headerLength,
            int gsoSize,
            int csumStart,
            int csumOffset) {
        b[off] = (byte) flags;
        b[off + 1] = (byte) gsoType;
        LE16.set(b, off + 2, (short) headerLength);
        LE16.set(b, off + 4, (short) gsoSize);
        LE16.set(b, off + 6, (short) csumStart);
        LE16.set(b, off + 8, (short) csumOffset);
    }

    private static int u16(byte[] b, int off) {
        return (short) LE16.get(b, off) & 0xffff;
    }
}
