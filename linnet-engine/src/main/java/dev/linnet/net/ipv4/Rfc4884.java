package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;

/// The extensions that ICMP errors may carry behind the quoted packet (RFC 4884), for those who asked
/// with `IP_RECVERR_RFC4884` or `IPV6_RECVERR_RFC4884`.
public final class Rfc4884 {
    private static final int MIN_QUOTED = 128;
    private static final int HEADER_BYTES = 4;
    private static final int OBJECT_HEADER_BYTES = 4;
    private static final int VERSION = 2;

    /// `SO_EE_RFC4884_FLAG_INVALID`, where it stands in `ee_data`.
    private static final int INVALID = 1 << 16;

    private Rfc4884() {}

    /// Where the extensions of an ICMP error begin in the payload, with a mark if they are malformed:
    /// the value of `ee_data` (`struct sock_ee_data_rfc4884`); 0 if there are none.
    @Kernel("ipv4_icmp_error_rfc4884")
    static int find(SkBuff skb, int type, int quoted, int headers) {
        return switch (type) {
            case Icmp.DEST_UNREACH, Icmp.TIME_EXCEEDED, Icmp.PARAMETER_PROB ->
                    locate(skb, quoted, headers);
            default -> 0;
        };
    }

    /// The same for either family.
    ///
    /// @param skb `data` is at the quoted payload
    /// @param quoted bytes of the quoted packet as the message says
    /// @param headers bytes of it before the payload
    @Kernel("ip_icmp_error_rfc4884")
    public static int locate(SkBuff skb, int quoted, int headers) {
        if (quoted < MIN_QUOTED || quoted < headers) {
            return 0;
        }
        int at = quoted - headers;
        if (at + HEADER_BYTES > skb.len) {
            return 0;
        }
        return isValid(skb, at) ? at : at | INVALID;
    }

    @Kernel("ip_icmp_error_rfc4884_validate")
    private static boolean isValid(SkBuff skb, int from) {
        byte[] head = new byte[HEADER_BYTES];
        SkbOps.copyBits(skb, from, head, 0, HEADER_BYTES);
        if (head[0] >>> 4 != VERSION) {
            return false;
        }
        int bytes = skb.len - from;
        boolean hasCheck = Bytes.u16(head, 2) != 0;
        if (hasCheck && Checksum.fold(SkbOps.checksum(skb, from, bytes, 0)) != 0) {
            return false;
        }
        int at = from + HEADER_BYTES;
        while (at < skb.len) {
            if (at + OBJECT_HEADER_BYTES > skb.len) {
                return false;
            }
            SkbOps.copyBits(skb, at, head, 0, OBJECT_HEADER_BYTES);
            int length = Bytes.u16(head, 0);
            if (length < OBJECT_HEADER_BYTES || at + length > skb.len) {
                return false;
            }
            at += length;
        }
        return true;
    }
}
