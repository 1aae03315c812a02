package dev.linnet.net.core.sock;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// Where ICMP hands echo replies, and errors about echo requests, to ping sockets (`ping_rcv`,
/// `ping_err`).
public abstract class PingDeliver {
    private static final Pernet<Slot> SLOT = new Pernet<>(net -> new Slot());

    private static final class Slot {
        volatile @Nullable PingDeliver ping;
    }

    /// Installs ping sockets when the namespace is set up.
    public static void install(NetNamespace net, PingDeliver ping) {
        SLOT.of(net).ping = ping;
    }

    /// Gives a copy of an echo reply to its socket; true if there was one. The packet stays the
    /// caller's; `transportHeader` is at the ICMP header.
    public static boolean reply(NetNamespace net, SkBuff skb, boolean ipv6) {
        PingDeliver ping = SLOT.of(net).ping;
        return ping != null && ping.deliver(skb, ipv6);
    }

    /// Tells the socket of a quoted echo request of an error; `skb.transportHeader` is at the quoted
    /// ICMP header.
    public static void error(
            NetNamespace net, SkBuff skb, boolean ipv6, int type, int code, int info) {
        PingDeliver ping = SLOT.of(net).ping;
        if (ping != null) {
            ping.err(skb, ipv6, type, code, info);
        }
    }

    protected abstract boolean deliver(SkBuff skb, boolean ipv6);

    protected abstract void err(SkBuff skb, boolean ipv6, int type, int code, int info);
}
