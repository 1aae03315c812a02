package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Udp;

/// `UDP_ENCAP`: datagrams that carry packets of another protocol, which the stack takes out before the
/// user sees them (RFC 3948). There are no security associations, so ESP packets find none and end.
final class UdpEncap {
    static final int NONE = 0;

    /// `UDP_ENCAP_ESPINUDP`, `UDP_ENCAP_L2TPINUDP`.
    static final int ESPINUDP = 2;

    private static final int L2TPINUDP = 3;

    /// Bytes of an ESP header: index and sequence number.
    private static final int ESP_HEADER = 8;

    private static final int KEEPALIVE = 0xFF;

    private UdpEncap() {}

    /// 0, or `-ENOPROTOOPT` for a kind that does not exist. A tunnel of L2TP is the user's own affair
    /// as long as nobody makes it one of the stack.
    static int set(UdpSock sk, int kind) {
        if (kind != NONE && kind != ESPINUDP && kind != L2TPINUDP) {
            return -Errno.ENOPROTOOPT;
        }
        sk.encapType = kind;
        return 0;
    }

    /// True for what is not the user's: a keepalive, or an ESP packet. Key exchange messages begin
    /// with four zeros in the place of the index.
    @Kernel({"xfrm4_udp_encap_rcv", "xfrm6_udp_encap_rcv", "__xfrm4_udp_encap_rcv"})
    static boolean takes(SkBuff skb) {
        int length = skb.len - Udp.HEADER_BYTES;
        byte[] start = new byte[4];
        SkbOps.copyBits(skb, Udp.HEADER_BYTES, start, 0, Math.clamp(length, 0, start.length));
        if (length == 1 && (start[0] & 0xFF) == KEEPALIVE) {
            return true;
        }
        return length > ESP_HEADER && (start[0] | start[1] | start[2] | start[3]) != 0;
    }
}
