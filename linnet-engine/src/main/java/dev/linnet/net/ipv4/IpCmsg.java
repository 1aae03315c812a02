package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.SockCmsg;
import dev.linnet.net.core.sock.SockExterr;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UdpOpt;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import java.util.Arrays;

/// Control messages of level `SOL_IP` (`ip_cmsg_send`, `ip_cmsg_recv`).
final class IpCmsg {
    /// What the user wants to hear of received packets, the bits of `InetSock.cmsgFlags`
    /// (`IP_CMSG_*`).
    static final int PKTINFO = 1;

    static final int TTL = 1 << 1;
    static final int TOS = 1 << 2;
    static final int RECVOPTS = 1 << 3;
    static final int RETOPTS = 1 << 4;
    static final int PASSSEC = 1 << 5;
    static final int ORIGDSTADDR = 1 << 6;
    static final int CHECKSUM = 1 << 7;
    static final int RECVFRAGSIZE = 1 << 8;

    /// Bytes of `struct in_pktinfo` and `struct in6_pktinfo`.
    private static final int IN_PKTINFO = 12;

    private static final int IN6_PKTINFO = 20;

    private static final int MAX_OPTIONS = 40;

    /// What IPv4's options take for the address of a connection over IPv6: 127.0.0.6.
    private static final int LOOPBACK4_IPV6 = 0x7f000006;

    /// Bytes of the two ports that most transports begin with.
    private static final int PORTS = 4;

    private IpCmsg() {}

    // ---- sending
    // ---------------------------------------------------------------------------------

    @Kernel("ip_cmsg_send")
    static int send(InetSock sk, MsgHdr msg, IpcmCookie ipc) {
        byte[] control = msg.control;
        if (control == null) {
            return 0;
        }
        int end = msg.controlLen;
        for (int at = end < CmsgHdr.SIZE ? -1 : 0; at >= 0; at = CmsgHdr.next(control, at, end)) {
            if (!CmsgHdr.ok(control, at, end)) {
                return -Errno.EINVAL;
            }
            int err = sendOne(sk, control, at, ipc);
            if (err != 0) {
                return err;
            }
        }
        return 0;
    }

    private static int sendOne(InetSock sk, byte[] control, int at, IpcmCookie ipc) {
        return switch (CmsgHdr.level(control, at)) {
            case Sol.SOL_SOCKET -> SockCmsg.send(sk, control, at, ipc);
            case Sol.SOL_IP -> sendIp(sk, control, at, ipc);
            case Sol.SOL_IPV6 -> sk.family == Af.AF_INET6 ? sendMapped(control, at, ipc) : 0;
            case Sol.SOL_UDP ->
                    sk.protocol == IpProto.IPPROTO_UDP ? sendSegment(control, at, ipc) : 0;
            default -> 0;
        };
    }

    private static int sendIp(InetSock sk, byte[] control, int at, IpcmCookie ipc) {
        int data = at + CmsgHdr.SIZE;
        int len = CmsgHdr.dataLen(control, at);
        switch (CmsgHdr.type(control, at)) {
            case IpOpt.IP_RETOPTS -> {
                byte[] raw = Arrays.copyOfRange(control, data, data + Math.min(len, MAX_OPTIONS));
                int[] err = new int[1];
                ipc.options = IpOptions.parseUser(sk.net, raw, sk.uid == 0, err);
                return err[0];
            }
            case IpOpt.IP_PKTINFO -> {
                if (len != IN_PKTINFO) {
                    return -Errno.EINVAL;
                }
                int ifindex = Abi.getInt(control, data);
                if (ifindex != 0) {
                    ipc.oif = ifindex;
                }
                setSource(ipc, Bytes.u32(control, data + 4));
            }
            case IpOpt.IP_TTL -> {
                int ttl = len == 4 ? Abi.getInt(control, data) : 0;
                if (ttl < 1 || ttl > 255) {
                    return -Errno.EINVAL;
                }
                ipc.ttl = ttl;
            }
            case IpOpt.IP_TOS -> {
                int tos = len == 4 ? Abi.getInt(control, data) : -1;
                if (len == 1) {
                    tos = Bytes.u8(control, data);
                }
                if (tos < 0 || tos > 255) {
                    return -Errno.EINVAL;
                }
                ipc.tos = tos;
                ipc.priority = IpForward.priority(tos);
            }
            case IpOpt.IP_PROTOCOL -> {
                int protocol = len == 4 ? Abi.getInt(control, data) : 0;
                if (protocol < 1 || protocol > 255) {
                    return -Errno.EINVAL;
                }
                ipc.protocol = protocol;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private static void setSource(IpcmCookie ipc, int saddr) {
        ipc.saddrHi = 0;
        ipc.saddrLo = saddr == 0 ? 0 : In6Addr.mapV4(saddr);
    }

    /// An IPv6 socket that sends to a mapped address may name its source as a mapped one.
    private static int sendMapped(byte[] control, int at, IpcmCookie ipc) {
        if (CmsgHdr.type(control, at) != Ipv6Opt.IPV6_PKTINFO) {
            return 0;
        }
        int data = at + CmsgHdr.SIZE;
        boolean mapped =
                CmsgHdr.dataLen(control, at) >= IN6_PKTINFO
                        && In6Addr.isV4Mapped(
                                Bytes.u64(control, data), Bytes.u64(control, data + 8));
        if (!mapped) {
            return -Errno.EINVAL;
        }
        int ifindex = Abi.getInt(control, data + 16);
        if (ifindex != 0) {
            ipc.oif = ifindex;
        }
        setSource(ipc, Bytes.u32(control, data + 12));
        return 0;
    }

    @Kernel({"udp_cmsg_send", "__udp_cmsg_send"})
    private static int sendSegment(byte[] control, int at, IpcmCookie ipc) {
        boolean ok =
                CmsgHdr.type(control, at) == UdpOpt.UDP_SEGMENT
                        && CmsgHdr.dataLen(control, at) == 2;
        if (!ok) {
            return -Errno.EINVAL;
        }
        ipc.gsoSize = Abi.getShort(control, at + CmsgHdr.SIZE) & 0xFFFF;
        return 0;
    }

    // ---- receiving
    // ---------------------------------------------------------------------------------

    @Kernel("ip_cmsg_recv_offset")
    static void recv(InetSock sk, SkBuff skb, MsgHdr msg) {
        int flags = sk.cmsgFlags;
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        if ((flags & PKTINFO) != 0) {
            pktinfo(sk, skb, msg);
        }
        if ((flags & TTL) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IP, IpOpt.IP_TTL, Ipv4.ttl(b, nh));
        }
        if ((flags & TOS) != 0) {
            PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_TOS, new byte[] {(byte) Ipv4.tos(b, nh)}, 1);
        }
        int optLen = Ipv4.headerBytes(b, nh) - Ipv4.HEADER_BYTES;
        if ((flags & RECVOPTS) != 0 && optLen > 0) {
            int start = nh + Ipv4.HEADER_BYTES;
            byte[] options = Arrays.copyOfRange(b, start, start + optLen);
            PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_RECVOPTS, options, optLen);
        }
        if ((flags & RETOPTS) != 0 && optLen > 0) {
            byte[] options = IpOptions.echo(skb);
            byte[] back = options == null ? new byte[0] : options;
            PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_RETOPTS, back, back.length);
        }
        if ((flags & ORIGDSTADDR) != 0) {
            originalDestination(skb, msg);
        }
        if ((flags & CHECKSUM) != 0 && skb.ipSummed == SkBuff.CHECKSUM_COMPLETE) {
            checksum(skb, msg);
        }
        if ((flags & RECVFRAGSIZE) != 0 && skb.fragMaxSize != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IP, IpOpt.IP_RECVFRAGSIZE, skb.fragMaxSize);
        }
    }

    @Kernel("ip_cmsg_recv_pktinfo")
    private static void pktinfo(InetSock sk, SkBuff skb, MsgHdr msg) {
        int daddr = Ipv4.daddr(skb.buf, skb.networkHeader);
        byte[] info = new byte[IN_PKTINFO];
        Abi.putInt(info, 0, skb.skbIif);
        Bytes.u32(info, 4, localAddress(sk, skb, daddr));
        Bytes.u32(info, 8, daddr);
        PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_PKTINFO, info, IN_PKTINFO);
    }

    /// The address of this host that the packet concerns; that of a sent one is its source. Nobody has
    /// noted it for ping sockets and for errors.
    private static int localAddress(InetSock sk, SkBuff skb, int daddr) {
        SockExterr e = skb.exterr;
        if (e != null) {
            boolean sent = e.ee().origin() == SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING;
            return sent && sk.family == Af.AF_INET ? Ipv4.saddr(skb.buf, skb.networkHeader) : 0;
        }
        boolean ping = sk.protocol == IpProto.IPPROTO_ICMP && sk.type == SocketType.SOCK_DGRAM;
        return ping ? 0 : specDst(sk.net, skb, daddr);
    }

    /// As [FibFrontend#computeSpecDst], for a packet that has given up its route in a queue.
    private static int specDst(NetNamespace net, SkBuff skb, int daddr) {
        if (InetAddrType.of(net, daddr, 0) == Rtn.LOCAL) {
            return daddr;
        }
        NetDevice dev = net.devices.byIndex(skb.skbIif);
        int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
        return dev == null ? 0 : Devinet.selectAddr(dev, saddr, Devinet.SCOPE_LINK);
    }

    /// The sum of the packet's words, in this host's order, that is known because a checksum was
    /// verified by it.
    @Kernel("ip_cmsg_recv_checksum")
    private static void checksum(SkBuff skb, MsgHdr msg) {
        byte[] raw = new byte[skb.len + 3 & ~3];
        SkbOps.copyBits(skb, 0, raw, 0, skb.len);
        long sum = 0;
        for (int at = 0; at < raw.length; at += 4) {
            sum += Integer.toUnsignedLong(Abi.getInt(raw, at));
        }
        sum = (sum >>> 32) + (sum & 0xFFFF_FFFFL);
        PutCmsg.putInt(msg, Sol.SOL_IP, IpOpt.IP_CHECKSUM, (int) ((sum >>> 32) + sum));
    }

    @Kernel("ip_cmsg_recv_dstaddr")
    private static void originalDestination(SkBuff skb, MsgHdr msg) {
        int at = skb.transportHeader - skb.data;
        if (at < 0 ? skb.transportHeader + PORTS > skb.buf.length : at + PORTS > skb.len) {
            return;
        }
        byte[] ports = new byte[PORTS];
        if (at < 0) {
            System.arraycopy(skb.buf, skb.transportHeader, ports, 0, PORTS);
        } else {
            SkbOps.copyBits(skb, at, ports, 0, PORTS);
        }
        int port = Bytes.u16(ports, 2);
        byte[] addr = new byte[SockAddrIn.SIZE];
        new SockAddrIn(port, Ipv4.daddr(skb.buf, skb.networkHeader)).encode(addr, 0);
        PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_ORIGDSTADDR, addr, addr.length);
    }

    /// What `getsockopt(IP_PKTOPTIONS)` says of a stream: control messages that hold for all of it.
    ///
    /// @return the bytes of `value` that are filled
    static int ofStream(InetSock sk, byte[] value) {
        MsgHdr msg = new MsgHdr();
        msg.control = value;
        int flags = sk.cmsgFlags;
        if ((flags & PKTINFO) != 0) {
            byte[] info = new byte[IN_PKTINFO];
            Abi.putInt(info, 0, sk.mcIndex);
            boolean v4 =
                    In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo)
                            || In6Addr.isUnspecified(sk.rcvSaddrHi, sk.rcvSaddrLo);
            int addr = v4 ? (int) sk.rcvSaddrLo : LOOPBACK4_IPV6;
            Bytes.u32(info, 4, addr);
            Bytes.u32(info, 8, addr);
            PutCmsg.put(msg, Sol.SOL_IP, IpOpt.IP_PKTINFO, info, IN_PKTINFO);
        }
        if ((flags & TTL) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IP, IpOpt.IP_TTL, sk.mcTtl);
        }
        if ((flags & TOS) != 0) {
            PutCmsg.putInt(msg, Sol.SOL_IP, IpOpt.IP_TOS, sk.rcvTos);
        }
        return msg.controlLen;
    }
}
