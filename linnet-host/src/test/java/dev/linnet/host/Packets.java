package dev.linnet.host;

import java.nio.ByteBuffer;

/// IPv4 packets made and read by hand, each after a [VnetHeader], for tests that play the far side
/// of a TUN device.
final class Packets {
    static final int VNET = VnetHeader.SIZE;
    static final int IP = VNET;
    static final int IP_BYTES = 20;
    static final int L4 = IP + IP_BYTES;
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private Packets() {}

    /// Writes an IPv4 header without options, checksum included, at [#IP].
    static void putIpv4(byte[] b, int protocol, int src, int dst, int payloadBytes) {
        ByteBuffer ip = ByteBuffer.wrap(b, IP, IP_BYTES);
        ip.putShort((short) 0x4500).putShort((short) (IP_BYTES + payloadBytes));
        ip.putShort((short) 0).putShort((short) 0x4000);
        ip.put((byte) 64).put((byte) protocol).putShort((short) 0).putInt(src).putInt(dst);
        putShort(b, IP + 10, ~sum(b, IP, IP_BYTES, 0));
    }

    /// The folded sum of the IPv4 pseudo header: what a transport checksum field holds when the
    /// rest is left to the receiver.
    static int pseudoSum(int protocol, int src, int dst, int l4Bytes) {
        return fold(
                (src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff) + protocol + l4Bytes);
    }

    /// Sum of 16-bit words, folded, not complemented (RFC 1071).
    static int sum(byte[] b, int off, int len, int start) {
        int sum = start;
        for (int i = 0; i + 1 < len; i += 2) {
            sum += getShort(b, off + i);
        }
        if ((len & 1) != 0) {
            sum += (b[off + len - 1] & 0xff) << 8;
        }
        return fold(sum);
    }

    static boolean isIpv4(byte[] b, int protocol) {
        return (b[IP] & 0xf0) == 0x40 && b[IP + 9] == protocol;
    }

    static int ipv4Bytes(byte[] b) {
        return getShort(b, IP + 2);
    }

    static int getShort(byte[] b, int off) {
        return (b[off] & 0xff) << 8 | b[off + 1] & 0xff;
    }

    static void putShort(byte[] b, int off, int value) {
        b[off] = (byte) (value >> 8);
        b[off + 1] = (byte) value;
    }

    static int getInt(byte[] b, int off) {
        return getShort(b, off) << 16 | getShort(b, off + 2);
    }

    static void putInt(byte[] b, int off, int value) {
        putShort(b, off, value >>> 16);
        putShort(b, off + 2, value);
    }

    private static int fold(int sum) {
        int folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }
}
