package dev.linnet.uapi;

/// An entry of the error queue (`struct sock_extended_err`), the data of the control messages
/// IP_RECVERR and IPV6_RECVERR. The address of the machine that sent the error follows it there.
///
/// @param errno the error, positive
/// @param origin one of the `SO_EE_ORIGIN_` constants
/// @param type type of the ICMP message
/// @param code code of the ICMP message
/// @param info the MTU for EMSGSIZE; what a timestamp means; first number of a zero-copy range
/// @param data identifier of a timestamp; last number of a zero-copy range
public record SockExtendedErr(int errno, int origin, int type, int code, int info, int data) {
    /// Bytes of the C structure.
    public static final int SIZE = 16;

    /// No origin known.
    public static final int SO_EE_ORIGIN_NONE = 0;

    /// This machine's own doing.
    public static final int SO_EE_ORIGIN_LOCAL = 1;

    /// An ICMP message.
    public static final int SO_EE_ORIGIN_ICMP = 2;

    /// An ICMPv6 message.
    public static final int SO_EE_ORIGIN_ICMP6 = 3;

    /// A timestamp of a sent packet.
    public static final int SO_EE_ORIGIN_TIMESTAMPING = 4;

    /// A finished MSG_ZEROCOPY send.
    public static final int SO_EE_ORIGIN_ZEROCOPY = 5;

    /// A packet of SO_TXTIME that was not sent in time.
    public static final int SO_EE_ORIGIN_TXTIME = 6;

    /// `code` of a MSG_ZEROCOPY send whose data was copied after all.
    public static final int SO_EE_CODE_ZEROCOPY_COPIED = 1;

    /// Reads the C structure.
    public static SockExtendedErr decode(byte[] buf, int off) {
        return new SockExtendedErr(
                Abi.getInt(buf, off),
                buf[off + 4] & 0xff,
                buf[off + 5] & 0xff,
                buf[off + 6] & 0xff,
                Abi.getInt(buf, off + 8),
                Abi.getInt(buf, off + 12));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putInt(buf, off, errno);
        buf[off + 4] = (byte) origin;
        buf[off + 5] = (byte) type;
        buf[off + 6] = (byte) code;
        buf[off + 7] = 0;
        Abi.putInt(buf, off + 8, info);
        Abi.putInt(buf, off + 12, data);
        return SIZE;
    }
}
