package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;

/// The checksum of a received segment.
final class TcpChecksum {
    private TcpChecksum() {}

    /// True if the checksum is right or need not be looked at: the packet never left this machine, or
    /// the device has checked it. What is found out is noted in the packet.
    @Kernel({"tcp_checksum_complete", "skb_checksum_init", "tcp_v4_check", "tcp_v6_check"})
    @HotPath
    static boolean verified(SkBuff skb) {
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL
                || skb.ipSummed == SkBuff.CHECKSUM_UNNECESSARY) {
            return true;
        }
        int pseudo = pseudo(skb, skb.len);
        if (Checksum.fold(SkbOps.checksum(skb, 0, skb.len, pseudo)) != 0) {
            return false;
        }
        skb.ipSummed = SkBuff.CHECKSUM_UNNECESSARY;
        return true;
    }

    @HotPath
    private static int pseudo(SkBuff skb, int len) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        if (TcpSegment.ipv4(skb)) {
            return Checksum.pseudoV4(
                    Ipv4.saddr(b, nh), Ipv4.daddr(b, nh), len, IpProto.IPPROTO_TCP, 0);
        }
        return Checksum.pseudoV6(
                Ipv6.saddrHi(b, nh),
                Ipv6.saddrLo(b, nh),
                Ipv6.daddrHi(b, nh),
                Ipv6.daddrLo(b, nh),
                len,
                IpProto.IPPROTO_TCP,
                0);
    }

    /// Leaves the checksum of a segment to be sent, with its TCP header at `transportHeader`, to the
    /// device: only the pseudo header is summed.
    @Kernel({"__tcp_v4_send_check", "__tcp_v6_send_check"})
    @HotPath
    static void partial(
            SkBuff skb, long saddrHi, long saddrLo, long daddrHi, long daddrLo, boolean v4) {
        int len = skb.transportLen();
        int sum =
                v4
                        ? Checksum.pseudoV4(
                                (int) saddrLo, (int) daddrLo, len, IpProto.IPPROTO_TCP, 0)
                        : Checksum.pseudoV6(
                                saddrHi, saddrLo, daddrHi, daddrLo, len, IpProto.IPPROTO_TCP, 0);
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        skb.csumStart = skb.transportHeader;
        skb.csumOffset = Tcp.CHECK;
        Tcp.check(skb.buf, skb.transportHeader, Checksum.fold16(sum));
    }
}
