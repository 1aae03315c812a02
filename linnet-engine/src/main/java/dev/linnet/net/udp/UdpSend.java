package dev.linnet.net.udp;

import dev.linnet.hook.AddressContext;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Udp6Mib;
import dev.linnet.kernel.mib.UdpMib;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetCork;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockAddrUnspec;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Udp;
import org.jspecify.annotations.Nullable;

/// Sending UDP datagrams (`udp_sendmsg`, `udpv6_sendmsg`).
final class UdpSend {
    private static final int MAX_PAYLOAD = 65535 - Udp.HEADER_BYTES;
    private static final int UDP_MAX_SEGMENTS = 128;

    private UdpSend() {}

    /// Sends one datagram, or adds to the one that is being put together: the bytes taken,
    /// `-EMSGSIZE`, `-EOPNOTSUPP` for out-of-band data, and what [InetDatagramSend] says.
    @Kernel({"udp_sendmsg", "udpv6_sendmsg"})
    @HotPath
    static int sendmsg(UdpSock sk, MsgHdr msg) {
        long count = msg.iter.count();
        boolean v4 = isIpv4(sk, msg.name);
        if (v4) {
            if (sk.family == Af.AF_INET6 && sk.ipv6only) {
                return -Errno.ENETUNREACH;
            }
            if (count > 0xFFFF) {
                return -Errno.EMSGSIZE;
            }
            if ((msg.flags & Msg.MSG_OOB) != 0) {
                return -Errno.EOPNOTSUPP; // IPv6 knows no urgent datagrams and does not say so
            }
        }
        if (msg.name instanceof SockAddrUnspec unspec && sk.family == Af.AF_INET6) {
            if (unspec.family() != Af.AF_UNSPEC) {
                return -Errno.EINVAL;
            }
            msg.name = null; // as if there were none
        }
        if (msg.name != null && CgroupBpf.enabled(sk)) {
            int refused = redirect(sk, msg, msg.name);
            if (refused != 0) {
                return refused;
            }
        }
        boolean more = sk.corked || (msg.flags & Msg.MSG_MORE) != 0;
        if (more || sk.cork != null) {
            return UdpCorking.sendmsg(sk, msg, v4, more);
        }
        if (msg.name != null && portOf(msg) == 0) {
            return -Errno.EINVAL;
        }
        InetDatagramSend send = InetDatagramSend.scratch();
        int err = send.prepare(sk, msg);
        if (err != 0) {
            return err;
        }
        err = refused(sk, msg, send);
        if (err != 0 || (msg.flags & Msg.MSG_PROBE) != 0) {
            return err != 0 ? err : (int) count;
        }
        SkBuff skb = send.packet(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        err = sendSkb(sk, skb, send, send.peer.port);
        return err < 0 ? err : (int) count;
    }

    /// The datagram is IPv4, whatever the socket is: `udp_sendmsg`.
    @HotPath
    private static boolean isIpv4(UdpSock sk, @Nullable SockAddr to) {
        if (sk.family == Af.AF_INET || to instanceof SockAddrIn) {
            return true;
        }
        InetCork cork = sk.cork;
        if (cork != null && cork.isIpv4()) {
            return true;
        }
        if (to instanceof SockAddrIn6 in6) {
            boolean self = In6Addr.isUnspecified(in6.hi(), in6.lo());
            return self
                    ? In6Addr.isV4Mapped(sk.saddrHi, sk.saddrLo)
                    : In6Addr.isV4Mapped(in6.hi(), in6.lo());
        }
        return cork == null
                && sk.state == TcpState.TCP_ESTABLISHED
                && In6Addr.isV4Mapped(sk.daddrHi, sk.daddrLo);
    }

    /// Lets programs put another destination in the place of the one that the user named.
    private static int redirect(UdpSock sk, MsgHdr msg, SockAddr to) {
        AddressContext context = new AddressContext(to);
        int err = CgroupBpf.sendmsg(sk, context);
        msg.name = context.address();
        return err;
    }

    /// What is cut into segments is looked at when it is.
    private static int refused(UdpSock sk, MsgHdr msg, InetDatagramSend send) {
        boolean segmented = (send.ipc.gsoSize | sk.gsoSize) != 0;
        return segmented ? 0 : send.tooLong(sk, msg.iter.count() + Udp.HEADER_BYTES);
    }

    static int portOf(MsgHdr msg) {
        return switch (msg.name) {
            case SockAddrIn in -> in.port();
            case SockAddrIn6 in6 -> in6.port();
            case SockAddrUnspec unspec -> unspec.inetPort();
            case null, default -> -1; // refused later, with its own errno
        };
    }

    /// Puts the header in front and sends (`udp_send_skb`); takes ownership.
    @Kernel({"udp_send_skb", "udp_v6_send_skb"})
    @HotPath
    static int sendSkb(UdpSock sk, SkBuff skb, InetDatagramSend send, int dport) {
        int payload = skb.len;
        DstEntry dst = send.dst;
        assert dst != null;
        boolean v4 = send.ipv4();
        if (v4 && payload > MAX_PAYLOAD - 20) { // IPv6 itself refuses what is too long
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        int header = skb.push(Udp.HEADER_BYTES);
        skb.transportHeader = header;
        Udp.put(skb.buf, header, sk.sport, dport, skb.len);
        int bad = segmentation(sk, skb, send, payload, dst);
        if (bad != 0) {
            skb.drop(DropReason.PKT_TOO_BIG);
            return bad;
        }
        checksum(sk, skb, send, dst);
        int err = send.send(sk, skb, IpProto.IPPROTO_UDP);
        count(sk, v4, err);
        return err;
    }

    /// `UDP_SEGMENT`: the packet is many datagrams of one size.
    private static int segmentation(
            UdpSock sk, SkBuff skb, InetDatagramSend send, int payload, DstEntry dst) {
        int gso = send.ipc.gsoSize != 0 ? send.ipc.gsoSize : sk.gsoSize;
        if (gso == 0 || payload <= gso) {
            return 0;
        }
        int headers = Udp.HEADER_BYTES + (send.ipv4() ? 20 : 40);
        if (headers + gso > dst.mtu()) {
            return -Errno.EINVAL;
        }
        if (payload > gso * UDP_MAX_SEGMENTS) {
            return -Errno.EINVAL;
        }
        skb.gsoSize = gso;
        skb.gsoType = SkBuff.GSO_UDP_L4;
        skb.gsoSegs = (payload + gso - 1) / gso;
        return 0;
    }

    /// Partial where the device or nobody completes it; whole where the packet will be fragmented.
    @HotPath
    private static void checksum(UdpSock sk, SkBuff skb, InetDatagramSend send, DstEntry dst) {
        boolean v4 = send.ipv4();
        if (v4 ? sk.noCheckTx : sk.noCheck6Tx) {
            skb.ipSummed = SkBuff.CHECKSUM_NONE;
            return;
        }
        int pseudo =
                v4
                        ? Checksum.pseudoV4(
                                (int) send.fl.saddrLo,
                                (int) send.fl.daddrLo,
                                skb.len,
                                IpProto.IPPROTO_UDP,
                                0)
                        : Checksum.pseudoV6(
                                send.fl.saddrHi,
                                send.fl.saddrLo,
                                send.fl.daddrHi,
                                send.fl.daddrLo,
                                skb.len,
                                IpProto.IPPROTO_UDP,
                                0);
        boolean fragmented = skb.gsoSize == 0 && skb.len + (v4 ? 20 : 40) > dst.mtu();
        int at = skb.transportHeader;
        if (fragmented) {
            int sum = Checksum.fold(SkbOps.checksum(skb, 0, skb.len, pseudo));
            Udp.check(skb.buf, at, sum == 0 ? Checksum.MANGLED_0 : sum);
            skb.ipSummed = SkBuff.CHECKSUM_NONE;
        } else {
            Udp.check(skb.buf, at, Checksum.fold16(pseudo));
            skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
            skb.csumStart = at;
            skb.csumOffset = Udp.CHECK;
        }
    }

    private static void count(Sock sk, boolean v4, int err) {
        boolean noBuffers = err == -Errno.ENOBUFS;
        if (v4) {
            sk.net.mib.inc(noBuffers ? UdpMib.SNDBUFERRORS : UdpMib.OUTDATAGRAMS);
        } else {
            sk.net.mib.inc(noBuffers ? Udp6Mib.SNDBUFERRORS : Udp6Mib.OUTDATAGRAMS);
        }
    }
}
