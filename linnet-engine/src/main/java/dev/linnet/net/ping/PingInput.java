package dev.linnet.net.ping;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.PingDeliver;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.net.ipv4.IpError;
import dev.linnet.net.ipv6.Ipv6Error;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// Echo replies, and errors about echo requests, for ping sockets.
final class PingInput extends PingDeliver {
    @Override
    @Kernel("ping_rcv")
    protected boolean deliver(SkBuff skb, boolean ipv6) {
        InetDatagramSock sk = find(skb, ipv6, Icmp.id(skb.buf, skb.transportHeader));
        if (sk == null) {
            return false;
        }
        SkBuff copy = skb.clone(SoftIrq.current().stripe);
        copy.ipSummed = ipv6 ? copy.ipSummed : SkBuff.CHECKSUM_COMPLETE; // ICMP has verified it
        if (sk.rcvtstamp || sk.tsflags != 0) {
            copy.tstampNs = sk.net.clock.realNs();
        }
        return Datagram.filterAndQueueRcv(sk, copy);
    }

    private static @Nullable InetDatagramSock find(SkBuff skb, boolean ipv6, int ident) {
        NetDevice dev = skb.dev;
        assert dev != null;
        InetDatagramSock sk = PingProto.find(dev.net, ipv6 ? Af.AF_INET6 : Af.AF_INET, ident);
        if (sk == null) {
            return null;
        }
        int n = skb.networkHeader;
        long hi = ipv6 ? Ipv6.saddrHi(skb.buf, n) : 0;
        long lo = ipv6 ? Ipv6.saddrLo(skb.buf, n) : PingProto.mapped(Ipv4.saddr(skb.buf, n));
        return PingProto.matches(sk, hi, lo, skb.skbIif) ? sk : null;
    }

    @Override
    @Kernel("ping_err")
    protected void err(SkBuff skb, boolean ipv6, int type, int code, int info) {
        NetDevice dev = skb.dev;
        assert dev != null;
        int ident = Icmp.id(skb.buf, skb.transportHeader);
        InetDatagramSock sk = PingProto.find(dev.net, ipv6 ? Af.AF_INET6 : Af.AF_INET, ident);
        if (sk == null) {
            return;
        }
        boolean connected = sk.state == TcpState.TCP_ESTABLISHED;
        if (ipv6) {
            Ipv6Error.datagramError(sk, skb, type, code, info, connected);
        } else {
            IpError.datagramError(sk, skb, type, code, info, connected);
        }
    }
}
