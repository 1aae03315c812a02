package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbChecksum;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import java.util.Arrays;

/// The headers of TCP segments as [GroReceive] compares them: IPv4 without options or IPv6 without
/// extension headers, whole and with right checksums. A scratch object of one thread.
final class GroHeaders {
    /// Bits of IPv4's `frag_off` that a segment that is merged does not have.
    private static final int FRAGMENT = Ipv4.MF | Ipv4.OFFSET_MASK;

    private int payload;
    private int hash;

    /// Bytes of data of the packet parsed last.
    int payload() {
        return payload;
    }

    /// A hash of the connection of the packet parsed last.
    int hash() {
        return hash;
    }

    /// Finds the headers of a packet and sets their offsets. False if it is not a segment that could
    /// be merged.
    @Kernel({"inet_gro_receive", "ipv6_gro_receive"})
    @HotPath
    boolean parse(SkBuff skb) {
        if (!skb.mayPull(Ipv4.HEADER_BYTES + Tcp.HEADER_BYTES)) {
            return false;
        }
        int ip = networkBytes(skb);
        if (ip < 0) {
            return false;
        }
        skb.networkHeader = skb.data;
        skb.transportHeader = skb.data + ip;
        int tcp = Tcp.headerBytes(skb.buf, skb.transportHeader);
        if (tcp < Tcp.HEADER_BYTES || !skb.mayPull(ip + tcp)) {
            return false;
        }
        skb.networkHeader = skb.data;
        skb.transportHeader = skb.data + ip;
        payload = skb.len - ip - tcp;
        hash = hash(skb);
        return checksumOk(skb, ip);
    }

    /// Length of the IP header, or -1.
    @HotPath
    private static int networkBytes(SkBuff skb) {
        byte[] b = skb.buf;
        int nh = skb.data;
        if (skb.protocol == PacketTypes.ETH_P_IP) {
            boolean ok =
                    Bytes.u8(b, nh) == 0x45
                            && Ipv4.protocol(b, nh) == IpProto.TCP
                            && (Ipv4.fragOff(b, nh) & FRAGMENT) == 0
                            && lengthOk(skb, Ipv4.totLen(b, nh))
                            && Ipv4.checksumOk(b, nh);
            return ok ? Ipv4.HEADER_BYTES : -1;
        }
        if (skb.protocol != PacketTypes.ETH_P_IPV6
                || !skb.mayPull(Ipv6.HEADER_BYTES + Tcp.HEADER_BYTES)) {
            return -1;
        }
        b = skb.buf;
        nh = skb.data;
        boolean ok =
                Ipv6.version(b, nh) == 6
                        && Ipv6.nexthdr(b, nh) == IpProto.TCP
                        && lengthOk(skb, Ipv6.HEADER_BYTES + Ipv6.payloadLen(b, nh));
        return ok ? Ipv6.HEADER_BYTES : -1;
    }

    /// Padding of the link must not get into the stream.
    @HotPath
    private static boolean lengthOk(SkBuff skb, int length) {
        return length == skb.len;
    }

    @HotPath
    private static int hash(SkBuff skb) {
        int ports = Bytes.u32(skb.buf, skb.transportHeader);
        int end = skb.transportHeader;
        int h = ports * 0x9E3779B9;
        int addresses = skb.protocol == PacketTypes.ETH_P_IP ? Ipv4.SADDR : Ipv6.SADDR;
        for (int at = skb.networkHeader + addresses; at < end; at += 4) {
            h = (h ^ Bytes.u32(skb.buf, at)) * 0x85EBCA6B;
            h ^= h >>> 13;
        }
        return h;
    }

    /// Verifies the TCP checksum if nobody has.
    @Kernel("skb_gro_checksum_validate")
    @HotPath
    private boolean checksumOk(SkBuff skb, int ip) {
        if (skb.ipSummed != SkBuff.CHECKSUM_NONE) {
            return skb.ipSummed != SkBuff.CHECKSUM_COMPLETE;
        }
        int seed = pseudo(skb, skb.len - ip);
        if (Checksum.fold(SkbOps.checksum(skb, ip, skb.len - ip, seed)) != 0) {
            return false;
        }
        skb.ipSummed = SkBuff.CHECKSUM_UNNECESSARY;
        return true;
    }

    @HotPath
    private static int pseudo(SkBuff skb, int length) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        if (skb.protocol == PacketTypes.ETH_P_IP) {
            return Checksum.pseudoV4(Ipv4.saddr(b, nh), Ipv4.daddr(b, nh), length, IpProto.TCP, 0);
        }
        return Checksum.pseudoV6(
                Ipv6.saddrHi(b, nh),
                Ipv6.saddrLo(b, nh),
                Ipv6.daddrHi(b, nh),
                Ipv6.daddrLo(b, nh),
                length,
                IpProto.TCP,
                0);
    }

    /// Bytes of IP and TCP header of a packet that was parsed.
    @HotPath
    static int headerBytes(SkBuff skb) {
        return skb.transportHeader
                - skb.networkHeader
                + Tcp.headerBytes(skb.buf, skb.transportHeader);
    }

    /// True for two segments of one connection in one direction on one device.
    @HotPath
    static boolean sameFlow(SkBuff p, SkBuff skb) {
        if (p.protocol != skb.protocol
                || p.dev != skb.dev
                || Bytes.u32(p.buf, p.transportHeader) != Bytes.u32(skb.buf, skb.transportHeader)) {
            return false;
        }
        int from = p.protocol == PacketTypes.ETH_P_IP ? Ipv4.SADDR : Ipv6.SADDR;
        int ip = p.transportHeader - p.networkHeader;
        return equal(p, p.networkHeader + from, skb, skb.networkHeader + from, ip - from);
    }

    @HotPath
    private static boolean equal(SkBuff p, int at, SkBuff skb, int other, int bytes) {
        return Arrays.equals(p.buf, at, at + bytes, skb.buf, other, other + bytes);
    }

    /// True if a segment's headers say the same as those of the one that is held: TTL, TOS, DF, an
    /// identification that is the next one (or with DF the same), the ACK, the window, the options.
    @HotPath
    static boolean sameHeaders(SkBuff p, SkBuff skb) {
        int pTh = p.transportHeader;
        int th = skb.transportHeader;
        int tcp = Tcp.headerBytes(p.buf, pTh);
        return tcp == Tcp.headerBytes(skb.buf, th)
                && Tcp.ackSeq(p.buf, pTh) == Tcp.ackSeq(skb.buf, th)
                && Tcp.window(p.buf, pTh) == Tcp.window(skb.buf, th)
                && equal(
                        p,
                        pTh + Tcp.HEADER_BYTES,
                        skb,
                        th + Tcp.HEADER_BYTES,
                        tcp - Tcp.HEADER_BYTES)
                && (p.protocol == PacketTypes.ETH_P_IP ? sameV4(p, skb) : sameV6(p, skb));
    }

    @HotPath
    private static boolean sameV4(SkBuff p, SkBuff skb) {
        byte[] a = p.buf;
        byte[] b = skb.buf;
        int pn = p.networkHeader;
        int n = skb.networkHeader;
        boolean df = (Ipv4.fragOff(b, n) & Ipv4.DF) != 0;
        int step = Ipv4.id(b, n) - Ipv4.id(a, pn) & 0xFFFF;
        boolean follows = step == (p.gsoSegs & 0xFFFF);
        return Ipv4.ttl(a, pn) == Ipv4.ttl(b, n)
                && Ipv4.tos(a, pn) == Ipv4.tos(b, n)
                && Ipv4.fragOff(a, pn) == Ipv4.fragOff(b, n)
                && (follows || (df && step == 0));
    }

    @HotPath
    private static boolean sameV6(SkBuff p, SkBuff skb) {
        int pn = p.networkHeader;
        int n = skb.networkHeader;
        return Bytes.u32(p.buf, pn) == Bytes.u32(skb.buf, n)
                && Ipv6.hopLimit(p.buf, pn) == Ipv6.hopLimit(skb.buf, n);
    }

    /// Makes the headers of a merged packet those of a large one (`inet_gro_complete`,
    /// `tcp_gro_complete`).
    @Kernel({"inet_gro_complete", "ipv6_gro_complete", "tcp_gro_complete"})
    @HotPath
    static void finish(SkBuff skb) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        boolean v4 = skb.protocol == PacketTypes.ETH_P_IP;
        if (v4) {
            Ipv4.totLen(b, nh, skb.len);
            Ipv4.sendCheck(b, nh);
        } else {
            Ipv6.payloadLen(b, nh, skb.len - Ipv6.HEADER_BYTES);
        }
        skb.gsoType = v4 ? SkBuff.GSO_TCPV4 : SkBuff.GSO_TCPV6;
        int length = skb.len - (skb.transportHeader - nh);
        SkbChecksum.setPartial(skb, Tcp.CHECK, pseudo(skb, length));
    }
}
