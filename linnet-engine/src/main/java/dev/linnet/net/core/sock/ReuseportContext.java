package dev.linnet.net.core.sock;

import dev.linnet.hook.ReuseportProgram;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import java.nio.ByteBuffer;

/// What a program that chooses among sockets gets to see of a packet.
final class ReuseportContext {
    private ReuseportContext() {}

    /// @param skb at its transport header
    static ReuseportProgram.Context of(SkBuff skb, int protocol, int hash, int members) {
        byte[] packet = new byte[skb.len];
        SkbOps.copyBits(skb, 0, packet, 0, packet.length);
        ByteBuffer view = ByteBuffer.wrap(packet).asReadOnlyBuffer();
        int source = view.getShort(0) & 0xFFFF;
        int dest = view.getShort(2) & 0xFFFF;
        return new ReuseportProgram.Context(
                hash, from(skb, source), to(skb, dest), protocol, members, view);
    }

    private static boolean ipv4(SkBuff skb) {
        return Ipv4.version(skb.buf, skb.networkHeader) == 4;
    }

    private static SockAddr from(SkBuff skb, int port) {
        int n = skb.networkHeader;
        return ipv4(skb)
                ? new SockAddrIn(port, Ipv4.saddr(skb.buf, n))
                : new SockAddrIn6(port, Ipv6.saddrHi(skb.buf, n), Ipv6.saddrLo(skb.buf, n));
    }

    private static SockAddr to(SkBuff skb, int port) {
        int n = skb.networkHeader;
        return ipv4(skb)
                ? new SockAddrIn(port, Ipv4.daddr(skb.buf, n))
                : new SockAddrIn6(port, Ipv6.daddrHi(skb.buf, n), Ipv6.daddrLo(skb.buf, n));
    }
}
