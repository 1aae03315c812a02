package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the socket layer and the transports need of IPv6: the options of level `SOL_IPV6` and their
/// control messages (`net/ipv6/ipv6_sockglue.c`).
public final class Ipv6Sockglue {
    private static final int PKTINFO_BYTES = 20;
    private static final int MTUINFO_BYTES = SockAddrIn6.SIZE + 4;

    /// Longest extension header that may be set.
    private static final int MAX_HEADER_BYTES = 8 * 255;

    private static final int MAX_PKTOPTIONS = 64 * 1024;

    private Ipv6Sockglue() {}

    // ---- setting
    // -----------------------------------------------------------------------------------

    /// Sets an option from a C structure's bytes: 0, `-ENOPROTOOPT` for an unknown one, `-EINVAL`
    /// and what else Linux says. Takes the sock's lock.
    @Kernel({"ipv6_setsockopt", "do_ipv6_setsockopt"})
    public static int setsockopt(InetSock sk, int name, byte[] value) {
        sk.lock.lock();
        try {
            Ipv6Sockopt.Row row = Ipv6Sockopt.row(name);
            int number = value.length >= 4 ? Abi.getInt(value, 0) : 0;
            return row != null
                    ? row.set().set(sk, number, value.length)
                    : setStructure(sk, name, value, number);
        } finally {
            sk.lock.unlock();
        }
    }

    private static int setStructure(InetSock sk, int name, byte[] value, int number) {
        return switch (name) {
            case Ipv6Opt.IPV6_ADDRFORM -> setAddrform(sk, value, number);
            case Ipv6Opt.IPV6_PKTINFO -> setPktinfo(sk, value);
            case Ipv6Opt.IPV6_HOPOPTS,
                    Ipv6Opt.IPV6_RTHDRDSTOPTS,
                    Ipv6Opt.IPV6_RTHDR,
                    Ipv6Opt.IPV6_DSTOPTS ->
                    setHeader(sk, name, value);
            case Ipv6Opt.IPV6_2292PKTOPTIONS -> setPktoptions(sk, value);
            case Ipv6Opt.IPV6_ROUTER_ALERT ->
                    value.length < 4 ? -Errno.EINVAL : setRouterAlert(sk, number);
            case Ipv6Opt.IPV6_JOIN_ANYCAST, Ipv6Opt.IPV6_LEAVE_ANYCAST ->
                    anycast(sk, name == Ipv6Opt.IPV6_JOIN_ANYCAST, value);
            case Ipv6Opt.IPV6_FLOWLABEL_MGR -> Ip6FlowLabel.set(sk, value);
            case Ipv6Opt.IPV6_IPSEC_POLICY, Ipv6Opt.IPV6_XFRM_POLICY ->
                    sk.uid == 0 ? -Errno.ENOPROTOOPT : -Errno.EPERM;
            default -> Ipv6McSockopt.set(sk, name, value);
        };
    }

    /// Makes an IPv4 socket of one that is connected to a mapped address.
    private static int setAddrform(InetSock sk, byte[] value, int family) {
        if (value.length < 4 || family != Af.AF_INET) {
            return -Errno.EINVAL;
        }
        boolean known =
                sk.protocol == IpProto.IPPROTO_TCP
                        || sk.protocol == IpProto.IPPROTO_UDP
                        || sk.protocol == IpProto.IPPROTO_UDPLITE;
        if (sk.type == SocketType.SOCK_RAW || !known) {
            return -Errno.ENOPROTOOPT;
        }
        if (sk.state != TcpState.TCP_ESTABLISHED) {
            return -Errno.ENOTCONN;
        }
        if (sk.ipv6only || !In6Addr.isV4Mapped(sk.daddrHi, sk.daddrLo)) {
            return -Errno.EADDRNOTAVAIL;
        }
        Ip6Multicast.dropSocket(sk);
        Ip6Anycast.dropSocket(sk);
        Ipv6Pinfo.make(sk).opt = null;
        sk.family = Af.AF_INET;
        if (sk instanceof InetConnectionSock icsk) {
            icsk.afOps = icsk.afOps.asIpv4();
            icsk.pmtuCookie = 0; // the MSS is computed anew
        }
        return 0;
    }

    private static int setRouterAlert(InetSock sk, int value) {
        int err = Ip6RaChain.control(sk, value);
        if (err == 0) {
            Ipv6Pinfo.make(sk).rtalert = value != 0;
        }
        return err;
    }

    private static int anycast(InetSock sk, boolean join, byte[] mreq) {
        if (mreq.length < PKTINFO_BYTES) {
            return -Errno.EINVAL;
        }
        long hi = Bytes.u64(mreq, 0);
        long lo = Bytes.u64(mreq, 8);
        int ifindex = Abi.getInt(mreq, 16);
        return join ? Ip6Anycast.join(sk, ifindex, hi, lo) : Ip6Anycast.drop(sk, ifindex, hi, lo);
    }

    private static int setPktinfo(InetSock sk, byte[] value) {
        if (value.length < PKTINFO_BYTES) {
            return -Errno.EINVAL;
        }
        int ifindex = Abi.getInt(value, 16);
        if (sk.boundDevIf != 0 && ifindex != 0 && ifindex != sk.boundDevIf) {
            return -Errno.EINVAL;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        pinfo.stickyHi = Bytes.u64(value, 0);
        pinfo.stickyLo = Bytes.u64(value, 8);
        pinfo.stickyIfindex = ifindex;
        sk.pktinfoIfindex = ifindex;
        return 0;
    }

    @Kernel("ipv6_set_opt_hdr")
    private static int setHeader(InetSock sk, int name, byte[] value) {
        if (name != Ipv6Opt.IPV6_RTHDR && sk.uid != 0) {
            return -Errno.EPERM;
        }
        int len = value.length;
        if (len != 0 && (len < 2 || (len & 7) != 0 || len > MAX_HEADER_BYTES)) {
            return -Errno.EINVAL;
        }
        byte[] header = len == 0 ? null : header(value);
        if (len != 0 && header == null) {
            return -Errno.EINVAL;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        Ipv6TxOptions old = pinfo.opt == null ? Ipv6TxOptions.NONE : pinfo.opt;
        switch (name) {
            case Ipv6Opt.IPV6_HOPOPTS -> update(sk, pinfo, old.withHopopt(header));
            case Ipv6Opt.IPV6_RTHDRDSTOPTS -> update(sk, pinfo, old.withDst0opt(header));
            case Ipv6Opt.IPV6_DSTOPTS -> update(sk, pinfo, old.withDst1opt(header));
            default -> {
                return header == null ? 0 : -Errno.EINVAL; // no type of routing header is sent
            }
        }
        return 0;
    }

    /// As much of the value as the header says that it has, or null if it is less.
    private static byte @Nullable [] header(byte[] value) {
        int bytes = (Bytes.u8(value, 1) + 1) << 3;
        return bytes > value.length ? null : Arrays.copyOf(value, bytes);
    }

    /// A connection's segments become shorter by what its headers take.
    @Kernel("ipv6_update_options")
    private static void update(InetSock sk, Ipv6Pinfo pinfo, Ipv6TxOptions opt) {
        pinfo.opt = opt.isEmpty() ? null : opt;
        boolean connected = sk.state != TcpState.TCP_CLOSE && sk.state != TcpState.TCP_LISTEN;
        if (connected
                && sk instanceof InetConnectionSock icsk
                && !In6Addr.isV4Mapped(sk.daddrHi, sk.daddrLo)) {
            icsk.extHdrLen = opt.bytes();
            icsk.pmtuCookie = 0; // the MSS is computed anew
        }
        sk.dst = null;
    }

    /// All extension headers at once, as control messages (RFC 2292).
    private static int setPktoptions(InetSock sk, byte[] value) {
        if (value.length > MAX_PKTOPTIONS) {
            return -Errno.EINVAL;
        }
        MsgHdr msg = new MsgHdr();
        msg.control = value;
        msg.controlLen = value.length;
        IpcmCookie ipc = new IpcmCookie().init(sk);
        int err = value.length == 0 ? 0 : Ipv6CmsgSend.send(sk, msg, ipc);
        if (err == 0) {
            Object opt = ipc.opt6;
            update(sk, Ipv6Pinfo.make(sk), opt == null ? Ipv6TxOptions.NONE : (Ipv6TxOptions) opt);
        }
        return err;
    }

    /// True if a socket may send with a flow label: nobody holds labels for himself, or it holds this
    /// one.
    @HotPath
    public static boolean mayUseLabel(InetSock sk, int label) {
        return Ip6FlowLabel.allows(sk, label & Ipv6.FLOW_LABEL_MASK);
    }

    /// The socket is closed: it gives up its groups, anycast addresses, labels and router alerts.
    public static void dropSocket(InetSock sk) {
        Ip6Multicast.dropSocket(sk);
        Ip6Anycast.dropSocket(sk);
        Ip6FlowLabel.dropSocket(sk);
        Ip6RaChain.drop(sk);
    }

    // ---- getting
    // -----------------------------------------------------------------------------------

    /// Gets an option: the bytes of `value` that are valid, or `-errno`. Takes the sock's lock.
    @Kernel({"ipv6_getsockopt", "do_ipv6_getsockopt"})
    public static int getsockopt(InetSock sk, int name, byte[] value) {
        sk.lock.lock();
        try {
            Ipv6Sockopt.Row row = Ipv6Sockopt.row(name);
            if (row == null) {
                return getStructure(sk, name, value);
            }
            int number = row.get().applyAsInt(sk);
            return number == Ipv6Sockopt.NOT_CONNECTED && name == Ipv6Opt.IPV6_MTU
                    ? number
                    : getNumber(number, value);
        } finally {
            sk.lock.unlock();
        }
    }

    private static int getNumber(int number, byte[] value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, number);
        int len = Math.min(value.length, 4);
        System.arraycopy(raw, 0, value, 0, len);
        return len;
    }

    private static int getStructure(InetSock sk, int name, byte[] value) {
        Ipv6TxOptions opt = Ipv6Pinfo.txOptions(sk);
        return switch (name) {
            case Ipv6Opt.IPV6_ADDRFORM -> getAddrform(sk, value);
            case Ipv6Opt.IPV6_HOPOPTS -> getHeader(opt == null ? null : opt.hopopt(), value);
            case Ipv6Opt.IPV6_RTHDRDSTOPTS -> getHeader(opt == null ? null : opt.dst0opt(), value);
            case Ipv6Opt.IPV6_DSTOPTS -> getHeader(opt == null ? null : opt.dst1opt(), value);
            case Ipv6Opt.IPV6_RTHDR -> 0;
            case Ipv6Opt.IPV6_PATHMTU -> getPathmtu(sk, value);
            case Ipv6Opt.IPV6_2292PKTOPTIONS ->
                    sk.type == SocketType.SOCK_STREAM ? ofStream(sk, value) : -Errno.ENOPROTOOPT;
            case Ipv6Opt.IPV6_ROUTER_ALERT -> {
                Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
                yield getNumber(pinfo != null && pinfo.rtalert ? 1 : 0, value);
            }
            case Ipv6Opt.IPV6_FLOWLABEL_MGR -> Ip6FlowLabel.getOption(sk, value);
            default -> Ipv6McSockopt.get(sk, name, value);
        };
    }

    private static int getAddrform(InetSock sk, byte[] value) {
        boolean known =
                sk.protocol == IpProto.IPPROTO_TCP
                        || sk.protocol == IpProto.IPPROTO_UDP
                        || sk.protocol == IpProto.IPPROTO_UDPLITE;
        if (!known) {
            return -Errno.ENOPROTOOPT;
        }
        return sk.state == TcpState.TCP_ESTABLISHED ? getNumber(sk.family, value) : -Errno.ENOTCONN;
    }

    @Kernel("ipv6_getsockopt_sticky")
    private static int getHeader(byte @Nullable [] header, byte[] value) {
        if (header == null) {
            return 0;
        }
        int len = Math.min(header.length, value.length);
        System.arraycopy(header, 0, value, 0, len);
        return len;
    }

    private static int getPathmtu(InetSock sk, byte[] value) {
        if (value.length < MTUINFO_BYTES) {
            return -Errno.EINVAL;
        }
        if (sk.dst == null) {
            return -Errno.ENOTCONN;
        }
        Arrays.fill(value, 0, MTUINFO_BYTES, (byte) 0);
        Abi.putInt(value, SockAddrIn6.SIZE, sk.dst.mtu());
        return MTUINFO_BYTES;
    }

    /// What `getsockopt(IPV6_2292PKTOPTIONS)` says of a stream: control messages that hold for all of
    /// it.
    private static int ofStream(InetSock sk, byte[] value) {
        MsgHdr msg = new MsgHdr();
        msg.control = value;
        int want = sk.rxopt6;
        if ((want & Ipv6Cmsg.RXINFO) != 0) {
            streamPktinfo(sk, msg, Ipv6Opt.IPV6_PKTINFO);
        }
        if ((want & Ipv6Cmsg.RXHLIM) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_HOPLIMIT, sk.mcastHops);
        }
        if ((want & Ipv6Cmsg.RXTCLASS) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_TCLASS, sk.rcvFlowinfo >>> 20);
        }
        if ((want & Ipv6Cmsg.RXOINFO) != 0) {
            streamPktinfo(sk, msg, Ipv6Opt.IPV6_2292PKTINFO);
        }
        if ((want & Ipv6Cmsg.RXOHLIM) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_2292HOPLIMIT, sk.mcastHops);
        }
        if ((want & Ipv6Cmsg.RXFLOW) != 0) {
            byte[] flowinfo = new byte[4];
            Bytes.u32(flowinfo, 0, sk.rcvFlowinfo);
            PutCmsg.put(msg, Sol.SOL_IPV6, Ipv6Opt.IPV6_FLOWINFO, flowinfo, 4);
        }
        return msg.controlLen;
    }

    private static void streamPktinfo(InetSock sk, MsgHdr msg, int type) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        byte[] data = new byte[PKTINFO_BYTES];
        boolean overIf = sk.mcIndex6 != 0;
        Bytes.u64(data, 0, overIf ? sk.daddrHi : pinfo == null ? 0 : pinfo.stickyHi);
        Bytes.u64(data, 8, overIf ? sk.daddrLo : pinfo == null ? 0 : pinfo.stickyLo);
        Abi.putInt(data, 16, overIf ? sk.mcIndex6 : pinfo == null ? 0 : pinfo.stickyIfindex);
        PutCmsg.put(msg, Sol.SOL_IPV6, type, data, data.length);
    }

    // ---- control messages
    // --------------------------------------------------------------------------

    /// Takes the control messages of a `sendmsg` into account, those of `SOL_SOCKET` and UDP's too: 0,
    /// or `-EINVAL` for an unknown or malformed one, `-ENODEV`, `-EPERM`.
    @Kernel({"ip6_datagram_send_ctl", "udp_cmsg_send"})
    public static int cmsgSend(InetSock sk, MsgHdr msg, IpcmCookie ipc) {
        return Ipv6CmsgSend.send(sk, msg, ipc);
    }

    /// Adds the control messages that the user asked for about a packet received on an `AF_INET6`
    /// socket, IPv6 or mapped IPv4, whose `networkHeader` and `transportHeader` are set.
    @Kernel({"ip6_datagram_recv_ctl", "ip6_datagram_recv_common_ctl"})
    public static void cmsgRecv(InetSock sk, SkBuff skb, MsgHdr msg) {
        if (Ipv4.version(skb.buf, skb.networkHeader) == 4) {
            Ipv6Cmsg.common(sk, skb, msg);
            IpSockglue.cmsgRecv(sk, skb, msg);
        } else {
            Ipv6Cmsg.recv(sk, skb, msg);
        }
    }
}
