package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv4.IpOutput;
import dev.linnet.net.ipv4.RouteOutput;
import dev.linnet.net.ipv6.Ip6Output;
import dev.linnet.net.ipv6.Ip6Route;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.In6Addr;

/// Answers that no connection sends: resets, and the ACKs of TIME-WAIT and of requests.
public final class InetReply {
    private InetReply() {}

    /// Sends a TCP segment whose header is at `data`, its checksum left partial, to where a packet
    /// came from. Takes ownership.
    ///
    /// @param fl addresses, ports, interface and mark of the answer, as the sender sees them
    /// @param tos TOS or traffic class
    /// @return 0, a positive congestion notice, or `-errno`
    @Kernel({"ip_send_unicast_reply", "tcp_v6_send_response"})
    public static int send(NetNamespace net, SkBuff skb, Flow fl, int tos) {
        int[] err = new int[1];
        fl.proto = IpProto.IPPROTO_TCP;
        fl.tos = tos;
        fl.anySrc = true;
        boolean v4 = In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo);
        DstEntry dst = v4 ? RouteOutput.lookup(net, fl, err) : Ip6Route.output(net, fl, err);
        if (dst == null) {
            skb.drop(DropReason.IP_OUTNOROUTES);
            return err[0] != 0 ? err[0] : -Errno.EHOSTUNREACH;
        }
        skb.mark = fl.mark;
        if (!v4) {
            return Ip6Output.xmit(net, null, skb, fl, dst, tos);
        }
        return IpOutput.buildAndSendPkt(
                net,
                null,
                skb,
                IpProto.IPPROTO_TCP,
                (int) fl.saddrLo,
                (int) fl.daddrLo,
                dst,
                tos,
                0,
                null);
    }
}
