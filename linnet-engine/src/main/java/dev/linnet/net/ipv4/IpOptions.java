package dev.linnet.net.ipv4;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// Options of IPv4.
public final class IpOptions {
    private IpOptions() {}

    static boolean rcv(SkBuff skb, NetDevice dev) {
        throw new UnsupportedOperationException();
    }

    static long firstHop(byte @Nullable [] options, long daddrLo) {
        throw new UnsupportedOperationException();
    }

    static void build(SkBuff skb, int header, byte[] options) {
        throw new UnsupportedOperationException();
    }

    /// Options for the answer to a received packet, in the form of InetSock.ipOptions, or null.
    public static byte @Nullable [] echo(SkBuff skb) {
        throw new UnsupportedOperationException();
    }
}
