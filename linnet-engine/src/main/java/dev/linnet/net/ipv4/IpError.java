package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.SkBuffErrors;
import dev.linnet.net.core.sock.SockExterr;
import dev.linnet.net.core.sock.SockTimestamping;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Udp;

/// Errors that come for IPv4 sockets: what they mean to a datagram socket, and the error queue of
/// `IP_RECVERR` (`net/ipv4/ip_sockglue.c`).
public final class IpError {
    private static final int NR_ICMP_UNREACH = 15;

    private IpError() {}

    // ---- coming in
    // ---------------------------------------------------------------------------------

    /// An ICMP error about a datagram of a UDP, ping or raw socket (`__udp4_lib_err`, `ping_err`,
    /// `raw_err`). Soft ones are told only to those who asked for it, hard ones also to connected
    /// sockets (RFC 1122 section 4.1.3.3). The packet is as in
    /// [dev.linnet.net.core.sock.NetProtocol#err] and stays the caller's.
    @Kernel({"__udp4_lib_err", "ping_err", "raw_err"})
    public static void datagramError(
            InetSock sk, SkBuff skb, int type, int code, int info, boolean connected) {
        int errno = Errno.EHOSTUNREACH;
        boolean hard = false;
        switch (type) {
            case Icmp.SOURCE_QUENCH, Icmp.REDIRECT -> {
                return;
            }
            case Icmp.PARAMETER_PROB -> {
                errno = Errno.EPROTO;
                hard = true;
            }
            case Icmp.DEST_UNREACH -> {
                if (code == Icmp.FRAG_NEEDED) {
                    updatePmtu(sk, skb, info);
                    if (sk.pmtudisc == IpOpt.IP_PMTUDISC_DONT) {
                        return;
                    }
                    errno = Errno.EMSGSIZE;
                    hard = true;
                } else if (code <= NR_ICMP_UNREACH) {
                    errno = Icmp4.errno(code);
                    hard = Icmp4.isFatal(code);
                }
            }
            default -> {}
        }
        if (sk.recverr) {
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

    /// Learns a path MTU from a message, if the socket lets it (`ipv4_sk_update_pmtu`).
    ///
    /// @param skb `data` is at the header of the quoted packet
    @Kernel({"ipv4_sk_update_pmtu", "ip_sk_accept_pmtu"})
    public static void updatePmtu(InetSock sk, SkBuff skb, int mtu) {
        if (sk.pmtudisc != IpOpt.IP_PMTUDISC_INTERFACE && sk.pmtudisc != IpOpt.IP_PMTUDISC_OMIT) {
            PmtuExceptions.update(sk.net, Ipv4.daddr(skb.buf, skb.data), mtu);
        }
    }

    /// Queues an ICMP error with the payload that it quotes (`ip_icmp_error`). The packet stays the
    /// caller's; its `data` is at the quoted IP header, directly behind the ICMP header.
    ///
    /// @param port where the quoted packet went, 0 if it has none
    /// @param payload where the quoted payload begins, counted from `data`
    @Kernel("ip_icmp_error")
    public static void icmpError(
            InetSock sk,
            SkBuff quoted,
            int errno,
            int port,
            int type,
            int code,
            int info,
            int payload) {
        int outer = quoted.data - Icmp.HEADER_BYTES - Ipv4.HEADER_BYTES - quoted.ipOptLen;
        if (outer < 0 || payload > quoted.len) {
            return;
        }
        SkBuff skb = quoted.clone(SoftIrq.current().stripe);
        int daddr = Ipv4.daddr(skb.buf, skb.data);
        int words = Icmp.originalWords(skb.buf, skb.data - Icmp.HEADER_BYTES);
        SkbOps.trimHead(skb, payload);
        skb.networkHeader = outer;
        skb.transportHeader = skb.data;
        int extension = sk.recverrRfc4884 ? Rfc4884.find(skb, type, words * 4, payload) : 0;
        skb.exterr =
                new SockExterr(
                        new SockExtendedErr(
                                errno,
                                SockExtendedErr.SO_EE_ORIGIN_ICMP,
                                type,
                                code,
                                info,
                                extension),
                        true,
                        0,
                        In6Addr.mapV4(daddr),
                        port,
                        true,
                        0,
                        In6Addr.mapV4(Ipv4.saddr(skb.buf, outer)));
        skb.tstampNs = sk.net.clock.realNs();
        boolean unused = SkBuffErrors.queue(sk, skb);
    }

    /// Queues an error of this host's own, such as a datagram that is too large for its path
    /// (`ip_local_error`).
    ///
    /// @param info for `EMSGSIZE` the MTU
    @Kernel("ip_local_error")
    public static void localError(InetSock sk, int errno, int daddr, int port, int info) {
        if (!sk.recverr) {
            return;
        }
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, SoftIrq.current().stripe);
        SockExtendedErr ee =
                new SockExtendedErr(errno, SockExtendedErr.SO_EE_ORIGIN_LOCAL, 0, 0, info, 0);
        skb.exterr = new SockExterr(ee, true, 0, In6Addr.mapV4(daddr), port, false, 0, 0);
        boolean unused = SkBuffErrors.queue(sk, skb);
    }

    /// Forgets the queued errors, but not that zero-copy sends are finished: `IP_RECVERR` was switched
    /// off.
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
                if (!isZerocopy(skb)) {
                    queue.unlink(skb);
                    skb.drop(DropReason.QUEUE_PURGE);
                }
                skb = next;
            }
        }
    }

    private static boolean isZerocopy(SkBuff skb) {
        SockExterr e = skb.exterr;
        return e != null && e.ee().origin() == SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY;
    }

    // ---- going out
    // ---------------------------------------------------------------------------------

    /// Takes the first message of the error queue: the bytes of quoted payload that were copied, or
    /// `-EAGAIN`; the error goes into a control message `IP_RECVERR` (`ip_recv_error`).
    @Kernel("ip_recv_error")
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
            msg.name = new SockAddrIn(e.port(), (int) e.lo());
        }
        byte[] data = new byte[SockExtendedErr.SIZE + SockAddrIn.SIZE];
        e.ee().encode(data, 0);
        if (e.hasOffender()) {
            new SockAddrIn(0, (int) e.offenderLo()).encode(data, SockExtendedErr.SIZE);
            IpSockglue.cmsgRecv(sk, skb, msg);
        } else if (tellsWay(sk, skb, e)) {
            int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
            new SockAddrIn(0, saddr).encode(data, SockExtendedErr.SIZE);
            IpSockglue.cmsgRecv(sk, skb, msg);
        }
        PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_RECVERR, data, data.length);
    }

    /// True for the time of a sent packet whose control messages the user asked for
    /// (`SOF_TIMESTAMPING_OPT_CMSG`), if the packet is shown.
    @Kernel("ipv4_datagram_support_cmsg")
    private static boolean tellsWay(InetSock sk, SkBuff skb, SockExterr e) {
        return e.ee().origin() == SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING
                && (sk.tsflags & SockTimestamping.OPT_CMSG) != 0
                && skb.len > 0
                && !e.stats()
                && skb.skbIif != 0;
    }
}
