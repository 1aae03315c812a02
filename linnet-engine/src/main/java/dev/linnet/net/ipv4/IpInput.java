package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.PacketType;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// IPv4 packets on their way in (`net/ipv4/ip_input.c`).
public final class IpInput extends PacketType {
    @Override
    @Kernel("ip_rcv")
    @HotPath
    public void rcv(SkBuff skb, NetDevice dev) {
        NetNamespace net = dev.net;
        if (skb.pktType == SkBuff.PACKET_OTHERHOST) {
            skb.drop(DropReason.OTHERHOST);
            return;
        }
        net.mib.inc(IpMib.INPKTS);
        net.mib.add(IpMib.INOCTETS, skb.len);
        DropReason bad = rcvCore(skb, net);
        if (bad != null) {
            skb.drop(bad);
            return;
        }
        rcvFinish(skb, dev);
    }

    /// Checks the header and cuts the packet to the length that it names (`ip_rcv_core`).
    @Kernel("ip_rcv_core")
    @HotPath
    private static @Nullable DropReason rcvCore(SkBuff skb, NetNamespace net) {
        if (!skb.mayPull(Ipv4.HEADER_BYTES)) {
            net.mib.inc(IpMib.INHDRERRORS);
            return DropReason.PKT_TOO_SMALL;
        }
        int ihl = Ipv4.headerBytes(skb.buf, skb.data);
        if (Ipv4.version(skb.buf, skb.data) != 4 || ihl < Ipv4.HEADER_BYTES) {
            net.mib.inc(IpMib.INHDRERRORS);
            return DropReason.IP_INHDR;
        }
        if (!skb.mayPull(ihl)) {
            net.mib.inc(IpMib.INHDRERRORS);
            return DropReason.IP_INHDR;
        }
        boolean fromSelf = skb.ipSummed == SkBuff.CHECKSUM_PARTIAL;
        if (!fromSelf && !Ipv4.checksumOk(skb.buf, skb.data)) {
            net.mib.inc(IpMib.CSUMERRORS);
            net.mib.inc(IpMib.INHDRERRORS);
            return DropReason.IP_CSUM;
        }
        int len = totLen(skb);
        if (skb.len < len) {
            net.mib.inc(IpMib.INTRUNCATEDPKTS);
            return DropReason.PKT_TOO_SMALL;
        }
        if (len < ihl) {
            net.mib.inc(IpMib.INHDRERRORS);
            return DropReason.IP_INHDR;
        }
        skb.trim(len);
        skb.networkHeader = skb.data;
        skb.transportHeader = skb.data + ihl;
        skb.ipOptLen = ihl - Ipv4.HEADER_BYTES;
        return null;
    }

    /// Total length; a segmentation-offloaded packet beyond 64 KB carries 0.
    private static int totLen(SkBuff skb) {
        int len = Ipv4.totLen(skb.buf, skb.data);
        return len == 0 && skb.gsoSize != 0 ? skb.len : len;
    }

    @Kernel("ip_rcv_finish")
    @HotPath
    private static void rcvFinish(SkBuff skb, NetDevice dev) {
        NetNamespace net = dev.net;
        DropReason bad = RouteInput.route(skb, dev);
        if (bad != null) {
            refuse(skb, dev, bad);
            return;
        }
        if (skb.ipOptLen > 0 && !IpOptions.rcv(skb, dev)) {
            net.mib.inc(IpMib.INHDRERRORS);
            skb.drop(DropReason.IP_INHDR);
            return;
        }
        count(skb, net);
        DstEntry dst = skb.dst;
        assert dst != null;
        dst.input(skb);
    }

    private static void refuse(SkBuff skb, NetDevice dev, DropReason bad) {
        if (bad == DropReason.IP_RPFILTER) {
            dev.net.mib.inc(TcpExt.IPRPFILTER);
        }
        boolean noRoute = bad == DropReason.IP_INNOROUTES || bad == DropReason.IP_INADDRERRORS;
        skb.drop(noRoute ? RouteError.report(skb, dev, bad) : bad);
    }

    private static void count(SkBuff skb, NetNamespace net) {
        int type = skb.dst instanceof Rtable rt ? rt.type : 0;
        if (type == Rtn.MULTICAST) {
            net.mib.inc(IpMib.INMCASTPKTS);
            net.mib.add(IpMib.INMCASTOCTETS, skb.len);
        } else if (type == Rtn.BROADCAST) {
            net.mib.inc(IpMib.INBCASTPKTS);
            net.mib.add(IpMib.INBCASTOCTETS, skb.len);
        }
        net.mib.inc(
                switch (Ipv4.tos(skb.buf, skb.networkHeader) & 3) {
                    case 1 -> IpMib.ECT1PKTS;
                    case 2 -> IpMib.ECT0PKTS;
                    case 3 -> IpMib.CEPKTS;
                    default -> IpMib.NOECTPKTS;
                });
    }

    /// Delivers a packet that is for this host, whole again if it came in fragments; takes
    /// ownership.
    @Kernel("ip_local_deliver")
    @HotPath
    static void localDeliver(SkBuff skb) {
        SkBuff whole = skb;
        if (Ipv4.isFragment(skb.buf, skb.networkHeader)) {
            whole = IpDefrag.defrag(skb);
            if (whole == null) {
                return;
            }
        }
        localDeliverFinish(whole);
    }

    @Kernel("ip_local_deliver_finish")
    @HotPath
    private static void localDeliverFinish(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null;
        NetNamespace net = dev.net;
        int protocol = Ipv4.protocol(skb.buf, skb.networkHeader);
        skb.pull(skb.transportHeader - skb.data);
        boolean rawTook = RawDeliver.deliver(net, skb, false, protocol);
        NetProtocol proto = NetProtocols.OF.of(net).inet(protocol);
        if (proto != null) {
            net.mib.inc(IpMib.INDELIVERS);
            proto.rcv(skb);
        } else if (rawTook) {
            net.mib.inc(IpMib.INDELIVERS);
            skb.consume();
        } else {
            net.mib.inc(IpMib.INUNKNOWNPROTOS);
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.PROT_UNREACH, 0);
            skb.drop(DropReason.IP_NOPROTO);
        }
    }

    /// Maps an ICMP "unreachable" code to the errno that sockets see (`icmp_err_convert`).
    static int unreachErrno(int code) {
        return switch (code) {
            case Icmp.NET_UNREACH, Icmp.NET_UNKNOWN, Icmp.NET_ANO, Icmp.NET_UNR_TOS ->
                    Errno.ENETUNREACH;
            case Icmp.PORT_UNREACH -> Errno.ECONNREFUSED;
            case Icmp.PROT_UNREACH -> Errno.ENOPROTOOPT;
            case Icmp.FRAG_NEEDED -> Errno.EMSGSIZE;
            case Icmp.SR_FAILED -> Errno.EOPNOTSUPP;
            case Icmp.HOST_UNKNOWN -> Errno.EHOSTDOWN;
            case Icmp.HOST_ISOLATED -> Errno.ENONET;
            default -> Errno.EHOSTUNREACH;
        };
    }
}
