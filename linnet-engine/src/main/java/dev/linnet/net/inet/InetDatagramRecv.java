package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.ipv4.IpError;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.net.ipv6.Ipv6Error;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UdpOpt;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;

/// What the user learns of a received datagram beside its data.
public final class InetDatagramRecv {
    private InetDatagramRecv() {}

    /// Sets the source address and the control messages that the socket asked for.
    @HotPath
    public static void describe(InetSock sk, SkBuff skb, MsgHdr msg, int sport) {
        describe(sk, skb, msg, sport, 0);
    }

    /// As [#describe(InetSock, SkBuff, MsgHdr, int)], for a packet that is many datagrams.
    ///
    /// @param segment bytes of each, 0 for a single one
    @HotPath
    public static void describe(InetSock sk, SkBuff skb, MsgHdr msg, int sport, int segment) {
        boolean v4 = Ipv4.version(skb.buf, skb.networkHeader) == 4;
        SockAddr from = source(sk, skb, sport, v4);
        msg.name = CgroupBpf.enabled(sk) ? CgroupBpf.recvmsg(sk, from) : from;
        sk.stampNs = skb.tstampNs;
        PutCmsg.ofDatagram(msg, sk, skb);
        if (segment != 0) {
            PutCmsg.putInt(msg, Sol.SOL_UDP, UdpOpt.UDP_GRO, segment);
        }
        if (sk.family == Af.AF_INET) {
            IpSockglue.cmsgRecv(sk, skb, msg);
        } else {
            Ipv6Sockglue.cmsgRecv(sk, skb, msg);
        }
    }

    private static SockAddr source(InetSock sk, SkBuff skb, int sport, boolean v4) {
        int n = skb.networkHeader;
        if (sk.family == Af.AF_INET) {
            return new SockAddrIn(sport, Ipv4.saddr(skb.buf, n));
        }
        if (v4) {
            return new SockAddrIn6(sport, 0, In6Addr.mapV4(Ipv4.saddr(skb.buf, n)));
        }
        long hi = Ipv6.saddrHi(skb.buf, n);
        int scope = In6Addr.isLinkLocal(hi) ? skb.skbIif : 0;
        return new SockAddrIn6(sport, 0, hi, Ipv6.saddrLo(skb.buf, n), scope);
    }

    /// Takes the first message of the error queue (`ip_recv_error`, `ipv6_recv_error`).
    public static int errqueue(InetSock sk, MsgHdr msg) {
        return sk.family == Af.AF_INET ? IpError.recvError(sk, msg) : Ipv6Error.recvError(sk, msg);
    }
}
