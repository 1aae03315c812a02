package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuff.Destructor;
import dev.linnet.net.core.skb.SkbChecksum;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import org.jspecify.annotations.Nullable;

/// Cuts large packets into segments in software (`net/core/gso.c`, `net/ipv4/tcp_offload.c`,
/// `net/ipv4/udp_offload.c`). Headers are copied, payload is shared.
public final class GsoSegment {
    /// Room for a link-layer header in front of each segment.
    private static final int HEADROOM = 32;

    private GsoSegment() {}

    /// The segments of a packet, chained by [SkBuff#next]; null if its headers make no sense. The
    /// packet stays the caller's; its sock answers for the memory of the segments, too.
    ///
    /// @param hwCsum leave the checksums of the segments partial
    @Kernel({"skb_gso_segment", "skb_segment"})
    @HotPath
    public static @Nullable SkBuff segment(SkBuff skb, boolean hwCsum) {
        int headers = headerBytes(skb);
        if (headers < 0 || skb.gsoSize <= 0 || headers >= skb.len) {
            return null;
        }
        int stripe = SoftIrq.current().stripe;
        int mss = skb.gsoSize;
        SkBuff first = null;
        SkBuff last = null;
        int index = 0;
        for (int at = headers; at < skb.len; at += mss) {
            int n = Math.min(mss, skb.len - at);
            SkBuff seg = SkbOps.copyHeaders(skb, stripe, HEADROOM, headers, 0);
            SkbOps.shareRange(skb, at, n, seg);
            seg.gsoSize = 0;
            seg.gsoSegs = 0;
            seg.gsoType = 0;
            finish(skb, seg, index, at + n == skb.len, hwCsum);
            if (skb.destructor == Destructor.WFREE && skb.sk != null) {
                skb.sk.setOwnerW(seg);
            }
            if (last == null) {
                first = seg;
            } else {
                last.next = seg;
            }
            last = seg;
            index++;
        }
        return first;
    }

    /// Bytes from `data` to the payload, all of them linear; negative if that cannot be.
    @HotPath
    private static int headerBytes(SkBuff skb) {
        int transport = skb.transportHeader - skb.data;
        if (transport < 0 || !skb.mayPull(transport + Udp.HEADER_BYTES)) {
            return -1;
        }
        if (isUdp(skb)) {
            return transport + Udp.HEADER_BYTES;
        }
        if (!skb.mayPull(transport + Tcp.HEADER_BYTES)) {
            return -1;
        }
        int tcp = Tcp.headerBytes(skb.buf, skb.transportHeader);
        return tcp >= Tcp.HEADER_BYTES && skb.mayPull(transport + tcp) ? transport + tcp : -1;
    }

    @HotPath
    private static boolean isUdp(SkBuff skb) {
        return (skb.gsoType & SkBuff.GSO_UDP_L4) != 0;
    }

    @HotPath
    private static void finish(SkBuff skb, SkBuff seg, int index, boolean isLast, boolean hwCsum) {
        networkHeader(seg, index);
        if (isUdp(skb)) {
            udpHeader(seg, index);
        } else {
            tcpHeader(skb, seg, index, isLast);
        }
        checksum(skb, seg, hwCsum);
    }

    /// Length, identification and checksum of one segment's IP header (`inet_gso_segment`).
    @Kernel({"inet_gso_segment", "ipv6_gso_segment"})
    @HotPath
    private static void networkHeader(SkBuff seg, int index) {
        byte[] b = seg.buf;
        int nh = seg.networkHeader;
        int bytes = seg.len - (nh - seg.data);
        if (Ipv4.version(b, nh) == 4) {
            Ipv4.totLen(b, nh, bytes);
            Ipv4.id(b, nh, Ipv4.id(b, nh) + index);
            Ipv4.sendCheck(b, nh);
        } else {
            Ipv6.payloadLen(b, nh, bytes - Ipv6.HEADER_BYTES);
        }
    }

    /// Only the first segment says CWR, only the last FIN and PSH (`tcp_gso_segment`).
    @Kernel("tcp_gso_segment")
    @HotPath
    private static void tcpHeader(SkBuff skb, SkBuff seg, int index, boolean isLast) {
        byte[] b = seg.buf;
        int th = seg.transportHeader;
        int seq = Tcp.seq(b, th);
        int mss = skb.gsoSize;
        Tcp.seq(b, th, seq + index * mss);
        int flags = Tcp.flags(b, th);
        if (!isLast) {
            flags &= ~(Tcp.FIN | Tcp.PSH);
        }
        if (index > 0 && (skb.gsoType & SkBuff.GSO_TCP_ACCECN) == 0) {
            flags &= ~Tcp.CWR;
        }
        Tcp.flags(b, th, flags);
        seg.cb.seq = skb.cb.seq + index * mss;
        seg.cb.endSeq = isLast ? skb.cb.endSeq : seg.cb.seq + mss;
        if (skb.txFlags != 0) {
            boolean stampHere = isLast || skb.tskey - seg.cb.endSeq < 0;
            boolean stampedBefore = index > 0 && skb.tskey - seg.cb.seq < 0;
            seg.txFlags = stampHere && !stampedBefore ? skb.txFlags : 0;
        }
    }

    @Kernel("__udp_gso_segment")
    @HotPath
    private static void udpHeader(SkBuff seg, int index) {
        Udp.len(seg.buf, seg.transportHeader, seg.transportLen());
        if (index > 0) {
            seg.txFlags = 0;
        }
    }

    @HotPath
    private static void checksum(SkBuff skb, SkBuff seg, boolean hwCsum) {
        boolean udp = isUdp(skb);
        int offset = udp ? Udp.CHECK : Tcp.CHECK;
        if (udp
                && Udp.check(seg.buf, seg.transportHeader) == 0
                && skb.ipSummed != SkBuff.CHECKSUM_PARTIAL) {
            return; // sent without a checksum
        }
        SkbChecksum.setPartial(seg, offset, seed(skb, seg, udp));
        if (hwCsum) {
            return;
        }
        int from = seg.transportHeader - seg.data;
        int check = Checksum.fold(SkbOps.checksum(seg, from, seg.len - from, 0));
        if (udp && check == 0) {
            check = Checksum.MANGLED_0;
        }
        Bytes.u16(seg.buf, seg.transportHeader + offset, check);
        seg.ipSummed = SkBuff.CHECKSUM_NONE;
    }

    /// The pseudo header's sum for one segment: that of the large packet with the length exchanged,
    /// because a source route hides the address that it was made for.
    @HotPath
    private static int seed(SkBuff skb, SkBuff seg, boolean udp) {
        int len = seg.transportLen();
        byte[] b = seg.buf;
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL) {
            int whole = Bytes.u16(b, seg.transportHeader + (udp ? Udp.CHECK : Tcp.CHECK));
            return Checksum.add(Checksum.sub(whole, skb.transportLen()), len);
        }
        int proto = udp ? IpProto.UDP : IpProto.TCP;
        int nh = seg.networkHeader;
        if (Ipv4.version(b, nh) == 4) {
            return Checksum.pseudoV4(Ipv4.saddr(b, nh), Ipv4.daddr(b, nh), len, proto, 0);
        }
        return Checksum.pseudoV6(
                Ipv6.saddrHi(b, nh),
                Ipv6.saddrLo(b, nh),
                Ipv6.daddrHi(b, nh),
                Ipv6.daddrLo(b, nh),
                len,
                proto,
                0);
    }
}
