package dev.linnet.net.ipv4;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.NetProtocol;

/// ICMP for IPv4.
public final class Icmp4 extends NetProtocol {
    /// Sets up ICMP in a namespace.
    public static void init(NetNamespace net) {
        throw new UnsupportedOperationException();
    }

    /// icmp_send. info: the raw 32 bits of the message's rest (mtu; pointer << 24; gateway). The packet stays the caller's.
    public static void send(SkBuff skb, int type, int code, int info) {
        throw new UnsupportedOperationException();
    }

    /// Errno (positive) of an unreachable code (icmp_err_convert).
    public static int errno(int code) {
        throw new UnsupportedOperationException();
    }

    /// True if it breaks a connection at once.
    public static boolean isFatal(int code) {
        throw new UnsupportedOperationException();
    }

    /// Counts a sent message (icmp_out_count).
    public static void outCount(NetNamespace net, int type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rcv(SkBuff skb) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {
        throw new UnsupportedOperationException();
    }
}
