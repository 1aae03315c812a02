package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.SkBuffErrors;
import dev.linnet.net.core.sock.SockExterr;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.net.ipv4.Rfc4884;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Udp;

/// Errors that come for IPv6 sockets: what they mean to a datagram socket, and the error queue of
/// `IPV6_RECVERR` (`net/ipv6/datagram.c`).
public final class Ipv6Error {
    /// Bytes of `struct ip6_mtuinfo`.
    private static final int MTUINFO_BYTES = SockAddrIn6.SIZE + 4;

    private Ipv6Error() {}

    // ---- coming in
    // -------------------------------------------------------------------------------

    /// An ICMPv6 error about a datagram of a UDP, ping or raw socket. The packet is as in
    /// [dev.linnet.net.core.sock.NetProtocol#err], `macHeader` at the IPv6 header of the message; it
    /// stays the caller's.
    @Kernel({"__udp6_lib_err", "ping_err", "rawv6_err"})
    public static void datagramError(
            InetSock sk, SkBuff skb, int type, int code, int info, boolean connected) {
        boolean raw = sk.type == SocketType.SOCK_RAW;
        int errno = Icmp6.errno(type, code);
        boolean hard = Icmp6.isFatal(type, code);
        if (type == Icmpv6.PKT_TOOBIG) {
            if (!acceptsPmtu(sk)) {
                return;
            }
            updatePmtu(sk, skb, info);
            int mode = sk.pmtudisc6;
            hard = raw ? mode == Ipv6Opt.IPV6_PMTUDISC_DO : mode != Ipv6Opt.IPV6_PMTUDISC_DONT;
        }
        if (sk.recverr6) {
            boolean udp =
                    sk.protocol == IpProto.IPPROTO_UDP || sk.protocol == IpProto.IPPROTO_UDPLITE;
            int port = udp ? Udp.dest(skb.buf, skb.transportHeader) : 0;
            int payload = skb.transportHeader + (udp ? Udp.HEADER_BYTES : 0);
            icmpError(sk, skb, errno, port, type, code, info, payload - skb.data);
        } else if (!hard || !connected) {
            return;
        }
        sk.err = errno;
        sk.errorReport();
    }

    @Kernel("ip6_sk_accept_pmtu")
    private static boolean acceptsPmtu(InetSock sk) {
        int mode = sk.pmtudisc6;
        return mode != Ipv6Opt.IPV6_PMTUDISC_INTERFACE && mode != Ipv6Opt.IPV6_PMTUDISC_OMIT;
    }

    /// Learns a path MTU from a message, if the socket lets it.
    ///
    /// @param skb `networkHeader` is at the header of the quoted packet
    @Kernel("ip6_sk_update_pmtu")
    public static void updatePmtu(InetSock sk, SkBuff skb, int mtu) {
        if (acceptsPmtu(sk)) {
            int n = skb.networkHeader;
            long hi = Ipv6.daddrHi(skb.buf, n);
            Ip6Pmtu.update(sk.net, hi, Ipv6.daddrLo(skb.buf, n), skb.skbIif, mtu);
        }
    }

    /// Queues an ICMPv6 error with the payload that it quotes. The packet stays the caller's; its
    /// `data` is at the quoted IPv6 header, directly behind the ICMP header.
    ///
    /// @param port where the quoted packet went, 0 if it has none
    /// @param payload where the quoted payload begins, counted from `data`
    @Kernel("ipv6_icmp_error")
    public static void icmpError(
            InetSock sk,
            SkBuff quoted,
            int errno,
            int port,
            int type,
            int code,
            int info,
            int payload) {
        int outer = quoted.macHeader;
        if (!sk.recverr6 || payload > quoted.len) {
            return;
        }
        SkBuff skb = quoted.clone(SoftIrq.current().stripe);
        byte[] b = skb.buf;
        int at = skb.data;
        int words = Bytes.u8(b, at - Icmpv6.HEADER_BYTES + Icmpv6.DATAUN);
        SkbOps.trimHead(skb, payload);
        skb.networkHeader = outer;
        skb.transportHeader = skb.data;
        boolean extensible = type == Icmpv6.DEST_UNREACH || type == Icmpv6.TIME_EXCEED;
        int extension =
                wantsExtensions(sk) && extensible ? Rfc4884.locate(skb, words * 8, payload) : 0;
        SockExtendedErr ee =
                new SockExtendedErr(
                        errno, SockExtendedErr.SO_EE_ORIGIN_ICMP6, type, code, info, extension);
        skb.exterr =
                new SockExterr(
                        ee,
                        true,
                        Ipv6.daddrHi(b, at),
                        Ipv6.daddrLo(b, at),
                        port,
                        true,
                        Ipv6.saddrHi(b, outer),
                        Ipv6.saddrLo(b, outer));
        skb.tstampNs = sk.net.clock.realNs();
        boolean unused = SkBuffErrors.queue(sk, skb);
    }

    private static boolean wantsExtensions(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        return pinfo != null && pinfo.recverrRfc4884;
    }

    /// Queues an error of this host's own, such as a datagram that is too large for its path.
    ///
    /// @param fl where the packet was to go
    /// @param info for `EMSGSIZE` the MTU
    @Kernel("ipv6_local_error")
    public static void localError(InetSock sk, int errno, Flow fl, int info) {
        if (!sk.recverr6) {
            return;
        }
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, SoftIrq.current().stripe);
        SockExtendedErr ee =
                new SockExtendedErr(errno, SockExtendedErr.SO_EE_ORIGIN_LOCAL, 0, 0, info, 0);
        skb.exterr = new SockExterr(ee, true, fl.daddrHi, fl.daddrLo, fl.dport, false, 0, 0);
        boolean unused = SkBuffErrors.queue(sk, skb);
    }

    /// Notes the path MTU that a datagram exceeded, for `IPV6_RECVPATHMTU`.
    @Kernel("ipv6_local_rxpmtu")
    static void localRxpmtu(InetSock sk, Flow fl, int mtu) {
        if ((sk.rxopt6 & Ipv6Cmsg.RXPMTU) != 0) {
            Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
            pinfo.rxpmtuHi = fl.daddrHi;
            pinfo.rxpmtuLo = fl.daddrLo;
            pinfo.rxpmtu = mtu;
        }
    }

    /// Forgets the queued errors, but not that zero-copy sends are finished: `IPV6_RECVERR` was
    /// switched off.
    @Kernel("skb_errqueue_purge")
    static void purge(InetSock sk) {
        SkBuffHead queue = sk.errorQueue;
        if (queue == null) {
            return;
        }
        synchronized (queue) {
            SkBuff skb = queue.peek();
            while (skb != null) {
                SkBuff next = skb.next;
                SockExterr e = skb.exterr;
                if (e == null || e.ee().origin() != SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY) {
                    queue.unlink(skb);
                    skb.drop(DropReason.QUEUE_PURGE);
                }
                skb = next;
            }
        }
    }

    // ---- going out
    // -------------------------------------------------------------------------------

    /// True if a path MTU report waits that the user asked for: the next `recvmsg` gets it.
    public static boolean rxpmtuPending(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        return pinfo != null && pinfo.rxpmtu != 0 && (sk.rxopt6 & Ipv6Cmsg.RXPMTU) != 0;
    }

    /// Gives the user the path MTU report: no data, a control message `IPV6_PATHMTU`. 0 or `-EAGAIN`.
    @Kernel("ipv6_recv_rxpmtu")
    public static int recvRxpmtu(InetSock sk, MsgHdr msg) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo == null || pinfo.rxpmtu == 0) {
            return -Errno.EAGAIN;
        }
        SockAddrIn6 addr = new SockAddrIn6(0, 0, pinfo.rxpmtuHi, pinfo.rxpmtuLo, 0);
        byte[] data = new byte[MTUINFO_BYTES];
        addr.encode(data, 0);
        Abi.putInt(data, SockAddrIn6.SIZE, pinfo.rxpmtu);
        pinfo.rxpmtu = 0;
        msg.name = addr;
        PutCmsg.put(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_PATHMTU, data, data.length);
        return 0;
    }

    /// Takes the first message of the error queue: the bytes of quoted payload that were copied, or
    /// `-EAGAIN`; the error goes into a control message `IPV6_RECVERR`.
    @Kernel("ipv6_recv_error")
    public static int recvError(InetSock sk, MsgHdr msg) {
        SkBuff skb = SkBuffErrors.dequeue(sk);
        if (skb == null) {
            return -Errno.EAGAIN;
        }
        try {
            int copied = (int) Math.min(skb.len, msg.iter.count());
            if (copied < skb.len) {
                msg.flags |= Msg.MSG_TRUNC;
            }
            if (SkbOps.copyToIter(skb, 0, msg.iter, copied) < copied) {
                return -Errno.EFAULT;
            }
            PutCmsg.ofError(msg, sk, skb);
            SockExterr e = skb.exterr;
            if (e != null) {
                describe(sk, skb, e, msg);
            }
            msg.flags |= Msg.MSG_ERRQUEUE;
            return copied;
        } finally {
            skb.consume();
        }
    }

    private static void describe(InetSock sk, SkBuff skb, SockExterr e, MsgHdr msg) {
        if (e.hasAddr()) {
            msg.name = new SockAddrIn6(e.port(), 0, e.hi(), e.lo(), scope(e.hi(), skb));
        }
        byte[] data = new byte[SockExtendedErr.SIZE + SockAddrIn6.SIZE];
        e.ee().encode(data, 0);
        boolean stamped =
                e.ee().origin() == SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING
                        && skb.len > 0
                        && !e.stats();
        if (e.hasOffender() || (stamped && skb.skbIif != 0)) {
            boolean v4 = Ipv4.version(skb.buf, skb.networkHeader) == 4;
            long hi = e.hasOffender() ? e.offenderHi() : v4 ? 0 : saddrHi(skb);
            long lo = e.hasOffender() ? e.offenderLo() : v4 ? saddr4(skb) : saddrLo(skb);
            new SockAddrIn6(0, 0, hi, lo, scope(hi, skb)).encode(data, SockExtendedErr.SIZE);
            if (In6Addr.isV4Mapped(hi, lo)) {
                Ipv6Cmsg.common(sk, skb, msg);
                IpSockglue.cmsgRecv(sk, skb, msg);
            } else {
                Ipv6Cmsg.recv(sk, skb, msg);
            }
        }
        PutCmsg.put(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_RECVERR, data, data.length);
    }

    private static long saddrHi(SkBuff skb) {
        return Ipv6.saddrHi(skb.buf, skb.networkHeader);
    }

    private static long saddrLo(SkBuff skb) {
        return Ipv6.saddrLo(skb.buf, skb.networkHeader);
    }

    private static long saddr4(SkBuff skb) {
        return In6Addr.mapV4(Ipv4.saddr(skb.buf, skb.networkHeader));
    }

    @Kernel("ipv6_iface_scope_id")
    private static int scope(long hi, SkBuff skb) {
        return Ipv6Scope.needsScopeId(hi) ? skb.skbIif : 0;
    }
}
