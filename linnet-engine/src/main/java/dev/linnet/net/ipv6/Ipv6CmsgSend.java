package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.SockCmsg;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UdpOpt;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import java.util.Arrays;

/// Control messages that come with a datagram to send (`ip6_datagram_send_ctl`).
final class Ipv6CmsgSend {
    private static final int PKTINFO_BYTES = 20;

    private Ipv6CmsgSend() {}

    @Kernel("ip6_datagram_send_ctl")
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
            int err =
                    switch (CmsgHdr.level(control, at)) {
                        case Sol.SOL_SOCKET -> SockCmsg.send(sk, control, at, ipc);
                        case Sol.SOL_IPV6 -> one(sk, control, at, ipc);
                        case Sol.SOL_UDP -> segment(sk, control, at, ipc);
                        default -> 0;
                    };
            if (err != 0) {
                return err;
            }
        }
        return 0;
    }

    @Kernel("__udp_cmsg_send")
    private static int segment(InetSock sk, byte[] control, int at, IpcmCookie ipc) {
        if (sk.protocol != IpProto.IPPROTO_UDP) {
            return 0;
        }
        if (CmsgHdr.type(control, at) != UdpOpt.UDP_SEGMENT || CmsgHdr.dataLen(control, at) != 2) {
            return -Errno.EINVAL;
        }
        ipc.gsoSize = Abi.getShort(control, at + CmsgHdr.SIZE) & 0xFFFF;
        return 0;
    }

    private static int one(InetSock sk, byte[] control, int at, IpcmCookie ipc) {
        int data = at + CmsgHdr.SIZE;
        int len = CmsgHdr.dataLen(control, at);
        return switch (CmsgHdr.type(control, at)) {
            case Ipv6Opt.IPV6_PKTINFO, Ipv6Opt.IPV6_2292PKTINFO ->
                    len < PKTINFO_BYTES ? -Errno.EINVAL : pktinfo(sk, control, data, ipc);
            case Ipv6Opt.IPV6_FLOWINFO -> flowinfo(control, data, len, ipc);
            case Ipv6Opt.IPV6_HOPOPTS,
                    Ipv6Opt.IPV6_2292HOPOPTS,
                    Ipv6Opt.IPV6_DSTOPTS,
                    Ipv6Opt.IPV6_2292DSTOPTS,
                    Ipv6Opt.IPV6_RTHDRDSTOPTS ->
                    header(sk, control, data, len, ipc, CmsgHdr.type(control, at));
            case Ipv6Opt.IPV6_HOPLIMIT, Ipv6Opt.IPV6_2292HOPLIMIT -> {
                int hops = number(control, data, len, -1, 255);
                ipc.ttl = hops;
                yield hops < -1 ? hops : 0;
            }
            case Ipv6Opt.IPV6_TCLASS -> {
                int tclass = number(control, data, len, -1, 255);
                ipc.tos = tclass;
                yield tclass < -1 ? tclass : 0;
            }
            case Ipv6Opt.IPV6_DONTFRAG -> {
                int dontfrag = number(control, data, len, 0, 1);
                ipc.dontfrag = dontfrag;
                yield dontfrag < 0 ? dontfrag : 0;
            }
            default -> -Errno.EINVAL; // routing headers too: no type of them is sent
        };
    }

    /// A number within bounds, or `-EINVAL`, which is below them.
    private static int number(byte[] control, int data, int len, int min, int max) {
        int value = len == 4 ? Abi.getInt(control, data) : min - 1;
        return value < min || value > max ? -Errno.EINVAL : value;
    }

    /// Interface and source address; the address must be this host's.
    private static int pktinfo(InetSock sk, byte[] control, int data, IpcmCookie ipc) {
        long hi = Bytes.u64(control, data);
        long lo = Bytes.u64(control, data + 8);
        int ifindex = Abi.getInt(control, data + 16);
        if (ifindex != 0) {
            if (ipc.oif != 0 && ipc.oif != ifindex && sk.boundDevIf != 0) {
                return -Errno.EINVAL;
            }
            ipc.oif = ifindex;
        }
        NetDevice dev = ipc.oif == 0 ? null : sk.net.devices.byIndex(ipc.oif);
        if (ipc.oif != 0 && dev == null) {
            return -Errno.ENODEV;
        }
        if (ipc.oif == 0 && In6Addr.isLinkLocal(hi)) {
            return -Errno.EINVAL;
        }
        if (In6Addr.isUnspecified(hi, lo)) {
            return 0;
        }
        boolean strict = Ipv6Scope.of(hi, lo) <= Ipv6Scope.LINK_LOCAL;
        boolean any = sk.freebind || sk.transparent || sk.net.sysctl.get(Ipv6Sysctls.NONLOCAL_BIND);
        if (!any && !Ipv6AddrType.isLocal(sk.net, hi, lo, strict ? dev : null)) {
            return -Errno.EINVAL;
        }
        ipc.saddrHi = hi;
        ipc.saddrLo = lo;
        return 0;
    }

    private static int flowinfo(byte[] control, int data, int len, IpcmCookie ipc) {
        if (len < 4) {
            return -Errno.EINVAL;
        }
        int flowinfo = Bytes.u32(control, data) & 0x0FFF_FFFF;
        if (ipc.flowLabel != 0 && ipc.flowLabel != flowinfo) {
            return -Errno.EINVAL;
        }
        ipc.flowLabel = flowinfo;
        return 0;
    }

    /// An extension header.
    private static int header(
            InetSock sk, byte[] control, int data, int len, IpcmCookie ipc, int kind) {
        Ipv6TxOptions opt = ipc.opt6 == null ? Ipv6TxOptions.NONE : (Ipv6TxOptions) ipc.opt6;
        boolean twice =
                switch (kind) {
                    case Ipv6Opt.IPV6_HOPOPTS, Ipv6Opt.IPV6_2292HOPOPTS -> opt.hopopt() != null;
                    case Ipv6Opt.IPV6_2292DSTOPTS -> opt.dst1opt() != null;
                    default -> false; // the last one counts
                };
        if (twice || len < 2) {
            return -Errno.EINVAL;
        }
        int bytes = (Bytes.u8(control, data + 1) + 1) << 3;
        if (len < bytes) {
            return -Errno.EINVAL;
        }
        if (sk.uid != 0) {
            return -Errno.EPERM;
        }
        byte[] header = Arrays.copyOfRange(control, data, data + bytes);
        ipc.opt6 =
                switch (kind) {
                    case Ipv6Opt.IPV6_HOPOPTS, Ipv6Opt.IPV6_2292HOPOPTS -> opt.withHopopt(header);
                    case Ipv6Opt.IPV6_DSTOPTS, Ipv6Opt.IPV6_2292DSTOPTS -> opt.withDst1opt(header);
                    default -> opt.withDst0opt(header);
                };
        return 0;
    }
}
