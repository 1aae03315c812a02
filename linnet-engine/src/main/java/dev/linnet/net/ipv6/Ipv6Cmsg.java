package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;

/// Control messages of level `SOL_IPV6` about received packets (RFC 3542, `net/ipv6/datagram.c`).
final class Ipv6Cmsg {
    /// What the user wants to hear, the bits of `InetSock.rxopt6` (`np->rxopt`). Those with an O are
    /// in the form of RFC 2292.
    static final int RXINFO = 1;

    static final int RXOINFO = 1 << 1;
    static final int RXHLIM = 1 << 2;
    static final int RXOHLIM = 1 << 3;
    static final int HOPOPTS = 1 << 4;
    static final int OHOPOPTS = 1 << 5;
    static final int DSTOPTS = 1 << 6;
    static final int ODSTOPTS = 1 << 7;
    static final int SRCRT = 1 << 8;
    static final int OSRCRT = 1 << 9;
    static final int RXTCLASS = 1 << 10;
    static final int RXFLOW = 1 << 11;
    static final int RXPMTU = 1 << 12;
    static final int RXORIGDSTADDR = 1 << 13;
    static final int RECVFRAGSIZE = 1 << 14;

    private static final int PKTINFO_BYTES = 20;
    private static final int FLOWINFO_MASK = 0x0FFF_FFFF;

    private Ipv6Cmsg() {}

    /// Adds the messages about an IPv6 packet, whose `networkHeader` and `transportHeader` are set.
    @Kernel("ip6_datagram_recv_ctl")
    static void recv(InetSock sk, SkBuff skb, MsgHdr msg) {
        if (sk.rxopt6 != 0) {
            common(sk, skb, msg);
            specific(sk.rxopt6, skb, msg);
        }
    }

    /// What there is of a packet of either family: where it came to.
    @Kernel("ip6_datagram_recv_common_ctl")
    static void common(InetSock sk, SkBuff skb, MsgHdr msg) {
        if ((sk.rxopt6 & RXINFO) != 0) {
            pktinfo(skb, msg, Ipv6Opt.IPV6_PKTINFO);
        }
    }

    private static void pktinfo(SkBuff skb, MsgHdr msg, int type) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        boolean v4 = Ipv4.version(b, n) == 4;
        byte[] data = new byte[PKTINFO_BYTES];
        Bytes.u64(data, 0, v4 ? 0 : Ipv6.daddrHi(b, n));
        Bytes.u64(data, 8, v4 ? In6Addr.mapV4(Ipv4.daddr(b, n)) : Ipv6.daddrLo(b, n));
        Abi.putInt(data, 16, skb.skbIif);
        PutCmsg.put(msg, Sol.SOL_IPV6, type, data, data.length);
    }

    @Kernel("ip6_datagram_recv_specific_ctl")
    private static void specific(int want, SkBuff skb, MsgHdr msg) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        if ((want & RXHLIM) != 0) {
            putInt(msg, Ipv6Opt.IPV6_HOPLIMIT, Ipv6.hopLimit(b, n));
        }
        if ((want & RXTCLASS) != 0) {
            putInt(msg, Ipv6Opt.IPV6_TCLASS, Ipv6.trafficClass(b, n));
        }
        int flowinfo = Bytes.u32(b, n) & FLOWINFO_MASK;
        if ((want & RXFLOW) != 0 && flowinfo != 0) {
            byte[] data = new byte[4];
            Bytes.u32(data, 0, flowinfo);
            PutCmsg.put(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_FLOWINFO, data, 4);
        }
        if ((want & HOPOPTS) != 0) {
            hopByHop(skb, msg, Ipv6Opt.IPV6_HOPOPTS);
        }
        headers(want & (DSTOPTS | SRCRT), skb, msg);
        if ((want & RXOINFO) != 0) {
            pktinfo(skb, msg, Ipv6Opt.IPV6_2292PKTINFO);
        }
        if ((want & RXOHLIM) != 0) {
            putInt(msg, Ipv6Opt.IPV6_2292HOPLIMIT, Ipv6.hopLimit(b, n));
        }
        if ((want & OHOPOPTS) != 0) {
            hopByHop(skb, msg, Ipv6Opt.IPV6_2292HOPOPTS);
        }
        headers(want & (ODSTOPTS | OSRCRT), skb, msg);
        if ((want & RXORIGDSTADDR) != 0) {
            origDst(skb, msg);
        }
        if ((want & RECVFRAGSIZE) != 0 && skb.fragMaxSize != 0) {
            putInt(msg, Ipv6Opt.IPV6_RECVFRAGSIZE, skb.fragMaxSize);
        }
    }

    private static void putInt(MsgHdr msg, int type, int value) {
        PutCmsg.putInt(msg, Sol.SOL_IPV6, type, value);
    }

    private static void hopByHop(SkBuff skb, MsgHdr msg, int type) {
        int n = skb.networkHeader;
        if (Ipv6.nexthdr(skb.buf, n) == Ipv6Ext.HOP_BY_HOP) {
            header(skb, msg, type, n + Ipv6.HEADER_BYTES);
        }
    }

    /// Destination options and routing headers, in the order in which they stand in the packet.
    private static void headers(int want, SkBuff skb, MsgHdr msg) {
        byte[] b = skb.buf;
        int at = skb.networkHeader + Ipv6.HEADER_BYTES;
        int end = skb.transportHeader;
        int next = Ipv6.nexthdr(b, skb.networkHeader);
        while (Ipv6Ext.isExtension(next) && at + 8 <= end) {
            if (next == Ipv6Ext.DEST_OPTIONS) {
                put(want, DSTOPTS, skb, msg, Ipv6Opt.IPV6_DSTOPTS, at);
                put(want, ODSTOPTS, skb, msg, Ipv6Opt.IPV6_2292DSTOPTS, at);
            } else if (next == Ipv6Ext.ROUTING) {
                put(want, SRCRT, skb, msg, Ipv6Opt.IPV6_RTHDR, at);
                put(want, OSRCRT, skb, msg, Ipv6Opt.IPV6_2292RTHDR, at);
            }
            int bytes = Ipv6Ext.bytes(b, at, next);
            next = Ipv6Ext.nexthdr(b, at);
            at += bytes;
        }
    }

    private static void put(int want, int bit, SkBuff skb, MsgHdr msg, int type, int at) {
        if ((want & bit) != 0) {
            header(skb, msg, type, at);
        }
    }

    private static void header(SkBuff skb, MsgHdr msg, int type, int at) {
        int bytes = (Bytes.u8(skb.buf, at + 1) + 1) << 3;
        byte[] data = new byte[bytes];
        System.arraycopy(skb.buf, at, data, 0, Math.min(bytes, skb.buf.length - at));
        PutCmsg.put(msg, Sol.SOL_IPV6, type, data, bytes);
    }

    /// The address and port that the packet was sent to.
    private static void origDst(SkBuff skb, MsgHdr msg) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        int th = skb.transportHeader - skb.data;
        byte[] ports = new byte[4];
        if (th < 0 ? skb.transportHeader + 4 > b.length : th + 4 > skb.len) {
            return;
        }
        if (th < 0) {
            System.arraycopy(b, skb.transportHeader, ports, 0, 4);
        } else {
            SkbOps.copyBits(skb, th, ports, 0, 4);
        }
        long hi = Ipv6.daddrHi(b, n);
        int scope = Ipv6Scope.needsScopeId(hi) ? skb.skbIif : 0;
        byte[] data = new byte[SockAddrIn6.SIZE];
        new SockAddrIn6(Bytes.u16(ports, 2), 0, hi, Ipv6.daddrLo(b, n), scope).encode(data, 0);
        PutCmsg.put(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_ORIGDSTADDR, data, data.length);
    }
}
